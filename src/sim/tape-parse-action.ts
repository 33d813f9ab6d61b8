// Reads one action of a tape: time, name, target, arguments, duration, each as the registry says.

import type { NodeId, Time } from '../base/ids.ts';
import { workloadKindNames } from '../core/client/workload-kinds.ts';
import type { RestorePoint } from '../core/kernel/door.ts';
import { nearestName } from '../presets/parameters.ts';
import { TAPE_LIMITS } from './tape.ts';
import {
  type ActionKind,
  type ActionName,
  type ArgSpec,
  actionKinds,
  actionNames,
  type LinkTarget,
  LONGEST_RUN_US,
  MAIN_NAME,
  type PowerStamp,
  type TapeAction,
  workloadFields,
} from './tape-actions.ts';
import {
  BadLine,
  checkName,
  expectEnd,
  expectWord,
  hasMore,
  isNext,
  MAX_INTEGER,
  parseInteger,
  peekToken,
  takeHash,
  takeInteger,
  takeMs,
  takeName,
  takeText,
  takeToken,
  takeWord,
  type Words,
} from './tape-tokens.ts';

function takeNodes(words: Words, stops: readonly string[]): NodeId[] {
  const nodes: NodeId[] = [];
  while (hasMore(words) && !stops.some((stop) => isNext(words, stop))) {
    nodes.push(takeName(words, 'node') as NodeId);
    if (nodes.length > TAPE_LIMITS.nodesPerAction) throw new BadLine('more than 64 nodes');
  }
  if (nodes.length === 0) throw new BadLine('a node is missing');
  return nodes;
}

const listEnds = [':', 'for'];

function takeLink(words: Words): LinkTarget {
  const from = takeNodes(words, ['|', '>', ...listEnds]);
  const between = takeWord(words, '"|" or ">"');
  if (between !== '|' && between !== '>') throw new BadLine(`expected "|" or ">", found ${between}`);
  return { from, to: takeNodes(words, listEnds), isBothWays: between === '|' };
}

function takeSides(words: Words): NodeId[][] {
  const sides = [takeNodes(words, ['|', ...listEnds])];
  while (isNext(words, '|')) {
    takeToken(words, '|');
    sides.push(takeNodes(words, ['|', ...listEnds]));
  }
  return sides;
}

function takeTarget(words: Words, kind: ActionKind): object {
  switch (kind.target) {
    case 'node':
    case 'driver':
    case 'store':
    case 'writer':
      return { node: takeName(words, 'node') as NodeId };
    case 'nodes':
      return { nodes: takeNodes(words, listEnds) };
    case 'sides':
      return { sides: takeSides(words) };
    case 'link':
      return { link: takeLink(words) };
    case 'message':
      return { message: takeWord(words, 'message') };
    case 'world':
      return {};
  }
}

function takeNumber(words: Words, spec: Extract<ArgSpec, { type: 'number' }>): number | null {
  if (spec.isOptional === true && (!hasMore(words) || isNext(words, 'for'))) return null;
  const value =
    spec.unit === 'ms'
      ? takeMs(words, spec.name, spec.min, spec.max)
      : takeInteger(words, spec.name, spec.min, spec.max);
  if (spec.unit !== '') expectWord(words, spec.unit);
  return value;
}

function takeChoice(words: Words, spec: Extract<ArgSpec, { type: 'word' }>): string {
  const token = peekToken(words);
  if (token === undefined || isNext(words, 'for')) {
    if (spec.usual === '') throw new BadLine(`${spec.name} is missing: one of ${spec.words.join(', ')}`);
    return spec.usual;
  }
  const word = takeWord(words, spec.name);
  if (!spec.words.includes(word)) throw new BadLine(`${spec.name} must be one of ${spec.words.join(', ')}`);
  return word;
}

function takeUsualName(words: Words, what: string): string {
  const token = peekToken(words);
  if (token === undefined || token.isQuoted || token.text.includes('=')) return MAIN_NAME;
  return takeName(words, what);
}

/** `@v2` is the session `main` of volume v2. */
function takeSession(words: Words): string {
  const token = peekToken(words);
  if (token === undefined || token.isQuoted) return MAIN_NAME;
  const word = takeWord(words, 'session');
  const [, name = '', volume] = /^([^@]*)(?:@(.*))?$/.exec(word) ?? [];
  const session = name === '' && volume !== undefined ? MAIN_NAME : checkName(name, 'session');
  return volume === undefined ? session : `${session}@${checkVolume(volume)}`;
}

/** Longest name of a volume. */
const VOLUME_CHARS = 16;

/** A volume's name is part of its objects' names (WAL-42). */
function checkVolume(name: string): string {
  if (!/^[a-z][a-z0-9]*$/.test(name) || name.length > VOLUME_CHARS)
    throw new BadLine(`volume: ${name} is not a name of ${VOLUME_CHARS} small letters and digits at most`);
  return name;
}

function takePoint(words: Words): RestorePoint {
  expectWord(words, 'to');
  const kind = takeWord(words, '"lsn" or "time"');
  if (kind === 'lsn') return { kind, lsn: takeInteger(words, 'lsn', 0, MAX_INTEGER) };
  if (kind !== 'time') throw new BadLine(`expected "lsn" or "time", found ${kind}`);
  const at = takeMs(words, 'time', 0, LONGEST_RUN_US);
  expectWord(words, 'ms');
  return { kind, at };
}

function takeTexts(words: Words): (string | null)[] {
  const texts: (string | null)[] = [];
  while (hasMore(words) && !isNext(words, 'for')) {
    if (isNext(words, 'null')) {
      takeToken(words, 'null');
      texts.push(null);
    } else {
      texts.push(takeText(words, 'parameter'));
    }
    if (texts.length > TAPE_LIMITS.params) throw new BadLine(`more than ${TAPE_LIMITS.params} parameters`);
  }
  return texts;
}

function readWorkloadField(name: string, value: string): string | number | boolean {
  if (name === 'kind') {
    const kind = workloadKindNames.find((known) => known === value);
    if (kind === undefined) {
      throw new BadLine(`unknown workload ${value}; did you mean ${nearestName(value, workloadKindNames)}?`);
    }
    return kind;
  }
  if (name === 'load') {
    if (value !== 'true' && value !== 'false') throw new BadLine(`load must be true or false`);
    return value === 'true';
  }
  const field = workloadFields.find((known) => known.name === name);
  if (field === undefined) throw new BadLine(`unknown field ${name} of a workload`);
  return parseInteger(value, name, field.min, field.max);
}

function takeWorkload(words: Words, isPartial: boolean): object {
  const fields = new Map<string, string | number | boolean>();
  while (hasMore(words)) {
    const word = takeWord(words, 'field');
    const equals = word.indexOf('=');
    if (equals <= 0) throw new BadLine(`expected <field>=<value>, found ${word}`);
    const name = word.slice(0, equals);
    if (fields.has(name)) throw new BadLine(`${name} is given twice`);
    fields.set(name, readWorkloadField(name, word.slice(equals + 1)));
  }
  const names = ['kind', ...workloadFields.map(({ name }) => name), 'load'];
  const missing = names.filter((name) => !fields.has(name));
  if (!isPartial && missing.length > 0) throw new BadLine(`a workload needs ${missing.join(', ')}`);
  if (fields.size === 0) throw new BadLine('a field is missing');
  return Object.fromEntries(names.filter((name) => fields.has(name)).map((name) => [name, fields.get(name)]));
}

function takeStamps(words: Words): PowerStamp[] {
  const stamps: PowerStamp[] = [];
  while (hasMore(words)) {
    if (stamps.length > 0) expectWord(words, ';');
    const node = takeName(words, 'node') as NodeId;
    const until = takeMs(words, 'until', 0, LONGEST_RUN_US) as Time;
    expectWord(words, 'ms');
    const ordinal = takeInteger(words, 'ordinal', 0, MAX_INTEGER);
    const life = takeInteger(words, 'life', 0, MAX_INTEGER);
    stamps.push({ node, until, ordinal, life, hash: takeHash(words, 'hash'), disk: takeHash(words, 'disk') });
    if (stamps.length > TAPE_LIMITS.stamps) throw new BadLine(`more than ${TAPE_LIMITS.stamps} stamps`);
  }
  return stamps;
}

function takeArg(words: Words, spec: ArgSpec): unknown {
  switch (spec.type) {
    case 'number':
      return takeNumber(words, spec);
    case 'word':
      return takeChoice(words, spec);
    case 'text':
      return takeText(words, spec.name);
    case 'texts':
      return takeTexts(words);
    case 'name':
      return takeUsualName(words, spec.name);
    case 'session':
      return takeSession(words);
    case 'volume':
      if (spec.after !== '') expectWord(words, spec.after);
      return checkVolume(takeWord(words, spec.name));
    case 'point':
      return takePoint(words);
    case 'workload':
      return takeWorkload(words, spec.isPartial);
    case 'stamps':
      return takeStamps(words);
    case 'node':
      return takeName(words, 'node');
    case 'group':
      return hasMore(words) && !isNext(words, 'for') ? takeName(words, 'group') : null;
  }
}

const isListTarget = (kind: ActionKind): boolean =>
  kind.target === 'link' || kind.target === 'nodes' || kind.target === 'sides';

/** One action, its time first: `13.000 cut rw-1 | store-1 store-3 for 6.000 ms`. */
export function readAction(words: Words): TapeAction {
  const at = takeMs(words, 'time', 0, LONGEST_RUN_US) as Time;
  const name = takeWord(words, 'action');
  const known = actionNames.find((candidate) => candidate === name);
  if (known === undefined)
    throw new BadLine(`unknown action ${name}; did you mean ${nearestName(name, actionNames)}?`);
  const kind = actionKinds[known];
  const fields: Record<string, unknown> = {
    at,
    kind: known satisfies ActionName,
    ...takeTarget(words, kind),
  };
  if (kind.args.length > 0 && isListTarget(kind)) expectWord(words, ':');
  for (const spec of kind.args) fields[spec.name] = takeArg(words, spec);
  if (kind.isLasting) {
    fields.forUs = null;
    if (isNext(words, 'for')) {
      takeToken(words, 'for');
      fields.forUs = takeMs(words, 'for', 1, LONGEST_RUN_US);
      expectWord(words, 'ms');
    }
  }
  expectEnd(words);
  return fields as unknown as TapeAction;
}
