// Another world takes the place of the one that is on: before an undo, of a twin that is made live, of a kept run. The
// replay worker made that world; here its disks are written into fresh databases, then one transaction makes it the
// lab's run, and only then is the old one let go. Ended at any moment, the lab still has one of the two, whole.

import { present } from '../base/assert.ts';
import type { NodeId } from '../base/ids.ts';
import { ENGINE } from '../sim/engine.ts';
import { setupRun } from '../sim/run-setup.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { printLine, printTape } from '../sim/tape-print.ts';
import { known } from '../stacks/known.ts';
import { tapes } from '../stacks/tapes.ts';
import { settleWaiting } from './client-calls.ts';
import { diskDatabase } from './databases.ts';
import { holdAtFailpoint } from './failpoint.ts';
import type { HostCore, Running } from './host-core.ts';
import type { HostScreen } from './host-screen.ts';
import { blame, type NodePort } from './node-ports.ts';
import type { HandedOver } from './replay-messages.ts';
import { keptOf, makeRecord, newRunId } from './run-keeping.ts';
import { type RunRecord, tapeText } from './run-records.ts';
import type { RunStart } from './run-start.ts';
import { fabricOf } from './world-snapshot.ts';

/** How the next run begins. `again`: a run that was kept goes on under its own name. */
export type ChangeReason =
  | { readonly kind: 'undo'; readonly line: string }
  | { readonly kind: 'redo' }
  | { readonly kind: 'open'; readonly runId: string }
  /** `isOurs` is false for a twin of a tape that was only opened. */
  | { readonly kind: 'twin'; readonly at: number; readonly line: string | null; readonly isOurs: boolean };

/** What the replay worker has to make for a change: this tape, up to this time. */
export interface ChangePlan {
  readonly text: string;
  readonly time: number;
  readonly line: string;
}

/** The newest action that a person or operator did; a preset's own load and a power cut are nobody's. */
export function undoable(actions: readonly TapeAction[]): number | null {
  for (let i = actions.length - 1; i >= 0; i--) {
    const action = actions[i];
    if (action !== undefined && action.at > 0 && action.kind !== 'powerCut') return i;
  }
  return null;
}

export function undoPlan({ setup, cluster }: Running): ChangePlan | null {
  const { tape } = cluster.fabric;
  const place = undoable(tape);
  const action = place === null ? undefined : tape[place];
  if (place === null || action === undefined) return null;
  const header = { ...setup.tape.header, end: { at: action.at, hash: null } };
  const text = printTape(tapes, { header, actions: tape.slice(0, place) });
  return { text, time: action.at, line: printLine(tapes, action) };
}

export async function keptPlan(core: HostCore, runId: string): Promise<ChangePlan | null> {
  const run = (await core.theStore().keptRuns()).find((kept) => kept.runId === runId);
  return run === undefined ? null : { text: tapeText(run), time: run.until, line: '' };
}

export async function redoPlan(core: HostCore): Promise<ChangePlan | null> {
  const entry = core.redo.at(-1);
  const plan = entry === undefined ? null : await keptPlan(core, entry.runId);
  return plan === null || entry === undefined ? null : { ...plan, line: entry.line };
}

/** Work on a cluster that stands still meanwhile; one that has stopped for good stands anyway. */
const still = <T>({ loop }: Running, work: () => Promise<T>): Promise<T> =>
  loop.ended() === null ? loop.between(work) : work();

export async function changeRun(
  core: HostCore,
  screen: HostScreen,
  runs: RunStart,
  handed: HandedOver,
  reason: ChangeReason,
): Promise<void> {
  const old = core.current();
  const parsed = parseTape(tapes, tapeText(handed));
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
  // What the run does from here on is this engine's, whichever began it.
  const tape = { ...parsed.tape, header: { ...parsed.tape.header, engine: ENGINE } };
  const made = setupRun(known, tape);
  if (!made.ok) throw new Error(made.error);
  const { setup } = made;
  const fabric = fabricOf(handed.snapshot.fabric, setup.spec, [...tape.actions]);
  const wasPlaying = old.loop.playing;
  const { skipQuiet, view, pacing } = old.loop;
  old.loop.pause();
  const build = async () => {
    const disks = newRunId();
    const record = await recordOf(core, old, reason, disks);
    const ports = new Map<NodeId, NodePort>();
    try {
      await buildDisks(core, handed, setup.program, disks, ports);
      await holdAtFailpoint(core.failpoint, 'fabric', 'switch');
      const { lines } = handed;
      const header = printTape(tapes, { header: { ...tape.header, end: null }, actions: [] });
      await core.theStore().replaceRun({ record, disks, header, lines }, leftOf(old, reason, handed));
    } catch (error) {
      await dropDisks(core, ports);
      if (wasPlaying) old.loop.play();
      throw error;
    }
    // From here on the old run is a kept one: nothing may be done to it.
    old.loop.halt();
    return { record, disks, setup, fabric, recorder: handed.snapshot.recorder, ports };
  };
  const begun = await still(old, () => core.disksInTurn(build));
  core.redo = redoAfter(core, old, reason);
  await holdAtFailpoint(core.failpoint, 'fabric', 'clean');
  settleWaiting(old, 'another cluster took the place of this one');
  await old.loop.stop();
  core.leave(old.cluster);
  const next = runs.begin(begun);
  next.booting = false;
  next.loop.view = view;
  next.loop.skipQuiet = skipQuiet;
  next.loop.setSpeed(pacing.speed);
  await screen.showFirst();
  if (wasPlaying) next.loop.play();
  screen.postLive();
  // nobody who looks waits for what is left of the old run
  await core.cleanDisks();
}

/** The branch that an undo leaves is always kept; one that was itself only rewound has nothing of its own. */
function leftOf(old: Running, reason: ChangeReason, handed: HandedOver) {
  const isPrefix =
    reason.kind === 'redo' &&
    old.record.origin.kind === 'undo' &&
    old.record.name === null &&
    old.cluster.fabric.tape.every((action, i) => printLine(tapes, action) === handed.lines[i]);
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

/** The old run goes on, and needs the room that half-made disks take: one that was full is why they are not whole. */
async function dropDisks(core: HostCore, ports: ReadonlyMap<NodeId, NodePort>): Promise<void> {
  await Promise.all([...ports.values()].map((port) => port.end()));
  // What cannot be deleted now goes with the next start.
  await core
    .theStore()
    .cleanDisks()
    .catch(() => undefined);
}

/** Every node's disk in a fresh database, and the nodes that are up open on theirs; all ports are in `ports` from the first. */
async function buildDisks(
  core: HostCore,
  { snapshot }: HandedOver,
  program: string,
  disks: string,
  ports: Map<NodeId, NodePort>,
): Promise<void> {
  const { fabric, images } = snapshot;
  const runners = new Map(snapshot.runners);
  const epoch = core.theStore().epoch;
  let done = 0;
  let isOver = false;
  const tell = (): void => {
    if (!isOver) core.post({ kind: 'work', bar: { done, of: fabric.nodes.length } });
  };
  const build = async ({ spec: { id }, life }: (typeof fabric.nodes)[number]): Promise<void> => {
    const place = { database: diskDatabase(core.lab, disks, id), epoch };
    const port = core.theHost().makePort(core.onFenced);
    ports.set(id, port);
    const runner = runners.get(id);
    if (runner !== undefined) {
      const { failpoint } = core;
      await port.call<'adopt'>({ kind: 'adopt', program, runner, place, at: fabric.now, failpoint });
    } else {
      // As its crash left it: the beginning of its next life.
      const stamp = { until: fabric.now, ordinal: 0, life: life + 1, hash: '0'.repeat(16) };
      const image = [...(images.get(id) ?? [])];
      await port.call<'restore'>({ kind: 'restore', place, image, stamp });
      ports.delete(id);
      await port.end();
    }
    done++;
    tell();
  };
  tell();
  try {
    await Promise.all(fabric.nodes.map((node) => build(node).catch(blame(node.spec.id))));
  } finally {
    isOver = true;
    core.post({ kind: 'work', bar: null });
  }
}
