// "Run until …" in words, read with the position of what is wrong with it:
//
//   violation | beat | hole.open [at store-3] | VDL(v1) >= 1000 and SCL(store-3, g2) >= 120
//   commits > 50 | event >= 1204 | time >= 120

import type { ClusterSpec } from '../core/door.ts';
import { type TraceKind, traceKinds } from '../core/trace.ts';

export type Operator = '>=' | '<=' | '>' | '<' | '=' | '!=';

export type RunCondition =
  | { readonly kind: 'event'; readonly event: TraceKind; readonly node: string | null }
  /** Any event of rank 3. */
  | { readonly kind: 'beat' }
  | { readonly kind: 'violation' }
  /** `value` names a watched number (`VDL`, `SCL store-3 g2`, `time` in µs). */
  | { readonly kind: 'compare'; readonly value: string; readonly operator: Operator; readonly to: number }
  | { readonly kind: 'and' | 'or'; readonly left: RunCondition; readonly right: RunCondition };

export type ConditionRead =
  | { readonly ok: true; readonly condition: RunCondition }
  /** `position` counts characters from 0. */
  | { readonly ok: false; readonly position: number; readonly error: string };

const CONDITION_LIMIT = 200;
/** Numbers that can be compared; SCL takes a node and a group, PGCL a group, the others may name the volume. */
const numbers = ['VDL', 'VCL', 'tail', 'commits', 'event', 'time', 'SCL', 'PGCL'];
const withoutVolume = new Set(['commits', 'event', 'time']);
const kinds = new Set<string>(traceKinds);
const isTraceKind = (name: string): name is TraceKind => kinds.has(name);

interface Token {
  readonly text: string;
  readonly at: number;
}

interface Reader {
  readonly tokens: readonly Token[];
  readonly end: number;
  readonly cluster: ClusterSpec;
  next: number;
}

class BadCondition extends Error {
  readonly position: number;
  constructor(position: number, message: string) {
    super(message);
    this.position = position;
  }
}

export function readCondition(text: string, cluster: ClusterSpec): ConditionRead {
  try {
    if (text.length > CONDITION_LIMIT)
      throw new BadCondition(CONDITION_LIMIT, `longer than ${CONDITION_LIMIT} characters`);
    const reader: Reader = { tokens: tokensOf(text), end: text.length, cluster, next: 0 };
    const condition = readOr(reader);
    if (reader.next < reader.tokens.length)
      throw new BadCondition(placeOf(reader), `“${peek(reader)}” is not expected here`);
    return { ok: true, condition };
  } catch (error) {
    if (error instanceof BadCondition) return { ok: false, position: error.position, error: error.message };
    throw error;
  }
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = /\s+|>=|<=|!=|==|[><=(),]|\d+(?:\.\d+)?|[A-Za-z][\w.-]*/y;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const [found] = pattern.exec(text) ?? [];
    if (found === undefined) throw new BadCondition(at, `“${text[at] ?? ''}” is not expected here`);
    if (found.trim() !== '') tokens.push({ text: found, at });
  }
  return tokens;
}

const peek = (reader: Reader): string => reader.tokens[reader.next]?.text ?? '';
const placeOf = (reader: Reader): number => reader.tokens[reader.next]?.at ?? reader.end;

function take(reader: Reader): Token {
  const token = reader.tokens[reader.next];
  if (token === undefined) throw new BadCondition(reader.end, 'something is missing at the end');
  reader.next += 1;
  return token;
}

function expect(reader: Reader, wanted: string): void {
  const place = placeOf(reader);
  if (peek(reader) !== wanted) throw new BadCondition(place, `“${wanted}” is expected`);
  reader.next += 1;
}

function readName(reader: Reader, what: string, known: readonly string[]): string {
  const { text, at } = take(reader);
  if (!known.includes(text)) throw new BadCondition(at, `no ${what} “${text}”: ${known.join(', ')}`);
  return text;
}

const readNode = (reader: Reader): string =>
  readName(
    reader,
    'node',
    reader.cluster.nodes.map(({ id }) => id),
  );
const readGroup = (reader: Reader): string =>
  readName(
    reader,
    'group',
    reader.cluster.groups.map(({ id }) => id),
  );

/** What stands in parentheses behind a number's name. */
function readValue(reader: Reader, name: string): string {
  if (name === 'SCL' || name === 'PGCL') {
    expect(reader, '(');
    const node = name === 'SCL' ? `${readNode(reader)} ` : '';
    if (name === 'SCL') expect(reader, ',');
    const group = readGroup(reader);
    expect(reader, ')');
    return `${name} ${node}${group}`;
  }
  if (peek(reader) === '(' && !withoutVolume.has(name)) {
    expect(reader, '(');
    readName(reader, 'volume', [reader.cluster.volume]);
    expect(reader, ')');
  }
  return name;
}

function readComparison(reader: Reader, name: string): RunCondition {
  const value = readValue(reader, name);
  const operator = operatorOf(take(reader));
  const number = take(reader);
  if (!/^\d/.test(number.text)) throw new BadCondition(number.at, 'a number is expected');
  const isTime = value === 'time';
  if (isTime && peek(reader) === 'ms') take(reader);
  const to = isTime ? Math.round(Number(number.text) * 1000) : Number(number.text);
  return { kind: 'compare', value, operator, to };
}

function readOne(reader: Reader): RunCondition {
  const { text, at } = take(reader);
  if (text === '(') {
    const inner = readOr(reader);
    expect(reader, ')');
    return inner;
  }
  if (text === 'violation' || text === 'beat') return { kind: text };
  if (numbers.includes(text)) return readComparison(reader, text);
  if (!isTraceKind(text))
    throw new BadCondition(at, `“${text}” is no event and none of ${numbers.join(', ')}, violation, beat`);
  if (peek(reader) !== 'at') return { kind: 'event', event: text, node: null };
  reader.next += 1;
  return { kind: 'event', event: text, node: readNode(reader) };
}

function readAnd(reader: Reader): RunCondition {
  let left = readOne(reader);
  while (peek(reader) === 'and') {
    reader.next += 1;
    left = { kind: 'and', left, right: readOne(reader) };
  }
  return left;
}

function readOr(reader: Reader): RunCondition {
  let left = readAnd(reader);
  while (peek(reader) === 'or') {
    reader.next += 1;
    left = { kind: 'or', left, right: readAnd(reader) };
  }
  return left;
}

function operatorOf({ text, at }: Token): Operator {
  switch (text) {
    case '>=':
    case '<=':
    case '>':
    case '<':
    case '!=':
    case '=':
      return text;
    case '==':
      return '=';
    default:
      throw new BadCondition(at, 'one of >= <= > < = != is expected');
  }
}
