// The values that facts have in a state, and whether claims are so there (docs/lessons.md, Facts and claims); how they are written stands in
// parse.ts.

import { assert, unreachable } from '../../base/assert.ts';
import type { TraceKind } from '../../core/kernel/trace.ts';
import type { TracedEvent } from '../../sim/types.ts';
import type { Claim, Fact, Filter, Operator, Predicate, Template, WorldNumber } from './fact.ts';
import { blktagsOf, chunksOf, inodeOf } from './file-facts.ts';
import type { FollowedState, RunState } from './run-state.ts';

export type FactValue = string | number | boolean | null;

/** Fields by which an element of a list is called. */
const names = [
  'id',
  'group',
  'node',
  'peer',
  'replica',
  'name',
  'volume',
  'page',
  'table',
  'chunk',
  'shard',
] as const;

/** A fact that only a `RunState` answers is not read where a run is followed (`Vocabulary.isFollowed`). */
type AnyState = FollowedState | RunState;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const wordsIn = (text: string): readonly string[] => text.match(/[\w-]+/g) ?? [];

/** One step of a path: a field, or the element of a list that is called so, or is at that place. */
function stepInto(value: unknown, name: string): unknown {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    const named = list.find((one) => isFields(one) && names.some((key) => String(one[key]) === name));
    return named ?? (/^-?\d+$/.test(name) ? list.at(Number(name)) : undefined);
  }
  if (typeof value === 'string') return name === 'words' ? wordsIn(value).length : undefined;
  return isFields(value) ? value[name] : undefined;
}

function follow(from: unknown, path: readonly string[]): unknown {
  let value = from;
  for (const name of path) {
    if (value === null || value === undefined) return null;
    value = stepInto(value, name);
  }
  return value;
}

function plainValue(text: string, value: unknown): FactValue {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new Error(`"${text}": the path ends at what is no value`);
}

function compare(left: FactValue, operator: Operator, right: FactValue): boolean {
  if (operator === '=') return String(left) === String(right);
  // Of what is not there nothing is claimed but that.
  if (left === null || right === null) return false;
  const [a, b] = [Number(left), Number(right)];
  switch (operator) {
    case '!=':
      return String(left) !== String(right);
    case '~':
      return wordsIn(String(left)).includes(String(right));
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

/** The text that a template makes; null: a fact in it has no value. */
export function fillTemplate(state: AnyState, template: Template): string | null {
  const parts = template.map((part) => (typeof part === 'string' ? part : evaluate(state, part)));
  return parts.includes(null) ? null : parts.map(String).join('');
}

/** A filter with its value read: it is the same for every element. */
interface Wanted extends Omit<Filter, 'value'> {
  readonly value: string;
}

/** Null: a fact in one of them has no value, so nothing is known of what they select. */
function wantedOf(state: AnyState, filters: readonly Filter[]): readonly Wanted[] | null {
  const wanted = filters.map((filter) => ({ ...filter, value: fillTemplate(state, filter.value) }));
  return wanted.every((one): one is Wanted => one.value !== null) ? wanted : null;
}

/** An object is something, and nothing that it is equal to is known. */
const comparable = (value: unknown): FactValue =>
  isFields(value) && !Array.isArray(value) ? '{}' : plainValue('', value);

function has(found: unknown, { operator, value }: Wanted): boolean {
  if (operator === '~' && Array.isArray(found)) return found.some((one) => String(one) === value);
  return compare(comparable(found), operator, value);
}

function ofEvent({ at, node, event }: TracedEvent, path: readonly string[]): unknown {
  const [head = '', ...rest] = path;
  if (head === 'node') return node;
  if (head === 'at') return at / 1000;
  return head === 'event' ? follow(event, rest) : follow(event, path);
}

/** Whether the event's range has the position. */
function hasLsn({ event }: TracedEvent, lsn: number): boolean {
  const { first, last, end } = event as unknown as Fields;
  return Number(first) <= lsn && lsn <= (end === undefined ? Number(last) : Number(end) - 1);
}

/** Null: a filter has no value. */
function withFields<E extends TracedEvent>(
  state: AnyState,
  events: readonly E[],
  filters: readonly Filter[],
): readonly E[] | null {
  const wanted = wantedOf(state, filters);
  if (wanted === null) return null;
  return events.filter((one) =>
    wanted.every((filter) =>
      filter.field[0] === 'lsn' && filter.operator === '='
        ? hasLsn(one, Number(filter.value))
        : has(ofEvent(one, filter.field), filter),
    ),
  );
}

const eventsOf = (state: RunState, kind: TraceKind, filters: readonly Filter[]) =>
  withFields(state, state.traced(kind), filters);

function ofFields(state: RunState, fact: Extract<Fact, { kind: 'field' }>): FactValue {
  const { text, of, event, field, filters } = fact;
  const events = eventsOf(state, event, filters);
  if (events === null) return null;
  if (typeof of === 'number') {
    const one = events.at(of);
    return one === undefined ? null : plainValue(text, ofEvent(one, field));
  }
  if (of === 'kinds') return new Set(events.flatMap((one) => ofEvent(one, field))).size;
  const numbers = events.map((one) => Number(plainValue(text, ofEvent(one, field))));
  if (of === 'sum') return numbers.reduce((sum, one) => sum + one, 0);
  return numbers.length === 0 ? null : Math.max(...numbers);
}

/** Null where the path is none of a node's own. */
function ofFiles(state: RunState, node: string, path: string): { readonly value: FactValue } | null {
  const [, what, directory = '', file = ''] = /^(blocks|blktags|chunks)\.([^/]+)\/(.+)$/.exec(path) ?? [];
  if (what === undefined) return null;
  const inode = inodeOf(state, node, directory, file);
  if (inode === null) return { value: null };
  if (what === 'blocks') return { value: inode.nblock };
  return {
    value: what === 'chunks' ? chunksOf(state, node, inode) : blktagsOf(state, node, inode).length,
  };
}

const listText = (state: RunState, node: string, group: string): string =>
  state
    .node(node)
    .list(group)
    .map(({ first, last, type }) => `${type}:${first}-${last}`)
    .join(',');

function ofNode(state: RunState, name: string, path: readonly string[]): unknown {
  const node = state.node(name);
  const [role = '', ...rest] = path;
  if (role === 'status') return node.status;
  const [, what, group = ''] = /^(holes|list)\.(.+)$/.exec(path.join('.')) ?? [];
  if (what === 'holes') return node.holes(group).length;
  if (what === 'list') return listText(state, name, group);
  const file = ofFiles(state, name, path.join('.'));
  if (file !== null) return file.value;
  return role === 'mount'
    ? follow(node.mount, rest)
    : follow(
        node.roles.find((one) => one.role === role),
        rest,
      );
}

function ofView(state: RunState, { text, node, path, filters }: Extract<Fact, { kind: 'view' }>): FactValue {
  if (node === 'leader' && path.join('') === '') return state.metadataLeader;
  const name = node === 'leader' ? state.metadataLeader : node === 'writer' ? '' : fillTemplate(state, node);
  if (name === null) return null;
  const found = node === 'writer' ? follow(state.writer, path) : ofNode(state, name, path);
  if (filters.length === 0 || found === null || found === undefined) return plainValue(text, found);
  if (!Array.isArray(found)) throw new Error(`"${text}": what has filters is a list`);
  const wanted = wantedOf(state, filters);
  if (wanted === null) return null;
  return found.filter((one) => wanted.every((filter) => has(follow(one, filter.field), filter))).length;
}

function countNodes(state: RunState, filters: readonly Filter[]): number | null {
  const wanted = wantedOf(state, filters);
  if (wanted === null) return null;
  return state.nodes.filter((id) => wanted.every((filter) => has(ofNode(state, id, filter.field), filter)))
    .length;
}

function ofSum(state: AnyState, { first, more }: Extract<Fact, { kind: 'sum' }>): FactValue {
  const numberOf = (fact: Fact): number | null => {
    const value = evaluate(state, fact);
    return value === null || !Number.isFinite(Number(value)) ? null : Number(value);
  };
  let sum = numberOf(first);
  for (const { sign, fact } of more) {
    const next = numberOf(fact);
    if (sum === null || next === null) return null;
    if (sign === '+') sum += next;
    else if (sign === '-') sum -= next;
    else if (sign === '*') sum *= next;
    else sum = next === 0 ? null : Math.floor(sum / next);
  }
  // Times are µs in ms: what is left of a difference beyond that is the machine's.
  return sum === null ? null : Math.round(sum * 1000) / 1000;
}

function ofOthers(state: AnyState, fact: Extract<Fact, { kind: 'other' }>): FactValue {
  const than = fillTemplate(state, fact.than);
  const named = fact.nodes.map((node) => fillTemplate(state, node));
  if (than === null || named.includes(null)) return null;
  const left = named.filter((node) => node !== than);
  return fact.all ? left.join(' ') : (left[0] ?? null);
}

function ofWorld(state: AnyState, what: WorldNumber): number {
  switch (what) {
    case 'time':
      return state.time / 1000;
    case 'violations':
      return state.violations.length;
    case 'holes':
      return asked(state).openHoles;
    case 'commits':
    case 'event':
      return state[what];
  }
}

function asked(state: AnyState): RunState {
  assert('traced' in state, 'a fact that is not followed');
  return state;
}

/** The value that a fact has in this state; null: there is none (yet). */
export function evaluate(state: AnyState, fact: Fact): FactValue {
  switch (fact.kind) {
    case 'value':
      return fact.value;
    case 'inner':
      return evaluate(state, fact.fact);
    case 'sum':
      return ofSum(state, fact);
    case 'world':
      return ofWorld(state, fact.what);
    case 'gauge':
      return state.gauge(fact.word, fact.place);
    case 'row': {
      const session = fillTemplate(state, fact.session);
      return session === null ? null : (asked(state).row(session)[fact.column] ?? null);
    }
    case 'count':
      return eventsOf(asked(state), fact.event, fact.filters)?.length ?? null;
    case 'field':
      return ofFields(asked(state), fact);
    case 'nodes':
      return countNodes(asked(state), fact.filters);
    case 'other':
      return ofOthers(state, fact);
    case 'without':
      return evaluate(asked(state).without(fact.mutant), fact.fact);
    case 'beside':
      return plainValue(fact.text, follow(asked(state).beside(fact.column), fact.path));
    case 'view':
      return ofView(asked(state), fact);
    default:
      return unreachable(fact);
  }
}

export interface JudgedClaim {
  readonly claim: string;
  /** It is of the lesson's own run, and says nothing of a person's. */
  readonly isOwn: boolean;
  readonly isSo: boolean;
  /** What its fact is: of several the one that decides. */
  readonly value: FactValue;
}

export function judge(state: AnyState, predicate: Predicate): Pick<JudgedClaim, 'isSo' | 'value'> {
  switch (predicate.kind) {
    case 'compare': {
      const value = evaluate(state, predicate.left);
      return { value, isSo: compare(value, predicate.operator, evaluate(state, predicate.right)) };
    }
    case 'event': {
      const events = state.fresh.filter(({ event }) => predicate.kinds.includes(event.kind));
      const value = withFields(state, events, predicate.filters)?.length ?? null;
      return { value, isSo: value !== null && value > 0 };
    }
    case 'milestone':
      return soOrNot(state.fresh.some(({ rank }) => rank === 3));
    case 'violation':
      return soOrNot(state.isBrokenNow);
    case 'and':
    case 'or': {
      const left = judge(state, predicate.left);
      if (left.isSo === (predicate.kind === 'or')) return left;
      const right = judge(state, predicate.right);
      return right.isSo === (predicate.kind === 'or') || predicate.kind === 'and' ? right : left;
    }
  }
}
const soOrNot = (isSo: boolean) => ({ isSo, value: isSo });

/** Whether an event by itself is such a one. */
export const isSuch = (event: TracedEvent & { readonly rank: number }, predicate: Predicate): boolean =>
  judge(
    {
      time: event.at,
      commits: 0,
      event: 0,
      violations: [],
      isBrokenNow: false,
      fresh: [event],
      gauge: () => null,
    },
    predicate,
  ).isSo;

/** Whether a claim is so in this state. */
export const judgeClaim = (state: AnyState, { text, isOwn, predicate }: Claim): JudgedClaim => ({
  claim: text,
  isOwn,
  ...judge(state, predicate),
});
