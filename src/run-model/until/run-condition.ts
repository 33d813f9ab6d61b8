// "Run until …" in words, read with the position of what is wrong with it:
//
//   violation | milestone | hole.open [at store-3] | VDL(v1) >= 1000 and SCL(store-3, g2) >= 120
//   commits > 50 | event >= 1204 | time >= 120

import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { TraceKind } from '../../core/kernel/trace.ts';
import type { Volume } from '../../sim/checks/monitor.ts';
import type { Known } from '../../sim/known.ts';
import { comparedName } from '../gauges/gauges.ts';

export type Operator = '>=' | '<=' | '>' | '<' | '=' | '!=';

export type RunCondition =
  | { readonly kind: 'event'; readonly event: TraceKind; readonly node: string | null }
  /** Any event of rank 3. */
  | { readonly kind: 'milestone' }
  | { readonly kind: 'violation' }
  /** `value` names a watched number (`VDL v1`, `SCL store-3 g2`, `time` in µs). */
  | { readonly kind: 'compare'; readonly value: string; readonly operator: Operator; readonly to: number }
  | { readonly kind: 'and' | 'or'; readonly left: RunCondition; readonly right: RunCondition };

export type ConditionRead =
  | { readonly ok: true; readonly condition: RunCondition }
  /** `position` counts characters from 0; `error` is the fault in English. */
  | { readonly ok: false; readonly position: number; readonly error: string; readonly fault: ConditionFault };

/** What is wrong with a condition, for a screen that speaks another language. */
export type ConditionFault =
  | { readonly code: 'tooLong'; readonly limit: number }
  | { readonly code: 'unexpected'; readonly text: string }
  | { readonly code: 'missing' }
  | { readonly code: 'expected'; readonly wanted: string }
  /** No node, group or volume is called so. */
  | {
      readonly code: 'unknown';
      readonly what: 'node' | 'group' | 'volume';
      readonly text: string;
      readonly known: string;
    }
  /** Neither an event nor a number that can be compared. */
  | { readonly code: 'noName'; readonly text: string; readonly known: string }
  | { readonly code: 'noNumber' }
  | { readonly code: 'noOperator' };

const CONDITION_LIMIT = 200;
/** Numbers that can be compared: gauges that may stand without a place, the world's own, gauges of a group, a node or its replica of the group. */
const worldNumbers = ['commits', 'event', 'time'];
function numbersOf({ known: { gauges, presets }, cluster }: Reader): readonly string[] {
  const known = [...gauges.compared].filter(([, { stacks }]) => stacks.includes(presets.stackOf(cluster)));
  const wordsWhere = (isBare: boolean): readonly string[] =>
    known
      .filter(([, { scope }]) => (scope === 'volume' || scope === 'cluster') === isBare)
      .map(([word]) => word);
  return [...wordsWhere(true), ...worldNumbers, ...wordsWhere(false)];
}
const isTraceKind = ({ known }: Reader, name: string): name is TraceKind =>
  known.trace.traceKinds.some((kind) => kind === name);

interface Token {
  readonly text: string;
  readonly at: number;
}

/** A volume of the run, the cluster's own or a restored one. */
type KnownVolume = Pick<Volume, 'id' | 'groups' | 'isGone'>;

interface Reader {
  readonly known: Known;
  readonly tokens: readonly Token[];
  readonly end: number;
  readonly cluster: ClusterSpec;
  readonly volumes: readonly KnownVolume[];
  next: number;
}

class BadCondition extends Error {
  readonly position: number;
  readonly fault: ConditionFault;
  constructor(position: number, fault: ConditionFault) {
    super(faultText(fault));
    this.position = position;
    this.fault = fault;
  }
}

function faultText(fault: ConditionFault): string {
  switch (fault.code) {
    case 'tooLong':
      return `longer than ${fault.limit} characters`;
    case 'unexpected':
      return `“${fault.text}” is not expected here`;
    case 'missing':
      return 'something is missing at the end';
    case 'expected':
      return `“${fault.wanted}” is expected`;
    case 'unknown':
      return `no ${fault.what} “${fault.text}”: ${fault.known}`;
    case 'noName':
      return `“${fault.text}” is no event and none of ${fault.known}`;
    case 'noNumber':
      return 'a number is expected';
    case 'noOperator':
      return 'one of >= <= > < = != is expected';
  }
}

/** `volumes`: those that the run has now (`Monitors.volumes`). A word of a volume alone means the cluster's own. */
export function readCondition(
  known: Known,
  text: string,
  cluster: ClusterSpec,
  volumes: readonly KnownVolume[],
): ConditionRead {
  try {
    if (text.length > CONDITION_LIMIT)
      throw new BadCondition(CONDITION_LIMIT, { code: 'tooLong', limit: CONDITION_LIMIT });
    const reader: Reader = { known, tokens: tokensOf(text), end: text.length, cluster, volumes, next: 0 };
    const condition = readOr(reader);
    if (reader.next < reader.tokens.length)
      throw new BadCondition(placeOf(reader), { code: 'unexpected', text: peek(reader) });
    return { ok: true, condition };
  } catch (error) {
    if (error instanceof BadCondition) {
      const { position, message, fault } = error;
      return { ok: false, position, error: message, fault };
    }
    throw error;
  }
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = /\s+|>=|<=|!=|==|[><=(),]|\d+(?:\.\d+)?|[A-Za-z][\w.-]*/y;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const [found] = pattern.exec(text) ?? [];
    if (found === undefined) throw new BadCondition(at, { code: 'unexpected', text: text[at] ?? '' });
    if (found.trim() !== '') tokens.push({ text: found, at });
  }
  return tokens;
}

const peek = (reader: Reader): string => reader.tokens[reader.next]?.text ?? '';
const placeOf = (reader: Reader): number => reader.tokens[reader.next]?.at ?? reader.end;

function take(reader: Reader): Token {
  const token = reader.tokens[reader.next];
  if (token === undefined) throw new BadCondition(reader.end, { code: 'missing' });
  reader.next += 1;
  return token;
}

function expect(reader: Reader, wanted: string): void {
  const place = placeOf(reader);
  if (peek(reader) !== wanted) throw new BadCondition(place, { code: 'expected', wanted });
  reader.next += 1;
}

type Named = Extract<ConditionFault, { code: 'unknown' }>['what'];

function readName(reader: Reader, what: Named, known: readonly string[]): string {
  const { text, at } = take(reader);
  if (!known.includes(text))
    throw new BadCondition(at, { code: 'unknown', what, text, known: known.join(', ') });
  return text;
}

const readNode = (reader: Reader): string =>
  readName(
    reader,
    'node',
    reader.cluster.nodes.map(({ id }) => id),
  );
/** Names of the cluster's own, and of what its volumes have now. */
const namesOf = (
  { volumes }: Reader,
  own: readonly { readonly id: string }[],
  of: (volume: KnownVolume) => readonly string[],
): readonly string[] => [
  ...new Set([...own.map(({ id }) => id), ...volumes.filter(({ isGone }) => !isGone).flatMap(of)]),
];
const readGroup = (reader: Reader): string =>
  readName(
    reader,
    'group',
    namesOf(reader, reader.cluster.groups, ({ groups }) => [...groups.keys()]),
  );

/** What stands in parentheses behind a number's name. */
function readValue(reader: Reader, name: string): string {
  const scope = reader.known.gauges.compared.get(name)?.scope;
  if (scope === 'node') {
    expect(reader, '(');
    const node = readNode(reader);
    expect(reader, ')');
    return comparedName(name, node);
  }
  if (scope === 'replica' || scope === 'group') {
    expect(reader, '(');
    const node = scope === 'replica' ? `${readNode(reader)} ` : '';
    if (scope === 'replica') expect(reader, ',');
    const group = readGroup(reader);
    expect(reader, ')');
    return comparedName(name, `${node}${group}`);
  }
  if (scope !== 'volume') return name;
  const own = reader.cluster.volume;
  if (peek(reader) !== '(') return comparedName(name, own);
  expect(reader, '(');
  const volume = readName(
    reader,
    'volume',
    namesOf(reader, [{ id: own }], ({ id }) => [id]),
  );
  expect(reader, ')');
  return comparedName(name, volume);
}

function readComparison(reader: Reader, name: string): RunCondition {
  const value = readValue(reader, name);
  const operator = operatorOf(take(reader));
  const number = take(reader);
  if (!/^\d/.test(number.text)) throw new BadCondition(number.at, { code: 'noNumber' });
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
  if (text === 'violation' || text === 'milestone') return { kind: text };
  const numbers = numbersOf(reader);
  if (numbers.includes(text)) return readComparison(reader, text);
  if (!isTraceKind(reader, text))
    throw new BadCondition(at, {
      code: 'noName',
      text,
      known: [...numbers, 'violation', 'milestone'].join(', '),
    });
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
      throw new BadCondition(at, { code: 'noOperator' });
  }
}
