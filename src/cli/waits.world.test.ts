// What is said of waits, tried on clones in states of dense runs: with its named obstacles ended a wait is over, without it
// stands (run-model/waits/judge-waits.ts; `npm run deep` has many more seeds).

import { beforeAll, expect, test } from 'vitest';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { judgeWaits } from '../run-model/waits/judge-waits.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { drawDense } from '../sim/sweep/draw-dense.ts';
import { known } from '../stacks/known.ts';
import { findPreset } from '../stacks/presets.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

test('HOLE-30 WAL-12 WAL-58 WAL-75 a blocked wait lasts until its named obstacles end, and is over then', () => {
  const preset = findPreset('cynosdb');
  if (preset === null) throw new Error('no preset');
  const chaosUs = 1_000_000;
  const options = { until: chaosUs, everyUs: 50_000, quota: 2 };
  const findings = [3, 5].flatMap((seed) =>
    judgeWaits(known, drawDense(known, preset, seed, chaosUs, []), options, edge),
  );
  const blocked = findings.filter(({ wait }) => wait.isBlocked);
  expect(blocked.filter(({ outcome }) => outcome !== 'right')).toEqual([]);
  // Not vacuous: states of several kinds. Those that nothing blocks are rare; `npm run deep` has them.
  expect(blocked.length).toBeGreaterThan(10);
  expect(new Set(blocked.map(({ wait }) => wait.kind)).size).toBeGreaterThan(3);
});
