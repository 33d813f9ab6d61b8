// What agents report of their nodes (docs/spec/agents.md PCS-95), over runs in which every role is at work.

import { beforeAll, expect, test } from 'vitest';
import { metricSpec, metricsOf } from '../../../../../core/kernel/metrics.ts';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import type { Edge } from '../../../../../sim/fabric-state.ts';
import { shootWorld, type WorldShot } from '../../../../testing/world-frame.ts';
import { projectPcs } from './project.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

const load =
  '0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';
const put = '100.000 putConfig global scrubEveryMs 7';
const shoot = (atMs: number, lines: readonly string[], preset = 'cynosdb-pcs'): WorldShot =>
  shootWorld({
    edge,
    preset,
    lines: [load, ...lines],
    atMs,
    view: { detail: false, metadata: { node: null, at: null, base: null } },
  });

/** What the leader has of each node, by the metric's name and what it is of. */
function reportsIn({ nodes, frame }: WorldShot): Map<string, ReadonlyMap<string, number>> {
  const rows = projectPcs(nodes, frame.links)?.leader?.view?.agents?.rows ?? [];
  return new Map(
    rows.flatMap(({ node, measured }) =>
      measured === null
        ? []
        : [[node, new Map(measured.metrics.map(({ name, of, value }) => [`${name} ${of}`.trim(), value]))]],
    ),
  );
}

test('PCS-95 every role has metrics, each with a unit and a whole number, at each of its nodes', () => {
  const seen = new Set<string>();
  for (const preset of ['cynosdb-pcs-backup', 'cynosdb-ro'])
    for (const { view } of Object.values(shoot(160, [put], preset).nodes))
      for (const role of view?.roles ?? []) {
        const metrics = metricsOf(role);
        expect([view?.node, metrics.length > 0]).toEqual([view?.node, true]);
        const names = metrics.map(({ name, of }) => `${name} ${of}`);
        expect(new Set(names).size).toBe(names.length);
        for (const { name, value } of metrics) {
          expect(['count', 'LSN', 'bytes', 'pages', 'µs']).toContain(metricSpec(name)?.unit);
          expect([name, Number.isSafeInteger(value)]).toEqual([name, true]);
        }
        if (role.role === 'compute' && role.mode === 'ro') expect(names).toContain('reader.lag v1');
        seen.add(role.role === 'compute' ? `compute ${role.mode}` : role.role);
      }
  expect([...seen].sort()).toEqual([
    'compute idle',
    'compute ro',
    'compute rw',
    'driver',
    'meta',
    'objectStore',
    'store',
  ]);
});

test('PCS-95 the leader has a report of every node, and none before there is a configuration', () => {
  expect(reportsIn(shoot(160, [])).size).toBe(0);
  const shot = shoot(200, [put]);
  const reports = reportsIn(shot);
  expect([...reports.keys()].sort()).toEqual(Object.keys(shot.nodes).sort());
  expect(reports.get('rw-1')?.get('wal.vdl v1')).toBeGreaterThan(10);
  expect(reports.get('store-1')?.get('wal.scl g1')).toBeGreaterThan(1);
  expect(reports.get('d1')?.get('client.ok')).toBeGreaterThan(1);
});

test('PCS-95 a lost report loses no count, and a counter never goes back within a life', () => {
  const cut = '160.000 cut d1 | pcs-1 pcs-2 pcs-3 for 60.000 ms';
  const okAt = (atMs: number): number =>
    reportsIn(shoot(atMs, [put, cut]))
      .get('d1')
      ?.get('client.ok') ?? -1;
  const counts = [155, 215, 280, 340].map(okAt);
  const [before = 0, away = 0, back = 0, later = 0] = counts;
  expect(before).toBeGreaterThan(0);
  expect([away === before, back > away, later > back]).toEqual([true, true, true]);
  const driver = shoot(340, [put, cut]).nodes.d1?.view?.roles[0];
  // the last report is at most agentReportMs old, whatever was lost before it
  expect(driver?.role === 'driver' && driver.ok - later < 30).toBe(true);
});

test('PCS-90, PCS-95 GetMetrics is answered with units by each node that is asked', () => {
  const shot = shoot(150, ['110.000 ask d1 store-1 : getMetrics']);
  const [ask] = projectPcs(shot.nodes, shot.frame.links)?.leader?.view?.agents?.asks ?? [];
  expect(ask?.missing).toEqual([]);
  const rows = ask?.answers.flatMap(({ node, rows: lines }) =>
    lines.map(({ name, value }) => `${node} ${name} ${value}`),
  );
  expect(rows).toContainEqual(expect.stringMatching(/^d1 client\.ok \d+ count$/));
  expect(rows).toContainEqual(expect.stringMatching(/^store-1 wal\.scl g1 \d+ LSN$/));
});
