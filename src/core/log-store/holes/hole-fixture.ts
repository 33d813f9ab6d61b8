// What the tests of hole management share: the notation of holes.md §9, records, a replica with a store in memory.

import { AssertionError } from '../../../base/assert.ts';
import {
  groupId,
  type Lsn,
  lsn,
  MAX,
  NONE,
  nodeId,
  type Range,
  type Term,
  term,
  time,
} from '../../../base/ids.ts';
import type { PeerStorageStatus } from '../../kernel/fields.ts';
import { type EncodedRecord, encodeRecord } from '../../log/record.ts';
import type { PageKey } from '../../page/page-key.ts';
import { type HoleList as ListState, makeHoleList, mergeRange, setSent } from './hole-list.ts';
import type { GapReply, GapReq } from './hole-requests.ts';
import type { HoleOpen, HoleParams } from './hole-state.ts';
import {
  type HoleList,
  type HoleManager,
  makeHoleManager,
  makeList,
  type RecordServices,
} from './testing/hole-interface.ts';

export const GROUP = groupId('g1');

/** HOLE-31 in virtual ms, as the vectors count. */
export const DEFAULTS: HoleParams = {
  reqTimeout: 200,
  backoffBase: 200,
  backoffMaxExp: 5,
  maxReqSpan: 1024,
  maxInflightPerPeer: 4,
  discoverEvery: 50,
  checkpointMerges: 256,
  timedOutRequests: 64,
  mutants: [],
};

/** `D[0,10) S[10,20) H[20,MAX)` as runs. */
function parseRuns(text: string): { kind: string; first: number; end: number }[] {
  return [...text.matchAll(/([DSH])\[(\d+),(\d+|MAX)\)/g)].map(([, kind = '', first, end]) => ({
    kind,
    first: Number(first),
    end: end === 'MAX' ? MAX : Number(end),
  }));
}

/** Builds through the interface. */
export function listOf(text: string): HoleList {
  const runs = parseRuns(text);
  const list = makeList(runs[0]?.first ?? 0);
  for (const { kind, first, end } of runs) if (kind === 'D') list.merge(first, end);
  for (const { kind, first, end } of runs) if (kind === 'S') list.setSent(first, end, true);
  return list;
}

export function stateOf(text: string): ListState {
  const runs = parseRuns(text);
  const list = makeHoleList(runs[0]?.first ?? 0);
  for (const { kind, first, end } of runs) if (kind === 'D') mergeRange(list, first, end);
  for (const { kind, first, end } of runs) if (kind === 'S') setSent(list, first, end, true);
  return list;
}

export function show(list: HoleList): string {
  const items = list.items();
  return items
    .slice(0, -1)
    .map(({ lsn: first, rangeType, sentHole }, i) => {
      const end = items[i + 1]?.lsn ?? MAX;
      return `${rangeType === 'data' ? 'D' : sentHole ? 'S' : 'H'}[${first},${end === MAX ? 'MAX' : end})`;
    })
    .join(' ');
}

export const showRanges = (ranges: readonly Range[]): string =>
  ranges.map(([first, end]) => `[${first},${end})`).join(' ') || '–';

export function record(at: number, prevGroup: number, ofTerm = 1, payload = at): EncodedRecord {
  return encodeRecord({
    lsn: lsn(at),
    prevVolume: lsn(at - 1),
    prevGroup: lsn(prevGroup),
    prevBlock: NONE,
    group: GROUP,
    blockKey: 7 as PageKey,
    term: term(ofTerm),
    mtrFirst: lsn(at),
    cpl: true,
    commit: false,
    op: 1,
    init: false,
    payload: Uint8Array.of(payload & 0xff),
    time: time(0),
  });
}

export function framed(records: readonly EncodedRecord[]): Uint8Array {
  const bytes = new Uint8Array(records.reduce((sum, one) => sum + one.bytes.length, 0));
  let at = 0;
  for (const one of records) {
    bytes.set(one.bytes, at);
    at += one.bytes.length;
  }
  return bytes;
}

/** A store in memory: durable when the call returns. */
export function makeStore(records: readonly EncodedRecord[] = []): RecordServices & { log: EncodedRecord[] } {
  const store = {
    log: [...records],
    writeRecords(more: readonly EncodedRecord[]): void {
      store.log.push(...more);
      store.log.sort((a, b) => a.record.lsn - b.record.lsn);
    },
    readRecords: (first: number, end: number): EncodedRecord[] =>
      store.log.filter(({ record: { lsn: at } }) => first <= at && at < end),
    deleteRecords(lsns: readonly Lsn[]): void {
      store.log = store.log.filter(({ record: { lsn: at } }) => !lsns.includes(at));
    },
  };
  return store;
}

export const peerStatus = (
  ncl: number,
  pgcl: number,
  more: { nwl?: number; volumeEpoch?: number; bootEpoch?: number } = {},
): PeerStorageStatus => ({
  ncl: lsn(ncl),
  nwl: lsn(more.nwl ?? ncl),
  pgcl: lsn(pgcl),
  volumeEpoch: term(more.volumeEpoch ?? 1),
  bootEpoch: more.bootEpoch ?? 1,
});

export interface Replica {
  readonly manager: HoleManager;
  readonly store: ReturnType<typeof makeStore>;
}

/** Replica A of a group; the list is given in the notation, its peers by name. */
export function openReplica(
  text: string,
  peers: readonly string[],
  more: Partial<HoleOpen> = {},
  records: readonly EncodedRecord[] = [],
): Replica {
  const store = makeStore(records);
  const list = stateOf(text);
  const open: HoleOpen = {
    params: DEFAULTS,
    nodeId: nodeId('A'),
    group: GROUP,
    bootEpoch: 1,
    list,
    mode: 'normal',
    volumeEpoch: term(1),
    memberEpoch: 1,
    maxToken: term(1),
    history: [{ term: term(1), startLsn: lsn(0), prevEnd: NONE }],
    maxNwl: list.init - 1,
    pgcl: list.init - 1,
    groupTail: list.init - 1,
    logFloor: list.init - 1,
    checkpoint: list.init - 1,
    members: [nodeId('A'), ...peers.map(nodeId)],
    ...more,
  };
  return { manager: makeHoleManager(open, store), store };
}

/** Requests of a discovery as `1→B [10,20)`. */
export const showRequests = (requests: readonly (GapReq & { to: string })[]): string =>
  requests.map((r) => `${r.reqId.counter}→${r.to} [${r.first},${r.end})`).join(', ');

export interface ReplyShape {
  readonly counter: number;
  readonly from: string;
  readonly parts?: readonly { first: number; end: number; records?: readonly EncodedRecord[] }[];
  readonly done?: boolean;
  readonly status?: PeerStorageStatus;
  readonly refused?: GapReply['refused'];
  readonly volumeEpoch?: Term;
  readonly boot?: number;
  /** What the peer says it holds of the request; the parts unless given. */
  readonly held?: readonly Range[];
}

/** A reply to replica A. Its status is the one A already has of that peer unless given. */
export function replyTo(
  manager: HoleManager,
  shape: ReplyShape,
): GapReply & { from: ReturnType<typeof nodeId> } {
  const from = nodeId(shape.from);
  const known = manager.state.peers.find((peer) => peer.peerId === from)?.status;
  const status = shape.status ?? known;
  if (!status) throw new AssertionError(`no status of ${shape.from}`);
  return {
    kind: 'GapReply',
    from,
    reqId: {
      node: manager.state.nodeId,
      boot: shape.boot ?? manager.state.bootEpoch,
      counter: shape.counter,
    },
    group: GROUP,
    volumeEpoch: shape.volumeEpoch ?? manager.state.volumeEpoch,
    parts: (shape.parts ?? []).map(({ first, end, records }) => ({
      first,
      end,
      records: framed(records ?? []),
    })),
    done: shape.done ?? false,
    status,
    refused: shape.refused ?? null,
    held: [...(shape.held ?? (shape.parts ?? []).map(({ first, end }): Range => [first, end]))],
  };
}
