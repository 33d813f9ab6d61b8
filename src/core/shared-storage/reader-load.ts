// Lazy and background replay of a reader (docs/spec/logindex.md LI-34 to LI-39): a page that is not in the pool is read in its file, what
// LogIndex has above the image is read in WAL and applied, up to applyLsn. A page that records have outdated meanwhile is replayed again
// before anybody sees it. Each page has one call of the file system at a time.

import { BadBytes } from '../../base/bytes.ts';
import type { Lsn } from '../../base/ids.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import { startFind, stepFind, stepWalk } from '../logindex/find.ts';
import type { LogIndex } from '../logindex/log-index.ts';
import {
  backgroundStep,
  beginReplay,
  endReplay,
  makeFrame,
  minUsedLsn,
  readStep,
  recordsToApply,
} from '../logindex/replay.ts';
import { pageLsn } from '../page/page.ts';
import { type PageKey, VOLUME_KEY } from '../page/page-key.ts';
import { changeOf } from '../page/record-pages.ts';
import { applyRecords, type PageChange } from '../page/redo.ts';
import type { Call, Outcome } from '../pfs/mount-state.ts';
import { pageOffset, pagePath, storedPage } from './page-file.ts';
import { onScanned, scanCall, seekSnapshot } from './reader-snapshot.ts';
import { findRecords, takeWalRead, walCall } from './reader-wal.ts';
import type { Load, SharedReader, Wanted } from './shared-reader.ts';

/** Entries that background replay passes in one step of the node. */
const WALK_ENTRIES = 512;

const lsnOf = (image: Uint8Array | null): Lsn => (image === null ? (0 as Lsn) : pageLsn(image));

export function want<E>(reader: SharedReader<E>, wanted: Wanted): void {
  const isSame = (one: Wanted): boolean => one.page === wanted.page && one.rp === wanted.rp;
  const load = reader.loads.find((one) => isSame(one.wanted));
  if (load !== undefined) {
    if (!wanted.isBackground) load.wanted = wanted;
    return;
  }
  const known = reader.wanted.findIndex(isSame);
  if (known >= 0 && (wanted.isBackground || reader.wanted[known]?.isBackground === false)) return;
  if (known >= 0) reader.wanted.splice(known, 1);
  const place = wanted.isBackground ? -1 : reader.wanted.findIndex(({ isBackground }) => isBackground);
  reader.wanted.splice(place < 0 ? reader.wanted.length : place, 0, wanted);
}

/** A page that is ready, for the engine. */
export interface Loaded {
  readonly wanted: Wanted;
  readonly image: Uint8Array | null;
  readonly error: '' | 'FUTURE_PAGE' | 'DAMAGED';
}

/** The call that a load needs now, or its page. */
export type Loading = { readonly call: Call; readonly load: number } | { readonly loaded: Loaded };

/** What goes on without a call: a load that is not `busy`, or the next page that is wanted, where there is room for one. */
export function nextLoad<E>(
  reader: SharedReader<E>,
  ctx: RoleContext,
  busy: readonly number[] = [],
  most = 1,
): Loading | null {
  for (const load of reader.loads) {
    if (busy.includes(load.id) || load.heldUpAt === reader.wal.reads) continue;
    const loading = goOn(reader, ctx, load, null);
    if (loading !== null) return loading;
  }
  const wanted = reader.loads.length < most ? reader.wanted.shift() : undefined;
  return wanted === undefined ? null : goOn(reader, ctx, beginLoad(reader, wanted), null);
}

function beginLoad<E>(reader: SharedReader<E>, wanted: Wanted): Load {
  const { frames, images, consistentLsn, parser } = reader;
  const { page, rp } = wanted;
  const frame = rp === null ? frames.get(page) : undefined;
  const image = images.get(page) ?? null;
  const isHere = frame?.isRead === true;
  if (rp === null && !isHere) {
    makeRoomFor(reader);
    frames.set(page, makeFrame());
  }
  const load: Load = {
    id: reader.nextLoad++,
    wanted,
    stage: isHere ? 'find' : 'image',
    image: isHere ? image : null,
    source: isHere ? 'POOL' : 'STORAGE',
    from: isHere ? frame.pageLsn : (0 as Lsn),
    at: rp ?? parser.applyLsn,
    start: consistentLsn,
    find: null,
    lsns: [],
    found: new Map(),
    parts: [],
    reading: null,
    heldUpAt: -1,
    scan: null,
    history: null,
  };
  if (isHere) beginReplay(frame, frame.pageLsn);
  reader.loads.push(load);
  return load;
}

/** A promotion begins with a change of the volume's page: a reader has it at hand, as far as it has parsed, however old what is stored may be. */
const isPinned = (page: PageKey): boolean => page === VOLUME_KEY;

/** LSNs that it may be behind, so that statements' pages are read in between. */
const PINNED_LAG = 256;

/** Pages beyond the buffer's size go, the one that came first before the others. */
function makeRoomFor<E>({ frames, images, config }: SharedReader<E>): void {
  for (const [page, frame] of frames) {
    if (frames.size < config.params.bufferPages) return;
    if (!frame.isRead || frame.isReplaying || isPinned(page)) continue;
    frames.delete(page);
    images.delete(page);
  }
}

/** A call of the load has ended. */
export function onLoadCall<E>(
  reader: SharedReader<E>,
  ctx: RoleContext,
  id: number,
  outcome: Outcome,
): Loading | 'retry' | null {
  const load = reader.loads.find((one) => one.id === id);
  if (load === undefined || reader.index === null) return null;
  const bytes = outcome.ok && outcome.value instanceof Uint8Array ? outcome.value : new Uint8Array();
  const isSnapshot = load.stage === 'seek' || load.stage === 'history';
  if (!outcome.ok && !(load.stage === 'image' && outcome.error === 'ENOENT')) {
    if (isSnapshot) load.stage = 'image'; // WAL that is gone is needed no more: applyLsn has moved on
    return 'retry';
  }
  if (load.stage === 'image') return onImage(reader, ctx, load, bytes);
  if (isSnapshot) return onSnapshot(reader, ctx, load, bytes);
  if (load.stage === 'find') return goOn(reader, ctx, load, bytes);
  if (!takeWalRead(reader, ctx, load, bytes)) return end(reader, load, 'DAMAGED');
  return goOn(reader, ctx, load, null);
}

function onImage<E>(reader: SharedReader<E>, ctx: RoleContext, load: Load, bytes: Uint8Array) {
  const { frames, parser, config } = reader;
  const { page, rp } = load.wanted;
  try {
    load.image = storedPage(bytes, page, config.params.pageBytes);
  } catch (error) {
    if (!(error instanceof BadBytes)) throw error;
    const { volume } = config.cluster;
    trace(ctx, { kind: 'page.damaged', volume, blockKey: page, why: error.message });
    return end(reader, load, 'DAMAGED');
  }
  load.from = lsnOf(load.image);
  load.at = rp ?? parser.applyLsn; // LI-37: an earlier one may have been left behind and reported
  if (load.from > load.at && !config.broken.includes('shared.no-flush-gate')) {
    if (config.params.snapshotOldLsns === 0) return end(reader, load, 'FUTURE_PAGE');
    seekSnapshot(reader, load);
    return goOn(reader, ctx, load, null);
  }
  const frame = rp === null ? frames.get(page) : undefined;
  if (frame !== undefined) beginReplay(frame, load.from);
  load.stage = 'find';
  return goOn(reader, ctx, load, null);
}

/** LI-52. */
function onSnapshot<E>(reader: SharedReader<E>, ctx: RoleContext, load: Load, bytes: Uint8Array) {
  const { frames } = reader;
  const { page, rp } = load.wanted;
  const found = scanned(reader, load, bytes);
  if (found === 'more') return goOn(reader, ctx, load, null);
  if (found !== 'here') return end(reader, load, found === 'none' ? 'FUTURE_PAGE' : 'DAMAGED');
  const frame = rp === null ? frames.get(page) : undefined;
  if (frame !== undefined) beginReplay(frame, load.from);
  load.lsns = (load.history ?? []).map(({ lsn }) => lsn);
  return apply(reader, ctx, load);
}

function scanned<E>(reader: SharedReader<E>, load: Load, bytes: Uint8Array) {
  try {
    return onScanned(reader, load, bytes);
  } catch (error) {
    if (!(error instanceof BadBytes)) throw error;
    return 'damaged';
  }
}

/** `bytes`: what the search asked for. */
function goOn<E>(
  reader: SharedReader<E>,
  ctx: RoleContext,
  load: Load,
  bytes: Uint8Array | null,
): Loading | null {
  const { index, parser, config } = reader;
  if (index === null) return null;
  const { page } = load.wanted;
  const ask = (call: Call): Loading => ({ call, load: load.id });
  if (load.stage === 'image') return ask(imageCall(reader, page));
  if (load.stage === 'seek' || load.stage === 'history') return ask(scanCall(load));
  if (load.stage === 'find') {
    if (config.broken.includes('shared.no-logindex')) return apply(reader, ctx, load);
    load.find ??= startFind(index, page, leastOf(reader, load), parser.parsedLsn);
    const found = stepFind(index, load.find, bytes);
    if (found.kind === 'read')
      return ask({ kind: 'pread', file: found.path, offset: found.offset, length: found.length });
    if (found.kind === 'LOGINDEX_CORRUPT') return end(reader, load, 'DAMAGED');
    load.lsns = found.lsns;
    load.stage = 'wal';
  }
  const missing = findRecords(reader, load, toApply(reader, load));
  if (missing === 'damaged') return end(reader, load, 'DAMAGED');
  if (missing === null) return apply(reader, ctx, load);
  const call = walCall(reader, load, missing);
  return call === null ? null : ask(call);
}

/** Everything below is in the image: it was stored below consistentLsn, or replayed. */
function leastOf<E>({ frames }: SharedReader<E>, { wanted, source, from, start }: Load): Lsn {
  const complete = source === 'POOL' ? (frames.get(wanted.page)?.completeLsn ?? 0) : start - 1;
  return (Math.max(from, complete) + 1) as Lsn;
}

const toApply = <E>({ frames }: SharedReader<E>, { wanted, lsns, at, from }: Load): readonly Lsn[] => {
  const frame = wanted.rp === null ? frames.get(wanted.page) : undefined;
  if (frame !== undefined) return recordsToApply(frame, at, lsns);
  return lsns.filter((lsn) => lsn > from && lsn <= at);
};

function apply<E>(reader: SharedReader<E>, ctx: RoleContext, load: Load): ReturnType<typeof goOn> {
  const { frames, config, parser } = reader;
  const { page, rp } = load.wanted;
  const changes: PageChange[] = [];
  for (const lsn of toApply(reader, load)) {
    const known = load.history?.find((record) => record.lsn === lsn);
    if (known !== undefined) {
      changes.push(known);
      continue;
    }
    const record = load.found.get(lsn);
    const one = record === undefined ? null : changeOf(record, page);
    if (one === null) return end(reader, load, 'DAMAGED');
    changes.push(one);
  }
  try {
    if (changes.length > 0) load.image = applyRecords(load.image, changes, config.params.pageBytes);
  } catch (error) {
    if (!(error instanceof BadBytes)) throw error;
    return end(reader, load, 'DAMAGED');
  }
  trace(ctx, {
    kind: 'ro.replayed',
    volume: config.cluster.volume,
    blockKey: page,
    from: load.from,
    pageLsn: lsnOf(load.image),
    applyLsn: load.at,
    records: changes.length,
    source: load.source,
  });
  const frame = rp === null ? frames.get(page) : undefined;
  if (frame === undefined) return end(reader, load, '');
  endReplay(frame, load.at, load.lsns);
  if (config.broken.includes('shared.outdate-forgotten')) frame.isOutdated = false;
  if (readStep(frame, parser.applyLsn) !== 'replay') return end(reader, load, '');
  beginReplay(frame, frame.pageLsn); // outdated meanwhile
  if (!load.wanted.isBackground) reader.passed.push({ page, rp: load.at, image: load.image });
  Object.assign(load, {
    stage: 'find',
    source: 'POOL',
    from: frame.pageLsn,
    at: parser.applyLsn,
    find: null,
    history: null,
  });
  load.found.clear();
  return goOn(reader, ctx, load, null);
}

function end<E>(reader: SharedReader<E>, { id, wanted, image }: Load, error: Loaded['error']) {
  const { frames, images } = reader;
  reader.loads = reader.loads.filter((one) => one.id !== id);
  if (wanted.rp === null && error === '') images.set(wanted.page, image);
  else if (wanted.rp === null) {
    frames.delete(wanted.page);
    images.delete(wanted.page);
  }
  return { loaded: { wanted, image: error === '' ? image : null, error } };
}

const imageCall = <E>({ config }: SharedReader<E>, page: PageKey): Call => {
  const { pageBytes } = config.params;
  return { kind: 'pread', file: pagePath(page), offset: pageOffset(page, pageBytes), length: pageBytes };
};

/** LI-39: what background replay reads now, or null: it has gone as far as it can. */
export function nextWalk<E>(reader: SharedReader<E>, index: LogIndex, bytes: Uint8Array | null): Call | null {
  const { parser, walk } = reader;
  for (let i = 0, given = bytes; i < WALK_ENTRIES; i++, given = null) {
    if (reader.held === null) {
      const step = stepWalk(index, walk, parser.applyLsn, given);
      if (step.kind === 'read')
        return { kind: 'pread', file: step.path, offset: step.offset, length: step.length };
      if (step.kind === 'LOGINDEX_CORRUPT') return null;
      if (step.kind === 'end') {
        reader.bgReplayedLsn = Math.max(reader.bgReplayedLsn, parser.applyLsn) as Lsn;
        reader.isWalked = true;
        return null;
      }
      reader.held = { page: step.page, lsn: step.lsn };
    }
    if (!passEntry(reader)) return null;
  }
  return null;
}

/** False: the entry has to wait. */
function passEntry<E>(reader: SharedReader<E>): boolean {
  const { held, frames, images, consistentLsn, parser } = reader;
  if (held === null) return true;
  const { page, lsn } = held;
  reader.bgReplayedLsn = Math.max(reader.bgReplayedLsn, lsn - 1) as Lsn;
  const frame = frames.get(page);
  const step = backgroundStep(frame, lsn, consistentLsn, { isPinned: isPinned(page), isPromoting: false });
  if (step === 'wait') return false;
  if (step === 'replay' && frame !== undefined && frame.completeLsn < lsn) {
    if (isPinned(page) && parser.applyLsn - frame.completeLsn < PINNED_LAG) return false;
    want(reader, { page, rp: null, isBackground: true });
    return false;
  }
  if (step === 'evict') {
    frames.delete(page);
    images.delete(page);
  }
  reader.held = null;
  return true;
}

/** LI-62: what it may be held to. `least`: the oldest read point of a view. */
export const usedLsn = <E>({ bgReplayedLsn, consistentLsn, loads }: SharedReader<E>, least: Lsn): Lsn => {
  const starts = loads.map(({ start }) => start);
  return Math.min(least, minUsedLsn(bgReplayedLsn, consistentLsn, starts)) as Lsn;
};
