// What a Raft member keeps on its disk (docs/spec/raft.md PCS-5, PCS-6, PCS-8, PCS-28): a journal of numbered records, each one
// write of hard state and log, and checkpoints of all of it in two slots in turn. A record is one value: a torn one is no record, so
// hard state and entries of one step are there together or not at all. Records are written one after the other, in two copies:
// one damaged value never takes a vote or an entry back.

import { blob, type Codec, nullable, struct, uint } from '../../base/codec.ts';
import type { DiskImage, Write } from '../kernel/door.ts';
import { type Coverage, openWith, sealWith } from '../kernel/framing.ts';
import type { MemberId } from './configuration.ts';
import type { Log } from './raft-log.ts';
import type { Stored } from './raft-state.ts';
import type { Entry, HardState, Snapshot } from './raft-types.ts';
import { configurationCodec, entriesCodec, memberCodec } from './wire.ts';

const VERSION = 1;

const hardState = { term: uint, votedFor: nullable(memberCodec) };

export interface StoredRecord extends HardState {
  readonly sequence: number;
  /** Entries from here on are replaced by these; 0: the log stays as it is. */
  readonly from: number;
  readonly entries: readonly Entry[];
}
const recordCodec: Codec<StoredRecord> = struct({
  sequence: uint,
  ...hardState,
  from: uint,
  entries: entriesCodec,
});

const snapshotCodec: Codec<Snapshot> = struct({
  index: uint,
  term: uint,
  config: configurationCodec,
  bytes: blob,
});

export interface Checkpoint extends HardState {
  readonly member: MemberId;
  readonly bootEpoch: number;
  /** Counts the member's checkpoints. */
  readonly number: number;
  /** The last record that it makes unnecessary. */
  readonly sequence: number;
  readonly snapshot: Snapshot | null;
  /** The log above the snapshot. */
  readonly entries: readonly Entry[];
}
const checkpointCodec: Codec<Checkpoint> = struct({
  member: memberCodec,
  bootEpoch: uint,
  number: uint,
  sequence: uint,
  ...hardState,
  snapshot: nullable(snapshotCodec),
  entries: entriesCodec,
});

const COPIES = ['a', 'b'] as const;
const SLOTS = [0, 1] as const;
const slotKey = (prefix: string, slot: number): string => `${prefix}snapshot/${slot}`;
const recordsOf = (prefix: string): string => `${prefix}log/`;
const recordKey = (prefix: string, sequence: number, copy: string): string =>
  `${recordsOf(prefix)}${String(sequence).padStart(12, '0')}${copy}`;

export function recordWrites(prefix: string, record: StoredRecord): Write[] {
  const bytes = sealWith(recordCodec, VERSION, record);
  return COPIES.map((copy) => ({ key: recordKey(prefix, record.sequence, copy), bytes }));
}

/** Checkpoints go to two slots in turn, so that a torn one leaves the one before it. */
export const checkpointWrite = (prefix: string, slot: number, checkpoint: Checkpoint): Write => ({
  key: slotKey(prefix, slot),
  bytes: sealWith(checkpointCodec, VERSION, checkpoint),
});

export const checkpointDeletions = (prefix: string): Write[] =>
  SLOTS.map((slot) => ({ key: slotKey(prefix, slot), bytes: null }));

/** Deletes records `[first, last]`; only those that the older of two durable checkpoints makes unnecessary may go. */
export function deletionWrites(prefix: string, first: number, last: number): Write[] {
  const writes: Write[] = [];
  for (let sequence = first; sequence <= last; sequence++)
    for (const copy of COPIES) writes.push({ key: recordKey(prefix, sequence, copy), bytes: null });
  return writes;
}

/** What a checkpoint holds of a log in memory: the entries above the snapshot, or all there are. */
export const entriesAbove = (log: Log, snapshot: Snapshot | null): readonly Entry[] =>
  log.entries.filter(({ index }) => index > (snapshot?.index ?? 0));

/** What a disk gave back, and where its journal goes on. */
export interface OpenedJournal {
  readonly stored: Stored;
  readonly slot: number;
  readonly checkpoints: number;
  readonly checkpointSequence: number;
  readonly sequence: number;
  /** Lowest record of which anything is on disk, or the next to be written. */
  readonly firstKept: number;
}

export type JournalRead =
  | { readonly kind: 'new' }
  | { readonly kind: 'damaged'; readonly error: string }
  | ({ readonly kind: 'stored' } & OpenedJournal);

/**
 * Newest checkpoint, then the records above it in order. A torn last record was never answered and goes; any other damage is an
 * error. A disk without a checkpoint was never promised on, unless it has records.
 */
export function readJournal(disk: DiskImage, prefix: string, coverage: Coverage = 'whole'): JournalRead {
  const start = recordsOf(prefix);
  const present = [...disk.keys()]
    .filter((key) => key.startsWith(start))
    .map((key) => Number.parseInt(key.slice(start.length), 10));
  const newest = Math.max(0, ...present);
  const { checkpoint, slot, isTorn } = newestCheckpoint(disk, prefix);
  if (checkpoint === null)
    return newest > 0 || isTorn ? { kind: 'damaged', error: 'no checkpoint' } : { kind: 'new' };
  const replayed = replay(disk, prefix, checkpoint, newest, coverage);
  if (typeof replayed === 'string') return { kind: 'damaged', error: replayed };
  const { member, bootEpoch, snapshot, number: checkpoints, sequence: checkpointSequence } = checkpoint;
  const { sequence, term, votedFor, entries } = replayed;
  if (term < (entries.at(-1)?.term ?? snapshot?.term ?? 0))
    return { kind: 'damaged', error: 'term below the log' };
  const stored: Stored = { member, bootEpoch, hardState: { term, votedFor }, snapshot, entries };
  const firstKept = Math.min(checkpointSequence + 1, ...present);
  return { kind: 'stored', stored, slot, checkpoints, checkpointSequence, sequence, firstKept };
}

/** Where the journal of a new identity goes on upon what an earlier one has left: all of that is below it, and goes with the next checkpoints. */
export type JournalPlace = Omit<OpenedJournal, 'stored' | 'checkpointSequence'>;

export function placeAbove(disk: DiskImage, prefix: string): JournalPlace {
  const start = recordsOf(prefix);
  const present = [...disk.keys()]
    .filter((key) => key.startsWith(start))
    .map((key) => Number.parseInt(key.slice(start.length), 10));
  const { checkpoint, slot } = newestCheckpoint(disk, prefix);
  const sequence = Math.max(checkpoint?.sequence ?? 0, ...present);
  const firstKept = Math.min(sequence + 1, ...present);
  return { slot, checkpoints: checkpoint?.number ?? 0, sequence, firstKept };
}

interface FoundCheckpoint {
  readonly checkpoint: Checkpoint | null;
  readonly slot: number;
  /** Both slots were written, so one of them was durable before the other was begun. */
  readonly isTorn: boolean;
}

function newestCheckpoint(disk: DiskImage, prefix: string): FoundCheckpoint {
  let checkpoint: Checkpoint | null = null;
  let slot = 1;
  for (const one of SLOTS) {
    const bytes = disk.get(slotKey(prefix, one));
    const opened = bytes && openWith(checkpointCodec, VERSION, bytes);
    if (!opened?.ok || opened.value.number < (checkpoint?.number ?? 0)) continue;
    checkpoint = opened.value;
    slot = one;
  }
  return { checkpoint, slot, isTorn: SLOTS.every((one) => disk.has(slotKey(prefix, one))) };
}

interface Replayed extends HardState {
  readonly sequence: number;
  readonly entries: readonly Entry[];
}

/** The state after all records, or what is wrong with one of them. */
function replay(
  disk: DiskImage,
  prefix: string,
  checkpoint: Checkpoint,
  newest: number,
  coverage: Coverage,
): Replayed | string {
  let { term, votedFor, sequence } = checkpoint;
  const base = checkpoint.snapshot?.index ?? 0;
  let entries = [...checkpoint.entries];
  for (let next = sequence + 1; next <= newest; next++) {
    const record = readRecord(disk, prefix, next, coverage);
    if (record === null) {
      if (next < newest) return `record ${next} is damaged`;
      break;
    }
    sequence = next;
    ({ term, votedFor } = record);
    if (record.from === 0) continue;
    const kept = entries.filter(({ index }) => index < record.from);
    const last = kept.at(-1)?.index ?? base;
    if (record.from > last + 1 || record.from !== (record.entries[0]?.index ?? record.from))
      return `entry ${record.from} follows ${last}`;
    // what the checkpoint's snapshot covers was cut after this record was written
    entries = [...kept, ...record.entries.filter(({ index }) => index > base)];
  }
  return { term, votedFor, sequence, entries };
}

function readRecord(
  disk: DiskImage,
  prefix: string,
  sequence: number,
  coverage: Coverage,
): StoredRecord | null {
  for (const copy of COPIES) {
    const bytes = disk.get(recordKey(prefix, sequence, copy));
    const opened = bytes && openWith(recordCodec, VERSION, bytes, coverage);
    if (opened?.ok && opened.value.sequence === sequence) return opened.value;
  }
  return null;
}

/** One value of a journal by itself: a record of its key's number, or a checkpoint. */
export function openJournalValue(
  key: string,
  bytes: Uint8Array,
  prefix: string,
  coverage: Coverage = 'whole',
): StoredRecord | Checkpoint | null {
  const start = recordsOf(prefix);
  return key.startsWith(start)
    ? readRecord(new Map([[key, bytes]]), prefix, Number.parseInt(key.slice(start.length), 10), coverage)
    : newestCheckpoint(new Map([[key, bytes]]), prefix).checkpoint;
}
