// Sequences: what one is made with, where it stands, and how the next values are drawn: PostgreSQL's rules and words
// (sequence.c). Pure; who keeps the page and the log calls it (engine/sequences.ts).

import type { ColumnType } from './access.ts';
import { fail, unsupported } from './failure.ts';
import { SEQUENCE_CACHE_MAX } from './limits.ts';

export type SequenceType = 'int2' | 'int4' | 'int8';

export interface SequenceDef {
  /** Relation of the page that has its state; another one from ALTER SEQUENCE on. */
  readonly storage: number;
  readonly type: SequenceType;
  readonly start: bigint;
  readonly increment: bigint;
  readonly min: bigint;
  readonly max: bigint;
  /** Values that a session draws together. */
  readonly cache: bigint;
  readonly cycles: boolean;
}

/** Where a sequence stands. `ahead`: further values that the log already counts as drawn. */
export interface SequenceState {
  readonly last: bigint;
  readonly isCalled: boolean;
  readonly ahead: number;
}

/** Values drawn ahead of need by one record of the log, so that most need none (PostgreSQL's SEQ_LOG_VALS). */
const LOGGED_AHEAD = 32;

export interface Drawn {
  readonly result: bigint;
  /** The last of those that the session may use up without asking again. */
  readonly cached: bigint;
  readonly state: SequenceState;
  /** What a record has to say, or null when an earlier one covers these values. */
  readonly logged: bigint | null;
}

/** 2200H at the end of a sequence that does not cycle. */
export function drawNext(name: string, def: SequenceDef, { last, isCalled, ahead }: SequenceState): Drawn {
  const { cache, increment } = def;
  let wanted = Number(cache);
  let log = ahead;
  let drawn = 0;
  let next = last;
  let newest = last;
  let result = last;
  if (!isCalled) {
    drawn = 1;
    wanted -= 1;
  }
  const mustLog = log < wanted || !isCalled;
  if (mustLog) {
    wanted += LOGGED_AHEAD;
    log = wanted;
  }
  for (; wanted > 0; wanted--) {
    const after = next + increment;
    if (after > def.max || after < def.min) {
      if (drawn > 0) break;
      if (!def.cycles) refuseEnd(name, def);
      next = increment > 0n ? def.min : def.max;
    } else next = after;
    if (drawn >= Number(cache)) continue;
    log -= 1;
    drawn += 1;
    newest = next;
    if (drawn === 1) result = next;
  }
  return {
    result,
    cached: newest,
    state: { last: newest, isCalled: true, ahead: log - wanted },
    logged: mustLog ? next : null,
  };
}

function refuseEnd(name: string, { increment, min, max }: SequenceDef): never {
  const [end, value] = increment > 0n ? ['maximum', max] : ['minimum', min];
  return fail('2200H', `nextval: reached ${end} value of sequence "${name}" (${value})`);
}

/** 22003 when `setval` asks for a value that the sequence never has. */
export function checkSetValue(name: string, { min, max }: SequenceDef, value: bigint): void {
  if (value < min || value > max)
    fail('22003', `setval: value ${value} is out of bounds for sequence "${name}" (${min}..${max})`);
}

/** What a statement says of a sequence; absent where it says nothing. */
export interface SequenceOptions {
  readonly type?: SequenceType;
  readonly increment?: bigint;
  /** Null: NO MINVALUE and NO MAXVALUE. */
  readonly min?: bigint | null;
  readonly max?: bigint | null;
  readonly start?: bigint;
  /** Null: from the start. */
  readonly restart?: bigint | null;
  readonly cache?: bigint;
  readonly cycles?: boolean;
}

const BITS: Readonly<Record<SequenceType, bigint>> = { int2: 15n, int4: 31n, int8: 63n };
const TYPE_WORDS: Readonly<Record<SequenceType, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
};
const highest = (type: SequenceType): bigint => 2n ** BITS[type] - 1n;
const lowest = (type: SequenceType): bigint => -(2n ** BITS[type]);

export const isSequenceType = (type: ColumnType): type is SequenceType =>
  type === 'int2' || type === 'int4' || type === 'int8';

const refuse = (message: string): never => fail('22023', message);

/** The definition and where it stands, from what there was (null: a new one) and what a statement says. */
export function applyOptions(
  options: SequenceOptions,
  before: { readonly def: SequenceDef; readonly state: SequenceState } | null,
): { readonly def: Omit<SequenceDef, 'storage'>; readonly state: SequenceState } {
  const known = before?.def;
  const type = options.type ?? known?.type ?? 'int8';
  // Another type takes its own limits where the old ones were those of the old type.
  const isRetyped = known !== undefined && known.type !== type;
  const resetMax = isRetyped && known.max === highest(known.type);
  const resetMin = isRetyped && known.min === lowest(known.type);
  const increment = options.increment ?? known?.increment ?? 1n;
  if (increment === 0n) refuse('INCREMENT must not be zero');
  const ascends = increment > 0n;
  const isNew = known === undefined;
  let max = options.max ?? known?.max ?? 0n;
  if ((options.max === undefined && (isNew || resetMax)) || options.max === null)
    max = ascends ? highest(type) : -1n;
  if (max < lowest(type) || max > highest(type))
    refuse(`MAXVALUE (${max}) is out of range for sequence data type ${TYPE_WORDS[type]}`);
  let min = options.min ?? known?.min ?? 0n;
  if ((options.min === undefined && (isNew || resetMin)) || options.min === null)
    min = ascends ? 1n : lowest(type);
  if (min < lowest(type) || min > highest(type))
    refuse(`MINVALUE (${min}) is out of range for sequence data type ${TYPE_WORDS[type]}`);
  if (min >= max) refuse(`MINVALUE (${min}) must be less than MAXVALUE (${max})`);
  const start = options.start ?? known?.start ?? (ascends ? min : max);
  checkWithin('START', start, min, max);
  let state = before?.state ?? { last: start, isCalled: false, ahead: 0 };
  if (options.restart !== undefined) state = { last: options.restart ?? start, isCalled: false, ahead: 0 };
  checkWithin('RESTART', state.last, min, max);
  const cache = options.cache ?? known?.cache ?? 1n;
  if (cache <= 0n) refuse(`CACHE (${cache}) must be greater than zero`);
  if (cache > SEQUENCE_CACHE_MAX) unsupported(`CACHE above ${SEQUENCE_CACHE_MAX}`);
  const cycles = options.cycles ?? known?.cycles ?? false;
  return { def: { type, start, increment, min, max, cache, cycles }, state: { ...state, ahead: 0 } };
}

function checkWithin(word: string, value: bigint, min: bigint, max: bigint): void {
  if (value < min) refuse(`${word} value (${value}) cannot be less than MINVALUE (${min})`);
  if (value > max) refuse(`${word} value (${value}) cannot be greater than MAXVALUE (${max})`);
}
