// One core of `sim sweep` and `sim mutants`: draws and runs the seeds it is sent, one after the other.

import { parentPort } from 'node:worker_threads';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { findPreset } from '../sim/presets.ts';
import { drawDense } from '../sim/sweep/draw-dense.ts';
import { drawScenario } from '../sim/sweep/draw-scenario.ts';
import { runDense } from '../sim/sweep/run-dense.ts';
import { runScenario } from '../sim/sweep/run-scenario.ts';
import type { SeedJob } from './seed-jobs.ts';

const edge = loadSqlEdge();

parentPort?.on('message', async ({ kind, preset: name, seed, chaosUs, broken, isCounted, redo }: SeedJob) => {
  const preset = findPreset(name);
  if (preset === null) throw new Error(`unknown preset ${name}`);
  const verdict =
    kind === 'dense'
      ? runDense(drawDense(preset, seed, chaosUs, broken, isCounted), await edge, isCounted)
      : runScenario(drawScenario(preset, seed, chaosUs, broken), await edge, redo);
  parentPort?.postMessage(verdict);
});
