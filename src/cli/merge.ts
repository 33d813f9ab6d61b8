// `sim merge`: reports of shards of one sweep put together, as if one process had run them.

import { existsSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { readMutants } from '../sim/checks/mutants.ts';
import type { Verdict } from '../sim/sweep/run-scenario.ts';
import { stackChecks } from '../stacks/checks.ts';
import { seedClusters } from './cluster-option.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { isVerdict } from './jobs/answers.ts';
import { issuesOf } from './jobs/seed-job.ts';
import { conclude, explain, type SweepReport, type Swept, summarise, writeReport } from './sweep-report.ts';

const text = v.string();
const count = v.pipe(v.number(), v.minValue(0));
/** What seeds have in common: reports that differ in one of these are not shards of one sweep. */
const asked = {
  preset: text,
  minutes: v.optional(text),
  seconds: v.optional(text),
  broken: v.optional(text),
  redo: v.optional(text),
};

const reportSchema = v.object({
  options: v.looseObject(asked),
  run: v.object({
    build: text,
    engine: text,
    machines: v.array(v.object({ machine: text, node: text, jobs: count, cpuSeconds: count })),
  }),
  summary: v.looseObject({ wallSeconds: count }),
  verdicts: v.array(v.custom<Verdict>(isVerdict, 'no verdict of this build')),
});
type Report = v.InferOutput<typeof reportSchema>;

export interface Merged {
  readonly report: SweepReport;
  /** Seeds that two reports have with different results. */
  readonly conflicts: readonly string[];
}

/** @returns what is wrong with the text, or the report in it */
export function readReport(source: string): Report | string {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), reportSchema), source);
  return read.success ? read.output : issuesOf(read.issues);
}

/**
 * A seed counts once. One that two reports have is held against itself: run twice, it must be the same.
 * @returns why they are no shards of one sweep, or the whole
 */
export function mergeReports(reports: readonly Report[]): Merged | string {
  const [first] = reports;
  if (first === undefined) return 'sim merge takes reports';
  const wordsOf = ({ options, run }: Report): string =>
    JSON.stringify([run.build, run.engine, ...Object.keys(asked).map((name) => options[name] ?? null)]);
  if (reports.some((one) => wordsOf(one) !== wordsOf(first)))
    return 'they differ in build, preset, time, planted bugs or --redo';
  const bySeed = new Map<number, Verdict>();
  const conflicts: string[] = [];
  for (const verdict of reports.flatMap(({ verdicts }) => verdicts)) {
    const other = bySeed.get(verdict.seed);
    if (other === undefined) bySeed.set(verdict.seed, verdict);
    else if (other.hash !== verdict.hash || other.outcome !== verdict.outcome)
      conflicts.push(
        `NONDETERMINISM: seed ${verdict.seed} is ${other.outcome} ${other.hash} and ${verdict.outcome} ${verdict.hash}`,
      );
  }
  const verdicts = [...bySeed.values()].sort((a, b) => a.seed - b.seed);
  const wallSeconds = Math.max(...reports.map(({ summary }) => summary.wallSeconds));
  const run = { ...first.run, machines: reports.flatMap((one) => one.run.machines) };
  const options = Object.fromEntries(Object.keys(asked).map((name) => [name, first.options[name]]));
  return { report: { options, run, summary: summarise(verdicts, wallSeconds), verdicts }, conflicts };
}

/** Wall time of the whole is that of the longest shard. */
export function merge(paths: readonly string[], { json }: { readonly json?: string | undefined }): ExitCode {
  const reports: Report[] = [];
  for (const path of paths) {
    const report = existsSync(path) ? readReport(readFileSync(path, 'utf8')) : 'there is no such file';
    if (typeof report === 'string') {
      console.error(`${path}: ${report}`);
      return exitCodes.usage;
    }
    reports.push(report);
  }
  const merged = mergeReports(reports);
  const swept = reports[0] === undefined ? 'sim merge takes reports' : sweptOf(reports[0]);
  if (typeof merged === 'string' || typeof swept === 'string') {
    console.error(typeof merged === 'string' ? merged : swept);
    return exitCodes.usage;
  }
  const { report, conflicts } = merged;
  for (const verdict of report.verdicts) if (verdict.outcome !== 'PASS') explain(verdict, swept);
  for (const conflict of conflicts) console.log(conflict);
  if (json !== undefined) writeReport(json, report);
  const code = conclude(report.verdicts, report.summary, swept, 0);
  return conflicts.length > 0 ? exitCodes.harness : code;
}

function sweptOf({ options }: Report): Swept | string {
  const { seconds, minutes = '1', broken } = options;
  const clusters = seedClusters(options);
  const planted = readMutants(stackChecks, broken?.split(',') ?? []);
  if (!clusters.ok || !planted.ok) return 'their cluster or planted bugs are not known here';
  const chaosUs = Math.round((seconds === undefined ? Number(minutes) * 60 : Number(seconds)) * 1_000_000);
  return { clusters, chaosUs, mutants: planted.mutants, program: 'npm run sim --' };
}
