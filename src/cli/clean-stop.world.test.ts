// `stop` on the tape: a store that is instructed to end under load restores its lists, one that loses power rebuilds them.

import { expect, test } from 'vitest';
import { eventsIn, runTapeText } from './tape-fixture.ts';

const TAPE = `postdb-tape 1
engine 0.1.0
preset cynosdb
profile demo
seed 7

0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true
100.000 stop store-1 20.000 ms for 30.000 ms
200.000 stop store-2 0.300 ms for 30.000 ms
300.000 crash store-3 for 30.000 ms
`;

test('HOLE-51 HOLE-52 a store that was stopped restores its lists; one without time or warning rebuilds them', async () => {
  const run = await runTapeText(TAPE, 400);
  expect(run.monitors.violations).toEqual([]);
  const restored = (node: string) =>
    eventsIn(run, 'hole.restore', node).map(({ group, error }) => [group, error]);
  expect(restored('store-1')).toEqual([
    ['g1', ''],
    ['g2', ''],
  ]);
  expect(eventsIn(run, 'hole.saved', 'store-1')).toHaveLength(2);
  expect(restored('store-2')).toEqual([]); // power went off before the lists were durable
  expect(restored('store-3')).toEqual([]);
  const downs = run.trace.filter(({ event }) => event.kind === 'node.down').map(({ at, node }) => [at, node]);
  expect(downs).toEqual([
    [120_000, 'store-1'],
    [200_300, 'store-2'],
    [300_000, 'store-3'],
  ]);
  const opens = run.trace.filter(({ event, at }) => event.kind === 'node.open' && at > 0);
  expect(opens.map(({ at, node }) => [at, node])).toEqual([
    [150_000, 'store-1'],
    [230_300, 'store-2'],
    [330_000, 'store-3'],
  ]);
});
