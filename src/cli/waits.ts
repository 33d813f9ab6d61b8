// `sim waits`: what the screen says of waits, tried on clones in states of swept runs (run-model/waits/judge-waits.ts): a table by
// kind of what was right, and each finding that was not. Parts of a long run add their counts in one file.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { WaitFinding } from '../run-model/waits/judge-waits.ts';
import { aimsOf } from '../sim/sweep/draw-waits.ts';
import { known } from '../stacks/known.ts';
import { presetNames } from '../stacks/preset-names.ts';
import { findPreset } from '../stacks/presets.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { askAll } from './jobs/pool.ts';
import type { SeedJob } from './jobs/seed-job.ts';
import { openPool, type PoolOptions } from './open-pool.ts';

export interface WaitsOptions extends PoolOptions {
  readonly preset: string;
  readonly seeds?: string | undefined;
  readonly seconds?: string | undefined;
  readonly quota?: string | undefined;
  readonly aim?: string | undefined;
  readonly workers?: string | undefined;
  readonly json?: string | undefined;
}

/** Share of the states of a kind, and of all, that have to be right. */
const LEAST_OF_KIND = 0.95;
const LEAST_OF_ALL = 0.99;

/** By kind, blocked or not, and outcome: how many states. */
type Counts = Record<string, Partial<Record<WaitFinding['outcome'], number>>>;

export async function runWaits(options: WaitsOptions): Promise<ExitCode> {
  const range = /^(\d+)\.\.(\d+)$/.exec(options.seeds ?? '1..20');
  const chaosUs = Number(options.seconds ?? '2') * 1_000_000;
  const quota = Number(options.quota ?? '10');
  const aim = options.aim ?? null;
  const preset = findPreset(options.preset);
  const aims = preset === null ? [] : aimsOf(known, preset);
  const isAimed = aim === null || aims.includes(aim);
  if (range === null || !(chaosUs > 0) || !(quota > 0) || preset === null || !isAimed) {
    console.error(
      `--seeds A..B, --seconds S, --quota N; --aim: ${aims.join(', ')}; presets: ${presetNames.join(', ')}`,
    );
    return exitCodes.usage;
  }
  const [first, last] = [Number(range[1]), Number(range[2])];
  const counts: Counts = options.json === undefined ? {} : readCounts(options.json);
  const workers = Math.max(1, Math.min(last - first + 1, Number(options.workers ?? availableParallelism())));
  const pool = await openPool(options, { command: 'waits', lanes: workers });
  let aside = 0;
  let next = first;
  const job = (): SeedJob<'waits'> | undefined =>
    next <= last
      ? { kind: 'waits', preset: preset.name, seed: next++, chaosUs, mutants: [], aim, quota }
      : undefined;
  try {
    pool.expect(last - first + 1);
    aside = await askAll<'waits'>(pool, job, ({ seed }, findings) => {
      for (const finding of findings) {
        count(counts, finding);
        if (finding.outcome !== 'right') console.log(describeFinding(seed, finding));
      }
    });
  } finally {
    await pool.close();
  }
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(counts, null, 1)}\n`);
  const code = printTable(counts);
  return aside > 0 ? exitCodes.harness : code;
}

function readCounts(path: string): Counts {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

function count(counts: Counts, { wait: { kind, isBlocked }, outcome }: WaitFinding): void {
  const slot = `${kind} ${isBlocked ? 'blocked' : 'free'}`;
  const of = counts[slot] ?? {};
  counts[slot] = of;
  of[outcome] = (of[outcome] ?? 0) + 1;
}

function printTable(counts: Counts): ExitCode {
  let all = 0;
  let right = 0;
  let isBelow = false;
  console.log('\n| kind | states | right | not |\n|---|---|---|---|');
  for (const [slot, of] of Object.entries(counts).sort(([a], [b]) => a.localeCompare(b))) {
    const total = Object.values(of).reduce((sum, states) => sum + states, 0);
    const good = of.right ?? 0;
    all += total;
    right += good;
    isBelow ||= good < LEAST_OF_KIND * total;
    const wrong = Object.entries(of)
      .filter(([outcome]) => outcome !== 'right')
      .map(([outcome, states]) => `${outcome} ${states}`);
    console.log(`| ${slot} | ${total} | ${((100 * good) / total).toFixed(1)} % | ${wrong.join(', ')} |`);
  }
  console.log(`\n${right} of ${all} states right`);
  return isBelow || right < LEAST_OF_ALL * all ? exitCodes.violation : exitCodes.ok;
}

function describeFinding(seed: number, { at, wait, outcome, tookUs }: WaitFinding): string {
  const causes = wait.obstacles.map(
    ({ kind, nodes, of, stops }) =>
      `${kind} ${nodes.join('–')}${of === '' ? '' : ` ${of}`}${stops ? '' : ' (slows)'}`,
  );
  return `seed ${seed} at ${at} µs: ${outcome} after ${tookUs} µs: ${wait.key} step ${wait.step} ${wait.have}/${wait.need} since ${wait.sinceUs}: ${causes.join(', ') || 'nothing named'}`;
}
