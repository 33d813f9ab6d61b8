// `sim fuzz`: mutated bytes for every decoder, made of what a short run of a cluster has sent and stored.

import type { Time } from '../base/ids.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { type FuzzReport, runFuzz } from '../sim/fuzz/run-fuzz.ts';
import { type FuzzCorpus, makeTargets } from '../sim/fuzz/targets.ts';
import { programOf } from '../sim/programs.ts';
import { freshTape, setupRun } from '../sim/run-setup.ts';
import { makeWorld, runWorld } from '../sim/world.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** Virtual µs of the run, and frames kept of each kind of length. */
const RUN_US = 150_000;
const FRAMES = 3000;

export async function makeCorpus(): Promise<FuzzCorpus> {
  const tape = freshTape('cynosdb', 11);
  if ('error' in tape) throw new Error(tape.error);
  const made = setupRun(tape);
  if (!made.ok) throw new Error(made.error);
  const frames: Uint8Array[] = [];
  const { spec } = made.setup;
  const cluster = programOf('cynosdb');
  const program: typeof cluster = {
    ...cluster,
    encodeMessage: (message, traceId) => {
      const bytes = cluster.encodeMessage(message, traceId);
      if (frames.length < FRAMES || bytes.length % 7 === 0) frames.push(bytes);
      return bytes;
    },
  };
  const world = makeWorld<unknown, unknown>(spec);
  runWorld(world, { program, edge: await loadSqlEdge() }, { until: RUN_US as Time });
  const disk = [...world.runners.values()].flatMap((runner) =>
    [...runner.disk.durable].map(([key, bytes]) => ({ key, bytes })),
  );
  return { frames, disk };
}

export async function fuzz(options: {
  readonly inputs?: string | undefined;
  readonly seed?: string | undefined;
}): Promise<ExitCode> {
  const inputs = Number(options.inputs ?? '1000000');
  const seed = Number(options.seed ?? '1');
  if (!(inputs > 0) || !Number.isSafeInteger(seed)) {
    console.error('--inputs and --seed are whole numbers');
    return exitCodes.usage;
  }
  const report = runFuzz(makeTargets(await makeCorpus()), inputs, seed);
  printReport(report);
  return report.faults.length > 0 ? exitCodes.violation : exitCodes.ok;
}

function printReport({ counts, faults }: FuzzReport): void {
  for (const [name, { inputs, refused, taken, resealed }] of counts)
    console.log(`${name}: ${inputs} inputs, ${resealed} sealed again, ${refused} refused, ${taken} taken`);
  for (const { target, what, input, bytes } of faults)
    console.log(
      `FAULT ${target}, input ${input}: ${what}\n  ${Buffer.from(bytes).toString('hex').slice(0, 400)}`,
    );
  console.log(`${faults.length} faults`);
}
