// Tapes of `cynosdb-pcs` for tests: a load, a seed, and what was done by whom, as the trace has it.

import type { Time } from '../base/ids.ts';
import type { TraceKind } from '../core/kernel/trace.ts';
import { finishMonitors } from '../sim/checks/monitors.ts';
import type { MutantTape } from '../sim/checks/mutants.ts';
import { known } from '../stacks/known.ts';
import { type AnsweredRun, runTapeText, type TapeRun } from './tape-fixture.ts';

const LOAD =
  '0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';

export interface PcsTape {
  readonly preset?: string;
  readonly seed?: number;
  readonly mutant?: string;
  readonly changes?: readonly string[];
}

export const pcsTape = (
  lines: readonly string[],
  { preset, seed, mutant, changes = [] }: PcsTape = {},
): string =>
  [
    'postdb-tape 1',
    'engine 0.4.0',
    `preset ${preset ?? 'cynosdb-pcs'}`,
    'profile demo',
    ...changes,
    `seed ${seed ?? 5}`,
    ...(mutant === undefined ? [] : [`broken ${mutant}`]),
    '',
    LOAD,
    ...lines,
  ].join('\n');

/** The tape of a planted bug, with it or without; it ends where `rule` is seen to be violated. */
export async function runMutantTape(
  { preset, changes, actions, untilMs, isRedone, isJudgedAtEnd }: MutantTape,
  mutant: string | null,
  rule?: string,
): Promise<AnsweredRun> {
  const run = await runTapeText(
    pcsTape(actions, { preset, changes, ...(mutant !== null && { mutant }) }),
    untilMs,
    ({ violations }) => violations.some((found) => found.rule === rule),
    isRedone ? 'dense' : undefined,
  );
  if (isJudgedAtEnd) finishMonitors(known.monitors, run.monitors, (untilMs * 1000) as Time);
  return run;
}

export const runPcs = (untilMs: number, lines: readonly string[], of: PcsTape = {}): Promise<TapeRun> =>
  runTapeText(pcsTape(lines, of), untilMs);

/** Commits that were acknowledged between two times. */
export const commitsBetween = ({ trace }: TapeRun, fromMs: number, toMs: number): number =>
  trace.filter(({ at, event }) => event.kind === 'commit.ack' && at >= fromMs * 1000 && at < toMs * 1000)
    .length;

/** Who was elected, in order. */
export const leadersOf = ({ trace }: TapeRun): string[] =>
  trace.flatMap(({ node, event }) => (event.kind === 'raft.leader' ? [node] : []));

/** The newest configuration that a leader had, as `voters|outgoing|learners`. */
export const membersOf = ({ trace }: TapeRun, from: string): string | null => {
  const last = trace.findLast(({ node, event }) => node === from && event.kind === 'raft.members');
  if (last?.event.kind !== 'raft.members') return null;
  const { voters, outgoing, learners } = last.event;
  return `${voters}|${outgoing}|${learners}`;
};

/** When an event of the kind was traced, in milliseconds. */
export const timesOf = ({ trace }: TapeRun, kind: TraceKind, node?: string): number[] =>
  trace.flatMap((one) =>
    one.event.kind === kind && (node === undefined || one.node === node) ? [one.at / 1000] : [],
  );
