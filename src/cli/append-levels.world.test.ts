// List-append at every isolation level, through crashes of the writer: what transactions read and wrote closes no cycle that their
// levels exclude, and closes one where serializable transactions are not watched.

import { expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import type { Mutants } from '../core/kernel/mutants.ts';
import { judgeEffects } from '../sim/checks/effects.ts';
import { addToHistory, makeHistory } from '../sim/checks/history.ts';
import { judgeLevels } from '../sim/sweep/judge-levels.ts';
import { runTapeText } from './tape-fixture.ts';

const tape = (seed: number, mutants: Mutants, lines: readonly string[]): string =>
  [
    'postdb-tape 1',
    'engine 0.5.0',
    'preset cynosdb',
    'profile demo',
    `seed ${seed}`,
    ...mutants.map((name) => `broken ${name}`),
    '',
    '0.000 workload d1 levels kind=append-levels rows=3 clients=4 thinkUs=300 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true',
    ...lines,
  ].join('\n');

async function judge(seed: number, mutants: Mutants, lines: readonly string[], untilMs: number) {
  const { monitors, trace } = await runTapeText(tape(seed, mutants, lines), untilMs);
  const history = makeHistory();
  for (const traced of trace) addToHistory(history, traced);
  const judged = judgeLevels(monitors, history, (untilMs * 1000) as Time);
  const faults = judgeEffects(history, { lists: null, counters: null, churn: null });
  return { ...judged, faults, violations: monitors.violations };
}

test('READ-40 no cycle that read committed, repeatable read or serializable excludes, through crashes', async () => {
  const crashes = ['40.000 crash rw-1 for 5.000 ms', '90.000 crash rw-1 for 5.000 ms'];
  const one = await judge(4, [], crashes, 160);
  expect(one.violations).toEqual([]);
  expect(one.faults).toEqual([]);
  expect(one.repeatable).toBeGreaterThan(15);
  expect(one.serializable).toBeGreaterThan(15);
  expect(one.refused).toBeGreaterThan(5);
});

test('M100 serializable transactions that nobody watches close a cycle, which is found', async () => {
  const one = await judge(4, ['engine.ignores-predicates'], [], 160);
  expect(one.violations).toMatchObject([{ rule: 'client.isolation' }]);
});
