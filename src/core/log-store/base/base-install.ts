// A base image that is whole becomes a replica, or the lower part of one (docs/spec/wal.md WAL-71): pages at b, list
// data[init, b + 1), logFloor b, history and knownVdl of the donor. The rest comes from the writer and by hole filling.

import type { GroupId, Lsn, NodeId } from '../../../base/ids.ts';
import { storeWrites, trace, wakeAt } from '../../kernel/context.ts';
import type { DiskError } from '../../kernel/door.ts';
import type { PageKey } from '../../page/page-key.ts';
import { makeHoleList, mergeRange } from '../holes/hole-list.ts';
import { mergeHoles, setGroupTail, setLogFloor } from '../holes/hole-manager.ts';
import { advanceScl, currentScl, traceWatermarks } from '../replica/advance.ts';
import { blockOf, firstAtOrAbove, insertSorted, newestOf, pendingRecords } from '../replica/blocks.ts';
import { deleteDeadSegments } from '../replica/compaction.ts';
import { recordDroppable, unpinBelow } from '../replica/gc.ts';
import type { PageAt } from '../replica/group-state.ts';
import type { StoreContext } from '../replica/hooks.ts';
import { versionKey } from '../replica/keys.ts';
import { makeLog, removeRecords } from '../replica/log.ts';
import { makeGroup } from '../replica/open.ts';
import { reportRecovery } from '../replica/report.ts';
import type { ControlOp, Group, StoreState } from '../replica/state.ts';
import { withWatermarks, writeSuper } from '../replica/super-write.ts';
import { type Superblock, superblockWrites } from '../replica/superblock.ts';
import type { BaseImport } from './base-state.ts';

/** A new replica: its superblock says that all pages are durable; until then it does not exist. */
export function createFromBase(state: StoreState, ctx: StoreContext, image: BaseImport): void {
  const { descriptor, head, base } = image;
  if (!head) return;
  const { group: id, baseLsn } = descriptor;
  const superblock: Superblock = {
    ...head,
    sequence: 1,
    descriptor,
    mode: 'normal',
    logFloor: base,
    nclCheckpoint: base,
    failed: '',
  };
  const list = makeHoleList(baseLsn);
  if (base >= baseLsn) mergeRange(list, baseLsn, base + 1);
  const group = makeGroup(state, { id, superblock, log: makeLog(), list });
  for (const { blockKey, lsn } of image.pages)
    insertSorted(blockOf(group.pages.blocks, blockKey).versions, lsn);
  group.scl = currentScl(group);
  const write = storeWrites(ctx, superblockWrites(id, superblock));
  state.writes.set(write, { kind: 'baseCreated', group: id, made: group });
}

/** The replica exists from here on; null when it could not be written: the image is asked for anew. */
export function onBaseCreated(
  state: StoreState,
  ctx: StoreContext,
  group: Group,
  error: DiskError | null,
): Group | null {
  const image = state.imports.get(group.id);
  if (!image) return null;
  const from = image.donors[image.donor] as NodeId;
  if (error) {
    dropImport(state, ctx, image, [...image.stale, ...image.pages]);
    return null;
  }
  state.groups.set(group.id, group);
  const { superblock, scl, id } = group;
  const { maxToken, volumeEpoch, descriptor } = superblock;
  const { memberEpoch } = descriptor;
  const { base, pages, why } = image;
  trace(ctx, { kind: 'base.installed', group: id, from, base, pages: pages.length, scl, why });
  trace(ctx, { kind: 'member.install', group: id, memberEpoch, state: 'learner', scl, volumeEpoch });
  trace(ctx, { kind: 'token.install', group: id, token: maxToken });
  trace(ctx, { kind: 'mark.scl', group: id, value: scl, term: volumeEpoch });
  dropImport(state, ctx, image, image.stale);
  return group;
}

/** A member takes the image under its own log (true: the superblock that admits it is being written). */
export function startBase(state: StoreState, group: Group, ctx: StoreContext): boolean {
  const image = state.imports.get(group.id);
  if (!image?.head || image.phase.kind !== 'finishing') return false;
  const own = withWatermarks(group);
  const { head, base } = image;
  const highest = (a: Lsn, b: Lsn): Lsn => Math.max(a, b) as Lsn;
  const next: Superblock = {
    ...own,
    logFloor: highest(own.logFloor, base),
    nclCheckpoint: highest(own.nclCheckpoint, base),
    knownVdl: highest(own.knownVdl, head.knownVdl),
    groupTail: highest(own.groupTail, head.groupTail),
    pgmrpl: highest(own.pgmrpl, head.pgmrpl),
  };
  writeSuper(state, group, ctx, next, { isControl: true });
  return true;
}

export function finishBase(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  { from }: ControlOp<'base'>,
): void {
  const image = state.imports.get(group.id);
  if (!image) return;
  const { superblock, holes, watermarks } = group;
  const { base, pages, why } = image;
  const { baseLsn } = superblock.descriptor;
  watermarks.knownVdl = Math.max(watermarks.knownVdl, superblock.knownVdl) as Lsn;
  watermarks.groupTail = Math.max(watermarks.groupTail, superblock.groupTail) as Lsn;
  watermarks.pgmrpl = Math.max(watermarks.pgmrpl, superblock.pgmrpl) as Lsn;
  setGroupTail(holes, watermarks.groupTail);
  if (base >= baseLsn) mergeHoles(holes, baseLsn, base + 1, holes.pgcl);
  setLogFloor(holes, base);
  holes.checkpoint = Math.max(holes.checkpoint, superblock.nclCheckpoint);
  group.gc.nextFloor = Math.max(group.gc.nextFloor, superblock.logFloor) as Lsn;
  removeRecords(group.log, ({ record }) => record.lsn <= base, 0, base + 1);
  const replaced = takePages(group, image);
  unpinBelow(group, base);
  group.repair.needsBase = false;
  group.repair.unsure = null;
  group.gc.tried = null;
  deleteDeadSegments(state, group, ctx);
  dropImport(state, ctx, image, [...image.stale, ...replaced]);
  advanceScl(group, ctx);
  const { id, scl } = group;
  trace(ctx, { kind: 'base.installed', group: id, from, base, pages: pages.length, scl, why });
  traceWatermarks(group, ctx);
  holes.discoverDue = true;
  reportRecovery(group, ctx);
}

/** Each block has the image's page as its only version at or below b; its chain above b stays. What goes is returned. */
function takePages(group: Group, { base, pages }: BaseImport): { blockKey: PageKey; lsn: number }[] {
  const gone: { blockKey: PageKey; lsn: number }[] = [];
  for (const [blockKey, block] of group.pages.blocks) {
    block.chain.splice(0, firstAtOrAbove(block.chain, base + 1));
    for (const lsn of block.versions.splice(0, firstAtOrAbove(block.versions, base + 1)))
      gone.push({ blockKey, lsn });
    if (block.lost <= base) block.lost = -1;
  }
  for (const { blockKey, lsn } of pages) insertSorted(blockOf(group.pages.blocks, blockKey).versions, lsn);
  for (const [blockKey, cached] of group.pages.cache) {
    const versions = group.pages.blocks.get(blockKey)?.versions ?? [];
    if (!versions.includes(cached.lsn)) group.pages.cache.delete(blockKey);
  }
  for (const [blockKey, block] of group.pages.blocks) {
    recordDroppable(group, blockKey, block);
    if (pendingRecords(block) === 0) group.background.dirty.delete(blockKey);
    if (newestOf(block.versions) === -1 && block.chain.length === 0) group.pages.blocks.delete(blockKey);
  }
  return gone;
}

export const baseTimer = (group: string): string => `base/${group}`;

/** The import is over: of the pages that go, those that a replica here has not are deleted. */
export function dropImport(
  state: StoreState,
  ctx: StoreContext,
  image: BaseImport,
  gone: readonly PageAt[],
): void {
  const { group } = image.descriptor;
  state.imports.delete(group);
  wakeAt(ctx, baseTimer(group), null);
  const kept = new Set<string>();
  for (const [blockKey, { versions }] of state.groups.get(group)?.pages.blocks ?? new Map<PageKey, never>())
    for (const lsn of versions) kept.add(versionKey(group, blockKey, lsn));
  const keys = gone.map(({ blockKey, lsn }) => versionKey(group, blockKey, lsn));
  const writes = keys.filter((key) => !kept.has(key)).map((key) => ({ key, bytes: null }));
  if (writes.length > 0) state.writes.set(storeWrites(ctx, writes), { kind: 'delete' });
}

/** Keys of the pages that an import for the replica has made durable. */
export const importKeys = (state: StoreState, group: GroupId): string[] =>
  (state.imports.get(group)?.pages ?? []).map(({ blockKey, lsn }) => versionKey(group, blockKey, lsn));

export function forgetImport(state: StoreState, group: GroupId, ctx: StoreContext): void {
  state.imports.delete(group);
  wakeAt(ctx, baseTimer(group), null);
}
