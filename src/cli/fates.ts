// `sim fates`: every fate of writes that no sync has covered, in the small worlds of each stack. A finding prints its moment,
// what survived, the first rule that it breaks, and with --save a tape that runs it again.

import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { readMutants } from '../sim/checks/mutants.ts';
import { allFates, type FateReport, type Met } from '../sim/fates/try-fates.ts';
import { stackChecks } from '../stacks/checks.ts';
import { fateTables, fateWorlds, findFateWorld } from '../stacks/fate-worlds.ts';
import { rules } from '../stacks/rules.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { FateFound, FatesAnswer } from './jobs/answers.ts';
import { askAll, type JobPool } from './jobs/pool.ts';
import type { SeedJob } from './jobs/seed-job.ts';
import { openPool, type PoolOptions } from './open-pool.ts';

type Choice = SeedJob<'fates'>['choice'];

export interface FateOptions extends PoolOptions {
  readonly world?: string | undefined;
  readonly quota?: string | undefined;
  readonly part?: string | undefined;
  readonly shard?: string | undefined;
  readonly broken?: string | undefined;
  readonly first?: boolean | undefined;
  readonly workers?: string | undefined;
  readonly save?: string | undefined;
  /** Prints the worlds' tapes and runs nothing. */
  readonly tape?: boolean | undefined;
}

function choiceOf({
  quota = String(allFates.moments),
  part,
  shard = '1/1',
  broken,
  first = false,
}: FateOptions): Choice | string {
  const share = /^(\d+)\/(\d+)$/.exec(shard);
  const [index, count] = [Number(share?.[1]), Number(share?.[2])];
  if (!(index >= 1 && index <= count)) return `--shard ${shard} is not I/N`;
  if (!(Number(quota) >= 1)) return `--quota ${quota} is not a number above 0`;
  const planted = readMutants(stackChecks, broken?.split(',') ?? []);
  if (!planted.ok) return planted.error;
  return {
    moments: Number(quota),
    ...(part !== undefined && { part }),
    shard: { index: index - 1, count },
    mutants: planted.mutants,
    endsAtFirst: first,
  };
}

export async function runFates(options: FateOptions): Promise<ExitCode> {
  const choice = choiceOf(options);
  const names = fateWorlds.map(({ name }) => name);
  const wanted = options.world?.split(',') ?? names;
  const unknown = wanted.find((name) => !names.includes(name));
  if (typeof choice === 'string' || unknown !== undefined) {
    console.error(
      typeof choice === 'string' ? choice : `unknown world ${unknown}; known: ${names.join(', ')}`,
    );
    return exitCodes.usage;
  }
  if (options.tape === true) {
    for (const name of wanted) console.log(findFateWorld(name)?.tape);
    return exitCodes.ok;
  }
  const lanes = Math.max(1, Math.min(wanted.length, Number(options.workers ?? availableParallelism())));
  const pool = await openPool(options, { command: 'fates', lanes });
  let tried: { readonly reports: readonly FatesAnswer[]; readonly aside: number };
  try {
    tried = await tryWorlds(pool, wanted, choice, options.save);
  } finally {
    await pool.close();
  }
  const { reports, aside } = tried;
  const met = totalMet(reports);
  console.log('\n| activity: kind of key | lost | kept |\n|---|---|---|');
  for (const [name, { lost, kept }] of [...met].sort(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`| ${name} | ${lost} | ${kept} |`);
  const isWhole =
    options.world === undefined &&
    choice.part === undefined &&
    choice.mutants.length === 0 &&
    choice.shard.count === 1;
  const missing = isWhole ? notMet(met) : [];
  if (missing.length > 0) console.log(`VACUOUS: never lost, or never kept: ${missing.join(', ')}`);
  if (missing.length + aside > 0) return exitCodes.harness;
  return reports.some(({ findings }) => findings.length > 0) ? exitCodes.violation : exitCodes.ok;
}

/** Each world whole, or in the pool's shares if all of its moments are asked for. */
async function tryWorlds(
  pool: JobPool,
  wanted: readonly string[],
  choice: Choice,
  save: string | undefined,
): Promise<{ readonly reports: readonly FatesAnswer[]; readonly aside: number }> {
  const isCut = choice.shard.count === 1 && choice.endsAtFirst !== true;
  const shares = isCut ? pool.shares : 1;
  const jobs = wanted.flatMap((world) =>
    Array.from({ length: shares }, (_, index): SeedJob<'fates'> => {
      const shard = shares === 1 ? choice.shard : { index, count: shares };
      return { kind: 'fates', world, choice: { ...choice, shard } };
    }),
  );
  pool.expect(jobs.length);
  const startedAt = new Map<string, number>();
  const answers = new Map<string, FatesAnswer[]>(wanted.map((world) => [world, []]));
  const reports: FatesAnswer[] = [];
  const next = (): SeedJob<'fates'> | undefined => {
    const job = jobs.shift();
    if (job !== undefined && !startedAt.has(job.world)) startedAt.set(job.world, performance.now());
    return job;
  };
  const aside = await askAll<'fates'>(pool, next, ({ world }, answer) => {
    const of = answers.get(world) ?? [];
    of.push(answer);
    if (of.length < shares) return;
    const report = addUp(world, of);
    reports.push(report);
    const seconds = ((performance.now() - (startedAt.get(world) ?? 0)) / 1000).toFixed(1);
    const { moments, chosen, tried, findings } = report;
    console.log(
      `${world}: ${tried} fates of ${chosen} moments of ${moments}, ${findings.length} findings, ${seconds} s`,
    );
    for (const finding of findings) explain(finding, world, save);
  });
  return { reports, aside };
}

/** The shares of one world; `moments` is said of the whole in each. */
function addUp(world: string, shares: readonly FatesAnswer[]): FatesAnswer {
  const sum = (of: 'chosen' | 'tried'): number => shares.reduce((all, one) => all + one[of], 0);
  return {
    world,
    moments: Math.max(...shares.map(({ moments }) => moments)),
    chosen: sum('chosen'),
    tried: sum('tried'),
    met: [...totalMet(shares)],
    findings: shares.flatMap(({ findings }) => findings),
  };
}

export function totalMet(
  reports: readonly (Pick<FateReport, 'met'> | Pick<FatesAnswer, 'met'>)[],
): Map<string, Met> {
  const total = new Map<string, Met>();
  for (const { met } of reports)
    for (const [name, { lost, kept }] of met) {
      const before = total.get(name) ?? { lost: 0, kept: 0 };
      total.set(name, { lost: before.lost + lost, kept: before.kept + kept });
    }
  return total;
}

/** What the stacks ask for and no fate had. */
export const notMet = (met: ReadonlyMap<string, Met>): string[] =>
  fateTables
    .flatMap(({ mustMeet }) => mustMeet)
    .filter((name) => {
      const { lost, kept } = met.get(name) ?? { lost: 0, kept: 0 };
      return lost === 0 || kept === 0;
    });

function explain({ moment, fate, violation, tape }: FateFound, world: string, save?: string): void {
  const { node, at, writes } = moment;
  const { rule, message } = violation;
  console.log(`  ${node} at ${at / 1000} ms, ${fate.name} of ${writes.length} writes survives:`);
  console.log(
    `    ${rule} (${rules[rule].ids.join(', ')}) at ${violation.at / 1000} ms on ${violation.node}: ${message}`,
  );
  const shown = writes.map(
    ({ key, kind, activity }, i) => `${fate.kept[i] === true ? '+' : '-'} ${activity}: ${kind} ${key}`,
  );
  for (const line of shown.slice(0, 24)) console.log(`      ${line}`);
  if (save === undefined) return;
  mkdirSync(save, { recursive: true });
  const path = join(save, `${world}-${node}-${at}-${fate.name}.tape`.replaceAll(' ', '-'));
  writeFileSync(path, tape);
  console.log(`    tape ${path}`);
}
