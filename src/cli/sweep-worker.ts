// One core of a sweep: draws and runs the scenarios it is sent, one after the other.

import { parentPort } from 'node:worker_threads';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { findPreset } from '../sim/presets.ts';
import { drawScenario } from '../sim/sweep/draw-scenario.ts';
import { runScenario } from '../sim/sweep/run-scenario.ts';

export interface SweepJob {
  readonly preset: string;
  readonly seed: number;
  readonly chaosUs: number;
  readonly broken: readonly string[];
}

const edge = loadSqlEdge();

parentPort?.on('message', async (job: SweepJob) => {
  const preset = findPreset(job.preset);
  if (preset === null) throw new Error(`unknown preset ${job.preset}`);
  const scenario = drawScenario(preset, job.seed, job.chaosUs, job.broken);
  parentPort?.postMessage(runScenario(scenario, await edge));
});
