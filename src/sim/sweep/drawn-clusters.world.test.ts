// PRE-9: clusters that no preset has, another one for each seed, under a sweep's load and faults: every architecture runs to its end and
// nothing is violated. In a deep run a hundred of each for 20 virtual seconds of faults.

import { expect, test } from 'vitest';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { known } from '../../stacks/known.ts';
import { presets } from '../../stacks/presets.ts';
import { isDeep } from '../../testing/depth.ts';
import { drawCluster } from './draw-cluster.ts';
import { drawScenario } from './draw-scenario.ts';
import { runScenario } from './run-scenario.ts';

type Drawn = readonly [architecture: Parameters<typeof drawCluster>[1], seed: number, seconds: number];

/** Seeds that hold more than one sees in a preset: links of 40 ms, a disk lost before its replica began, quorums with more overlap. */
const short: readonly Drawn[] = [
  ['cynosdb', 12, 2],
  ['polardb', 1, 0.7],
  ['postdb-v4', 1, 0.7],
];
const deep = short.flatMap(([architecture]) =>
  Array.from({ length: 100 }, (_, i): Drawn => [architecture, i + 1, 20]),
);

test.each(isDeep ? deep : short)(
  'PRE-9 a drawn cluster of %s, seed %i',
  async (architecture, seed, seconds) => {
    const edge = await loadSqlEdge();
    const chaosUs = seconds * 1_000_000;
    const preset = drawCluster(presets, architecture, seed);
    const verdict = runScenario(known, drawScenario(known, preset, seed, chaosUs, []), edge);
    expect(verdict).toMatchObject({ outcome: 'PASS', violation: null, error: null });
    expect(verdict.exercise.commits).toBeGreaterThan(50);
  },
);
