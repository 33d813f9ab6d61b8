// One core of `sim sweep`, `sim mutants` and `sim waits`: draws and runs the seeds it is sent, one after the other.

import { parentPort } from 'node:worker_threads';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import type { Preset } from '../presets/topology.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { findPreset } from '../sim/presets.ts';
import { drawDense } from '../sim/sweep/draw-dense.ts';
import { drawScenario } from '../sim/sweep/draw-scenario.ts';
import { drawWaits } from '../sim/sweep/draw-waits.ts';
import { judgeWaits } from '../sim/sweep/judge-waits.ts';
import { runDense } from '../sim/sweep/run-dense.ts';
import { runScenario } from '../sim/sweep/run-scenario.ts';
import type { SeedJob } from './seed-jobs.ts';

const loading = loadSqlEdge();

parentPort?.on('message', async (job: SeedJob) => {
  const preset = findPreset(job.preset);
  if (preset === null) throw new Error(`unknown preset ${job.preset}`);
  parentPort?.postMessage(verdictOf(job, preset, await loading));
});

function verdictOf(job: SeedJob, preset: Preset, edge: Edge): unknown {
  const { kind, seed, chaosUs, broken, isCounted, redo, aim = null, quota = 1 } = job;
  switch (kind) {
    case 'dense':
      return runDense(drawDense(preset, seed, chaosUs, broken, isCounted), edge, isCounted);
    case 'scenario':
      return runScenario(drawScenario(preset, seed, chaosUs, broken), edge, redo);
    case 'waits': {
      const tape = drawWaits(preset, seed, chaosUs, aim);
      if (tape === null) throw new Error(`no run is aimed at ${aim}`);
      return judgeWaits(
        tape,
        { until: chaosUs, everyUs: Math.max(20_000, Math.trunc(chaosUs / 100)), quota },
        edge,
      );
    }
  }
}
