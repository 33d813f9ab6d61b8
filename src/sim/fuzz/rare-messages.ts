// Messages that short runs do not send: a table of one of each, so that damage to every kind is tried.

import { groupId, lsn, nodeId, term } from '../../base/ids.ts';
import { memberId } from '../../core/consensus/configuration.ts';
import type { MessageBody } from '../../core/consensus/raft-types.ts';
import type { Message } from '../../core/kernel/messages.ts';
import { pageKey } from '../../core/page/page-key.ts';

const group = groupId('g1');
const page = { group, volumeEpoch: term(4), blockKey: pageKey(3, 1, 70_000) };

const config = { voters: [1, 2].map(memberId), outgoing: [memberId(3)], learners: [memberId(4)] };
const raftBodies: readonly MessageBody[] = [
  { kind: 'PreVote', lastIndex: 9, lastTerm: 3 },
  { kind: 'PreVoteReply', granted: true },
  { kind: 'RequestVote', lastIndex: 9, lastTerm: 3, transfer: false },
  { kind: 'VoteReply', granted: false },
  {
    kind: 'Append',
    prevIndex: 6,
    prevTerm: 2,
    entries: [
      { index: 7, term: 2, kind: 'empty' },
      { index: 8, term: 3, kind: 'config', config },
      { index: 9, term: 3, kind: 'data', data: Uint8Array.of(1, 2) },
    ],
    commit: 6,
    round: 11,
  },
  { kind: 'AppendReply', ok: true, match: 9, conflictTerm: 0, conflictFirst: 0, lastIndex: 9, round: 11 },
  {
    kind: 'Snapshot',
    lastIndex: 6,
    lastTerm: 2,
    config,
    totalBytes: 4,
    crc: 77,
    offset: 1,
    bytes: Uint8Array.of(5, 6),
  },
  { kind: 'SnapshotReply', lastIndex: 6, nextOffset: 3 },
  { kind: 'TimeoutNow' },
];

const cut = {
  id: 1,
  name: 't',
  definition: '["t",0,1,"[[],[]]"]',
  version: 3,
  state: 'active' as const,
  tablets: [{ relation: 7_340_040, from: '' }],
};
const members = [nodeId('n1'), nodeId('n2'), nodeId('n3')];
const descriptor = {
  group,
  sets: [members],
  learners: [],
  memberEpoch: 2,
  geoEpoch: 1,
  keyFirst: pageKey(7_340_040, 0, 0),
  keyEnd: pageKey(7_340_056, 0, 0),
  baseLsn: lsn(0),
  vw: 2,
  vr: 2,
};
const asked = { session: 's', incarnation: 2, sequence: 9 };

export const rareMessages: readonly Message[] = [
  { kind: 'FenceReplica', volume: 'v1', token: term(3), descriptor },
  { kind: 'ReplicaFenced', group, maxToken: term(3), tailTerm: term(2), ncl: lsn(70), refused: null },
  { kind: 'SchemaReport', boot: 2, version: 3, at: 41_000 },
  { kind: 'SchemaIs', version: 3, at: 41_000, tables: [cut] },
  { kind: 'GetMap', reqId: 4, make: 7_340_040 },
  {
    kind: 'MapIs',
    reqId: 4,
    mapVersion: 9,
    schemaVersion: 3,
    tables: [cut],
    groups: [{ volume: 'v1', leader: nodeId('n1'), term: term(3), descriptor }],
  },
  {
    kind: 'DefineTable',
    boot: 2,
    reqId: 5,
    what: 'create',
    name: 't',
    definition: cut.definition,
    bounds: ['26'],
  },
  { kind: 'TableDefined', boot: 2, reqId: 5, code: 'EXISTS' },
  {
    kind: 'ShardRequest',
    volume: 'v1',
    ...asked,
    attempt: 1,
    statements: [{ id: 3, text: 'select 1', tree: Uint8Array.of(1) }],
    params: ['1', null],
    inTransaction: false,
    group,
    term: term(3),
    memberEpoch: 2,
    geoEpoch: 1,
    tables: [{ id: 1, version: 3 }],
  },
  { kind: 'ShardRefused', ...asked, code: 'NOT_PRIMARY', primary: nodeId('n2'), term: term(4), current: 0 },
  { kind: 'RollShard', volume: 'v1', group, term: term(3), end: lsn(512) },
  { kind: 'ShardIs', volume: 'v1', group, shard: 2, first: lsn(512) },
  { kind: 'GetCreation', group, at: 41_000 },
  { kind: 'CreationIs', group, at: 41_000, isOpen: false },
  { kind: 'Confirm', volume: 'v1', group, token: term(3), memberEpoch: 2, round: 7 },
  { kind: 'ConfirmReply', group, token: term(2), ok: true, maxToken: term(3), round: 7 },
  { kind: 'PageFetch', ...page, memberEpoch: 2, rp: lsn(900) },
  { kind: 'PageCopy', ...page, page: Uint8Array.of(1, 2, 3, 4), pageLsn: lsn(880), refused: null },
  { kind: 'ArchiverDeclined', group, appointment: 3 },
  { kind: 'Join', boot: 3, volume: 'v1', zone: 'b', roles: ['compute'], isReader: true },
  { kind: 'Joined', boot: 3, code: 'TOO_MANY_READERS' },
  { kind: 'NodeRemoved', node: nodeId('ro-1') },
  {
    kind: 'ReadersAre',
    volume: 'v1',
    receivers: { mapVersion: 7, nodes: [nodeId('ro-2')], removed: [nodeId('ro-1')] },
  },
  { kind: 'SqlClose', volume: 'v1', session: 'main/0', incarnation: 7 },
  { kind: 'CheckObjects', reqId: 8, names: ['v1/g1/log/x', 'v1/g1/log/y'] },
  { kind: 'ObjectsMissing', reqId: 8, names: ['v1/g1/log/y'] },
  {
    kind: 'SetConfig',
    term: 4,
    setting: { version: 3, scope: 'role:store', key: 'scrubEveryMs', value: '7' },
  },
  {
    kind: 'ReplaceConfig',
    term: 4,
    from: 2,
    fromSum: 77,
    version: 3,
    settings: [{ version: 3, scope: 'global', key: 'sessionQueue', value: '9' }],
  },
  {
    kind: 'ConfigState',
    boot: 2,
    life: 9,
    order: 5,
    version: 3,
    sum: 1234,
    gap: true,
    waits: ['bufferPages'],
  },
  {
    kind: 'AskAgent',
    term: 4,
    at: 120_000,
    id: 77,
    version: 3,
    command: { kind: 'setLogLevel', module: 'store', level: 'DEBUG' },
  },
  {
    kind: 'AgentMetrics',
    boot: 2,
    life: 7,
    order: 3,
    metrics: [{ name: 'wal.scl', of: 'g1', value: -1 }],
  },
  { kind: 'AgentAnswer', at: 120_000, id: 77, t: 121_000, code: '', rows: [{ name: 'a', value: 'b' }] },
  ...raftBodies.map(
    (body): Message => ({
      kind: 'Raft',
      boot: 3,
      message: { from: memberId(1), to: memberId(2), term: 4, ...body },
    }),
  ),
  { kind: 'MemberStarts', boot: 3, member: 2, life: 9_001 },
  { kind: 'JoinAs', life: 9_001, member: memberId(66) },
  { kind: 'MemberGone', member: memberId(2) },
  { kind: 'OperatorOrder', at: 70, order: { kind: 'setOffline', node: nodeId('n4'), isOffline: true } },
  { kind: 'OperatorOrder', at: 70, order: { kind: 'changePcs', node: nodeId('pcs-4'), want: 'in' } },
  {
    kind: 'OrderAnswered',
    at: 71,
    order: { kind: 'moveReplica', group: null, from: nodeId('s1'), to: nodeId('s2') },
  },
  { kind: 'MemberKnown', boot: 3, term: 4, heardBoot: 2, heardTerm: 4, heardMatch: 9 },
  { kind: 'NotLeader', leader: nodeId('pcs-2'), term: 4 },
];
