// Giving a base image (docs/spec/wal.md WAL-71): all pages of the group as of one of its records b, with
// logFloor ≤ b ≤ min(SCL, knownVdl, PGMRPL), so that every legal read point finds a version. The peer pulls it chunk by
// chunk; while it does, GC keeps what the pages at b take. An image that nobody pulls any more is forgotten.

import type { Lsn, NodeId, Time } from '../../../base/ids.ts';
import { readKeys, send, trace } from '../../kernel/context.ts';
import type { BaseHead, BasePage, Refusal } from '../../kernel/fields.ts';
import { reach } from '../../kernel/limits.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import { pageLsn } from '../../page/page.ts';
import type { PageKey } from '../../page/page-key.ts';
import { checkPeerEpochs } from '../holes/hole-serve.ts';
import { type Block, firstAtOrAbove, lastNotAbove } from '../replica/blocks.ts';
import { failureOf } from '../replica/condition.ts';
import { refusal } from '../replica/epochs.ts';
import { expirePins } from '../replica/gc.ts';
import type { CachedPage, PinnedImage } from '../replica/group-state.ts';
import type { StoreContext } from '../replica/hooks.ts';
import { versionKey } from '../replica/keys.ts';
import { lastAtOrBelow } from '../replica/log.ts';
import { buildOnto, cachedVersion, pendingOf, takeVersion } from '../replica/pages.ts';
import type { Group, ImageVersions, PendingRead, StoreState } from '../replica/state.ts';
import { isOpen } from '../replica/superblock.ts';

type BaseReq = MessageOf<'BaseReq'>;
type Reading = PendingRead<'base'>;

/** The group's last record at or below what is durable, known durable and no longer read below. */
function chooseBase({ superblock, scl, log }: Group): Lsn {
  const bound = Math.min(scl, superblock.knownVdl, superblock.pgmrpl);
  return Math.max(lastAtOrBelow(log, bound)?.record.lsn ?? -1, superblock.logFloor) as Lsn;
}

export function onBaseReq(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  from: NodeId,
  request: BaseReq,
): void {
  if (group.holes.volumeEpoch !== group.superblock.volumeEpoch) return; // a history is being made durable: silently dropped
  const refused = checkRequest(group, request);
  if (refused) {
    answer(group, ctx, from, request, { refused });
    return;
  }
  expirePins(group, ctx.now);
  const known = group.gc.pins.get(from);
  if (request.base === -1 && !known && group.gc.pins.size >= state.params.baseExports) {
    reach(ctx, state.params, 'baseExports');
    answer(group, ctx, from, request, { refused: refusal('NOT_READY', '', 0) });
    return;
  }
  const isBegun =
    known !== undefined &&
    (request.base === -1 ? known.reqId === request.reqId : known.base === request.base);
  const image = isBegun ? known : request.base === -1 ? beginExport(group, request.reqId) : undefined;
  if (!image) {
    answer(group, ctx, from, request, { refused: refusal('NOT_READY', '', 0) });
    return;
  }
  image.keepUntil = (ctx.now + 8 * 1000 * state.params.reqTimeoutMs) as Time;
  group.gc.pins.set(from, image);
  gather(state, group, ctx, from, request, image);
}

/** A new replica takes over what is open; a member asks under the history that both have (HOLE-33). */
function checkRequest(group: Group, request: BaseReq): Refusal | null {
  const failed = failureOf(group);
  if (failed) return failed;
  const { volumeEpoch } = group.holes;
  const isNew = request.volumeEpoch === 0;
  const refused = checkPeerEpochs(group.holes, isNew ? { ...request, volumeEpoch } : request);
  if (refused) return refused;
  return isNew && !isOpen(group.superblock) ? refusal('NOT_READY', '', volumeEpoch) : null;
}

export function beginExport(group: Group, reqId: number): PinnedImage {
  const base = chooseBase(group);
  const keys: PageKey[] = [];
  for (const [key, { versions, chain }] of group.pages.blocks)
    if ((versions[0] ?? Infinity) <= base || (chain[0] ?? Infinity) <= base) keys.push(key);
  keys.sort((a, b) => a - b);
  return { base, reqId, keys, sent: 0, bytes: 0, keepUntil: 0 as Time };
}

/** The blocks of the next chunk; those whose version is not among the cached ones are read first. */
function gather(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  from: NodeId,
  request: BaseReq,
  image: PinnedImage,
): void {
  const count = Math.max(1, Math.floor(state.params.replyBytes / state.params.pageBytes));
  const first = firstAtOrAbove(image.keys, request.after + 1);
  const blocks = image.keys.slice(first, first + count);
  const { held, missing } = versionsFor(group, blocks, image.base);
  image.sent = first + blocks.length;
  const reading: Reading = { kind: 'base', group: group.id, to: from, request, blocks, held, missing };
  if (missing.length === 0) {
    sendChunk(state, group, ctx, reading, held);
    return;
  }
  const keys = missing.map(({ blockKey, version }) => versionKey(group.id, blockKey, version));
  state.reads.set(readKeys(ctx, keys), reading);
}

/**
 * Versions that the pages at `base` begin from: the cached ones, and those that must be read. The cached ones are held, because
 * the very read of the others may push them out of the cache (seed 270).
 */
export function versionsFor(
  group: Group,
  blocks: readonly PageKey[],
  base: number,
): Pick<ImageVersions, 'held' | 'missing'> {
  const held = new Map<PageKey, CachedPage>();
  const missing: { blockKey: PageKey; version: number }[] = [];
  for (const blockKey of blocks) {
    const version = lastNotAbove(group.pages.blocks.get(blockKey)?.versions ?? [], base);
    if (version === -1) continue;
    const cached = cachedVersion(group, blockKey, version);
    if (cached) held.set(blockKey, cached);
    else missing.push({ blockKey, version });
  }
  return { held, missing };
}

/** The versions that were held and those that were read, or null when one of them is lost. */
export function versionsRead(
  group: Group,
  { held, missing }: Pick<ImageVersions, 'held' | 'missing'>,
  values: readonly (Uint8Array | null)[],
): Map<PageKey, CachedPage> | null {
  const pages = new Map(held);
  missing.forEach(({ blockKey, version }, i) => {
    const page = takeVersion(group, blockKey, version, values[i] ?? null);
    if (page) pages.set(blockKey, { lsn: version as Lsn, page });
  });
  return pages.size < held.size + missing.length ? null : pages;
}

export function onBaseRead(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  reading: Reading,
  values: readonly (Uint8Array | null)[],
  error: 'EIO' | null,
): void {
  const { to, request } = reading;
  const pages = error ? null : versionsRead(group, reading, values);
  if (pages === null)
    answer(group, ctx, to, request, { refused: refusal('EIO', '', 0) }); // another replica has it whole
  else sendChunk(state, group, ctx, reading, pages);
}

function sendChunk(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  { to, request, blocks }: Reading,
  read: ReadonlyMap<PageKey, CachedPage>,
): void {
  const image = group.gc.pins.get(to);
  if (!image) return;
  const pages = buildPages(group, blocks, image.base, read, state.params.pageBytes);
  if (pages === null) {
    answer(group, ctx, to, request, { refused: refusal('EIO', '', 0) });
    return;
  }
  for (const { page } of pages) image.bytes += page.length;
  answer(group, ctx, to, request, { image, pages });
}

/** The blocks' pages at `base`, those that have one there; null when what one takes was lost. */
export function buildPages(
  group: Group,
  blocks: readonly PageKey[],
  base: number,
  read: ReadonlyMap<PageKey, CachedPage>,
  pageBytes: number,
): BasePage[] | null {
  if (group.repair.unsure !== null) return null;
  const pages: BasePage[] = [];
  for (const blockKey of blocks) {
    const block = group.pages.blocks.get(blockKey);
    if (!block) continue;
    const version = lastNotAbove(block.versions, base);
    const own = read.get(blockKey);
    const held = own?.lsn === version ? own : cachedVersion(group, blockKey, version);
    const page = pageAt(group, block, version, held?.page ?? null, base, pageBytes);
    if (page === 'EIO') return null;
    if (page) pages.push({ blockKey, lsn: pageLsn(page), page });
  }
  return pages;
}

/** The block's page at `upTo`; null when it has none there, EIO when what it takes was lost. */
function pageAt(
  group: Group,
  block: Block,
  version: number,
  held: Uint8Array | null,
  upTo: number,
  pageBytes: number,
): Uint8Array | 'EIO' | null {
  const records = pendingOf(group, block, version, upTo);
  if (records === null || (version !== -1 && !held)) return 'EIO';
  if (records.length === 0) return held;
  const page = new Uint8Array(pageBytes);
  return buildOnto(page, held, records) ? page : 'EIO';
}

type Answer =
  | { readonly refused: Refusal }
  | { readonly refused?: undefined; readonly image: PinnedImage; readonly pages: BasePage[] };

function answer(group: Group, ctx: StoreContext, to: NodeId, request: BaseReq, given: Answer): void {
  const { reqId } = request;
  const common = { kind: 'BaseChunk', group: group.id, reqId } as const;
  if (given.refused) {
    const { refused } = given;
    trace(ctx, {
      kind: 'base.serve',
      group: group.id,
      to,
      base: -1,
      pages: 0,
      total: 0,
      error: refused.code,
    });
    send(ctx, to, { ...common, base: -1 as Lsn, pages: [], total: 0, done: true, head: null, refused });
    return;
  }
  const { image, pages } = given;
  const { base, keys, sent } = image;
  const total = keys.length;
  trace(ctx, { kind: 'base.serve', group: group.id, to, base, pages: pages.length, total, error: '' });
  const head = request.base === -1 ? headOf(group) : null;
  const done = sent >= total;
  send(ctx, to, { ...common, base: base as Lsn, pages, total, done, head, refused: null });
}

function headOf({ superblock }: Group): BaseHead {
  const { volume, maxToken, volumeEpoch, openToken, history, maxNwl, knownVdl, groupTail, pgmrpl } =
    superblock;
  return { volume, maxToken, volumeEpoch, openToken, history, maxNwl, knownVdl, groupTail, pgmrpl };
}
