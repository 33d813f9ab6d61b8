// What a replica shows of its pages when it is asked: the block index with GC and the builder of versions (WAL-31…38),
// one page as a read at a point would find it (WAL-35), the commit record of a transaction. Pure; bytes are shared.

import type { Time } from '../../../base/ids.ts';
import type { ViewParams, WantedPage } from '../../kernel/view-params.ts';
import type { LogRecord } from '../../log/record.ts';
import { recordView } from '../../log/record-view.ts';
import { ownsKey, type PageKey, pageKey } from '../../page/page-key.ts';
import { OP_COMMIT } from '../../page/redo-ops.ts';
import { readChange } from '../../page/redo-read.ts';
import { xidsPerPage } from '../../page/system-page.ts';
import type {
  BlocksView,
  BlockView,
  ChainRecordView,
  CommitView,
  StoreGroupView,
  StorePageView,
} from '../store-view.ts';
import { type Block, droppable, lastNotAbove, newestOf, pendingRecords } from './blocks.ts';
import { recordAt } from './log.ts';
import { cachedVersion } from './pages.ts';
import type { Group } from './state.ts';

/** Blocks listed, and records of one chain: the newest. */
const BLOCKS_LISTED = 256;
const CHAIN_LISTED = 48;
/** Records of a page that is shown in full: the newest. */
const PAGE_RECORDS = 256;

const chainRecordView = (record: LogRecord): ChainRecordView => ({
  ...recordView(record),
  op: record.op,
  init: record.init,
  payload: record.payload.slice(),
  time: record.time,
});

function blockView(group: Group, blockKey: PageKey, block: Block): BlockView {
  const { pgmrpl, archivedTo, holdTo } = group.watermarks;
  return {
    blockKey,
    chain: block.chain.slice(-CHAIN_LISTED),
    chainLength: block.chain.length,
    versions: [...block.versions],
    building: group.background.builds.find((build) => build.blockKey === blockKey)?.lsn ?? null,
    pending: pendingRecords(block),
    droppableTo: droppable(block, pgmrpl, archivedTo, holdTo).records,
  };
}

function blocksView(group: Group, now: Time): BlocksView {
  const { background, watermarks, superblock, log } = group;
  const { blocks } = group.pages;
  const newest = (one: Block): number => Math.max(newestOf(one.chain), newestOf(one.versions));
  const listed = [...blocks].sort(([, a], [, b]) => newest(b) - newest(a)).slice(0, BLOCKS_LISTED);
  return {
    blocks: listed.sort(([a], [b]) => a - b).map(([key, one]) => blockView(group, key, one)),
    total: blocks.size,
    phase: background.run.kind,
    nextRunUs: background.wakeAt === null ? null : Math.max(0, background.wakeAt - now),
    archivedTo: watermarks.archivedTo,
    holdTo: watermarks.holdTo,
    durablePgmrpl: superblock.pgmrpl,
    wantedFloor: group.gc.nextFloor,
    logBytes: log.bytes,
    segments: log.segments.size,
  };
}

function refusal(
  group: Group,
  block: Block | undefined,
  at: number,
  groupAt: number,
): StorePageView['refused'] {
  if (block === undefined) return 'NO_SUCH_PAGE';
  if (at < group.watermarks.pgmrpl) return 'STALE_READ_POINT';
  return Math.min(at, groupAt) > group.scl ? 'READ_POINT_AHEAD' : null;
}

function pageView(group: Group, blockKey: PageKey, { at: asked, groupAt }: WantedPage): StorePageView {
  const block = group.pages.blocks.get(blockKey);
  const at = asked ?? group.scl;
  const baseLsn = block === undefined ? -1 : lastNotAbove(block.versions, at);
  const chain = block?.chain ?? [];
  const records = chain.slice(-PAGE_RECORDS).flatMap((lsn) => recordAt(group.log, lsn)?.record ?? []);
  return {
    blockKey,
    at,
    versions: block === undefined ? [] : [...block.versions],
    baseLsn,
    base: baseLsn === -1 ? null : (cachedVersion(group, blockKey, baseLsn)?.page ?? null),
    records: records.map(chainRecordView),
    // What nobody asked to read at a point is never refused for the point.
    refused: asked === null && block !== undefined ? null : refusal(group, block, at, groupAt ?? at),
  };
}

/** The commit record of a transaction, while the chain of its commit-log page still has it. */
function commitView(group: Group, tx: number, pageBytes: number): CommitView | null {
  const block = group.pages.blocks.get(pageKey(0, 1, Math.floor(tx / xidsPerPage(pageBytes))));
  for (const lsn of block?.chain ?? []) {
    const record = recordAt(group.log, lsn)?.record;
    if (record?.op !== OP_COMMIT) continue;
    const change = readChange(record);
    if (change.kind === 'commit' && change.tx === tx) return { tx, lsn, mtrFirst: record.mtrFirst };
  }
  return null;
}

/** The parts of a group's view that only some lenses ask for. */
export function askedViews(
  group: Group,
  params: ViewParams,
  now: Time,
  pageBytes: number,
): Pick<StoreGroupView, 'blocks' | 'wanted' | 'commit'> {
  const { commitOf } = params;
  const wanted = (params.wanted ?? []).filter(({ blockKey }) =>
    ownsKey(group.superblock.descriptor, blockKey),
  );
  return {
    ...(params.pages === true ? { blocks: blocksView(group, now) } : {}),
    ...(wanted.length === 0
      ? {}
      : { wanted: wanted.map((page) => pageView(group, page.blockKey as PageKey, page)) }),
    ...(commitOf === null || commitOf === undefined
      ? {}
      : { commit: commitView(group, commitOf, pageBytes) }),
  };
}
