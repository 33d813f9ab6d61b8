// Work off the ack path, in runs (WAL-32, WAL-36): first the watermarks that it relies on become durable (WAL-72) together with
// logFloor and NCL checkpoint (WAL-38, HOLE-57), then GC drops what the rules allow, then page versions are built.
// A run begins when a block has waited materialiseMs, or sooner when a chain has grown to materialiseRecords.

import type { Time } from '../../../base/ids.ts';
import { keptByName, readKeys, storeInto, trace, wakeAt } from '../../kernel/context.ts';
import type { DiskError, Write } from '../../kernel/door.ts';
import { payloadOf, sealInPlace } from '../../kernel/framing.ts';
import { reach } from '../../kernel/limits.ts';
import type { PageKey } from '../../page/page-key.ts';
import { takeCheckpoint } from '../holes/hole-manager.ts';
import { insertSorted, lastNotAbove, newestOf, pendingRecords } from './blocks.ts';
import { compactLog } from './compaction.ts';
import { suspendGroup } from './condition.ts';
import { pumpControl } from './control.ts';
import { applyGc, isGcDue, planGc, recordDroppable } from './gc.ts';
import type { Build, BuiltPage } from './group-state.ts';
import type { StoreContext } from './hooks.ts';
import { versionKey } from './keys.ts';
import { buildOnto, cachedVersion, cacheVersion, makeVersion, pendingOf, takeVersion } from './pages.ts';
import type { Group, StoreState } from './state.ts';

const timerOf = keptByName((group) => `background/${group}`);
export const backgroundTimer = (group: Group): string => timerOf(group.id);

const intervalUs = (state: StoreState): number => state.params.materialiseMs * 1000;

/** Sets the timer of the next run, if there is anything to do and none runs. */
export function armBackground(state: StoreState, group: Group, ctx: StoreContext): void {
  const { background } = group;
  if (background.run.kind !== 'idle' || group.failure !== '') return;
  if (background.wakeAt !== null && background.ready.size === 0) return;
  const interval = intervalUs(state);
  let at = Infinity;
  if (background.ready.size > 0) at = ctx.now + Math.floor(interval / 4);
  else if (isGcDue(group)) at = ctx.now + interval;
  for (const since of background.dirty.values()) {
    at = Math.min(at, Math.max(since + interval, ctx.now + 1));
    break; // the oldest comes first
  }
  if (at === Infinity || (background.wakeAt !== null && background.wakeAt <= at)) return;
  background.wakeAt = at as Time;
  wakeAt(ctx, backgroundTimer(group), background.wakeAt);
}

export function onBackgroundTimer(state: StoreState, group: Group, ctx: StoreContext): void {
  const { background } = group;
  background.wakeAt = null;
  if (background.run.kind !== 'idle' || group.failure !== '') return;
  background.run = { kind: 'marks', gc: planGc(state, group, ctx.now) };
  if (takeCheckpoint(group.holes) !== null) reach(ctx, state.params, 'checkpointMerges'); // HOLE-57: goes with the next superblock
  const { knownVdl, groupTail, pgmrpl, logFloor } = group.superblock;
  const { watermarks } = group;
  const areDurable =
    knownVdl === watermarks.knownVdl && groupTail === watermarks.groupTail && pgmrpl === watermarks.pgmrpl;
  if (areDurable && logFloor >= group.gc.nextFloor) {
    continueRun(state, group, ctx);
    return;
  }
  group.control.watermarksDue = true;
  pumpControl(state, group, ctx);
}

/** A superblock with the current watermarks is durable. */
export function continueRun(state: StoreState, group: Group, ctx: StoreContext): void {
  const { run } = group.background;
  if (run.kind !== 'marks') return;
  if (run.gc) applyGc(state, group, ctx, run.gc);
  const builds = chooseBuilds(state, group, ctx.now);
  if (builds.length >= state.params.pageBuilds) reach(ctx, state.params, 'pageBuilds');
  const missing = builds.filter(({ blockKey, base }) => base !== -1 && !cachedVersion(group, blockKey, base));
  if (missing.length === 0) {
    writeVersions(state, group, ctx, builds);
    return;
  }
  group.background.run = { kind: 'reading' };
  group.background.builds = builds;
  const keys = missing.map(({ blockKey, base }) => versionKey(group.id, blockKey, base));
  state.reads.set(readKeys(ctx, keys), { kind: 'bases', group: group.id, builds: missing });
}

/** Which blocks get a version now, and at which LSN: the newest of the chain ≤ min(SCL, knownVdl). */
function chooseBuilds(state: StoreState, group: Group, now: Time): Build[] {
  const { dirty, ready } = group.background;
  const bound = Math.min(group.scl, group.superblock.knownVdl);
  const due = now - intervalUs(state);
  const builds: Build[] = [];
  const waiting: PageKey[] = [];
  for (const [blockKey, since] of dirty) {
    if (builds.length >= state.params.pageBuilds) break;
    if (since > due && ready.size === 0) break;
    if (since > due && !ready.has(blockKey)) continue;
    ready.delete(blockKey);
    const block = group.pages.blocks.get(blockKey);
    const base = block ? newestOf(block.versions) : -1;
    const lsn = block ? lastNotAbove(block.chain, bound) : -1;
    if (!block || pendingRecords(block) === 0) dirty.delete(blockKey);
    else if (lsn <= base) waiting.push(blockKey);
    else builds.push({ blockKey, base, lsn });
  }
  for (const blockKey of waiting) postpone(group, blockKey, now);
  return builds;
}

function postpone(group: Group, blockKey: PageKey, now: Time): void {
  const { dirty } = group.background;
  dirty.delete(blockKey);
  dirty.set(blockKey, now);
}

export function onBasesRead(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  asked: readonly Build[],
  values: readonly (Uint8Array | null)[],
  error: 'EIO' | null,
): void {
  const { background } = group;
  const { builds } = background;
  background.builds = [];
  if (error) {
    for (const { blockKey } of builds) postpone(group, blockKey, ctx.now);
    finishRun(state, group, ctx);
    return;
  }
  asked.forEach(({ blockKey, base }, i) => {
    const page = takeVersion(group, blockKey, base, values[i] ?? null);
    if (page) cacheVersion(group, blockKey, base, page);
  });
  writeVersions(state, group, ctx, builds);
}

function writeVersions(state: StoreState, group: Group, ctx: StoreContext, builds: readonly Build[]): void {
  const built: BuiltPage[] = [];
  const writes: Write[] = [];
  for (const { blockKey, base, lsn } of builds) {
    const block = group.pages.blocks.get(blockKey);
    const held = base === -1 ? null : cachedVersion(group, blockKey, base);
    postpone(group, blockKey, ctx.now);
    if (!block || newestOf(block.versions) !== base || (base !== -1 && !held)) continue;
    const records = pendingOf(group, block, base, lsn);
    const bytes = makeVersion(state.params.pageBytes);
    const page = payloadOf(bytes);
    if (records !== null && buildOnto(page, held?.page ?? null, records)) {
      sealInPlace(bytes);
      built.push({ blockKey, lsn, page });
      writes.push({ key: versionKey(group.id, blockKey, lsn), bytes });
    } else group.background.dirty.delete(blockKey); // what it takes is lost: nothing to build before a new record comes
  }
  if (built.length === 0) {
    finishRun(state, group, ctx);
    return;
  }
  group.background.run = { kind: 'writing' };
  state.writes.set(storeInto(ctx, 'freeing', writes), { kind: 'versions', group: group.id, built });
}

/** WAL-33: a version counts from here on, when it is durable whole. */
export function onVersionsDone(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  built: readonly BuiltPage[],
  error: DiskError | null,
): void {
  if (error === 'EIO') suspendGroup(group, ctx, error);
  if (!error) for (const page of built) takeBuilt(group, ctx, page);
  finishRun(state, group, ctx);
}

function takeBuilt(group: Group, ctx: StoreContext, { blockKey, lsn, page }: BuiltPage): void {
  const { background } = group;
  const block = group.pages.blocks.get(blockKey);
  if (!block) return;
  insertSorted(block.versions, lsn);
  const { cache, cacheLimit } = group.pages;
  if (cache.size >= cacheLimit && !cache.has(blockKey))
    reach(ctx, { cachedPages: cacheLimit }, 'cachedPages');
  cacheVersion(group, blockKey, lsn, page);
  trace(ctx, { kind: 'page.materialise', group: group.id, blockKey, pageLsn: lsn });
  recordDroppable(group, blockKey, block);
  group.gc.tried = null;
  if (pendingRecords(block) === 0) background.dirty.delete(blockKey);
}

function finishRun(state: StoreState, group: Group, ctx: StoreContext): void {
  group.background.run = { kind: 'idle' };
  compactLog(state, group, ctx);
  armBackground(state, group, ctx);
}
