// One core of `sim sweep`, `sim mutants`, `sim waits`, `sim says`, `sim fates`, `sim fuzz` and `sim worker`: runs the jobs it is
// sent, one after the other.

import { parentPort } from 'node:worker_threads';
import { present } from '../base/assert.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { loadLesson } from '../lessons/load-lesson.ts';
import { runScript } from '../lessons/script.ts';
import type { Preset } from '../presets/preset.ts';
import { judgeWaits } from '../run-model/waits/judge-waits.ts';
import { clusterSaid } from '../sim/cluster-said.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { tryFates } from '../sim/fates/try-fates.ts';
import { drawDense } from '../sim/sweep/draw-dense.ts';
import { drawScenario } from '../sim/sweep/draw-scenario.ts';
import { drawWaits } from '../sim/sweep/draw-waits.ts';
import { runDense } from '../sim/sweep/run-dense.ts';
import { runScenario } from '../sim/sweep/run-scenario.ts';
import { findFateWorld } from '../stacks/fate-worlds.ts';
import { known } from '../stacks/known.ts';
import { mutants as plantedBugs } from '../stacks/mutants.ts';
import { type Answer, fatesAnswer, saysAnswer } from './jobs/answers.ts';
import type { SeedJob } from './jobs/seed-job.ts';

const loading = loadSqlEdge();

parentPort?.on('message', async (job: SeedJob) => {
  parentPort?.postMessage(await answerTo(job, await loading));
});

async function answerTo(job: SeedJob, edge: Edge): Promise<Answer> {
  switch (job.kind) {
    case 'dense':
    case 'scenario':
    case 'waits':
      return verdictOf(job, edge);
    case 'fates': {
      const { part, endsAtFirst = false, ...choice } = job.choice;
      const world = present(findFateWorld(job.world), job.world);
      return fatesAnswer(tryFates(known, world, { ...choice, part, endsAtFirst }, edge));
    }
    case 'mutantTape': {
      // What few jobs need is loaded when one does.
      const { runMutantTape } = await import('./pcs-fixture.ts');
      const { tape } = present(
        plantedBugs.find(({ name }) => name === job.mutant),
        job.mutant,
      );
      const { monitors } = await runMutantTape(present(tape, `tape of ${job.mutant}`), job.mutant);
      return { violation: monitors.violations[0] ?? null, error: null };
    }
    case 'says': {
      const { runSays } = await import('./says-run.ts');
      const tape = drawWaits(known, presetNamed(job.preset), job.seed, job.chaosUs, job.aim);
      return saysAnswer(runSays(present(tape, `aim ${job.aim}`), job.chaosUs, edge, job.quota));
    }
    case 'saysTape': {
      const { saysOfTape } = await import('./says-run.ts');
      return saysAnswer(saysOfTape(job.tape, job.until, edge, job.quota));
    }
    case 'saysLesson': {
      const { saysOfTape } = await import('./says-run.ts');
      const lesson = await loadLesson(job.lesson);
      if ('error' in lesson) throw new Error(lesson.error);
      const { tape, endUs } = runScript(lesson, edge);
      return saysAnswer(saysOfTape(tape, endUs, edge, job.quota));
    }
    case 'flips':
    case 'fuzz': {
      const { answerFlips, answerFuzz } = await import('./fuzz-corpus.ts');
      return job.kind === 'flips' ? answerFlips(edge) : answerFuzz(job.inputs, job.seed, edge);
    }
    case 'item':
      throw new Error('an item of npm run deep is a process of its own');
  }
}

function presetNamed(said: string): Preset {
  const preset = clusterSaid(known.presets, said);
  if ('error' in preset) throw new Error(preset.error);
  return preset;
}

function verdictOf(job: SeedJob<'dense' | 'scenario' | 'waits'>, edge: Edge): Answer {
  const preset = presetNamed(job.preset);
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
