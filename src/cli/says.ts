// `sim says`: what is said in swept runs, dense ones, or those of tapes and lessons, held against the run (says-run.ts): a table by kind,
// and each claim that was false with its seed and moment.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { lessonEntries } from '../lessons/catalogue.ts';
import { aimsOf } from '../sim/sweep/draw-waits.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { known } from '../stacks/known.ts';
import { presetNames } from '../stacks/preset-names.ts';
import { findPreset } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { SaysAnswer } from './jobs/answers.ts';
import { askAll } from './jobs/pool.ts';
import { nameOf, type SeedJob } from './jobs/seed-job.ts';
import { lies } from './lying-captions.ts';
import type { OpenPool, PoolOptions } from './open-pool.ts';
import type { SaysCount } from './says-run.ts';

export interface SaysOptions extends PoolOptions {
  readonly preset: string;
  readonly seeds?: string | undefined;
  readonly seconds?: string | undefined;
  /** Files. */
  readonly tape?: readonly string[] | undefined;
  /** Ids, or `all`. */
  readonly lesson?: readonly string[] | undefined;
  readonly quota?: string | undefined;
  readonly aim?: string | undefined;
  readonly workers?: string | undefined;
  readonly json?: string | undefined;
}

const text = { type: 'string' } as const;
/** What the command line takes, beside the queue. */
export const SAYS_ARGUMENTS = {
  preset: { type: 'string', default: 'cynosdb' },
  seeds: text,
  seconds: text,
  tape: { type: 'string', multiple: true },
  lesson: { type: 'string', multiple: true },
  quota: text,
  aim: text,
  workers: text,
  json: text,
} as const;

/** Share of the claims that are to be judged, and kinds that need not be. */
const LEAST_JUDGED = 0.95;
const KINDS_UNJUDGED = 5;

/** What is judged, each by its name. */
type Source = SeedJob<'says'> | SeedJob<'saysTape'> | SeedJob<'saysLesson'>;

/** The seeds of a preset; or the tapes of files, or lessons. Null: it has said what is wrong. */
function sourcesOf(options: SaysOptions): readonly Source[] | null {
  const range = /^(\d+)\.\.(\d+)$/.exec(options.seeds ?? '1..3');
  const chaosUs = Number(options.seconds ?? '2') * 1_000_000;
  const preset = findPreset(options.preset);
  const quota = Number(options.quota ?? '0');
  const aim = options.aim ?? null;
  const aims = preset === null ? [] : aimsOf(known, preset);
  const isAimed = aim === null || aims.includes(aim);
  const ids = lessonEntries.map(({ id }) => id);
  const lessons = options.lesson?.flatMap((id) => (id === 'all' ? ids : [id])) ?? [];
  const areKnown = lessons.every((id) => ids.includes(id));
  if (range === null || !(chaosUs > 0) || !(quota >= 0) || preset === null || !isAimed || !areKnown) {
    console.error(
      `--seeds A..B, --seconds S, --tape FILE, --lesson ID or all, --quota N; --aim: ${aims.join(', ')}; presets: ${presetNames.join(', ')}; lessons: ${ids.join(', ')}`,
    );
    return null;
  }
  const sources: Source[] = [];
  for (const name of options.tape ?? []) {
    const tape = readFileSync(name, 'utf8');
    const parsed = parseTape(tapes, tape);
    if (!parsed.ok) {
      console.error(`${name}:${parsed.line}: ${parsed.error}`);
      return null;
    }
    sources.push({ kind: 'saysTape', name, tape, until: parsed.tape.header.end?.at ?? chaosUs, quota });
  }
  for (const lesson of lessons) sources.push({ kind: 'saysLesson', lesson, quota });
  if (sources.length > 0) return sources;
  const [first, last] = [Number(range[1]), Number(range[2])];
  for (let seed = first; seed <= last; seed++)
    sources.push({ kind: 'says', preset: preset.name, seed, chaosUs, aim, quota });
  return sources;
}

export async function runSaysCommand(options: SaysOptions, openPool: OpenPool): Promise<ExitCode> {
  const sources = sourcesOf(options);
  if (sources === null) return exitCodes.usage;
  const workers = Math.max(1, Math.min(sources.length, Number(options.workers ?? availableParallelism())));
  const pool = await openPool(options, { command: 'says', lanes: workers });
  const runs = new Map<Source, SaysAnswer>();
  let aside = 0;
  const left = [...sources];
  try {
    pool.expect(sources.length);
    aside = await askAll<Source['kind']>(
      pool,
      () => left.shift(),
      (of, run) => runs.set(of, run),
    );
  } finally {
    await pool.close();
  }
  const inOrder = sources.flatMap((of) => {
    const run = runs.get(of);
    return run === undefined ? [] : [[of, run] as const];
  });
  for (const [of, run] of inOrder) printFalse(nameOf(of), run);
  const code = report(
    inOrder.map(([, run]) => run),
    options.json,
  );
  return aside > 0 ? exitCodes.harness : code;
}

function printFalse(name: string, { shown }: SaysAnswer): void {
  for (const { at, claim } of shown) console.log(`${name} at ${at} µs: false: ${claim}`);
}

/** `json`: a file to whose counts those of these runs are added. */
function report(runs: readonly SaysAnswer[], json: string | undefined): ExitCode {
  const slots = new Map<string, SaysCount>(json === undefined ? [] : readCounts(json));
  for (const [slot, count] of runs.flatMap((run) => [...run.counts])) {
    const of = slots.get(slot) ?? { said: 0, judged: 0, wrong: 0 };
    slots.set(slot, of);
    of.said += count.said;
    of.judged += count.judged;
    of.wrong += count.wrong;
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(Object.fromEntries(slots), null, 1)}\n`);
  console.log('\n| kind | said | judged | false |\n|---|---|---|---|');
  for (const [slot, of] of [...slots].sort(([a], [b]) => a.localeCompare(b)))
    console.log(`| ${slot} | ${of.said} | ${of.judged} | ${of.wrong} |`);
  console.log('\n| lying caption | shown | caught |\n|---|---|---|');
  for (const { id, says } of lies) {
    const counts = runs.flatMap((run) => run.lies.filter(([one]) => one === id).map(([, of]) => of));
    const sum = (of: 'shown' | 'caught') => counts.reduce((all, one) => all + one[of], 0);
    console.log(`| ${id} ${says} | ${sum('shown')} | ${sum('caught')} |`);
  }
  const all = [...slots.values()];
  const said = all.reduce((sum, one) => sum + one.said, 0);
  const judged = all.reduce((sum, one) => sum + one.judged, 0);
  const wrong = all.reduce((sum, one) => sum + one.wrong, 0);
  const open = all.filter((one) => one.judged < one.said).length;
  console.log(`\n${said} claims, ${judged} judged, ${wrong} false; ${open} kinds not judged in full`);
  return wrong > 0 || judged < LEAST_JUDGED * said || open > KINDS_UNJUDGED
    ? exitCodes.violation
    : exitCodes.ok;
}

const readCounts = (path: string): [string, SaysCount][] =>
  existsSync(path) ? Object.entries(JSON.parse(readFileSync(path, 'utf8'))) : [];
