// Lazy replay (docs/spec/logindex.md LI-34 to LI-38): a page that is not in the pool is read in its file, what LogIndex has above the image is read
// in WAL and applied, up to applyLsn. A page that records have outdated meanwhile is replayed again before anybody sees it. Each page has
// one call of the file system at a time.

import { assert, unreachable } from '../../base/assert.ts';
import { BadBytes } from '../../base/bytes.ts';
import type { Lsn } from '../../base/ids.ts';
import { trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import { startFind, stepFind } from '../logindex/find.ts';
import {
  type BuiltFrame,
  beginReplay,
  endReplay,
  minUsedLsn,
  type PageCache,
  readStep,
  recordsToApply,
} from '../logindex/replay.ts';
import { pageLsn } from '../page/page.ts';
import type { PageKey } from '../page/page-key.ts';
import { changeOf } from '../page/record-pages.ts';
import { applyRecords, type RedoStep } from '../page/redo.ts';
import type { Call, Outcome } from '../pfs/mount-state.ts';
import { pageOffset, pagePath, storedPage } from './page-file.ts';
import {
  isPinned,
  type Load,
  type PageReplay,
  type PageRequest,
  type PageWork,
  type ReplayStep,
} from './page-replay.ts';
import { changesSince, seekSnapshot } from './reader-snapshot.ts';
import { findRecords, takeWalRead, walCall } from './reader-wal.ts';
import { segmentCall } from './wal-file.ts';

const lsnOf = (image: Uint8Array | null): Lsn => (image === null ? (0 as Lsn) : pageLsn(image));

export function requestPage({ requests, loads }: PageWork, request: PageRequest): void {
  const isSame = (one: PageRequest): boolean => one.page === request.page && one.rp === request.rp;
  const load = loads.find((one) => isSame(one.request));
  if (load !== undefined) {
    if (!request.isBackground) load.request = request;
    return;
  }
  const known = requests.findIndex(isSame);
  if (known >= 0 && (request.isBackground || requests[known]?.isBackground === false)) return;
  if (known >= 0) requests.splice(known, 1);
  const place = request.isBackground ? -1 : requests.findIndex(({ isBackground }) => isBackground);
  requests.splice(place < 0 ? requests.length : place, 0, request);
}

/** A page that is ready, for the engine. */
export interface Loaded {
  readonly request: PageRequest;
  readonly image: Uint8Array | null;
  readonly error: '' | 'FUTURE_PAGE' | 'DAMAGED';
}

/** The call that a load needs now, or its page. */
export type Loading = { readonly call: Call; readonly load: number } | { readonly loaded: Loaded };

/** What goes on without a call: a load that is not `busy`, or the next page that is requested, where there is room for one. */
export function nextLoad(step: ReplayStep, busy: readonly number[] = [], most = 1): Loading | null {
  const { work, replay } = step;
  for (const load of work.loads) {
    if (busy.includes(load.id) || load.heldUpAt === replay.wal.reads) continue;
    const loading = resume(step, load, null);
    if (loading !== null) return loading;
  }
  const request = work.loads.length < most ? work.requests.shift() : undefined;
  return request === undefined ? null : resume(step, beginLoad(step, request), null);
}

function beginLoad(step: ReplayStep, request: PageRequest): Load {
  const { replay, work, config } = step;
  const { cache, consistentLsn, parser } = replay;
  const { page, rp } = request;
  const load: Load = {
    id: work.nextLoad++,
    request,
    stage: { kind: 'image' },
    image: null,
    source: 'STORAGE',
    from: 0 as Lsn,
    at: rp ?? parser.applyLsn,
    start: consistentLsn,
    found: new Map(),
    parts: [],
    reading: null,
    heldUpAt: -1,
  };
  const frame = rp === null ? cache.get(page) : undefined;
  assert(frame?.kind !== 'replaying', 'one load at a time brings a page on');
  if (frame?.kind === 'built') {
    load.image = frame.image;
    replayInPool(step, load, frame);
  } else if (rp === null) {
    makeRoomFor(cache, config.params.bufferPages);
    cache.set(page, { kind: 'asked', isOutdated: false });
  }
  work.loads.push(load);
  return load;
}

/** Whether the page has a frame; a view's own image has none. */
const isCached = ({ cache }: PageReplay, { request: { page, rp } }: Load): boolean =>
  rp === null && cache.has(page);

/** What the pool has of the page is brought on. */
function replayInPool(step: ReplayStep, load: Load, frame: BuiltFrame): void {
  beginReplay(step.replay.cache, load.request.page, frame.pageLsn);
  load.source = 'POOL';
  load.from = frame.pageLsn;
  load.at = step.replay.parser.applyLsn;
  beginFind(step, load, frame.completeLsn);
}

/** LogIndex is asked for the page's records. Everything through `complete` is in the image: it was stored below consistentLsn, or replayed. */
function beginFind({ replay }: ReplayStep, load: Load, complete: number): void {
  const { index, parser } = replay;
  const least = (Math.max(load.from, complete) + 1) as Lsn;
  load.stage = { kind: 'find', find: startFind(index, load.request.page, least, parser.parsedLsn) };
}

/** Pages beyond the buffer's size go, the one that came first before the others. */
function makeRoomFor(cache: PageCache, bufferPages: number): void {
  for (const [page, { kind }] of cache) {
    if (cache.size < bufferPages) return;
    if (kind === 'built' && !isPinned(page)) cache.delete(page);
  }
}

/** Goes on until it needs a call, or the page is there; null: other loads read what it needs. `bytes`: what the search asked for. */
function resume(step: ReplayStep, load: Load, bytes: Uint8Array | null): Loading | null {
  const { replay, config } = step;
  const { stage } = load;
  switch (stage.kind) {
    case 'image':
      return ask(load, imageCall(load.request.page, config.params.pageBytes));
    case 'seek':
    case 'history':
      return ask(load, segmentCall(stage.scan.readAt));
    case 'find': {
      if (has(config.mutants, 'shared.no-logindex')) return apply(step, load, [], null);
      const found = stepFind(replay.index, stage.find, bytes);
      if (found.kind === 'read')
        return ask(load, { kind: 'pread', file: found.path, offset: found.offset, length: found.length });
      if (found.kind === 'LOGINDEX_CORRUPT') return end(step, load, 'DAMAGED');
      load.stage = { kind: 'wal', lsns: found.lsns };
      return readRecords(step, load, found.lsns);
    }
    case 'wal':
      return readRecords(step, load, stage.lsns);
    default:
      return unreachable(stage);
  }
}

const ask = ({ id }: Load, call: Call): Loading => ({ call, load: id });

const imageCall = (page: PageKey, pageBytes: number): Call => ({
  kind: 'pread',
  file: pagePath(page),
  offset: pageOffset(page, pageBytes),
  length: pageBytes,
});

function readRecords(step: ReplayStep, load: Load, lsns: readonly Lsn[]): Loading | null {
  const missing = findRecords(step, load, recordsToApply(load.from, load.at, lsns));
  if (missing === 'damaged') return end(step, load, 'DAMAGED');
  if (missing === null) return apply(step, load, lsns, null);
  const call = walCall(step, load, missing);
  return call === null ? null : ask(load, call);
}

/** A call of the load has ended. */
export function onLoadCall(step: ReplayStep, id: number, outcome: Outcome): Loading | 'retry' | null {
  const load = step.work.loads.find((one) => one.id === id);
  if (load === undefined) return null;
  const { stage } = load;
  const bytes = outcome.ok && outcome.value instanceof Uint8Array ? outcome.value : new Uint8Array();
  if (!outcome.ok && !(stage.kind === 'image' && outcome.error === 'ENOENT')) {
    // WAL that is gone is needed no more: applyLsn has moved on
    if (stage.kind === 'seek' || stage.kind === 'history') load.stage = { kind: 'image' };
    return 'retry';
  }
  switch (stage.kind) {
    case 'image':
      return onImage(step, load, bytes);
    case 'seek':
    case 'history':
      return onSnapshot(step, load, bytes);
    case 'find':
      return resume(step, load, bytes);
    case 'wal':
      if (!takeWalRead(step, load, bytes)) return end(step, load, 'DAMAGED');
      return resume(step, load, null);
    default:
      return unreachable(stage);
  }
}

function onImage(step: ReplayStep, load: Load, bytes: Uint8Array): Loading | null {
  const { replay, config, ctx } = step;
  const { page, rp } = load.request;
  try {
    load.image = storedPage(bytes, page, config.params.pageBytes);
  } catch (error) {
    if (!(error instanceof BadBytes)) throw error;
    const { volume } = config.cluster;
    trace(ctx, { kind: 'page.damaged', volume, blockKey: page, why: error.message });
    return end(step, load, 'DAMAGED');
  }
  load.from = lsnOf(load.image);
  load.at = rp ?? replay.parser.applyLsn; // LI-37: an earlier one may have been left behind and reported
  if (load.from > load.at && !has(config.mutants, 'shared.no-flush-gate')) {
    if (config.params.snapshotOldLsns === 0) return end(step, load, 'FUTURE_PAGE');
    seekSnapshot(step, load);
    return resume(step, load, null);
  }
  if (isCached(replay, load)) beginReplay(replay.cache, page, load.from);
  beginFind(step, load, load.start - 1);
  return resume(step, load, null);
}

/** LI-52. */
function onSnapshot(step: ReplayStep, load: Load, bytes: Uint8Array): Loading | null {
  const changes = scanned(step, load, bytes);
  if (changes === 'more') return resume(step, load, null);
  if (changes === 'none') return end(step, load, 'FUTURE_PAGE');
  if (changes === 'damaged') return end(step, load, 'DAMAGED');
  if (isCached(step.replay, load)) beginReplay(step.replay.cache, load.request.page, load.from);
  return apply(
    step,
    load,
    changes.map(({ lsn }) => lsn),
    changes,
  );
}

function scanned(step: ReplayStep, load: Load, bytes: Uint8Array) {
  try {
    return changesSince(step, load, bytes);
  } catch (error) {
    if (!(error instanceof BadBytes)) throw error;
    return 'damaged';
  }
}

/** Those of the page's records that are due. `history`: with a snapshot; else they were found in WAL. */
function apply(
  step: ReplayStep,
  load: Load,
  lsns: readonly Lsn[],
  history: readonly RedoStep[] | null,
): Loading | null {
  const { replay, work, config, ctx } = step;
  const { page, isBackground } = load.request;
  const changes: RedoStep[] = [];
  for (const lsn of recordsToApply(load.from, load.at, lsns)) {
    const record = load.found.get(lsn);
    const one =
      history?.find((change) => change.lsn === lsn) ?? (record === undefined ? null : changeOf(record, page));
    if (one === null) return end(step, load, 'DAMAGED');
    changes.push(one);
  }
  try {
    if (changes.length > 0) load.image = applyRecords(load.image, changes, config.params.pageBytes);
  } catch (error) {
    if (!(error instanceof BadBytes)) throw error;
    return end(step, load, 'DAMAGED');
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
  if (!isCached(replay, load)) return end(step, load, '');
  const frame = endReplay(replay.cache, page, load.at, lsns, load.image);
  if (has(config.mutants, 'shared.outdate-forgotten')) frame.isOutdated = false;
  if (readStep(frame, replay.parser.applyLsn) !== 'replay') return end(step, load, '');
  if (!isBackground) work.passed.push({ page, rp: load.at, image: load.image });
  load.found.clear();
  replayInPool(step, load, frame); // outdated meanwhile
  return resume(step, load, null);
}

function end(
  { replay: { cache }, work: { loads } }: ReplayStep,
  load: Load,
  error: Loaded['error'],
): Loading {
  const { request, image } = load;
  const { page, rp } = request;
  loads.splice(loads.indexOf(load), 1);
  if (rp === null && error !== '') cache.delete(page);
  return { loaded: { request, image: error === '' ? image : null, error } };
}

/** LI-62: what it may be held to. `least`: the oldest read point of a view. */
export const usedLsn = (
  { bgReplayedLsn, consistentLsn }: PageReplay,
  { loads }: PageWork,
  least: Lsn,
): Lsn => {
  const starts = loads.map(({ start }) => start);
  return Math.min(least, minUsedLsn(bgReplayedLsn, consistentLsn, starts)) as Lsn;
};
