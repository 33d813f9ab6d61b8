// Writing a replica's superblock, one at a time; the watermarks received since the last one go along (WAL-72).

import { assert } from '../../../base/assert.ts';
import { type Lsn, term } from '../../../base/ids.ts';
import { storeInto } from '../../kernel/context.ts';
import { has } from '../../kernel/mutants.ts';
import type { StoreContext } from './hooks.ts';
import type { Group, StoreState } from './state.ts';
import { type Superblock, superblockWrites } from './superblock.ts';

type Changes = Pick<
  Superblock,
  'sequence' | 'knownVdl' | 'groupTail' | 'pgmrpl' | 'logFloor' | 'nclCheckpoint'
>;

/**
 * A literal: one is made for every run of the background work, and a spread of so many fields makes each an object of a shape
 * of its own, which is slow to make and to read.
 */
const superblockWith = (own: Superblock, changes: Changes): Superblock => ({
  sequence: changes.sequence,
  volume: own.volume,
  descriptor: own.descriptor,
  maxToken: own.maxToken,
  volumeEpoch: own.volumeEpoch,
  openToken: own.openToken,
  history: own.history,
  mode: own.mode,
  maxNwl: own.maxNwl,
  knownVdl: changes.knownVdl,
  groupTail: changes.groupTail,
  pgmrpl: changes.pgmrpl,
  logFloor: changes.logFloor,
  nclCheckpoint: changes.nclCheckpoint,
  failed: own.failed,
});

/** The durable superblock with the watermarks received since (WAL-72). */
export function withWatermarks(group: Group): Superblock {
  const { superblock: own, watermarks } = group;
  return superblockWith(own, {
    sequence: own.sequence,
    knownVdl: watermarks.knownVdl,
    groupTail: watermarks.groupTail,
    pgmrpl: watermarks.pgmrpl,
    logFloor: Math.max(own.logFloor, group.gc.nextFloor) as Lsn,
    nclCheckpoint: group.holes.checkpoint as Lsn,
  });
}

const numberedAs = (own: Superblock, sequence: number): Superblock =>
  superblockWith(own, {
    sequence,
    knownVdl: own.knownVdl,
    groupTail: own.groupTail,
    pgmrpl: own.pgmrpl,
    logFloor: own.logFloor,
    nclCheckpoint: own.nclCheckpoint,
  });

interface WriteOptions {
  readonly isControl?: boolean;
  readonly removed?: readonly Lsn[];
  readonly isProbe?: boolean;
}

export function writeSuper(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  next: Superblock,
  { isControl = false, removed = [], isProbe = false }: WriteOptions = {},
): void {
  assert(group.control.write.kind !== 'writing', 'one superblock write at a time');
  const numbered = numberedAs(next, group.superblock.sequence + 1);
  const stored = asStored(state, numbered);
  const id = storeInto(ctx, 'recovery', superblockWrites(group.id, stored));
  state.writes.set(id, { kind: 'super', group: group.id });
  group.control.write = { kind: 'writing', change: { next: numbered, isControl, removed }, isProbe };
}

function asStored(state: StoreState, superblock: Superblock): Superblock {
  const forgetsHistory = has(state.mutants, 'store.history-in-memory-only');
  const forgetsToken = has(state.mutants, 'store.token-in-memory-only');
  if (!forgetsHistory && !forgetsToken) return superblock;
  const token = forgetsToken ? { maxToken: term(1) } : {};
  if (!forgetsHistory) return { ...superblock, ...token };
  return {
    ...superblock,
    ...token,
    volumeEpoch: term(1),
    history: superblock.history.slice(0, 1),
    mode: 'normal',
  };
}
