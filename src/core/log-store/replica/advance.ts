// Progress after data became durable or was removed: the SCL (WAL-14), the check of block chains below
// it (WAL-31), the block index, and the watermarks that the writer advertises (WAL-30).

import type { Lsn, Time } from '../../../base/ids.ts';
import { trace } from '../../kernel/context.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import { has } from '../../kernel/mutants.ts';
import type { EncodedRecord } from '../../log/record.ts';
import { ownsKey } from '../../page/page-key.ts';
import { nclOf, nextHole, nwlOf } from '../holes/hole-list.ts';
import { setGroupTail, setSgcl } from '../holes/hole-manager.ts';
import { blockOf, firstAtOrAbove, insertSorted, lastNotAbove, pendingRecords } from './blocks.ts';
import { failGroup } from './condition.ts';
import type { StoreContext } from './hooks.ts';
import { type Log, recordsIn, sclOf } from './log.ts';
import type { Group } from './state.ts';

export const isInRange = (group: Group, blockKey: number): boolean =>
  ownsKey(group.superblock.descriptor, blockKey);

/** Puts a retained record into the block index. Genesis lies in every group's log, but only in one group's pages. */
export function indexRecord(group: Group, { record }: EncodedRecord, now: Time, readyAt: number): void {
  if (!isInRange(group, record.blockKey)) return;
  const block = blockOf(group.pages.blocks, record.blockKey);
  insertSorted(block.chain, record.lsn);
  const { dirty, ready } = group.background;
  if (!dirty.has(record.blockKey)) dirty.set(record.blockKey, now);
  if (block.chain.length >= readyAt && pendingRecords(block) >= readyAt) ready.add(record.blockKey);
}

export function currentScl({ holes, log, superblock }: Group): Lsn {
  const bound = has(holes.params.mutants, 'store.scl-ignores-gaps') ? nwlOf(holes.list) : nclOf(holes.list);
  return sclOf(log, bound, superblock.logFloor, superblock.descriptor.baseLsn);
}

/** NCL may have moved: the SCL follows, and the chains that it newly covers are checked. */
export function advanceScl(group: Group, ctx: StoreContext): boolean {
  const scl = currentScl(group);
  if (scl === group.scl) return false;
  const conflict = findChainConflict(group, group.scl + 1, scl + 1);
  group.scl = scl;
  if (conflict !== null) failGroup(group, ctx, 'E_CHAIN_CONFLICT', conflict);
  trace(ctx, { kind: 'mark.scl', group: group.id, value: scl, term: group.superblock.volumeEpoch });
  return true;
}

/**
 * WAL-31: each record's prevBlock is the newest state of its block that the replica knows below it, or one above that which GC has
 * dropped. One below it was made from an older page: what came between would be undone.
 */
export function findChainConflict(group: Group, first: number, end: number): Lsn | null {
  if (first >= end) return null;
  for (const { record } of recordsIn(group.log as Log, first, end)) {
    const { blockKey, init, lsn, prevBlock } = record;
    if (!isInRange(group, blockKey)) continue;
    const { chain, versions } = group.pages.blocks.get(blockKey) ?? NO_BLOCK;
    const before = Math.max(chain[firstAtOrAbove(chain, lsn) - 1] ?? -1, lastNotAbove(versions, lsn - 1));
    const isDropped = prevBlock > before && prevBlock <= group.superblock.logFloor;
    if (prevBlock !== before && !isDropped && !init) return lsn;
  }
  return null;
}

const NO_BLOCK = { chain: [], versions: [] } as const;

type Advertised = MessageOf<'WriteBatch' | 'Heartbeat'>;

/** WAL-30: from messages that passed WAL-46 only. */
export function receiveWatermarks(group: Group, ctx: StoreContext, advertised: Advertised): void {
  const { watermarks } = group;
  const isNew =
    advertised.vdl > watermarks.knownVdl ||
    advertised.groupTail > watermarks.groupTail ||
    advertised.pgmrpl > watermarks.pgmrpl;
  if (advertised.vdl > watermarks.knownVdl) watermarks.knownVdl = advertised.vdl;
  if (advertised.groupTail > watermarks.groupTail) watermarks.groupTail = advertised.groupTail;
  if (advertised.pgmrpl > watermarks.pgmrpl) watermarks.pgmrpl = advertised.pgmrpl;
  if (advertised.archivedTo > watermarks.archivedTo) watermarks.archivedTo = advertised.archivedTo;
  watermarks.holdTo = advertised.holdTo;
  if (advertised.pgcl > watermarks.pgcl) watermarks.pgcl = advertised.pgcl;
  if (!isNew) return;
  setGroupTail(group.holes, watermarks.groupTail);
  traceWatermarks(group, ctx);
}

export function traceWatermarks(group: Group, ctx: StoreContext): void {
  const { knownVdl, groupTail, pgmrpl } = group.watermarks;
  trace(ctx, { kind: 'mark.known', group: group.id, vdl: knownVdl, groupTail, pgmrpl });
}

/**
 * Discovery goes up to PGCL, but not into what is being written here at this moment: that is no hole to ask for. And while
 * a hole is open the cached PGCL, which a peer's must reach (HOLE-30), stays as it is: one that moves on with every batch
 * would never be met by a status that is older by a message's flight.
 */
export function raisePgcl(group: Group): void {
  const { holes, watermarks } = group;
  let limit: number = watermarks.pgcl;
  for (const { records, source } of group.ingest.appends) {
    const first = records[0];
    if (first && source === 'writer') limit = Math.min(limit, first.record.prevGroup);
  }
  setSgcl(holes, limit);
  if (nextHole(holes.list, holes.list.init, holes.sgcl + 1) === null)
    holes.pgcl = Math.max(holes.pgcl, limit);
}
