// Another run takes the place of the one that is on: before an undo, of a twin that is made live, of a kept run. Its nodes
// stand as a keyframe of the live cluster has them, or as the replay worker made them. What their disks differ in is
// staged beside the disks (run-disks.ts), then one transaction makes it the lab's run, and only then do its nodes go on
// from there, in the workers that are up. Ended at any moment, the lab still has one of the two, whole: whoever opens a
// disk next finishes what was decided, or drops what was not.

import { present } from '../base/assert.ts';
import type { NodeId, Time } from '../base/ids.ts';
import { clonePlain } from '../base/plain.ts';
import { ENGINE } from '../sim/engine.ts';
import type { Fabric } from '../sim/fabric-state.ts';
import { cloneRecorder, type Recorder } from '../sim/recorder.ts';
import { type RunSetup, setupRun } from '../sim/run-setup.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { printLine, printTape } from '../sim/tape-print.ts';
import { known } from '../stacks/known.ts';
import { tapes } from '../stacks/tapes.ts';
import { settleWaiting } from './client-calls.ts';
import { holdAtFailpoint } from './failpoint.ts';
import type { HostCore, Running } from './host-core.ts';
import type { HostScreen } from './host-screen.ts';
import type { LiveKeyframe } from './live-keyframes.ts';
import { codeFor } from './node-ports.ts';
import type { HandedOver } from './replay-messages.ts';
import { stageDisks, type TakingOver } from './run-disks.ts';
import { keptOf, makeRecord, newRunId } from './run-keeping.ts';
import { type RunRecord, tapeText } from './run-records.ts';
import type { RunStart } from './run-start.ts';
import { isUndoable } from './undoable.ts';
import type { Image, NextNode } from './worker-messages.ts';
import { fabricOf } from './world-snapshot.ts';

/** How the next run begins. `again`: a run that was kept goes on under its own name. */
export type ChangeReason =
  | { readonly kind: 'undo'; readonly line: string }
  | { readonly kind: 'redo' }
  | { readonly kind: 'open'; readonly runId: string }
  /** `isOurs` is false for a twin of a tape that was only opened. */
  | { readonly kind: 'twin'; readonly at: number; readonly line: string | null; readonly isOurs: boolean };

/** What a change needs: the world of this tape at this time. */
export interface ChangePlan {
  readonly text: string;
  readonly time: number;
  readonly line: string;
  /** The live cluster has a keyframe that leads there: no replay worker has to make it. */
  readonly hasKeyframe: boolean;
}

/** Place of the action that an undo takes back. */
export function undoable(actions: readonly TapeAction[]): number | null {
  const place = actions.findLastIndex(isUndoable);
  return place < 0 ? null : place;
}

export function undoPlan(core: HostCore): ChangePlan | null {
  const { setup, cluster } = core.current();
  const { tape } = cluster.fabric;
  const place = undoable(tape);
  const action = place === null ? undefined : tape[place];
  if (place === null || action === undefined) return null;
  const header = { ...setup.tape.header, end: { at: action.at, hash: null } };
  const text = printTape(tapes, { header, actions: tape.slice(0, place) });
  const hasKeyframe = undoKeyframe(core) !== null;
  return { text, time: action.at, line: printLine(tapes, action), hasKeyframe };
}

export async function keptPlan(core: HostCore, runId: string): Promise<ChangePlan | null> {
  const run = (await core.theStore().keptRuns()).find((kept) => kept.runId === runId);
  const hasKeyframe = leftKeyframe(core, runId) !== null;
  return run === undefined ? null : { text: tapeText(run), time: run.until, line: '', hasKeyframe };
}

export async function redoPlan(core: HostCore): Promise<ChangePlan | null> {
  const entry = core.redo.at(-1);
  const plan = entry === undefined ? null : await keptPlan(core, entry.runId);
  return plan === null || entry === undefined ? null : { ...plan, line: entry.line };
}

/** A keyframe, the actions that lead on from it, and up to when. */
interface FromKeyframe {
  readonly keyframe: LiveKeyframe;
  readonly actions: readonly TapeAction[];
  readonly until: Time;
}

function undoKeyframe(core: HostCore): FromKeyframe | null {
  const { tape } = core.current().cluster.fabric;
  const place = undoable(tape);
  const until = place === null ? undefined : tape[place]?.at;
  if (place === null || until === undefined || isOver(core.current())) return null;
  const actions = tape.slice(0, place);
  const keyframe = core.keyframes.before(actions, until);
  return keyframe === null ? null : { keyframe, actions, until };
}

function leftKeyframe(core: HostCore, runId: string | undefined): FromKeyframe | null {
  const keyframe = runId === undefined || isOver(core.current()) ? null : core.keyframes.leftBy(runId);
  if (keyframe === null) return null;
  return { keyframe, actions: keyframe.tape.slice(0, keyframe.position), until: keyframe.time };
}

/** Its nodes answer nothing any more. */
const isOver = ({ loop }: Running): boolean => loop.ended() !== null;

/** How the next run's world is come by. */
interface NextWorld {
  readonly setup: RunSetup;
  readonly fabric: Fabric;
  readonly recorder: Recorder;
  readonly nodes: ReadonlyMap<NodeId, TakingOver>;
  readonly header: string;
  readonly lines: readonly string[];
  /** Runs on to here once it is on. */
  readonly until: Time;
}

function handedWorld({ snapshot, header: text, lines }: HandedOver): NextWorld {
  const parsed = parseTape(tapes, tapeText({ header: text, lines }));
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
  // What the run does from here on is this engine's, whichever began it.
  const tape = { ...parsed.tape, header: { ...parsed.tape.header, engine: ENGINE } };
  const made = setupRun(known, tape);
  if (!made.ok) throw new Error(made.error);
  const { setup } = made;
  const fabric = fabricOf(snapshot.fabric, setup.spec, [...tape.actions]);
  const runners = new Map(snapshot.runners);
  const at = fabric.now;
  const nodes = nodesOf(
    fabric,
    (id) => {
      const runner = runners.get(id);
      return runner === undefined ? null : { kind: 'runner', runner, at };
    },
    (id) => [...(snapshot.images.get(id) ?? [])],
  );
  const header = printTape(tapes, { header: { ...tape.header, end: null }, actions: [] });
  return { setup, fabric, recorder: snapshot.recorder, nodes, header, lines, until: at };
}

function keptWorld(old: Running, { keyframe, actions, until }: FromKeyframe): NextWorld {
  const tape = { header: { ...old.setup.tape.header, end: null }, actions };
  const setup = { ...old.setup, tape, spec: { ...old.setup.spec, actions } };
  const fabric = fabricOf(clonePlain(keyframe.fabric), setup.spec, [...actions]);
  const at = fabric.now;
  const nodes = nodesOf(
    fabric,
    (id): NextNode => {
      const runner = keyframe.away.get(id);
      return runner === undefined
        ? { kind: 'keyframe', keyframe: keyframe.number, at }
        : { kind: 'runner', runner: clonePlain(runner), at };
    },
    (id) => keyframe.images.get(id) ?? [],
  );
  const lines = actions.map((action) => printLine(tapes, action));
  const header = printTape(tapes, { header: tape.header, actions: [] });
  return { setup, fabric, recorder: cloneRecorder(keyframe.recorder), nodes, header, lines, until };
}

function nodesOf(
  { nodes, now }: Fabric,
  upAs: (node: NodeId) => NextNode | null,
  imageOf: (node: NodeId) => Image,
): Map<NodeId, TakingOver> {
  const all = new Map<NodeId, TakingOver>();
  for (const { spec, status, life } of nodes) {
    const up = status === 'up' ? upAs(spec.id) : null;
    // As its crash left it: the beginning of its next life.
    const stamp = { until: now, ordinal: 0, life: life + 1, hash: '0'.repeat(16) };
    const next = up ?? { kind: 'down', image: imageOf(spec.id), stamp };
    all.set(spec.id, { next, code: codeFor(spec.roles) });
  }
  return all;
}

/** Work on a cluster that stands still meanwhile; one that has stopped for good stands anyway. */
const still = <T>({ loop }: Running, work: () => Promise<T>): Promise<T> =>
  loop.ended() === null ? loop.between(work) : work();

/** `handed`: the world as the replay worker made it; null: the keyframe that the plan spoke of. */
export async function changeRun(
  core: HostCore,
  screen: HostScreen,
  runs: RunStart,
  handed: HandedOver | null,
  reason: ChangeReason,
): Promise<void> {
  const old = core.current();
  const wasPlaying = old.loop.playing;
  const { skipQuiet, view, pacing } = old.loop;
  old.loop.pause();
  const build = async () => {
    const world =
      handed === null
        ? keptWorld(old, present(planned(core, reason), 'a keyframe of the live cluster'))
        : handedWorld(handed);
    const runId = newRunId();
    const record = await recordOf(core, old, reason, runId);
    const disks = { name: old.disks.name, turn: runId };
    const asked = isOver(old) ? null : core.keyframes.begin(old.cluster.kept(), old.runId);
    const staged = await stageDisks(core, old, world.nodes, disks, asked);
    try {
      await holdAtFailpoint(core.failpoint, 'fabric', 'switch');
      const { header, lines } = world;
      const next = { record, disks: disks.name, turn: disks.turn, header, lines };
      await core.theStore().replaceRun(next, leftOf(old, reason, lines));
    } catch (error) {
      await staged.drop();
      throw error;
    }
    // From here on the old run is a kept one: nothing may be done to it.
    old.loop.halt();
    return { record, disks, world, staged };
  };
  const built = await still(old, () => core.disksInTurn(build)).catch((error: unknown) => {
    if (wasPlaying) old.loop.play();
    throw error;
  });
  core.redo = redoAfter(core, old, reason);
  await holdAtFailpoint(core.failpoint, 'fabric', 'settle');
  settleWaiting(old, 'another cluster took the place of this one');
  // What it had begun with its nodes ends before they are another run's.
  await old.loop.stop();
  const { record, disks, world, staged } = built;
  const { setup, fabric, recorder } = world;
  const next = runs.begin({ record, disks, setup, fabric, recorder });
  const isThere = world.until <= fabric.now;
  const takeNodes = async (): Promise<void> => {
    // The recorder has every node's view of this time: nobody waits for workers to see where the run stands.
    if (isThere) screen.postPicture(fabric.now, 'final');
    next.cluster.join(await staged.settle(setup.program, disks));
  };
  await next.loop.between(takeNodes).catch((error: unknown) => {
    next.loop.halt();
    core.reportFailure(error);
    throw error;
  });
  next.loop.view = view;
  next.loop.skipQuiet = skipQuiet;
  next.loop.setSpeed(pacing.speed);
  if (!isThere) await next.loop.runTo(world.until);
  next.booting = false;
  next.loop.touch();
  await screen.showFirst();
  if (wasPlaying) next.loop.play();
  screen.postLive();
}

const planned = (core: HostCore, reason: ChangeReason): FromKeyframe | null => {
  if (reason.kind === 'undo') return undoKeyframe(core);
  if (reason.kind === 'twin') return null;
  return leftKeyframe(core, reason.kind === 'open' ? reason.runId : core.redo.at(-1)?.runId);
};

/** The branch that an undo leaves is always kept; one that was itself only rewound has nothing of its own. */
function leftOf(old: Running, reason: ChangeReason, lines: readonly string[]) {
  const isPrefix =
    reason.kind === 'redo' &&
    old.record.origin.kind === 'undo' &&
    old.record.name === null &&
    old.cluster.fabric.tape.every((action, i) => printLine(tapes, action) === lines[i]);
  return isPrefix ? null : keptOf(old, true);
}

function redoAfter(core: HostCore, old: Running, reason: ChangeReason): HostCore['redo'] {
  if (reason.kind === 'undo') return [...core.redo, { runId: old.runId, line: reason.line }];
  return reason.kind === 'redo' ? core.redo.slice(0, -1) : [];
}

async function recordOf(
  core: HostCore,
  old: Running,
  reason: ChangeReason,
  runId: string,
): Promise<RunRecord> {
  switch (reason.kind) {
    case 'undo': {
      const at = timeOf(old, reason.line);
      const record = makeRecord(runId, { kind: 'undo', line: reason.line }, old, marksUpTo(old, at));
      return { ...record, forkedAt: at };
    }
    case 'twin': {
      const [parent, marks] = reason.isOurs ? [old, marksUpTo(old, reason.at)] : [null, []];
      const record = makeRecord(runId, { kind: 'twin', line: reason.line }, parent, marks);
      return { ...record, forkedAt: reason.at };
    }
    case 'redo':
    case 'open': {
      const known = reason.kind === 'open' ? reason.runId : core.redo.at(-1)?.runId;
      const kept = (await core.theStore().keptRuns()).find((run) => run.runId === known);
      const { header: _header, lines: _lines, until: _until, ...record } = present(kept, 'a kept run');
      return record;
    }
  }
}

/** What a branch shares with the run it leaves; beats that the run has not come to are ahead of both. */
const marksUpTo = ({ record, cluster }: Running, until: number): RunRecord['marks'] =>
  record.marks.filter(({ at }) => at <= until || at > cluster.fabric.now);

const timeOf = ({ cluster }: Running, line: string): number =>
  cluster.fabric.tape.find((action) => printLine(tapes, action) === line)?.at ?? cluster.fabric.now;
