// The background check of what lies on a replica's disk (WAL-39, F18, F19, F23): one value each scrubEveryMs, in rounds
// over superblocks, log segments and page versions. A value must be readable, whole, the one that belongs at its key
// (embedded address and LSN stamp) and hold what memory counts on. What is lost is given up at once, never covered up:
// records become holes (scrub-repair.ts), versions leave the index. Only an open volume is checked, so that what a replica
// reported to a recovery stays true (HOLE-58).

import type { Time } from '../../../base/ids.ts';
import { keptByName, readKeys, trace, wakeAt } from '../../kernel/context.ts';
import { reach } from '../../kernel/limits.ts';
import { firstAtOrAbove } from '../replica/blocks.ts';
import type { StoreContext } from '../replica/hooks.ts';
import { logKey, superKey, versionKey } from '../replica/keys.ts';
import { recordsIn, type StoredRecord } from '../replica/log.ts';
import { readVersion } from '../replica/pages.ts';
import { readSegment } from '../replica/segment.ts';
import type { Group, StoreState } from '../replica/state.ts';
import { checkSuperCopy, isOpen } from '../replica/superblock.ts';
import { driveRepairs, losePage, loseSegment, rewriteSuper } from './scrub-repair.ts';
import { type Damage, type Scrub, type ScrubItem, scrubOf, startScrub } from './scrub-state.ts';

const timerOf = keptByName((group) => `scrub/${group}`);
export const scrubTimer = (group: Group): string => timerOf(group.id);

export function armScrub(state: StoreState, group: Group, ctx: StoreContext): void {
  const scrub = startScrub(state, group);
  if (scrub.wakeAt !== null || group.failure !== '') return;
  scrub.wakeAt = (ctx.now + state.params.scrubEveryMs * 1000) as Time;
  wakeAt(ctx, scrubTimer(group), scrub.wakeAt);
}

export function onScrubTimer(state: StoreState, group: Group, ctx: StoreContext): void {
  const scrub = scrubOf(state, group);
  scrub.wakeAt = null;
  if (isQuiet(group)) {
    driveRepairs(state, group, ctx);
    if (!scrub.isReading) readNext(state, group, ctx);
  }
  armScrub(state, group, ctx);
}

const isQuiet = (group: Group): boolean =>
  group.failure === '' &&
  group.service.kind === 'serving' &&
  group.control.write.kind === 'idle' &&
  isOpen(group.superblock);

function readNext(state: StoreState, group: Group, ctx: StoreContext): void {
  const scrub = scrubOf(state, group);
  if (scrub.queue.length === 0) {
    fillQueue(state, group, scrub);
    if (scrub.queue.length >= state.params.scrubQueue) reach(ctx, state.params, 'scrubQueue');
  }
  const item = scrub.queue.shift();
  if (item === undefined) return;
  scrub.isReading = true;
  state.reads.set(readKeys(ctx, [keyOf(group, item)]), { kind: 'scrub', group: group.id, item });
}

function keyOf(group: Group, item: ScrubItem): string {
  switch (item.kind) {
    case 'super':
      return superKey(group.id, item.slot, item.copy);
    case 'log':
      return logKey(group.id, item.ordinal);
    case 'page':
      return versionKey(group.id, item.blockKey, item.lsn);
  }
}

/** The next items of the round; at its end the next round begins. */
function fillQueue({ params }: StoreState, { log, pages: { blocks } }: Group, scrub: Scrub): void {
  const most = params.scrubQueue;
  const { queue, cursor } = scrub;
  if (cursor.part === 'super') {
    for (const slot of [0, 1])
      for (const copy of ['a', 'b'] as const) queue.push({ kind: 'super', slot, copy });
    scrub.cursor = { part: 'log', at: 0 };
    return;
  }
  if (cursor.part === 'log') {
    for (const ordinal of log.segments.keys()) {
      if (ordinal <= cursor.at) continue;
      if (queue.length === most) return;
      queue.push({ kind: 'log', ordinal });
      cursor.at = ordinal;
    }
    scrub.cursor = { part: 'page', at: -1 };
    if (queue.length > 0) return;
  }
  const keys = [...blocks.keys()].filter((key) => key > scrub.cursor.at).sort((a, b) => a - b);
  for (const blockKey of keys) {
    if (queue.length >= most) return;
    for (const lsn of blocks.get(blockKey)?.versions ?? []) queue.push({ kind: 'page', blockKey, lsn });
    scrub.cursor.at = blockKey;
  }
  scrub.cursor = { part: 'super', at: -1 };
}

export function onScrubRead(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  item: ScrubItem,
  value: Uint8Array | null,
  error: 'EIO' | null,
): void {
  const scrub = scrubOf(state, group);
  scrub.isReading = false;
  if (!isQuiet(group)) return;
  if (error !== null && !isGivenUp(state, group, scrub, item)) return;
  if (error === null && scrub.suspect !== null) scrub.suspect.othersRead = true;
  scrub.checked++;
  switch (item.kind) {
    case 'super':
      if (error !== null || !checkSuperCopy(group.superblock, item.slot, value)) {
        report(state, group, ctx, item, error ? 'unreadable' : value === null ? 'missing' : 'rot', []);
        rewriteSuper(state, group, ctx);
      }
      return;
    case 'log':
      checkSegment(state, group, ctx, item, value, error);
      return;
    case 'page':
      checkVersion(state, group, ctx, item, value, error);
  }
}

/** A read has failed: the value is lost when it fails again although others could be read meanwhile. */
function isGivenUp(state: StoreState, group: Group, scrub: Scrub, item: ScrubItem): boolean {
  const { suspect } = scrub;
  const isSame = suspect !== null && keyOf(group, suspect.item) === keyOf(group, item);
  if (isSame && suspect.othersRead) {
    scrub.suspect = null;
    return true;
  }
  if (!isSame) scrub.suspect = { item, othersRead: false };
  scrub.queue.splice(Math.min(1, scrub.queue.length), 0, item);
  if (scrub.queue.length === 1) fillQueue(state, group, scrub);
  return false;
}

function report(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  item: ScrubItem,
  damage: Damage,
  lsns: readonly number[],
): void {
  scrubOf(state, group).found++;
  trace(ctx, {
    kind: 'scrub.bad',
    group: group.id,
    what: item.kind,
    damage,
    lsns,
    blockKey: item.kind === 'page' ? item.blockKey : -1,
  });
}

function checkSegment(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  item: Extract<ScrubItem, { kind: 'log' }>,
  value: Uint8Array | null,
  error: 'EIO' | null,
): void {
  const { ordinal } = item;
  const segment = group.log.segments.get(ordinal);
  const isKnown = scrubOf(state, group).lost.some((lost) => lost.ordinal === ordinal);
  if (!segment || isKnown || group.repair.damaged.some((damaged) => damaged.ordinal === ordinal)) return;
  const read = value && readSegment(value, { group: group.id, ordinal });
  const good = new Map(
    read && !read.isForeign ? read.records.map(({ record, crc }) => [record.lsn, crc]) : [],
  );
  let held = recordsOf(group, ordinal, read?.range ?? null);
  if (held.length !== segment.live) held = recordsOf(group, ordinal, null);
  const lost = held.filter(({ record, crc }) => good.get(record.lsn) !== crc);
  if (read?.range && !read.torn && !read.damaged && lost.length === 0) return;
  const damage: Damage = error ? 'unreadable' : !read ? 'missing' : read.isForeign ? 'misdirected' : 'rot';
  const lsns = lost.map(({ record: { lsn } }) => lsn);
  report(state, group, ctx, item, damage, lsns);
  loseSegment(state, group, ctx, ordinal, lost, !read?.range);
}

function recordsOf(
  group: Group,
  ordinal: number,
  range: readonly [first: number, end: number] | null,
): StoredRecord[] {
  const { log } = group;
  const within = range ? recordsIn(log, range[0], range[1]) : log.records;
  return within.filter(({ segment }) => segment === ordinal);
}

function checkVersion(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  item: Extract<ScrubItem, { kind: 'page' }>,
  value: Uint8Array | null,
  error: 'EIO' | null,
): void {
  const { blockKey, lsn } = item;
  const versions = group.pages.blocks.get(blockKey)?.versions;
  if (!versions || versions[firstAtOrAbove(versions, lsn)] !== lsn) return;
  const read = value ? readVersion(value, blockKey, lsn) : null;
  if (error === null && read?.kind === 'good') return;
  const damage: Damage = error
    ? 'unreadable'
    : !read
      ? 'missing'
      : read.kind === 'other'
        ? 'misdirected'
        : 'rot';
  report(state, group, ctx, item, damage, []);
  losePage(state, group, ctx, item, read === null);
}
