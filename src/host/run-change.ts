// Another run takes the place of the one that is on: before an undo, of a twin that is made live, of a kept run. Its nodes
// stand as a keyframe of the live cluster has them, in their workers or in storage, or as the replay worker made them. What their disks differ in is
// staged beside the disks (run-disks.ts), then one transaction makes it the lab's run, and only then do its nodes go on
// from there, in the workers that are up. Ended at any moment, the lab still has one of the two, whole: whoever opens a
// disk next finishes what was decided, or drops what was not.

import { present } from '../base/assert.ts';
import type { NodeId, Time } from '../base/ids.ts';
import { clonePlain } from '../base/plain.ts';
import { cloneRecorder, type Recorder, takeListed } from '../run-model/recorder/recorder.ts';
import { ENGINE } from '../sim/engine.ts';
import type { Fabric } from '../sim/fabric-state.ts';
import { type RunSetup, setupRun } from '../sim/run-setup.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { printLine, printTape } from '../sim/tape-print.ts';
import { known } from '../stacks/known.ts';
import { tapes } from '../stacks/tapes.ts';
import { settleWaiting } from './client-calls.ts';
import { holdAtFailpoint } from './failpoint.ts';
import type { HostCore, Running } from './host-core.ts';
import type { HostScreen } from './host-screen.ts';
import { codeFor } from './node-ports.ts';
import type { HandedOver } from './replay-messages.ts';
import { stageDisks, type TakingOver } from './run-disks.ts';
import { keptOf, makeRecord, newRunId } from './run-keeping.ts';
import {
  type ChangeReason,
  type FromKeyframe,
  type FromStored,
  isOver,
  keptId,
  liveKeyframe,
  storedKeyframe,
} from './run-plan.ts';
import { type RunRecord, tapeText } from './run-records.ts';
import type { RunStart } from './run-start.ts';
import type { StoredWorld } from './stored-keyframe.ts';
import type { Image, NextNode } from './worker-messages.ts';
import { fabricOf } from './world-snapshot.ts';

/** As the replay worker made it, or as storage has it. */
type Handed = Pick<HandedOver, 'header' | 'lines'> & { readonly snapshot: StoredWorld };

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

/** A world by itself and the tape that led there; it runs on to `until`, or stands. */
function handedWorld({ snapshot, header: text, lines }: Handed, until: Time | null): NextWorld {
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
  return { setup, fabric, recorder: snapshot.recorder, nodes, header, lines, until: until ?? at };
}

/** A keyframe brings few events along; those that the run it is gone back in remembers of the same past still hold. */
function storedWorld(old: Running, reason: ChangeReason, stored: FromStored): NextWorld {
  const { world, header, lines, until } = stored;
  if (reason.kind === 'undo') takeListed(world.recorder, old.cluster.recorder);
  return handedWorld({ snapshot: world, header, lines }, until);
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
    const world = handed === null ? await nearWorld(core, old, reason) : handedWorld(handed, null);
    const runId = newRunId();
    const record = await recordOf(core, old, reason, runId);
    const disks = { name: old.disks.name, turn: runId };
    const asked = isOver(old) ? null : core.keyframes.begin(old.cluster.kept(), old.runId);
    const staged = await stageDisks(core, old, world.nodes, disks, asked);
    const left = leftOf(old, reason, world.lines);
    try {
      await holdAtFailpoint(core.failpoint, 'fabric', 'switch');
      const { header, lines } = world;
      const next = { record, disks: disks.name, turn: disks.turn, header, lines };
      await core.theStore().replaceRun(next, left);
    } catch (error) {
      await staged.drop();
      throw error;
    }
    // From here on the old run is a kept one: nothing may be done to it.
    old.loop.halt();
    return { record, disks, world, staged, leftAt: left === null ? null : asked };
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
  const { record, disks, world, staged, leftAt } = built;
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
  if (leftAt !== null) core.keeper.add(leftAt.keyframe, old.runId, old.setup.tape.header);
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

/** The keyframe that the plan spoke of. */
async function nearWorld(core: HostCore, old: Running, reason: ChangeReason): Promise<NextWorld> {
  const live = liveKeyframe(core, reason);
  if (live !== null) return keptWorld(old, live);
  return storedWorld(
    old,
    reason,
    present(await storedKeyframe(core, reason), 'a keyframe of the live cluster'),
  );
}

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
      const known = keptId(core, reason);
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
