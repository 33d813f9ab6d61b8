// Writing a replica's superblock, one at a time; the watermarks received since the last one go along (WAL-72).

import { assert } from '../../../base/assert.ts';
import { type Lsn, term } from '../../../base/ids.ts';
import { storeWrites } from '../../kernel/context.ts';
import type { StoreContext } from './hooks.ts';
import { type Group, isBroken, type StoreState } from './state.ts';
import { type Superblock, superblockWrites } from './superblock.ts';

/** The durable superblock with the watermarks received since (WAL-72). */
export function withWatermarks(group: Group): Superblock {
  const { knownVdl, groupTail, pgmrpl } = group.watermarks;
  const logFloor = Math.max(group.superblock.logFloor, group.gc.nextFloor) as Lsn;
  const nclCheckpoint = group.holes.checkpoint as Lsn;
  return { ...group.superblock, knownVdl, groupTail, pgmrpl, logFloor, nclCheckpoint };
}

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
  const numbered: Superblock = { ...next, sequence: group.superblock.sequence + 1 };
  const stored = asStored(state, numbered);
  const id = storeWrites(ctx, superblockWrites(group.id, stored));
  state.writes.set(id, { kind: 'super', group: group.id });
  group.control.write = { kind: 'writing', change: { next: numbered, isControl, removed }, isProbe };
}

/** What broken variants leave out of the durable superblock. */
function asStored(state: StoreState, superblock: Superblock): Superblock {
  const forgetsHistory = isBroken(state, 'store.history-in-memory-only');
  const forgetsToken = isBroken(state, 'store.token-in-memory-only');
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
