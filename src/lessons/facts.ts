// What the words of a lesson rest on, as text that needs no code: a fact names a value of the run, a claim compares it. Both are read from the
// state that the reader sees when the words are shown (docs/lessons.md, Facts and claims).
//
//   store-3 store.groups.g1.scl       a field of what a node's role shows of itself
//   writer vdl                        the open writer; leader: the metadata's, of the highest term
//   store-3 status                    up, down or frozen; null: there never was such a node
//   store-3 holes.g1                  gaps in the replica's log
//   rw-1 mount.headTx                 a field of the file system that the node has mounted
//   rw-1 blocks.base/9.0              blocks of a file, as that mount has them (none: there is no such file); chunks: of how many chunks
//   count hole.sent node=store-3      events so far; kinds hole.sent.to: how many different values a field has had
//   last page.stored.pageLsn page=7   a field of the newest such event; first: of the oldest; at: its virtual ms; `ends.0`: the first of a list
//   row me 0                          a column of the first row that the session's newest request was answered with
//   holes, violations, time           of the cluster; time in virtual ms
//
//   store-3 status = down             a claim: a fact, one of = != < <= > >=, and a number, a word or another fact
//   own writer vdl = 138              one of the lesson's own run: who has written one row more has other positions in the log, and the words
//                                     are true of that run as well

import { traceKinds } from '../stacks/trace.ts';
import { chunksOf, inodeOf } from './file-nodes.ts';
import type { LessonState } from './lesson-state.ts';

export type FactValue = string | number | boolean | null;

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

const OWN = 'own ';
const CLAIM = /^(.+?) (=|!=|<=|>=|<|>) (.+)$/;

/** A fact or claim that cannot be read: a fault of the lesson, not of the run. */
const bad = (text: string, why: string): never => {
  throw new Error(`"${text}": ${why}`);
};

const isKind = (name: string): name is Parameters<LessonState['count']>[0] =>
  traceKinds.some((kind) => kind === name);

function whereOf(
  text: string,
  filters: readonly string[],
): Readonly<Record<string, string | number | boolean>> {
  return Object.fromEntries(
    filters.map((filter) => {
      const [, field = bad(text, `"${filter}" is no field=value`), value = ''] =
        /^([^=]+)=(.*)$/.exec(filter) ?? [];
      return [field, literal(value)];
    }),
  );
}

const literal = (text: string): string | number | boolean =>
  text === 'true' || text === 'false' ? text === 'true' : /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;

/** `kind.field` of an event, or a path into a list; a kind has dots of its own. */
function fieldOf(
  text: string,
  name: string,
): { readonly kind: Parameters<LessonState['count']>[0]; readonly field: string } {
  for (let cut = name.lastIndexOf('.'); cut > 0; cut = name.lastIndexOf('.', cut - 1)) {
    const kind = name.slice(0, cut);
    if (isKind(kind)) return { kind, field: name.slice(cut + 1) };
  }
  return bad(text, `"${name}" begins with no kind of event`);
}

/** Fields by which an element of a list is called. */
const names = ['id', 'group', 'node', 'peer', 'name', 'volume', 'page', 'table', 'chunk', 'shard'] as const;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** One step of a path: a field, or the element of a list that is called so, or is at that place. */
function stepInto(value: unknown, name: string): unknown {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    const named = list.find((one) => isFields(one) && names.some((key) => String(one[key]) === name));
    return named ?? (/^\d+$/.test(name) ? list[Number(name)] : undefined);
  }
  return isFields(value) ? value[name] : undefined;
}

function walk(text: string, from: unknown, path: string): FactValue {
  let value = from;
  for (const name of path.split('.')) {
    if (value === null || value === undefined) return null;
    value = stepInto(value, name);
  }
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return bad(text, 'the path ends at what is no value');
}

function ofNode(text: string, state: LessonState, name: string, path: string): FactValue {
  const node = state.node(name);
  if (path === 'status') return node.status;
  const group = /^holes\.(.+)$/.exec(path)?.[1];
  if (group !== undefined) return node.holes(group).length;
  const [, what, directory = '', file = ''] = /^(blocks|chunks)\.([^/]+)\/(.+)$/.exec(path) ?? [];
  if (what !== undefined) {
    const inode = inodeOf(state, name, directory, file);
    if (inode === null) return null;
    return what === 'blocks' ? inode.nblock : chunksOf(state, name, inode);
  }
  const [role = '', ...rest] = path.split('.');
  if (role === 'mount') return walk(text, node.mount, rest.join('.'));
  return rest.length === 0
    ? bad(text, 'a role and a field are missing')
    : walk(
        text,
        node.roles.find((one) => one.role === role),
        rest.join('.'),
      );
}

/** The value that a fact has in this state; null: there is none (yet). */
export function readFact(state: LessonState, text: string): FactValue {
  const [head = '', name = '', ...rest] = text.split(' ');
  switch (head) {
    case 'holes':
      return state.openHoles;
    case 'violations':
      return state.violations.length;
    case 'time':
      return state.time / 1000;
    case 'row':
      return state.row(name === '' ? undefined : name)[Number(rest[0] ?? 0)] ?? null;
    case 'count':
      return isKind(name)
        ? state.count(name, whereOf(text, rest))
        : bad(text, `"${name}" is no kind of event`);
    case 'kinds': {
      const { kind, field } = fieldOf(text, name);
      return new Set(state.fields(kind, whereOf(text, rest)).map((event) => event[field])).size;
    }
    case 'first':
    case 'last': {
      const { kind, field } = fieldOf(text, name);
      const events = state.fields(kind, whereOf(text, rest));
      return walk(text, head === 'first' ? events[0] : events.at(-1), field);
    }
    case 'writer':
      return walk(text, state.writer, name);
    case 'leader':
      return name === '' ? state.metadataLeader : ofNode(text, state, state.metadataLeader ?? '', name);
    default:
      return ofNode(text, state, head, name);
  }
}

function compare(left: FactValue, operator: Operator, right: FactValue): boolean {
  if (operator === '=') return String(left) === String(right);
  // Of what is not there nothing is claimed but that.
  if (left === null || right === null) return false;
  if (operator === '!=') return String(left) !== String(right);
  const [a, b] = [Number(left), Number(right)];
  switch (operator) {
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

export interface JudgedClaim {
  readonly claim: string;
  /** It is of the lesson's own run, and says nothing of a person's. */
  readonly isOwn: boolean;
  readonly isSo: boolean;
  /** What its fact is. */
  readonly value: FactValue;
}

/** Whether a claim is so in this state. Throws what cannot be read: the fault is the lesson's. */
export function judgeClaim(state: LessonState, claim: string): JudgedClaim {
  const isOwn = claim.startsWith(OWN);
  const [, left, operator, right] =
    CLAIM.exec(isOwn ? claim.slice(OWN.length) : claim) ??
    bad(claim, 'a claim is a fact, a comparison and a value');
  const other = right?.includes(' ') ? readFact(state, right) : literal(right ?? '');
  const value = readFact(state, left ?? '');
  return { claim, isOwn, isSo: compare(value, operator as Operator, other), value };
}
