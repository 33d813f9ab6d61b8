// One core of `sim mutants`: runs the dense tapes it is sent, one after the other.

import { parentPort } from 'node:worker_threads';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { findPreset } from '../sim/presets.ts';
import { drawDense } from '../sim/sweep/draw-dense.ts';
import { runDense } from '../sim/sweep/run-dense.ts';

export interface DenseJob {
  readonly preset: string;
  readonly seed: number;
  readonly chaosUs: number;
  readonly broken: readonly string[];
}

const edge = loadSqlEdge();

parentPort?.on('message', async ({ preset: name, seed, chaosUs, broken }: DenseJob) => {
  const preset = findPreset(name);
  if (preset === null) throw new Error(`unknown preset ${name}`);
  parentPort?.postMessage(runDense(drawDense(preset, seed, chaosUs, broken), await edge));
});
