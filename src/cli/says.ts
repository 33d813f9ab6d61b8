// `sim says`: what captions claim in swept runs, dense ones or those of a tape, held against the run (says-run.ts): a table by kind,
// and each claim that was false with its seed and moment.

import { readFileSync } from 'node:fs';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { drawDense } from '../sim/sweep/draw-dense.ts';
import type { Tape } from '../sim/tape.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { known } from '../stacks/known.ts';
import { findPreset, presetNames } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { lies } from './lying-captions.ts';
import { runSays, type SaysCount, type SaysRun } from './says-run.ts';

export interface SaysOptions {
  readonly preset: string;
  readonly seeds?: string | undefined;
  readonly seconds?: string | undefined;
  readonly tape?: string | undefined;
}

/** Share of the claims that are to be judged, and kinds that need not be. */
const LEAST_JUDGED = 0.95;
const KINDS_UNJUDGED = 5;
/** Findings printed of a run. */
const MOST_PRINTED = 10;

export async function runSaysCommand(options: SaysOptions): Promise<ExitCode> {
  const range = /^(\d+)\.\.(\d+)$/.exec(options.seeds ?? '1..3');
  const chaosUs = Number(options.seconds ?? '2') * 1_000_000;
  const preset = findPreset(options.preset);
  if (range === null || !(chaosUs > 0) || preset === null) {
    console.error(`--seeds A..B, --seconds S, --tape FILE; presets: ${presetNames.join(', ')}`);
    return exitCodes.usage;
  }
  const edge = await loadSqlEdge();
  if (options.tape !== undefined) {
    const parsed = parseTape(tapes, readFileSync(options.tape, 'utf8'));
    if (!parsed.ok) {
      console.error(`${options.tape}:${parsed.line}: ${parsed.error}`);
      return exitCodes.usage;
    }
    return report([play(options.tape, parsed.tape, parsed.tape.header.end?.at ?? chaosUs, edge)]);
  }
  const runs: SaysRun[] = [];
  for (let seed = Number(range[1]); seed <= Number(range[2]); seed++)
    runs.push(play(`seed ${seed}`, drawDense(known, preset, seed, chaosUs, []), chaosUs, edge));
  return report(runs);
}

function play(name: string, tape: Tape, until: number, edge: Edge): SaysRun {
  const run = runSays(tape, until, edge);
  for (const { at, claim } of run.wrong.slice(0, MOST_PRINTED))
    console.log(`${name} at ${at} µs: false: ${JSON.stringify(claim)}`);
  return run;
}

function report(runs: readonly SaysRun[]): ExitCode {
  const slots = new Map<string, SaysCount>();
  for (const [slot, count] of runs.flatMap((run) => [...run.counts])) {
    const of = slots.get(slot) ?? { said: 0, judged: 0, wrong: 0 };
    slots.set(slot, of);
    of.said += count.said;
    of.judged += count.judged;
    of.wrong += count.wrong;
  }
  console.log('\n| kind | said | judged | false |\n|---|---|---|---|');
  for (const [slot, of] of [...slots].sort(([a], [b]) => a.localeCompare(b)))
    console.log(`| ${slot} | ${of.said} | ${of.judged} | ${of.wrong} |`);
  console.log('\n| lying caption | shown | caught |\n|---|---|---|');
  for (const { id, says } of lies) {
    const counts = runs.flatMap((run) => run.lies.get(id) ?? []);
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
