// Reports of shards are put together as if one process had run them.

import { expect, test } from 'vitest';
import { makeExercise } from '../sim/sweep/exercise.ts';
import type { Verdict } from '../sim/sweep/run-scenario.ts';
import { mergeReports, readReport } from './merge.ts';
import { type SweepReport, summarise } from './sweep-report.ts';

const verdictOf = (seed: number, hash = `h${seed}`): Verdict => ({
  seed,
  outcome: 'PASS',
  violation: null,
  error: null,
  exercise: { ...makeExercise(), commits: seed },
  hash,
});

function reportOf(
  verdicts: readonly Verdict[],
  options: Record<string, unknown> = {},
  machine = 'a',
): SweepReport {
  const machines = [{ machine, node: 'v20.0.0', jobs: verdicts.length, cpuSeconds: 2 }];
  return {
    options: { preset: 'cynosdb', seconds: '5', seeds: '1..9', ...options },
    run: { build: 'b', engine: '1', machines },
    summary: summarise(verdicts, 7),
    verdicts,
  };
}

/** As it is read from a file. */
function read(report: SweepReport) {
  const found = readReport(JSON.stringify(report));
  if (typeof found === 'string') throw new Error(found);
  return found;
}

test('shards give the verdicts and sums of one process', () => {
  const whole = reportOf([1, 2, 3, 4].map((seed) => verdictOf(seed)));
  const shards = [
    reportOf(
      [2, 4].map((seed) => verdictOf(seed)),
      { shard: '1/2' },
    ),
    reportOf(
      [1, 3].map((seed) => verdictOf(seed)),
      { shard: '2/2' },
      'b',
    ),
  ];
  const merged = mergeReports(shards.map(read));
  if (typeof merged === 'string') throw new Error(merged);
  expect(merged.report.verdicts).toEqual(whole.verdicts);
  expect(merged.report.summary).toEqual(whole.summary);
  expect(merged.report.run.machines.map(({ machine }) => machine)).toEqual(['a', 'b']);
  expect(merged.conflicts).toEqual([]);
});

test('a seed that two reports have counts once; with another hash it is a finding of nondeterminism', () => {
  const same = mergeReports([reportOf([verdictOf(1)]), reportOf([verdictOf(1), verdictOf(2)])].map(read));
  expect(typeof same !== 'string' && [same.report.summary.seeds, same.conflicts.length]).toEqual([2, 0]);
  const other = mergeReports([reportOf([verdictOf(1)]), reportOf([verdictOf(1, 'other')])].map(read));
  expect(typeof other !== 'string' && other.conflicts).toEqual([
    'NONDETERMINISM: seed 1 is PASS h1 and PASS other',
  ]);
});

test.each([
  ['another preset', { preset: 'polardb' }],
  ['another time', { seconds: '6' }],
  ['a planted bug', { broken: 'store.ack-before-durable' }],
])('reports with %s are no shards of one sweep', (_, options) => {
  expect(typeof mergeReports([reportOf([]), reportOf([], options)].map(read))).toBe('string');
});

test('a report with a verdict that is none is refused', () => {
  const damaged = JSON.stringify(reportOf([verdictOf(1)])).replace('"PASS"', '"WELL"');
  expect(readReport(damaged)).toContain('verdicts.0');
  expect(typeof readReport('{')).toBe('string');
});
