// One core of `sim sweep`, `sim mutants`, `sim waits` and `sim fates`: runs the jobs it is sent, one after the other.

import { parentPort } from 'node:worker_threads';
import { present } from '../base/assert.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { tryFates } from '../sim/fates/try-fates.ts';
import { drawDense } from '../sim/sweep/draw-dense.ts';
import { drawScenario } from '../sim/sweep/draw-scenario.ts';
import { drawWaits } from '../sim/sweep/draw-waits.ts';
import { judgeWaits } from '../sim/sweep/judge-waits.ts';
import { runDense } from '../sim/sweep/run-dense.ts';
import { runScenario } from '../sim/sweep/run-scenario.ts';
import { findFateWorld } from '../stacks/fate-worlds.ts';
import { known } from '../stacks/known.ts';
import { findPreset } from '../stacks/presets.ts';
import type { SeedJob } from './seed-jobs.ts';

const loading = loadSqlEdge();

parentPort?.on('message', async (job: SeedJob) => {
  parentPort?.postMessage(verdictOf(job, await loading));
});

function verdictOf(job: SeedJob, edge: Edge): unknown {
  if (job.kind === 'fates')
    return tryFates(known, present(findFateWorld(job.world), job.world), job.choice, edge);
  const preset = present(findPreset(job.preset), `preset ${job.preset}`);
  const { seed, chaosUs, mutants } = job;
  switch (job.kind) {
    case 'dense':
      return runDense(
        known,
        drawDense(known, preset, seed, chaosUs, mutants, job.counted),
        edge,
        job.counted,
      );
    case 'scenario':
      return runScenario(known, drawScenario(known, preset, seed, chaosUs, mutants), edge, job.redo);
    case 'waits': {
      const { aim, quota } = job;
      const tape = drawWaits(known, preset, seed, chaosUs, aim);
      if (tape === null) throw new Error(`no run is aimed at ${aim}`);
      const everyUs = Math.max(20_000, Math.trunc(chaosUs / 100));
      return judgeWaits(known, tape, { until: chaosUs, everyUs, quota }, edge);
    }
  }
}
