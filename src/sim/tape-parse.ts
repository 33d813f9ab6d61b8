// Reads a tape. Everything is checked against the registry, the preset and the parameter table; the first fault is
// answered with its line number, and nothing is guessed. Lines that begin with # and empty lines are passed over.

import type { NodeId, Time } from '../base/ids.ts';
import { workloadKindNames } from '../core/client/workload-kinds.ts';
import type { Params } from '../core/params.ts';
import { checkChange, makeParams, nearestName, type Profile, profiles } from '../presets/parameters.ts';
import { findPreset, type Preset, presetNames } from '../presets/topologies.ts';
import { TAPE_LIMITS, TAPE_VERSION, type Tape, type TapeHeader, type TapeMark } from './tape.ts';
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
import { checkAction } from './tape-check.ts';
import {
  BadLine,
  expectEnd,
  expectWord,
  hasMore,
  isNext,
  parseInteger,
  peekToken,
  splitWords,
  takeHash,
  takeInteger,
  takeMs,
  takeName,
  takeText,
  takeToken,
  takeWord,
  type Words,
} from './tape-tokens.ts';

export type TapeResult =
  | { readonly ok: true; readonly tape: Tape }
  /** `line` counts from 1. */
  | { readonly ok: false; readonly line: number; readonly error: string };

const MAX_INTEGER = Number.MAX_SAFE_INTEGER;

// actions

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
  if (token === undefined || isNext(words, 'for')) return spec.usual;
  const word = takeWord(words, spec.name);
  if (!spec.words.includes(word)) throw new BadLine(`${spec.name} must be one of ${spec.words.join(', ')}`);
  return word;
}

function takeUsualName(words: Words, what: string): string {
  const token = peekToken(words);
  if (token === undefined || token.isQuoted || token.text.includes('=')) return MAIN_NAME;
  return takeName(words, what);
}

function takeTexts(words: Words): (string | null)[] {
  const texts: (string | null)[] = [];
  while (hasMore(words)) {
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
    case 'workload':
      return takeWorkload(words, spec.isPartial);
    case 'stamps':
      return takeStamps(words);
  }
}

const isListTarget = (kind: ActionKind): boolean =>
  kind.target === 'link' || kind.target === 'nodes' || kind.target === 'sides';

/** One action, its time first: `13.000 cut rw-1 | store-1 store-3 for 6.000 ms`. */
function readAction(words: Words): TapeAction {
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

/** Reads one action without its tape: for the command line and the palette. */
export function parseAction(line: string): TapeAction | { readonly error: string } {
  try {
    return readAction(splitWords(line));
  } catch (error) {
    if (error instanceof BadLine) return { error: error.message };
    throw error;
  }
}

// header

interface Draft {
  engine: string | null;
  preset: Preset | null;
  profile: Profile | null;
  changes: (readonly [string, number])[];
  seed: number | null;
  broken: string[];
  marks: TapeMark[];
  end: TapeHeader['end'];
}

function once(isNew: boolean, key: string): void {
  if (!isNew) throw new BadLine(`${key} is given twice`);
}

function readHeaderLine(draft: Draft, key: string, words: Words): void {
  switch (key) {
    case 'engine':
      once(draft.engine === null, key);
      draft.engine = takeName(words, 'engine');
      break;
    case 'preset': {
      once(draft.preset === null, key);
      const name = takeName(words, 'preset');
      draft.preset = findPreset(name);
      if (draft.preset === null)
        throw new BadLine(`unknown preset ${name}; did you mean ${nearestName(name, presetNames)}?`);
      break;
    }
    case 'profile': {
      once(draft.profile === null, key);
      const name = takeName(words, 'profile');
      draft.profile = profiles.find((known) => known === name) ?? null;
      if (draft.profile === null) throw new BadLine(`profile must be one of ${profiles.join(', ')}`);
      break;
    }
    case 'set':
      readChange(draft, words);
      break;
    case 'seed':
      once(draft.seed === null, key);
      draft.seed = takeInteger(words, 'seed', 0, MAX_INTEGER);
      break;
    case 'broken':
      draft.broken.push(takeName(words, 'switch'));
      if (draft.broken.length > TAPE_LIMITS.changes) throw new BadLine('too many switches');
      break;
    case 'mark':
      draft.marks.push({
        at: takeMs(words, 'time', 0, LONGEST_RUN_US) as Time,
        text: takeText(words, 'text'),
      });
      if (draft.marks.length > TAPE_LIMITS.marks) throw new BadLine(`more than ${TAPE_LIMITS.marks} marks`);
      break;
    case 'end': {
      once(draft.end === null, key);
      const at = takeMs(words, 'time', 0, LONGEST_RUN_US) as Time;
      draft.end = { at, hash: hasMore(words) ? takeHash(words, 'hash') : null };
      break;
    }
    default:
      throw new BadLine(`unknown header line ${key}`);
  }
  expectEnd(words);
}

function readChange(draft: Draft, words: Words): void {
  const name = takeWord(words, 'parameter');
  const value = takeInteger(words, name, 0, MAX_INTEGER);
  const error = checkChange(name, value);
  if (error !== null) throw new BadLine(error);
  if (draft.changes.some(([known]) => known === name)) throw new BadLine(`${name} is set twice`);
  draft.changes.push([name, value]);
}

function finishHeader(draft: Draft): { header: TapeHeader; preset: Preset; params: Params } {
  const { engine, preset, profile, seed, changes, broken, marks, end } = draft;
  if (engine === null) throw new BadLine('the engine line is missing');
  if (preset === null) throw new BadLine('the preset line is missing');
  if (profile === null) throw new BadLine('the profile line is missing');
  if (seed === null) throw new BadLine('the seed line is missing');
  const made = makeParams(profile, [...preset.changes, ...changes]);
  if (!made.ok) throw new BadLine(made.error);
  const header: TapeHeader = {
    version: TAPE_VERSION,
    engine,
    preset: preset.name,
    profile,
    changes,
    seed,
    broken,
    marks,
    end,
  };
  return { header, preset, params: made.params };
}

function readVersion(words: Words): void {
  if (!isNext(words, 'postdb-tape')) throw new BadLine('not a tape: the first line must be "postdb-tape 1"');
  takeToken(words, 'postdb-tape');
  const version = takeInteger(words, 'version', 0, MAX_INTEGER);
  if (version !== TAPE_VERSION)
    throw new BadLine(`tape version ${version} is not known here; this engine reads version ${TAPE_VERSION}`);
  expectEnd(words);
}

interface Reading {
  readonly draft: Draft;
  isVersionRead: boolean;
  finished: ReturnType<typeof finishHeader> | null;
  readonly actions: TapeAction[];
}

function readLine(reading: Reading, line: string): void {
  const words = splitWords(line);
  if (!reading.isVersionRead) {
    readVersion(words);
    reading.isVersionRead = true;
    return;
  }
  if (!/^[0-9]/.test(line)) {
    if (reading.finished !== null) throw new BadLine('header lines come before the first action');
    readHeaderLine(reading.draft, takeWord(words, 'header'), words);
    return;
  }
  reading.finished ??= finishHeader(reading.draft);
  const { actions, finished } = reading;
  const action = readAction(words);
  const error = checkAction(action, finished.preset.cluster, finished.params);
  if (error !== null) throw new BadLine(error);
  const last = actions[actions.length - 1];
  if (last !== undefined && action.at < last.at)
    throw new BadLine('time goes back: actions are in the order of time');
  if (actions.length >= TAPE_LIMITS.actions) throw new BadLine(`more than ${TAPE_LIMITS.actions} actions`);
  actions.push(action);
}

export function parseTape(text: string): TapeResult {
  if (text.length > TAPE_LIMITS.bytes) return { ok: false, line: 1, error: 'the tape is longer than 32 MiB' };
  const reading: Reading = {
    draft: {
      engine: null,
      preset: null,
      profile: null,
      changes: [],
      seed: null,
      broken: [],
      marks: [],
      end: null,
    },
    isVersionRead: false,
    finished: null,
    actions: [],
  };
  const lines = text.split('\n');
  let number = 0;
  try {
    for (const raw of lines) {
      number++;
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      if (line.trim() === '' || line.startsWith('#')) continue;
      readLine(reading, line);
    }
    if (!reading.isVersionRead) throw new BadLine('the tape is empty');
    reading.finished ??= finishHeader(reading.draft);
  } catch (error) {
    if (error instanceof BadLine) return { ok: false, line: number, error: error.message };
    throw error;
  }
  return { ok: true, tape: { header: reading.finished.header, actions: reading.actions } };
}
