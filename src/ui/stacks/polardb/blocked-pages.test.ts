// Blocked pages are one number: what flush control refuses, the figure and the rows of *Pages: past and future*, the writer's card, and the
// timeline's lane, while a reader is frozen, goes on, loses its slot, and the writer changes.

import { expect, test } from 'vitest';
import { present } from '../../../base/assert.ts';
import { time } from '../../../base/ids.ts';
import { loadSqlEdge } from '../../../edge/sql-edge.ts';
import { setsOf } from '../../../run-model/gauges/gauges.ts';
import { gauges } from '../../../stacks/gauges.ts';
import { computeOf } from '../../model/node-facts.ts';
import { startWorld } from '../../testing/world-frame.ts';

const edge = await loadSqlEdge();
const load =
  '0.000 workload d1 kind=transfer rows=100 clients=3 thinkUs=2000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true';

test.each([
  ['a reader is frozen and goes on', ['300.000 freeze ro-2 for 60.000 ms']],
  ['a reader dies, and loses its slot by its lease', ['300.000 crash ro-2']],
  [
    'the writer dies with pages that readers hold back',
    ['290.000 freeze ro-2 for 30.000 ms', '310.000 crash rw-1'],
  ],
  ['the writer hands over', ['300.000 switchover ro-1']],
])('LI-40 %s: the lane, the figure, the card and the rows agree', (_, lines) => {
  const run = startWorld({
    edge,
    preset: 'polardb',
    seed: 7,
    lines: [load, ...lines],
    view: { pages: true },
  });
  let most = 0;
  let looks = 0;
  for (let at = 250_000; at < 480_000; at += 1_000) {
    run.runTo(time(at));
    const { frame, nodes, events } = run.shoot();
    const writer = Object.values(nodes).find(
      (node) => node.status === 'up' && computeOf(node)?.mode === 'rw' && computeOf(node)?.state === 'open',
    );
    if (writer === undefined) continue;
    const { blocked, frames } = present(computeOf(writer)?.shared, 'a volume in files');
    const lane = setsOf(gauges, 'blockedPages', events, frame.cluster.volume).at(-1)?.value;
    const rows = present(frames, 'its pages').filter(({ by }) => by.length > 0).length;
    expect([lane, frame.metrics.blockedPages, rows], `${at} ${writer.id}`).toEqual([
      blocked,
      blocked,
      blocked,
    ]);
    most = Math.max(most, blocked);
    looks++;
  }
  expect(most).toBeGreaterThan(0);
  expect(looks).toBeGreaterThan(100);
});
