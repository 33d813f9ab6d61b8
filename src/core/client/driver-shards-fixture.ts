// A driver by hand in a cluster whose tables are cut: two nodes, and a table of two tablets, each in a group of its own.

import { groupId, lsn, nodeId, term } from '../../base/ids.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { demoParams as params } from '../kernel/params-fixture.ts';
import { pageKey } from '../page/page-key.ts';
import { insertBatch } from '../sql/key-batch.ts';
import { partStatement } from '../sql/part-statement.ts';
import { describeTable, tabletTable } from '../sql/tablets.ts';
import { type DriverBench, makeBench } from './driver-fixture.ts';
import { makeShardCopy } from './driver-map.ts';

const { definition } = describeTable({
  name: 't',
  columns: [{ name: 'k', type: 'int4', notNull: true }],
  indexes: [
    {
      name: null,
      keys: [{ column: 0, descending: false, nullsFirst: false }],
      isUnique: true,
      constraint: 'primary',
    },
  ],
  checks: [],
  foreignKeys: [],
  ifNotExists: false,
  sequences: [],
});
const table = {
  id: 1,
  name: 't',
  definition,
  version: 1,
  state: 'active' as const,
  tablets: [
    { relation: 8, from: '', geoEpoch: 1 },
    { relation: 16, from: '10', geoEpoch: 1 },
  ],
};
/** It reads both tablets. */
export const whole = partStatement({
  table: tabletTable(table, 8),
  columns: [true],
  least: null,
  most: null,
});

type Groups = MessageOf<'MapIs'>['groups'];

const groupOf = (relation: number, leader: string | null): Groups[number] => ({
  volume: `v${relation}`,
  leader: leader === null ? null : nodeId(leader),
  term: term(1),
  descriptor: {
    group: groupId(`g${relation}`),
    keyFirst: pageKey(relation, 0, 0),
    keyEnd: pageKey(relation + 8, 0, 0),
    baseLsn: lsn(0),
    sets: [['n1', 'n2'].map(nodeId)],
    learners: [],
    memberEpoch: 1,
    geoEpoch: 1,
    vw: 2,
    vr: 1,
  },
});

export const GROUPS: Groups = [groupOf(8, 'n1'), groupOf(16, 'n2')];

/** A driver that knows the nodes and the table. */
export function shardedBench(groups: Groups | null = GROUPS): DriverBench {
  const d = makeBench();
  d.state.shards = makeShardCopy(params.routeBackoffMs);
  d.start();
  if (groups !== null) tellMap(d, 1, groups);
  return d;
}

/** The metadata's map and definitions, of this version. */
export const tellMap = (d: DriverBench, version: number, groups: Groups = GROUPS): void =>
  d.message('meta-1', {
    kind: 'MapIs',
    asker: 'driver',
    reqId: version,
    mapVersion: version,
    schemaVersion: version,
    tables: [table],
    groups,
    nodes: ['n1', 'n2'].map(nodeId),
  });

/** Writes the row of this key: below 10 it lies in the first tablet. */
export function insert(d: DriverBench, key: number, session = 's'): void {
  const made = insertBatch(tabletTable(table, 8), [[String(key)]]);
  d.ask(session, made.statement, made.params);
}

export const answerShard = (
  d: DriverBench,
  { to, request }: DriverBench['sharded'][number],
  inTransaction: boolean,
  results: MessageOf<'SqlReply'>['results'],
): void =>
  d.message(to, {
    kind: 'SqlReply',
    session: request.session,
    incarnation: request.incarnation,
    sequence: request.sequence,
    code: '',
    scn: lsn(-1),
    results,
    inTransaction,
  });

/** Each request to a primary: where to, whether in a transaction that is open there, and its statements. */
export const shardedTo = ({ sharded }: DriverBench): string[] =>
  sharded.map(
    ({ to, request }) =>
      `${to} ${request.inTransaction ? 'in' : 'new'}: ${request.statements.map(({ text }) => text.split(' ')[0] || '(by number)').join(', ')}`,
  );
