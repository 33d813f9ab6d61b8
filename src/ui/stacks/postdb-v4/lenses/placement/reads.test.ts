// Reads of several groups, by what a real run traced and by single events.

import { expect, test } from 'vitest';
import { nodeId, time } from '../../../../../base/ids.ts';
import type { TraceEvent } from '../../../../../core/kernel/trace.ts';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import type { ListedEvent } from '../../../../../run-model/picture/frame.ts';
import { shootWorld } from '../../../../testing/world-frame.ts';
import { projectPlacement } from './project.ts';
import { gatheredReads, placedParts } from './reads.ts';

const edge = await loadSqlEdge();

test('PCS-56 PCS-97 the driver asks one node, that one the primary of each tablet, and each part has one read point', () => {
  const load =
    '0.000 workload d1 main kind=tablet-transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';
  const shot = shootWorld({
    edge,
    preset: 'postdb-v4',
    seed: 3,
    lines: [load, '200.000 sql d1 look "select count(*) from accounts"'],
    atMs: 300,
    view: { detail: true },
  });
  const model = projectPlacement(shot.nodes, []);
  const read = gatheredReads(shot.events).find(({ session }) => session.startsWith('look'));
  if (read === undefined || model === null) throw new Error('nothing was gathered');
  expect(read).toMatchObject({ driver: 'd1', code: '' });
  expect(read.endedAt).toBeGreaterThan(read.startedAt);
  const parts = placedParts(model, read);
  expect(parts.map(({ tablet }) => tablet)).toEqual([
    'accounts [−∞, 26)',
    'accounts [26, 51)',
    'accounts [51, 76)',
    'accounts [76, +∞)',
  ]);
  expect(parts.map(({ group }) => group)).toEqual(['g1', 'g2', 'g3', 'g4']);
  for (const { from, leader, readPoint } of parts) {
    expect(from).toBe(leader);
    expect(readPoint).toBeGreaterThanOrEqual(0);
  }
});

const heard = (node: string, at: number, event: TraceEvent): ListedEvent => ({
  at: time(at),
  node: nodeId(node),
  ordinal: 1,
  causeNode: null,
  causeOrdinal: 0,
  event,
  index: at,
  rank: 1,
});
const begin = (at: number, read: number, tablets: readonly number[]): ListedEvent =>
  heard('n1', at, { kind: 'gather.begin', client: 'd1/a/0', read, tx: read, tablets: [...tablets] });

test('PCS-56 what has not come is open, a node that counts anew has a read of its own', () => {
  const part = heard('n1', 12, {
    kind: 'gather.part',
    client: 'd1/a/0',
    read: 1,
    tx: 1,
    relation: 7,
    volume: 'v1',
    from: 'n2',
    readPoint: 40,
    rows: 3,
  });
  const end = heard('n1', 14, {
    kind: 'gather.end',
    client: 'd1/a/0',
    read: 1,
    tx: 1,
    volumes: '',
    readPoints: [],
    code: 'TIMEOUT',
  });
  const [read] = gatheredReads([begin(10, 1, [7, 8]), part]);
  expect(read).toMatchObject({ driver: 'd1', session: 'a/0', node: 'n1', endedAt: null });
  expect(read?.parts.map(({ relation, from, at }) => [relation, from, at])).toEqual([
    [7, 'n2', 12],
    [8, null, null],
  ]);
  expect(gatheredReads([begin(10, 1, [7, 8]), part, end])[0]).toMatchObject({ endedAt: 14, code: 'TIMEOUT' });
  expect(gatheredReads([begin(10, 1, [7]), begin(20, 1, [8])]).map(({ startedAt }) => startedAt)).toEqual([
    20,
  ]);
  expect(gatheredReads([part])).toEqual([]);
});
