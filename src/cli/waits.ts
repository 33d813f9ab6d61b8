// `sim waits`: what the screen says of waits, tried on clones in states of swept runs (sim/sweep/judge-waits.ts): a table by
// kind of what was right, and each finding that was not.

import { loadSqlEdge } from '../edge/sql-edge.ts';
import { findPreset, presetNames } from '../sim/presets.ts';
import { drawDense } from '../sim/sweep/draw-dense.ts';
import { judgeWaits, type WaitFinding } from '../sim/sweep/judge-waits.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export interface WaitsOptions {
  readonly preset: string;
  readonly seeds?: string | undefined;
  readonly seconds?: string | undefined;
  readonly quota?: string | undefined;
}

/** Share of the states of a kind, and of all, that have to be right. */
const LEAST_OF_KIND = 0.95;
const LEAST_OF_ALL = 0.99;

export async function runWaits(options: WaitsOptions): Promise<ExitCode> {
  const range = /^(\d+)\.\.(\d+)$/.exec(options.seeds ?? '1..20');
  const chaosUs = Number(options.seconds ?? '20') * 1_000_000;
  const quota = Number(options.quota ?? '10');
  const preset = findPreset(options.preset);
  if (range === null || !(chaosUs > 0) || !(quota > 0) || preset === null) {
    console.error(`--seeds A..B, --seconds S, --quota N; presets: ${presetNames.join(', ')}`);
    return exitCodes.usage;
  }
  const edge = await loadSqlEdge();
  const counts = new Map<string, Map<WaitFinding['outcome'], number>>();
  for (let seed = Number(range[1]); seed <= Number(range[2]); seed++) {
    const tape = drawDense(preset, seed, chaosUs, []);
    const everyUs = Math.max(20_000, Math.trunc(chaosUs / 100));
    for (const finding of judgeWaits(tape, { until: chaosUs, everyUs, quota }, edge)) {
      const { wait, outcome } = finding;
      const slot = `${wait.kind} ${wait.isBlocked ? 'blocked' : 'free'}`;
      const of = counts.get(slot) ?? new Map<WaitFinding['outcome'], number>();
      counts.set(slot, of);
      of.set(outcome, (of.get(outcome) ?? 0) + 1);
      if (outcome !== 'right') console.log(describeFinding(seed, finding));
    }
  }
  let all = 0;
  let right = 0;
  let isBelow = false;
  console.log('\n| kind | states | right | not |\n|---|---|---|---|');
  for (const [slot, of] of [...counts].sort(([a], [b]) => a.localeCompare(b))) {
    const total = [...of.values()].reduce((sum, count) => sum + count, 0);
    const good = of.get('right') ?? 0;
    all += total;
    right += good;
    isBelow ||= good < LEAST_OF_KIND * total;
    const wrong = [...of]
      .filter(([outcome]) => outcome !== 'right')
      .map(([outcome, count]) => `${outcome} ${count}`);
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
