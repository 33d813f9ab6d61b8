// Writing a replica's superblock, one at a time; the marks that were told since the last one go along (WAL-72).

import { assert } from '../../../base/assert.ts';
import { type Lsn, term } from '../../../base/ids.ts';
import { storeWrites } from '../../kernel/context.ts';
import type { StoreContext } from './hooks.ts';
import { type Group, isBroken, PARKED, type StoreState } from './state.ts';
import { type Superblock, superblockWrites } from './superblock.ts';

/** The durable superblock with what the replica was told since (WAL-72). */
export function withMarks(group: Group): Superblock {
  const { knownVdl, groupTail, pgmrpl } = group.marks;
  const logFloor = Math.max(group.block.logFloor, group.wantedFloor) as Lsn;
  const nclCheckpoint = group.holes.checkpoint as Lsn;
  return { ...group.block, knownVdl, groupTail, pgmrpl, logFloor, nclCheckpoint };
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
  assert(!group.superWrite || group.superWrite.id === PARKED, 'one superblock write at a time');
  const numbered: Superblock = { ...next, sequence: group.block.sequence + 1 };
  const stored = asStored(state, numbered);
  const id = storeWrites(ctx, superblockWrites(group.id, stored));
  state.writes.set(id, { kind: 'super', group: group.id });
  group.superWrite = { id, next: numbered, isControl, removed, isProbe };
}

/** What broken variants leave out of the durable superblock. */
function asStored(state: StoreState, block: Superblock): Superblock {
  const forgetsHistory = isBroken(state, 'store.history-in-memory-only');
  const forgetsToken = isBroken(state, 'store.token-in-memory-only');
  if (!forgetsHistory && !forgetsToken) return block;
  const token = forgetsToken ? { maxToken: term(1) } : {};
  if (!forgetsHistory) return { ...block, ...token };
  return { ...block, ...token, volumeEpoch: term(1), history: block.history.slice(0, 1), mode: 'normal' };
}
