// A replica whose objects are all here becomes one (docs/spec/wal.md WAL-45): list data[0, L + 1), the source's history cut at
// L and the entry that the new volume begins with, knownVdl and PGMRPL L. Its superblock makes it; before that it is nothing.

import { crc32c } from '../../../base/crc32c.ts';
import type { Lsn, Term } from '../../../base/ids.ts';
import { storeWrites, trace, wakeAt } from '../../kernel/context.ts';
import type { DiskError } from '../../kernel/door.ts';
import { has } from '../../kernel/mutants.ts';
import { encodeRecord } from '../../log/record.ts';
import { makeHoleList, mergeRange } from '../holes/hole-list.ts';
import { currentScl, indexRecord } from '../replica/advance.ts';
import { blockOf, insertSorted, pendingRecords } from '../replica/blocks.ts';
import { queueControl } from '../replica/control.ts';
import { recordDroppable } from '../replica/gc.ts';
import type { StoreContext } from '../replica/hooks.ts';
import { restoreKey } from '../replica/keys.ts';
import { addRecord, addSegment, makeLog } from '../replica/log.ts';
import { makeGroup } from '../replica/open.ts';
import type { Group, StoreState } from '../replica/state.ts';
import { type Superblock, superblockWrites } from '../replica/superblock.ts';
import { floorOf, type RestoreLoad, restoreTimer, retryLater } from './restore-state.ts';

export function makeRestored(state: StoreState, ctx: StoreContext, load: RestoreLoad): void {
  const group = groupOf(state, ctx, load);
  load.phase = { kind: 'finishing', made: group };
  const { id, superblock } = group;
  const writes = [...superblockWrites(id, superblock), { key: restoreKey(id), bytes: null }];
  state.writes.set(storeWrites(ctx, writes), { kind: 'restoreMade', group: id });
}

function groupOf(state: StoreState, ctx: StoreContext, load: RestoreLoad): Group {
  const { descriptor, lsn } = load.order;
  const { group: id, baseLsn } = descriptor;
  const log = makeLog();
  for (const { ordinal, size, records } of load.segments) {
    addSegment(log, ordinal, size);
    for (const record of records) addRecord(log, record, ordinal);
  }
  const list = makeHoleList(baseLsn);
  mergeRange(list, baseLsn, lsn + 1);
  const superblock = firstBlock(load, log.records[log.records.length - 1]?.record.lsn ?? null);
  const group = makeGroup(state, { id, superblock, log, list });
  for (const { blockKey, lsn: at } of load.pages)
    insertSorted(blockOf(group.pages.blocks, blockKey).versions, at);
  for (const stored of log.records) indexRecord(group, stored, ctx.now, state.params.materialiseRecords);
  for (const [blockKey, one] of group.pages.blocks) {
    if (pendingRecords(one) === 0) group.background.dirty.delete(blockKey);
    recordDroppable(group, blockKey, one);
  }
  group.scl = currentScl(group);
  return group;
}

function firstBlock(load: RestoreLoad, lastRecord: Lsn | null): Superblock {
  const { volume, descriptor, lsn, history } = load.order;
  const token = history[history.length - 1]?.term ?? (0 as Term);
  const logFloor = floorOf(load);
  return {
    sequence: 1,
    volume,
    descriptor,
    maxToken: token,
    volumeEpoch: token,
    openToken: token,
    history,
    mode: 'normal',
    maxNwl: lsn,
    knownVdl: lsn,
    groupTail: lastRecord ?? logFloor,
    pgmrpl: lsn,
    logFloor,
    nclCheckpoint: lsn,
    failed: '',
  };
}

/** The replica exists from here on. */
export function onRestoreMade(
  state: StoreState,
  ctx: StoreContext,
  load: RestoreLoad,
  error: DiskError | null,
): Group | null {
  const group = load.phase.kind === 'finishing' ? load.phase.made : null;
  if (!group) return null;
  if (error) {
    load.phase = { kind: 'finishing', made: null }; // the superblock is tried again
    retryLater(state, ctx, group.id);
    return null;
  }
  const { id, superblock, scl, log } = group;
  state.restores.delete(id);
  state.groups.set(id, group);
  wakeAt(ctx, restoreTimer(id), null);
  const { order, pages } = load;
  const { volume, sourceGroup: source, lsn, base } = order;
  const lsns = log.records.map(({ record }) => record.lsn);
  const sums = log.records.map(({ record }) => encodeRecord({ ...record, group: source }).crc);
  trace(ctx, {
    kind: 'restore.replica',
    volume,
    group: id,
    source,
    lsn,
    base,
    pages: pages.length,
    lsns,
    sums,
    digest: digestOf(load),
    token: superblock.maxToken,
  });
  trace(ctx, { kind: 'token.install', group: id, token: superblock.maxToken });
  if (has(state.mutants, 'restore.into-source')) fenceSource(state, ctx, load);
  trace(ctx, { kind: 'mark.scl', group: id, value: scl, term: superblock.volumeEpoch });
  return group;
}

/** Of `restore.into-source`: the source's replica is given a token that the metadata never granted for it. */
function fenceSource(state: StoreState, ctx: StoreContext, { order, meta }: RestoreLoad): void {
  const source = state.groups.get(order.sourceGroup);
  if (!source) return;
  const { volume, descriptor, maxToken } = source.superblock;
  const message = { kind: 'InstallToken', volume, token: (maxToken + 1) as Term, descriptor } as const;
  queueControl(state, source, ctx, { kind: 'token', from: meta, traceId: 0, message });
}

/** Equal for replicas that were loaded with the same pages and records. */
function digestOf({ pages, segments }: RestoreLoad): number {
  const numbers = [
    ...pages.flatMap(({ blockKey, lsn }) => [blockKey, lsn]),
    ...segments.flatMap(({ records }) => records.map(({ crc }) => crc)),
  ];
  return crc32c(new Uint8Array(new Float64Array(numbers).buffer)) >>> 0;
}
