// Serializable transactions over tables that are emptied, rows that others refer to and an index that comes and goes, through crashes
// of the writer: nothing that they read and wrote closes a cycle. It does where a parent is looked up as of now, where TRUNCATE
// meets no reader, and where a dropped index takes along what was read by it.

import { expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import { addToHistory, makeHistory } from '../sim/history.ts';
import { judgeLevels } from '../sim/sweep/judge-levels.ts';
import { runTapeText } from './tape-fixture.ts';

const tape = (seed: number, broken: readonly string[], lines: readonly string[]): string =>
  [
    'postdb-tape 1',
    'engine 0.5.0',
    'preset cynosdb',
    'profile demo',
    `seed ${seed}`,
    ...broken.map((name) => `broken ${name}`),
    '',
    '0.000 workload d1 serial kind=serial-tables rows=1 clients=6 thinkUs=300 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true',
    ...lines,
  ].join('\n');

async function judge(seed: number, broken: readonly string[], lines: readonly string[], untilMs: number) {
  const { monitors, trace } = await runTapeText(tape(seed, broken, lines), untilMs);
  const history = makeHistory();
  for (const traced of trace) addToHistory(history, traced);
  const judged = judgeLevels(monitors, history, (untilMs * 1000) as Time);
  return { ...judged, violations: monitors.violations };
}

test('WAL-22 no cycle among serializable transactions over definitions, foreign keys and upserts, through crashes', async () => {
  const crashes = ['140.000 crash rw-1 for 5.000 ms', '260.000 crash rw-1 for 5.000 ms'];
  const one = await judge(4, [], crashes, 400);
  expect(one.violations).toEqual([]);
  expect(one.serializable).toBeGreaterThan(40);
  expect(one.refused).toBeGreaterThan(40);
  expect(one.emptied).toBeGreaterThan(3);
  expect(one.upserted).toBeGreaterThan(3);
  expect(one.referred).toBeGreaterThan(3);
  expect(one.redefined).toBeGreaterThan(3);
});

test.each([
  ['M188', 'engine.parents-as-of-now', 4],
  ['M189', 'engine.rewrites-unwatched', 2],
  ['M190', 'engine.forgets-readers-of-index', 4],
])('%s %s closes a cycle, which is found', async (_, broken, seed) => {
  const one = await judge(seed, [broken], [], 400);
  expect(one.violations).toMatchObject([{ rule: 'client.isolation' }]);
});
