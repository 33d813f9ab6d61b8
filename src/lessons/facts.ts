// The values that facts have in a state, and whether claims are so there. Both are read from the state that the reader sees when the words are
// shown (docs/lessons.md, Facts and claims); how they are written stands in fact-text.ts.

import type { TracedEvent } from '../sim/types.ts';
import {
  bad,
  type Claim,
  type Fact,
  type Filter,
  type Kind,
  type Operator,
  parseClaim,
  parseFact,
  type Template,
} from './fact-text.ts';
import { blktagsOf, chunksOf, inodeOf } from './file-nodes.ts';
import type { LessonState } from './lesson-state.ts';

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
  return bad(text, 'the path ends at what is no value');
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
export function fillTemplate(state: LessonState, template: Template): string | null {
  const parts = template.map((part) => (typeof part === 'string' ? part : evaluate(state, part)));
  return parts.includes(null) ? null : parts.map(String).join('');
}

/** A filter with its value read: it is the same for every element. */
interface Wanted extends Omit<Filter, 'value'> {
  readonly value: string;
}

/** Null: a fact in one of them has no value, so nothing is known of what they select. */
function wantedOf(state: LessonState, filters: readonly Filter[]): readonly Wanted[] | null {
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

function eventsOf(state: LessonState, kind: Kind, filters: readonly Filter[]): readonly TracedEvent[] | null {
  const wanted = wantedOf(state, filters);
  if (wanted === null) return null;
  return state
    .traced(kind)
    .filter((one) =>
      wanted.every((filter) =>
        filter.field[0] === 'lsn' && filter.operator === '='
          ? hasLsn(one, Number(filter.value))
          : has(ofEvent(one, filter.field), filter),
      ),
    );
}

function ofFields(state: LessonState, fact: Extract<Fact, { kind: 'field' }>): FactValue {
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
function ofFiles(state: LessonState, node: string, path: string): { readonly value: FactValue } | null {
  const [, what, directory = '', file = ''] = /^(blocks|blktags|chunks)\.([^/]+)\/(.+)$/.exec(path) ?? [];
  if (what === undefined) return null;
  const inode = inodeOf(state, node, directory, file);
  if (inode === null) return { value: null };
  if (what === 'blocks') return { value: inode.nblock };
  return {
    value: what === 'chunks' ? chunksOf(state, node, inode) : blktagsOf(state, node, inode).length,
  };
}

const listText = (state: LessonState, node: string, group: string): string =>
  state
    .node(node)
    .list(group)
    .map(({ first, last, type }) => `${type}:${first}-${last}`)
    .join(',');

function ofNode(state: LessonState, name: string, path: readonly string[]): unknown {
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

function ofView(
  state: LessonState,
  { text, node, path, filters }: Extract<Fact, { kind: 'view' }>,
): FactValue {
  if (node === 'leader' && path.join('') === '') return state.metadataLeader;
  const name = node === 'leader' ? state.metadataLeader : node === 'writer' ? '' : fillTemplate(state, node);
  if (name === null) return null;
  const found = node === 'writer' ? follow(state.writer, path) : ofNode(state, name, path);
  if (filters.length === 0 || found === null || found === undefined) return plainValue(text, found);
  if (!Array.isArray(found)) return bad(text, 'what has filters is a list');
  const wanted = wantedOf(state, filters);
  if (wanted === null) return null;
  return found.filter((one) => wanted.every((filter) => has(follow(one, filter.field), filter))).length;
}

function countNodes(state: LessonState, filters: readonly Filter[]): number | null {
  const wanted = wantedOf(state, filters);
  if (wanted === null) return null;
  return state.nodes.filter((id) => wanted.every((filter) => has(ofNode(state, id, filter.field), filter)))
    .length;
}

function ofSum(state: LessonState, { first, more }: Extract<Fact, { kind: 'sum' }>): FactValue {
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

function ofOthers(state: LessonState, fact: Extract<Fact, { kind: 'other' }>): FactValue {
  const than = fillTemplate(state, fact.than);
  const named = fact.nodes.map((node) => fillTemplate(state, node));
  if (than === null || named.includes(null)) return null;
  const left = named.filter((node) => node !== than);
  return fact.all ? left.join(' ') : (left[0] ?? null);
}

function evaluate(state: LessonState, fact: Fact): FactValue {
  switch (fact.kind) {
    case 'value':
      return fact.value;
    case 'inner':
      return evaluate(state, fact.fact);
    case 'sum':
      return ofSum(state, fact);
    case 'cluster':
      if (fact.what === 'holes') return state.openHoles;
      return fact.what === 'time' ? state.time / 1000 : state.violations.length;
    case 'row': {
      const session = fillTemplate(state, fact.session);
      return session === null ? null : (state.row(session)[fact.column] ?? null);
    }
    case 'count':
      return eventsOf(state, fact.event, fact.filters)?.length ?? null;
    case 'field':
      return ofFields(state, fact);
    case 'nodes':
      return countNodes(state, fact.filters);
    case 'other':
      return ofOthers(state, fact);
    case 'without':
      return evaluate(state.without(fact.mutant), fact.fact);
    case 'beside':
      return plainValue(fact.text, follow(state.beside(fact.column), fact.path));
    case 'view':
      return ofView(state, fact);
  }
}

/** The value that a fact has in this state; null: there is none (yet). */
export const readFact = (state: LessonState, text: string): FactValue => evaluate(state, parseFact(text));

export interface JudgedClaim {
  readonly claim: string;
  /** It is of the lesson's own run, and says nothing of a person's. */
  readonly isOwn: boolean;
  readonly isSo: boolean;
  /** What its fact is, the first that is so where there are several. */
  readonly value: FactValue;
}

function judge(state: LessonState, { text, isOwn, either }: Claim): JudgedClaim {
  const judged = either.map(({ left, operator, right }) => {
    const value = evaluate(state, left);
    return { value, isSo: compare(value, operator, evaluate(state, right)) };
  });
  const named = judged.find(({ isSo }) => isSo) ?? judged[0];
  return { claim: text, isOwn, isSo: named?.isSo === true, value: named?.value ?? null };
}

/** Whether a claim is so in this state. Throws what cannot be read: the fault is the lesson's. */
export const judgeClaim = (state: LessonState, claim: string): JudgedClaim => judge(state, parseClaim(claim));

export const areSo = (state: LessonState, claims: readonly string[]): boolean =>
  claims.every((claim) => judgeClaim(state, claim).isSo);
