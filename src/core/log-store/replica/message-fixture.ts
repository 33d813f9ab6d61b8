// What tests of the storage node send: records of real pages, batches, tokens, recovery steps. A record without
// prevBlock builds a volume page from nothing, one with it changes that page.

import { groupId, type Lsn, nodeId, requestNumber, type Term, type Time } from '../../../base/ids.ts';
import type { Descriptor, HistoryEntry } from '../../kernel/fields.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import { type EncodedRecord, encodeRecord } from '../../log/record.ts';
import type { PageKey } from '../../page/page-key.ts';
import { OP_GENESIS, OP_NOOP, OP_TERM_START } from '../../page/redo-ops.ts';

export const GROUP = groupId('g1');
export const RW = nodeId('rw-1');
export const A = nodeId('A');
export const B = nodeId('B');
export const C = nodeId('C');
export const DESCRIPTOR: Descriptor = {
  group: GROUP,
  sets: [[A, B, C]],
  learners: [],
  memberEpoch: 1,
  geoEpoch: 1,
  keyFirst: 0,
  keyEnd: 1000,
  baseLsn: 0 as Lsn,
  vw: 2,
  vr: 2,
};
export interface RecordShape {
  readonly prevGroup?: number;
  readonly prevBlock?: number;
  readonly block?: number;
  readonly term?: number;
  readonly cpl?: boolean;
  readonly payload?: number;
  readonly init?: boolean;
  readonly prevVolume?: number;
  readonly group?: string;
}

/** A record of page `block` (default 7), chained to the LSN before it unless stated otherwise. */
export function record(at: number, shape: RecordShape = {}): EncodedRecord {
  const { prevGroup = at - 1, prevBlock = -1, block = 7, term = 1, cpl = true, payload } = shape;
  const { init = prevBlock === -1, prevVolume = at - 1, group = GROUP } = shape;
  return encodeRecord({
    lsn: at as Lsn,
    prevVolume: prevVolume as Lsn,
    prevGroup: prevGroup as Lsn,
    prevBlock: prevBlock as Lsn,
    group: groupId(group),
    blockKey: block as PageKey,
    term: term as Term,
    mtrFirst: at as Lsn,
    cpl,
    commit: false,
    op: init ? OP_NOOP : OP_TERM_START,
    init,
    payload: payload === undefined ? new Uint8Array(0) : Uint8Array.of(payload),
    time: 0 as Time,
  });
}

/** A chain of records of one page: `at` in order, each after the one before. */
export const chainOf = (lsns: readonly number[], shape: RecordShape = {}): EncodedRecord[] =>
  lsns.map((at, i) =>
    record(at, {
      ...shape,
      prevGroup: i === 0 ? (shape.prevGroup ?? 0) : (lsns[i - 1] as number),
      prevBlock: i === 0 ? -1 : (lsns[i - 1] as number),
    }),
  );

export function framed(records: readonly EncodedRecord[]): Uint8Array {
  const bytes = new Uint8Array(records.reduce((sum, one) => sum + one.bytes.length, 0));
  let at = 0;
  for (const one of records) {
    bytes.set(one.bytes, at);
    at += one.bytes.length;
  }
  return bytes;
}

export const genesis = (term = 1): EncodedRecord =>
  encodeRecord({
    lsn: 0 as Lsn,
    prevVolume: -1 as Lsn,
    prevGroup: -1 as Lsn,
    prevBlock: -1 as Lsn,
    group: GROUP,
    blockKey: 0 as PageKey,
    term: term as Term,
    mtrFirst: 0 as Lsn,
    cpl: true,
    commit: false,
    op: OP_GENESIS,
    init: true,
    payload: new Uint8Array(0),
    time: 0 as Time,
  });

interface Floors {
  readonly token?: number;
  readonly memberEpoch?: number;
  readonly geoEpoch?: number;
  readonly pgcl?: number;
  readonly vdl?: number;
  readonly groupTail?: number;
  readonly pgmrpl?: number;
  readonly archivedTo?: number;
  readonly holdTo?: number;
}

const head = (floors: Floors) => ({
  volume: 'v1',
  group: GROUP,
  token: (floors.token ?? 1) as Term,
  memberEpoch: floors.memberEpoch ?? 1,
  geoEpoch: floors.geoEpoch ?? 1,
  pgcl: (floors.pgcl ?? 0) as Lsn,
  vdl: (floors.vdl ?? 0) as Lsn,
  groupTail: (floors.groupTail ?? floors.vdl ?? 0) as Lsn,
  pgmrpl: (floors.pgmrpl ?? 0) as Lsn,
  archivedTo: (floors.archivedTo ?? Number.MAX_SAFE_INTEGER) as Lsn,
  holdTo: (floors.holdTo ?? 0) as Lsn,
});

export const batch = (records: readonly EncodedRecord[], floors: Floors = {}): MessageOf<'WriteBatch'> => ({
  kind: 'WriteBatch',
  ...head(floors),
  records: framed(records),
  first: records[0]?.record.lsn ?? (0 as Lsn),
  end: (records[records.length - 1]?.record.lsn ?? 0) + 1,
  count: records.length,
});

export const heartbeat = (floors: Floors = {}): MessageOf<'Heartbeat'> => ({
  kind: 'Heartbeat',
  ...head(floors),
});

export const createReplica = (token = 1): MessageOf<'CreateReplica'> => ({
  kind: 'CreateReplica',
  volume: 'v1',
  token: token as Term,
  descriptor: DESCRIPTOR,
  genesis: genesis(token).bytes,
});

export const installToken = (
  token: number,
  descriptor: Descriptor = DESCRIPTOR,
): MessageOf<'InstallToken'> => ({
  kind: 'InstallToken',
  volume: 'v1',
  token: token as Term,
  descriptor,
});

export const entries = (
  ...list: readonly (readonly [term: number, startLsn: number, prevEnd: number])[]
): HistoryEntry[] =>
  list.map(([term, startLsn, prevEnd]) => ({
    term: term as Term,
    startLsn: startLsn as Lsn,
    prevEnd: prevEnd as Lsn,
  }));

export const installHistory = (
  token: number,
  history: HistoryEntry[],
  maxNwl: number,
  peers: MessageOf<'InstallHistory'>['peers'] = [],
): MessageOf<'InstallHistory'> => ({
  kind: 'InstallHistory',
  group: GROUP,
  token: token as Term,
  memberEpoch: 1,
  geoEpoch: 1,
  history,
  maxNwl: maxNwl as Lsn,
  peers,
});

export const recoveryRead = (token: number): MessageOf<'RecoveryRead'> => ({
  kind: 'RecoveryRead',
  group: GROUP,
  token: token as Term,
  memberEpoch: 1,
  geoEpoch: 1,
});

export const openVolume = (token: number, vdl: number, startLsn: number): MessageOf<'OpenVolume'> => ({
  kind: 'OpenVolume',
  group: GROUP,
  token: token as Term,
  memberEpoch: 1,
  geoEpoch: 1,
  vdl: vdl as Lsn,
  startLsn: startLsn as Lsn,
});

export const readPage = (
  rp: number,
  groupRp: number,
  more: { block?: number; memberEpoch?: number; geoEpoch?: number } = {},
): MessageOf<'ReadPage'> => ({
  kind: 'ReadPage',
  volume: 'v1',
  group: GROUP,
  reqId: requestNumber(1),
  blockKey: (more.block ?? 7) as PageKey,
  rp: rp as Lsn,
  groupRp: groupRp as Lsn,
  memberEpoch: more.memberEpoch ?? 1,
  geoEpoch: more.geoEpoch ?? 1,
});
