// Reads a tape. Everything is checked against the registry, the preset and the parameter table; the first fault is
// answered with its line number, and nothing is guessed. Lines that begin with # and empty lines are passed over.

import type { Time } from '../base/ids.ts';
import type { ClusterSpec } from '../core/kernel/cluster-spec.ts';
import type { Params } from '../core/kernel/params.ts';
import { makeParams, nearestName, type Profile } from '../presets/parameters.ts';
import type { Preset } from '../presets/preset.ts';
import { type Refusal, refusal } from '../presets/refusals.ts';
import { faultsOf, lineOfFault } from './cluster-file.ts';
import {
  type ClusterDraft,
  clusterOfDraft,
  emptyCluster,
  isEmptyCluster,
  readClusterLine,
  takeChange,
  takeProfile,
} from './cluster-lines.ts';
import { clusterAfter } from './fabric-nodes.ts';
import type { Presets } from './presets.ts';
import type { Tape, TapeHeader, TapeMark, WaitingAction } from './tape.ts';
import type { TapeAction, TapeTables } from './tape-actions.ts';
import { checkAction } from './tape-check.ts';
import { LONGEST_RUN_US, TAPE_LIMITS, TAPE_VERSION } from './tape-limits.ts';
import { isPacked, unpackLine } from './tape-pack.ts';
import { readAction, readActionAt } from './tape-parse-action.ts';
import {
  BadLine,
  badLine,
  columnOf,
  expectEnd,
  hasMore,
  isNext,
  MAX_INTEGER,
  once,
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
  /** `line` and `column` count from 1. */
  | {
      readonly ok: false;
      readonly line: number;
      readonly column: number;
      readonly error: string;
      readonly why: Refusal;
    };

const refuseTape = (line: number, column: number, why: Refusal): TapeResult => ({
  ok: false,
  line,
  column,
  error: why.error,
  why,
});

interface Draft {
  engine: string | null;
  preset: Preset | null;
  /** One's own, where no preset is named. */
  readonly own: ClusterDraft;
  profile: Profile | null;
  changes: (readonly [string, number])[];
  seed: number | null;
  mutants: string[];
  marks: TapeMark[];
  end: TapeHeader['end'];
}

function readHeaderLine(presets: Presets, draft: Draft, words: Words, line: number): void {
  const { findPreset, presetNames, kindsOf } = presets;
  const key = takeWord(words, 'header');
  if (readClusterLine(draft.own, key, words, kindsOf, { line, isFile: false })) return;
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
        throw badLine('unknownNear', {
          what: 'preset',
          found: name,
          nearest: nearestName(name, presetNames),
        });
      break;
    }
    case 'profile':
      once(draft.profile === null, key);
      draft.profile = takeProfile(words);
      break;
    case 'set':
      takeChange(draft.changes, words);
      draft.own.lines.set(`set ${draft.changes.at(-1)?.[0]}`, line);
      break;
    case 'seed':
      once(draft.seed === null, key);
      draft.seed = takeInteger(words, 'seed', 0, MAX_INTEGER);
      break;
    case 'broken':
      draft.mutants.push(takeName(words, 'planted bug'));
      if (draft.mutants.length > TAPE_LIMITS.changes) throw badLine('tooManyBugs');
      break;
    case 'mark':
      draft.marks.push({
        at: takeMs(words, 'time', 0, LONGEST_RUN_US) as Time,
        text: takeText(words, 'text'),
      });
      if (draft.marks.length > TAPE_LIMITS.marks)
        throw badLine('moreThan', { most: TAPE_LIMITS.marks, what: 'marks' });
      break;
    case 'end': {
      once(draft.end === null, key);
      const at = takeMs(words, 'time', 0, LONGEST_RUN_US) as Time;
      draft.end = { at, hash: hasMore(words) ? takeHash(words, 'hash') : null };
      break;
    }
    default:
      throw badLine('unknownHeader', { found: key });
  }
  expectEnd(words);
}

/** The preset that the header names, or the cluster that it lays out. */
function clusterOf(presets: Presets, draft: Draft): Preset {
  const { preset, own, profile, changes } = draft;
  if (isEmptyCluster(own)) {
    if (preset === null) throw badLine('lineMissing', { what: 'preset' });
    return preset;
  }
  if (preset !== null) throw badLine('presetAndCluster');
  const laidOut = clusterOfDraft(own, true);
  const said = { ...laidOut, profile: profile ?? laidOut.profile };
  const [first] = faultsOf(presets, { ...said, changes }, true);
  if (first !== undefined) throw new BadLine(first, lineOfFault(own, first, own.lines.get('cluster') ?? 1));
  return said;
}

function finishHeader(
  presets: Presets,
  draft: Draft,
): { header: TapeHeader; preset: Preset; params: Params } {
  const { engine, profile, seed, changes, mutants, marks, end } = draft;
  if (engine === null) throw badLine('lineMissing', { what: 'engine' });
  const preset = clusterOf(presets, draft);
  if (profile === null) throw badLine('lineMissing', { what: 'profile' });
  if (seed === null) throw badLine('lineMissing', { what: 'seed' });
  const made = makeParams(profile, [...preset.changes, ...changes], preset.cluster);
  if (!made.ok) throw new BadLine(made);
  const header: TapeHeader = {
    version: TAPE_VERSION,
    engine,
    preset: preset.name,
    ...(draft.preset === null ? { own: { ...preset, seed } } : {}),
    profile,
    changes,
    seed,
    mutants,
    marks,
    end,
  };
  return { header, preset, params: made.params };
}

function readVersion(words: Words): void {
  if (!isNext(words, 'postdb-tape')) throw badLine('notTape');
  takeToken(words, 'postdb-tape');
  const version = takeInteger(words, 'version', 0, MAX_INTEGER);
  if (version !== TAPE_VERSION) throw badLine('tapeVersion', { found: version, known: `${TAPE_VERSION}` });
  expectEnd(words);
}

interface Reading {
  readonly draft: Draft;
  isVersionRead: boolean;
  finished: ReturnType<typeof finishHeader> | null;
  readonly actions: TapeAction[];
  readonly waiting: WaitingAction[];
  /** Time of the last line. */
  last: Time;
  /** Of the line that is read. */
  words: Words;
  /** Characters of lines that were packed. */
  unpacked: number;
  /** With the nodes that the lines so far have added. */
  cluster: ClusterSpec | null;
}

function readLine(tables: TapeTables, reading: Reading, line: string, number: number): void {
  reading.words = { tokens: [], at: 0 };
  const words = splitWords(line);
  reading.words = words;
  if (!reading.isVersionRead) {
    readVersion(words);
    reading.isVersionRead = true;
    return;
  }
  if (!/^[0-9]/.test(line)) {
    if (reading.finished !== null) throw badLine('headerLate');
    readHeaderLine(tables.presets, reading.draft, words, number);
    return;
  }
  reading.finished ??= finishHeader(tables.presets, reading.draft);
  const { actions, waiting, finished } = reading;
  const at = takeMs(words, 'time', 0, LONGEST_RUN_US) as Time;
  if (at < reading.last) throw badLine('timeBack');
  reading.last = at;
  const condition = isNext(words, 'when') ? takeCondition(words, number) : null;
  const action = readActionAt(tables, at, words);
  const cluster = reading.cluster ?? finished.preset.cluster;
  const why = checkAction(tables, action, cluster, finished.params);
  if (why !== null) {
    words.at = wordIn(words, why);
    throw new BadLine(why);
  }
  reading.cluster = clusterAfter(tables.nodes, cluster, action);
  if (actions.length + waiting.length >= TAPE_LIMITS.actions)
    throw badLine('moreThan', { most: TAPE_LIMITS.actions, what: 'actions' });
  if (condition === null) actions.push(action);
  else waiting.push({ from: at, action, ...condition });
}

const takeCondition = (words: Words, line: number): Pick<WaitingAction, 'condition' | 'line' | 'column'> => {
  takeToken(words, 'when');
  const condition = takeText(words, 'condition');
  return { condition, line, column: (words.tokens[words.at - 1]?.start ?? 0) + 2 };
};

/** Behind the word that a refusal names; without one behind the action's name. */
function wordIn({ tokens }: Words, { error }: Refusal): number {
  const named = error.split(/[^A-Za-z0-9_.-]+/);
  const found = tokens.findIndex(({ text }, i) => i > 1 && named.includes(text));
  return found < 0 ? 2 : found + 1;
}

const tooLong = (): Refusal => refusal('tapeTooLong', { most: TAPE_LIMITS.bytes / 1024 / 1024 });

/** Its lines are read as any others; what is wrong in one says its place among them. */
function readPacked(tables: TapeTables, reading: Reading, packed: string, number: number): void {
  const lines = unpackLine(packed);
  for (const [i, line] of lines.entries()) {
    reading.unpacked += line.length + 1;
    if (reading.unpacked > TAPE_LIMITS.bytes) throw new BadLine(tooLong());
    try {
      if (!/^[0-9]/.test(line)) throw badLine('onlyActions');
      readLine(tables, reading, line, number);
    } catch (error) {
      throw error instanceof BadLine ? badLine('packedAction', { place: i + 1, inner: error.why }) : error;
    }
  }
}

export function parseTape(tables: TapeTables, text: string): TapeResult {
  if (text.length > TAPE_LIMITS.bytes) return refuseTape(1, 1, tooLong());
  const reading: Reading = {
    draft: {
      engine: null,
      preset: null,
      own: emptyCluster(),
      profile: null,
      changes: [],
      seed: null,
      mutants: [],
      marks: [],
      end: null,
    },
    isVersionRead: false,
    finished: null,
    actions: [],
    waiting: [],
    last: 0 as Time,
    words: { tokens: [], at: 0 },
    unpacked: 0,
    cluster: null,
  };
  const lines = text.split('\n');
  let number = 0;
  try {
    for (const raw of lines) {
      number++;
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      if (line.trim() === '' || line.startsWith('#')) continue;
      if (isPacked(line)) readPacked(tables, reading, line, number);
      else readLine(tables, reading, line, number);
    }
    if (!reading.isVersionRead) throw badLine('tapeEmpty');
    reading.finished ??= finishHeader(tables.presets, reading.draft);
  } catch (error) {
    if (!(error instanceof BadLine)) throw error;
    const column = error.line === null ? columnOf(reading.words, error) + 1 : 1;
    return refuseTape(error.line ?? number, column, error.why);
  }
  const { actions, waiting } = reading;
  const { header } = reading.finished;
  return { ok: true, tape: { header, actions, ...(waiting.length === 0 ? {} : { waiting }) } };
}

/** Reads one action without its tape: for the command line and the palette. */
export function parseAction(tables: TapeTables, line: string): TapeAction | Refusal {
  try {
    return readAction(tables, splitWords(line));
  } catch (error) {
    if (error instanceof BadLine) return error.why;
    throw error;
  }
}
