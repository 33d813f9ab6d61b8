// The verdict on a tape that was handed in: its actions are played on the assignment's cluster under the assignment's seed, and the goals
// are evaluated after every step. Headless and in a browser the same.

import type { Time } from '../../base/ids.ts';
import { readCondition } from '../../run-model/facts/condition.ts';
import { waitingFault } from '../../run-model/facts/waiting-fault.ts';
import { lookOn, makeWatch, type Watch } from '../../run-model/facts/watch.ts';
import { listedTotal, type Recorder } from '../../run-model/recorder/recorder.ts';
import { beginSettling, playOn, settled } from '../../run-model/settle.ts';
import { hostActions } from '../../sim/actions/host.ts';
import type { Edge } from '../../sim/fabric-state.ts';
import type { Known } from '../../sim/known.ts';
import type { Tape } from '../../sim/tape.ts';
import type { TapeAction } from '../../sim/tape-actions.ts';
import { parseTape } from '../../sim/tape-parse.ts';
import { printAction, printLine, printTape } from '../../sim/tape-print.ts';
import { type Assignment, type Goal, seedOf, startOf } from './assignment.ts';

/** Inputs of nodes that a run takes at most: some minutes of processor time. */
const MOST_INPUTS = 3_000_000;

export interface GoalOutcome {
  readonly id: string;
  readonly isMet: boolean;
  /** Virtual ms: once: when it came about; always: when it ended; null: neither. */
  readonly atMs: number | null;
}

export interface Judged {
  readonly passed: boolean;
  readonly seed: number;
  readonly goals: readonly GoalOutcome[];
  /** Rules of the protocol that were violated, each once. */
  readonly violations: readonly { readonly rule: string; readonly atMs: number }[];
  /** The student's, without what everybody begins with. */
  readonly actions: number;
  /** The actions in their order, without their times: who has the same has the same work. */
  readonly key: string;
  /** Why it fails beside its goals, or what is worth knowing. */
  readonly problems: readonly string[];
  readonly remarks: readonly string[];
  /** What decided: the goal that failed, else the last that was met. */
  readonly decidesMs: number;
  /** The run, with fixed times, to be opened in the lab. */
  readonly tape: string;
  /** Of the teacher's further seeds, those on which a goal is not met or a rule violated. */
  readonly failedSeeds: readonly number[];
}

/** A tape that was handed in; or why it is none. */
export type HandIn =
  | { readonly ok: true; readonly tape: Tape }
  | { readonly ok: false; readonly error: string };

/** Throws nothing that a tape may cause: what it is, is said. */
export function readHandIn(known: Known, { cluster, start }: Assignment, text: string): HandIn {
  const parsed = parseTape(known.tape, text);
  if (!parsed.ok)
    return { ok: false, error: `line ${parsed.line}, column ${parsed.column}: ${parsed.error}` };
  // Whatever the tape says of its own cluster, its actions and conditions are of the assignment's.
  const { actions, waiting = [] } = parsed.tape;
  const own = { ...parsed.tape, header: { ...parsed.tape.header, own: cluster } };
  const fault = waitingFault(known, own);
  if (fault !== null)
    return { ok: false, error: `line ${fault.line}, column ${fault.column}: ${fault.error}` };
  const all = [...actions, ...waiting.map(({ action }) => action)].sort((a, b) => a.at - b.at);
  const here = parseTape(known.tape, printTape(known.tape, { ...start, actions: all }));
  return here.ok ? parsed : { ok: false, error: `on the assignment’s cluster: ${here.error}` };
}

/** `name`: of what was handed in, from which a seed may be drawn. */
export function judge(known: Known, edge: Edge, assignment: Assignment, name: string, given: Tape): Judged {
  const seed = seedOf(assignment, name);
  const own = ownActions(known, assignment, given);
  const problems: string[] = [];
  // The lab writes a power cut where its page was closed or reloaded: it is replayed, and counts as nobody's action.
  const chosen = own.actions.filter(({ kind }) => !(kind in hostActions));
  const used = [...chosen, ...own.waiting.map(({ action }) => action)];
  const { allowed, actions: most } = assignment;
  for (const kind of new Set(used.map((action) => action.kind)))
    if (allowed !== undefined && !allowed.includes(kind)) problems.push(`${kind} is not allowed`);
  if (most !== undefined && used.length > most)
    problems.push(`${used.length} actions, at most ${most} are allowed`);
  const run = play(known, edge, assignment, seed, own);
  problems.push(...run.problems);
  const failedSeeds = (assignment.seeds ?? []).filter(
    (other) => !isGood(assignment, play(known, edge, assignment, other, own)),
  );
  if (failedSeeds.length > 0) problems.push(`not on seed ${failedSeeds.join(', ')}`);
  return {
    passed: problems.length === 0 && isGood(assignment, run),
    seed,
    goals: run.goals,
    violations: run.violations,
    actions: used.length,
    key: [
      ...chosen.map((action) => printAction(known.tape, action)),
      ...own.waiting.map(({ condition, action }) => `when ${condition} ${printAction(known.tape, action)}`),
    ].join('\n'),
    problems,
    remarks: remarksOn(assignment, given, seed),
    decidesMs: decidesAt(assignment, run),
    tape: run.tape,
    failedSeeds,
  };
}

type Own = Required<Pick<Tape, 'actions' | 'waiting'>>;

/** Without what everybody begins with, which a tape that was saved in the lab has as well. */
function ownActions(known: Known, { start }: Assignment, { actions, waiting = [] }: Tape): Own {
  const begun = new Map<string, number>();
  const lineOf = (action: TapeAction): string => printLine(known.tape, action);
  for (const action of start.actions) begun.set(lineOf(action), (begun.get(lineOf(action)) ?? 0) + 1);
  const own = actions.filter((action) => {
    const left = begun.get(lineOf(action)) ?? 0;
    if (left > 0) begun.set(lineOf(action), left - 1);
    return left === 0;
  });
  return { actions: own, waiting };
}

interface Played extends Pick<Judged, 'goals' | 'violations' | 'problems' | 'tape'> {
  readonly endMs: number;
}

interface Watched {
  readonly goal: Goal;
  readonly watch: Watch;
  isSo: boolean;
  /** When it was first so; of one that has to be so always, when it was first not. */
  at: Time | null;
}

function play(known: Known, edge: Edge, assignment: Assignment, seed: number, own: Own): Played {
  const start = startOf(assignment, seed);
  const actions = [...start.actions, ...own.actions].sort((a, b) => a.at - b.at);
  const settling = beginSettling(known, edge, { ...start, actions, waiting: own.waiting });
  const { recorder, world } = settling.run;
  const goals = assignment.goals.map((goal) => watchGoal(known, assignment, goal, recorder));
  const until = Math.round(assignment.untilMs * 1000) as Time;
  let seen = 0;
  playOn(
    known,
    settling,
    () => until,
    () => {
      const events = recorder.listed.slice(Math.max(0, seen - recorder.firstIndex));
      seen = listedTotal(recorder);
      for (const one of goals) {
        one.isSo = lookOn(one.watch, events, recorder, world.fabric.now);
        if (one.isSo !== (one.goal.holds === 'always')) one.at ??= world.fabric.now;
      }
      return world.events >= MOST_INPUTS;
    },
  );
  const { tape, undone } = settled(settling);
  const isCut = world.events >= MOST_INPUTS;
  const first = new Map<string, number>();
  for (const { rule, at } of recorder.monitors.violations) if (!first.has(rule)) first.set(rule, at / 1000);
  return {
    goals: goals.map((one) => outcomeOf(one, isCut)),
    violations: [...first].map(([rule, atMs]) => ({ rule, atMs })),
    problems: [
      ...(isCut ? [`the run was ended after ${MOST_INPUTS} inputs, at ${world.fabric.now / 1000} ms`] : []),
      ...undone.map((line) => `line ${line}: its condition has not come about`),
    ],
    tape: printTape(known.tape, { ...tape, header: { ...tape.header, end: { at: until, hash: null } } }),
    endMs: assignment.untilMs,
  };
}

function watchGoal(known: Known, { cluster }: Assignment, goal: Goal, recorder: Recorder): Watched {
  const read = readCondition(known, goal.condition, cluster.cluster, []);
  if (!read.ok) throw new Error(read.error);
  return { goal, watch: makeWatch(known, read.value, recorder), isSo: false, at: null };
}

function outcomeOf({ goal: { id, holds }, isSo, at }: Watched, isCut: boolean): GoalOutcome {
  const isMet = holds === 'once' ? at !== null : !isCut && (holds === 'end' ? isSo : at === null);
  return { id, isMet, atMs: holds === 'end' || at === null ? null : at / 1000 };
}

const isGood = ({ mayBreak = false }: Assignment, { goals, violations }: Played): boolean =>
  goals.every(({ isMet }) => isMet) && (mayBreak || violations.length === 0);

/** A tape's own word on its cluster and seed decides nothing; that it has another is worth knowing. */
function remarksOn({ cluster, start }: Assignment, { header }: Tape, seed: number): readonly string[] {
  return [
    ...(header.preset === cluster.name ? [] : [`made on the cluster ${header.preset}`]),
    ...(header.seed === seed ? [] : [`made under seed ${header.seed}`]),
    ...(header.engine === start.header.engine ? [] : [`made by engine ${header.engine}`]),
  ];
}

function decidesAt({ mayBreak = false }: Assignment, { goals, violations, endMs }: Played): number {
  const [broken] = mayBreak ? [] : violations;
  if (broken !== undefined) return broken.atMs;
  const failed = goals.find(({ isMet }) => !isMet);
  if (failed !== undefined) return failed.atMs ?? endMs;
  const times = goals.flatMap(({ atMs }) => (atMs === null ? [] : [atMs]));
  return times.length === goals.length ? Math.max(...times) : endMs;
}
