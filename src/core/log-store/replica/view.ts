// What a replica shows of itself (kernel/view.ts): pure, clipped to the window that is asked for.

import { MAX, type NodeId, type Range, type Time } from '../../../base/ids.ts';
import { memberStateIn } from '../../kernel/membership.ts';
import type { ViewParams } from '../../kernel/view-params.ts';
import { countRanges } from '../../log/range-set.ts';
import { recordView } from '../../log/record-view.ts';
import { countHoles, type HoleList, listItems, nclOf, nextHole, nwlOf } from '../holes/hole-list.ts';
import { couldServe, hasFreeSlot } from '../holes/hole-peers.ts';
import { discoverEnd, type HolePeer, type HoleState } from '../holes/hole-state.ts';
import {
  type GapRequestView,
  LOWEST_HOLES,
  type PeerView,
  type RunView,
  type StoreGroupView,
} from '../store-view.ts';
import { type Log, recordsIn, type StoredRecord } from './log.ts';
import { askedViews } from './page-view.ts';
import { isDamaged } from './report.ts';
import type { Group, StoreState } from './state.ts';
import { isOpen, type Superblock } from './superblock.ts';

/** Records listed at most, whatever window is asked for. */
const MAX_RECORDS = 500;

/** What a replica shows, but for the state of its scrub. */
export const replicaView = (group: Group, state: StoreState, params: ViewParams): StoreGroupView => ({
  ...groupView(group, params, state.clock),
  ...memberViews(group, state.nodeId),
  ...askedViews(group, params, state.clock, state.params.pageBytes),
  ...uncheckedView(state, group),
});

/** WAL-75: it waits for what the metadata knows of it, or is being deleted for it. */
function uncheckedView({ unchecked }: StoreState, { id }: Group): Partial<Pick<StoreGroupView, 'failed'>> {
  const state = unchecked.get(id);
  return state === undefined ? {} : { failed: state === 'asked' ? 'UNCHECKED' : 'DISK_LOST' };
}

type MemberViews = Pick<StoreGroupView, 'members' | 'memberState' | 'needBase' | 'exporting' | 'asksNothing'>;

function memberViews({ id, superblock, repair, gc }: Group, node: NodeId): MemberViews {
  const { memberEpoch, sets, learners, vw, vr } = superblock.descriptor;
  return {
    members: { memberEpoch, sets, learners, vw, vr },
    memberState: memberStateIn(superblock.descriptor, node),
    needBase: repair.needsBase,
    asksNothing: repair.isPaused,
    exporting: [...gc.pins].map(([peer, { base, keys, sent, bytes }]) => ({
      group: id,
      peer,
      base,
      pages: sent,
      total: keys.length,
      bytes,
    })),
  };
}

function windowOf(group: Group, params: ViewParams): Range {
  if (params.lsnWindow) return params.lsnWindow;
  const end = Math.max(nwlOf(group.holes.list), group.watermarks.pgcl) + 1;
  return [Math.max(group.holes.list.init, end - params.span), end];
}

/** The records of the window where the long form is asked for, and those from `recordsFrom` on: of either the newest. */
function listedRecords(log: Log, { detail, recordsFrom }: ViewParams, [first, end]: Range): StoredRecord[] {
  const inWindow = detail ? recordsIn(log, first, end).slice(-MAX_RECORDS) : [];
  if (recordsFrom === undefined) return inWindow;
  const newest = recordsIn(log, recordsFrom, MAX).slice(-MAX_RECORDS);
  const from = newest[0]?.record.lsn ?? MAX;
  return [...inWindow.filter(({ record }) => record.lsn < from), ...newest];
}

function groupView(group: Group, params: ViewParams, now: Time): Omit<StoreGroupView, keyof MemberViews> {
  const { superblock, watermarks, holes, log } = group;
  const { blocks } = group.pages;
  const { list } = holes;
  const [first, end] = windowOf(group, params);
  let versions = 0;
  for (const { versions: own } of blocks.values()) versions += own.length;
  const tail = superblock.history[superblock.history.length - 1];
  const requests = holes.peers.flatMap((peer) => requestViews(peer, now));
  const records = listedRecords(log, params, [first, end]);
  return {
    group: group.id,
    scl: group.scl,
    ncl: nclOf(list),
    nwl: nwlOf(list),
    pgcl: watermarks.pgcl,
    sgcl: holes.sgcl,
    knownVdl: watermarks.knownVdl,
    groupTail: watermarks.groupTail,
    pgmrpl: watermarks.pgmrpl,
    logFloor: superblock.logFloor,
    maxToken: superblock.maxToken,
    volumeEpoch: superblock.volumeEpoch,
    memberEpoch: superblock.descriptor.memberEpoch,
    term: tail?.term ?? 0,
    open: isOpen(superblock),
    mode: superblock.mode,
    maxNwl: superblock.mode === 'recovery' ? superblock.maxNwl : null,
    minStart: consistencyStart(superblock),
    holeCount: countHoles(list),
    lowestHoles: lowestHoles(list),
    sentCount: countRanges(list.sent),
    runs: runViews(holes, requests, first, end),
    volatile: group.ingest.appends.map(
      ({ records: writing }): Range => [
        writing[0]?.record.lsn ?? 0,
        (writing[writing.length - 1]?.record.lsn ?? -1) + 1,
      ],
    ),
    requests,
    peers: holes.peers.map((peer) => peerView(holes, peer, now)),
    cursor: holes.peers[holes.cursor]?.peerId ?? null,
    next: holes.peers[(holes.cursor + 1) % Math.max(1, holes.peers.length)]?.peerId ?? null,
    discoverLimit: discoverEnd(holes) - 1,
    pages: blocks.size,
    chainRecords: log.records.length,
    versions,
    records: records.map(({ record }) => recordView(record)),
    failed: group.failure !== '' ? group.failure : suspensionOf(group),
    abstains: isDamaged(group),
    ...(params.detail
      ? {
          damaged: group.repair.damaged.map(({ range }) => range),
          history: superblock.history.map(({ term, startLsn, prevEnd }) => ({ term, startLsn, prevEnd })),
        }
      : {}),
  };
}

/** HOLE-42: where the newest term before that of the recovery began; a recovery's own term is the last of its history (WAL-73). */
const consistencyStart = ({ history }: Superblock): number =>
  (history[history.length - 2] ?? history[history.length - 1])?.startLsn ?? 0;

function lowestHoles(list: HoleList): Range[] {
  const found: Range[] = [];
  const end = nwlOf(list) + 1;
  for (let hole = nextHole(list, list.init, end); hole !== null; hole = nextHole(list, hole[1], end)) {
    found.push([hole[0], hole[1]]);
    if (found.length === LOWEST_HOLES) break;
  }
  return found;
}

const suspensionOf = ({ service }: Group): string | null =>
  service.kind === 'suspended' ? service.code : null;

function runViews(
  holes: HoleState,
  requests: readonly GapRequestView[],
  first: number,
  end: number,
): RunView[] {
  const items = listItems(holes.list);
  const runs: RunView[] = [];
  items.forEach(({ lsn, rangeType, sentHole }, i) => {
    const next = items[i + 1]?.lsn ?? MAX;
    const from = Math.max(lsn, first);
    const to = Math.min(next, end);
    if (from >= to) return;
    const request = sentHole ? requests.find((one) => one.gapFirst <= from && from < one.gapEnd) : undefined;
    runs.push({ first: from, end: to, type: rangeType, sent: sentHole, request: request?.id ?? null });
  });
  return runs;
}

const requestViews = (peer: HolePeer, now: Time): GapRequestView[] =>
  peer.reqList.map(({ reqId, gapFirst, gapEnd, curGapPos, reqTime, limit, attempt }) => ({
    id: `r${reqId.counter}`,
    reqId: [reqId.node, reqId.boot, reqId.counter],
    peer: peer.peerId,
    gapFirst,
    gapEnd,
    curGapPos,
    ageUs: now - reqTime,
    limitUs: limit,
    attempt,
  }));

function peerView(holes: HoleState, peer: HolePeer, now: Time): PeerView {
  const { status } = peer;
  return {
    peer: peer.peerId,
    known: status !== null,
    ncl: status?.ncl ?? -1,
    nwl: status?.nwl ?? -1,
    pgcl: status?.pgcl ?? -1,
    suspect: now < peer.suspectUntil,
    reportedAgoUs: peer.reportedAt === null ? null : now - peer.reportedAt,
    requests: peer.reqList.length,
    ineligible: ineligibility(holes, peer),
  };
}

function ineligibility(holes: HoleState, peer: HolePeer): PeerView['ineligible'] {
  if (!peer.status) return 'unknown';
  if (!hasFreeSlot(holes, peer)) return 'full';
  if (couldServe(holes, peer, holes.list.init)) return null;
  if (holes.mode === 'normal') return 'pgclBehind';
  return peer.status.volumeEpoch === holes.volumeEpoch ? 'lacking' : 'otherEpoch';
}
