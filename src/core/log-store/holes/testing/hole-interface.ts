// The calls of docs/spec/holes.md HOLE-3, names and shapes as given there, over the functions that the storage node uses.
// Here everything is synchronous: a write is durable when `writeRecords` returns. The worked vectors drive this.

import type { Lsn, NodeId, Range } from '../../../../base/ids.ts';
import type { PeerStorageStatus, Refusal, ReqId } from '../../../kernel/fields.ts';
import type { EncodedRecord } from '../../../log/record.ts';
import { acceptReply, completeFill } from '../hole-fill.ts';
import {
  containsRange,
  type HoleItem,
  holesUpTo,
  type HoleList as ListState,
  listItems,
  type Merged,
  makeHoleList,
  mergeRange,
  nclOf,
  nwlOf,
  setSent,
  truncateList,
} from '../hole-list.ts';
import { mergeHoles, setGroupTail, setSgcl, truncateHoles } from '../hole-manager.ts';
import { recordPeerStatus } from '../hole-peers.ts';
import { rebuildList } from '../hole-rebuild.ts';
import { type HoleReport, holeReport, type RecoverCommand, recoverHoles } from '../hole-recovery.ts';
import { discoverHoles, type GapReply, type GapReq, tickHoles } from '../hole-requests.ts';
import { serveGap } from '../hole-serve.ts';
import { decodeSnapshot, digestLog, encodeSnapshot, type SnapshotExpected } from '../hole-snapshot.ts';
import { type HoleOpen, type HoleState, makeHoleState } from '../hole-state.ts';

export interface HoleList {
  merge(first: number, end: number): Merged;
  setSent(first: number, end: number, sent: boolean): void;
  truncate(lsn: number): void;
  contains(first: number, end: number): boolean;
  holes(upTo: number, sent?: boolean): Range[];
  items(): HoleItem[];
  readonly ncl: number;
  readonly nwl: number;
}

export type HistoryAck = HoleReport;

/** What a start finds on its disk: the saved bytes, the clean flag, and what the log itself says (HOLE-52). */
export interface Snapshot {
  readonly bytes: Uint8Array;
  readonly clean: boolean;
  readonly log: SnapshotExpected;
}

export interface HoleManager {
  merge(first: number, end: number, pgcl: number): Merged;
  setSgcl(lsn: number): void;
  setVdl(groupTail: number): void;
  status(peerId: NodeId, status: PeerStorageStatus): void;
  discover(now: number): { requests: (GapReq & { to: NodeId })[]; needStatus: boolean };
  reply(msg: GapReply & { from: NodeId }, now: number): { stored: Range[]; ignored: boolean };
  serve(msg: GapReq): { error: Refusal } | { parts: Range[] };
  tick(now: number): { timedOut: ReqId[] };
  truncate(lsn: number): { error: Refusal | null };
  recover(command: RecoverCommand): HistoryAck | { error: Refusal };
  report(): HistoryAck;
  save(): Snapshot;
  readonly list: HoleList;
  readonly state: HoleState;
}

/** The services of HOLE-59, and the deletion that HOLE-43 asks for. */
export interface RecordServices {
  writeRecords(records: readonly EncodedRecord[]): void;
  readRecords(first: number, end: number): readonly EncodedRecord[] | 'LOG_GONE';
  deleteRecords(lsns: readonly Lsn[]): void;
}

export const makeList = (init = 0): HoleList => wrapList(makeHoleList(init));

/** The list interface over list state. */
export function wrapList(list: ListState): HoleList {
  return {
    merge: (first, end) => mergeRange(list, first, end),
    setSent: (first, end, sent) => setSent(list, first, end, sent),
    truncate: (lsn) => truncateList(list, lsn),
    contains: (first, end) => containsRange(list, first, end),
    holes: (upTo, sent) => holesUpTo(list, upTo, sent),
    items: () => listItems(list),
    get ncl() {
      return nclOf(list);
    },
    get nwl() {
      return nwlOf(list);
    },
  };
}

/** HOLE-52: the list, or why the snapshot must not be used (then HOLE-53). */
export function restore(snapshot: Snapshot): HoleList | { error: string } {
  if (!snapshot.clean) return { error: 'not a clean exit' };
  const restored = decodeSnapshot(snapshot.bytes, snapshot.log);
  return restored.error === null ? wrapList(restored.list) : { error: restored.error };
}

/** HOLE-53; records as (lsn, prevGroup) pairs. */
export function rebuild(
  init: number,
  ncl: number,
  records: readonly (readonly [lsn: number, prevGroup: number])[],
): HoleList | { error: 'E_CHAIN_CONFLICT' } {
  const links = records.map(([lsn, prevGroup]) => ({ lsn: lsn as Lsn, prevGroup: prevGroup as Lsn }));
  const rebuilt = rebuildList(init, ncl, links);
  return rebuilt.error === null ? wrapList(rebuilt.list) : { error: rebuilt.error };
}

export function makeHoleManager(open: HoleOpen, store: RecordServices): HoleManager {
  const state = makeHoleState(open);
  const held = (end: number): readonly EncodedRecord[] => {
    const records = store.readRecords(Math.max(state.list.init, state.logFloor + 1), end);
    return records === 'LOG_GONE' ? [] : records;
  };
  const report = (): HistoryAck => {
    const below = held(nclOf(state.list) + 1);
    const scl = below[below.length - 1]?.record.lsn ?? Math.max(state.logFloor, state.list.init - 1);
    return holeReport(state, scl as Lsn);
  };
  return {
    state,
    list: wrapList(state.list),
    merge: (first, end, pgcl) => mergeHoles(state, first, end, pgcl),
    setSgcl: (lsn) => setSgcl(state, lsn),
    setVdl: (groupTail) => setGroupTail(state, groupTail),
    status: (peerId, status) => recordPeerStatus(state, peerId, status),
    discover: (now) => {
      const { requests, needStatus } = discoverHoles(state, now);
      return { requests: requests.map(({ to, message }) => ({ ...message, to })), needStatus };
    },
    reply: (msg, now) => {
      const taken = acceptReply(state, msg.from, msg, now);
      if (taken.ignored) return { stored: [], ignored: true };
      if (taken.fillId !== null) {
        store.writeRecords(taken.records);
        completeFill(state, taken.fillId, now);
      }
      return { stored: taken.ranges, ignored: false };
    },
    serve: (msg) => {
      const served = serveGap(state, msg);
      return served.refused ? { error: served.refused } : { parts: served.parts };
    },
    tick: (now) => ({ timedOut: tickHoles(state, now).map(({ reqId }) => reqId) }),
    truncate: (lsn) => {
      const truncated = truncateHoles(state, lsn);
      if (truncated.refused) return { error: truncated.refused };
      store.deleteRecords(
        held(Number.MAX_SAFE_INTEGER).flatMap(({ record }) => (record.lsn > lsn ? [record.lsn] : [])),
      );
      return { error: null };
    },
    recover: (command) => {
      const links = held(Number.MAX_SAFE_INTEGER).map(({ record }) => record);
      const recovered = recoverHoles(state, command, links);
      if (recovered.refused) return { error: recovered.refused };
      if (!recovered.repeat) store.deleteRecords(recovered.removed);
      return report();
    },
    report,
    save: () => {
      const log = digestLog(held(Number.MAX_SAFE_INTEGER).map(({ crc }) => crc));
      const { group, volumeEpoch, list } = state;
      return {
        bytes: encodeSnapshot(state, list, log),
        clean: true,
        log: { group, volumeEpoch, nwl: nwlOf(list), log },
      };
    },
  };
}
