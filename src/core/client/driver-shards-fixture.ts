// A driver by hand in a cluster whose tables are cut: two nodes, and a table of two tablets, each in a group of its own.

import { lsn, nodeId } from '../../base/ids.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { demoParams as params } from '../kernel/params-fixture.ts';
import { cutGroups, cutTable, type MapGroups } from '../sql/cut-table-fixture.ts';
import { insertBatch } from '../sql/key-batch.ts';
import { tabletTable } from '../sql/tablets.ts';
import { type DriverBench, makeBench } from './driver-fixture.ts';
import { makeShardCopy } from './driver-map.ts';

const table = cutTable('10');

/** A driver that knows the nodes and the table. */
export function shardedBench(groups: MapGroups | null = cutGroups): DriverBench {
  const d = makeBench();
  d.state.shards = makeShardCopy(params.routeBackoffMs);
  d.start();
  if (groups !== null) tellMap(d, 1, groups);
  return d;
}

/** The metadata's map and definitions, of this version. */
export const tellMap = (
  d: DriverBench,
  version: number,
  groups: MapGroups = cutGroups,
  tables: MessageOf<'MapIs'>['tables'] = [table],
): void =>
  d.message('meta-1', {
    kind: 'MapIs',
    asker: 'driver',
    reqId: version,
    mapVersion: version,
    schemaVersion: version,
    tables,
    groups,
    nodes: ['n1', 'n2'].map(nodeId),
  });

/** Writes the row of this key: below 10 it lies in the first tablet. */
export function insert(d: DriverBench, key: number, session = 's'): void {
  const made = insertBatch(tabletTable(table, 8), [[String(key)]]);
  d.ask(session, made.statement, made.params);
}

export const answerGather = (
  d: DriverBench,
  { to, request }: DriverBench['gathered'][number],
  more: Partial<MessageOf<'GatherReply'>> = {},
): void =>
  d.message(to, {
    kind: 'GatherReply',
    session: request.session,
    incarnation: request.incarnation,
    sequence: request.sequence,
    code: '',
    results: [{ kind: 'done', tag: 'SELECT 0' }],
    inTransaction: request.block !== 'none',
    points: [{ volume: 'v1', readPoint: lsn(7) }],
    ...more,
  });

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
