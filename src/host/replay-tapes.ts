// What the replay worker reads and hands over: a tape becomes the main branch, a world goes to the live cluster.

import type { Time } from '../base/ids.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import type { Edge } from '../sim/fabric-state.ts';
import type { Tape } from '../sim/tape.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { printLine, printTape } from '../sim/tape-print.ts';
import { known } from '../stacks/known.ts';
import { tapes } from '../stacks/tapes.ts';
import { readPresent } from './present-world.ts';
import { type ReplayCore, SLICE_MS, shownPlayer } from './replay-core.ts';
import { stopAtError } from './replay-error.ts';
import type { HandedOver, RecordedError, ReplayRequest } from './replay-messages.ts';
import { show } from './replay-screen.ts';
import { CANCELLED, inSlices, seek, seekPlayer } from './replay-work.ts';
import { snapshotOf } from './world-snapshot.ts';
import { yieldToMessages } from './yield-to-messages.ts';

interface TapeText {
  readonly text: string;
  readonly error: RecordedError | null;
  readonly verify: boolean;
}

/** Throws with the line where the text is no tape; what was loaded stays then. */
async function loadTape(core: ReplayCore, { text, error, verify }: TapeText): Promise<void> {
  core.edge ??= await loadSqlEdge();
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
  const fixed =
    parsed.tape.waiting === undefined ? parsed.tape : await settledIn(core, core.edge, parsed.tape);
  const { tape, stop } = error === null ? { tape: fixed, stop: null } : stopAtError(fixed, error);
  core.branches.load(tape);
  core.loaded = { tape, verify, stop, isStopReported: false, isDivergenceReported: false };
}

/** What waits for a condition is settled first; loaded when there is something to settle: few tapes wait. */
async function settledIn(core: ReplayCore, edge: Edge, tape: Tape): Promise<Tape> {
  const { beginSettling, settle, settled } = await import('../run-model/settle.ts');
  const settling = beginSettling(known, edge, tape);
  const { fabric } = settling.run.world;
  const done = await inSlices(core, {
    what: 'seek',
    slice: () => {
      const sliceEnd = performance.now() + SLICE_MS;
      return settle(known, settling, () => performance.now() >= sliceEnd) ? true : null;
    },
    progress: () => ({ done: fabric.now, of: fabric.tape[fabric.tape.length - 1]?.at ?? fabric.now }),
  });
  if (done === null) throw new Error(CANCELLED);
  return settled(settling).tape;
}

/** False when a person ended it on the way. */
export async function load(
  core: ReplayCore,
  request: Extract<ReplayRequest, { kind: 'load' }>,
): Promise<boolean> {
  core.playing = false;
  const isFirst = core.loaded === null;
  await loadTape(core, request);
  core.isAhead = false;
  // Nothing is on the screen yet, and the way there may be long: here is the cluster, before its first event.
  if (isFirst && request.seek === null) await show(core);
  const present = request.present === undefined ? null : readPresent(request.present);
  if (present !== null) shownPlayer(core).offer(present);
  const done = await seek(core, (request.seek ?? shownPlayer(core).setup.bootUntilUs) as Time);
  await show(core);
  return done;
}

/** Inputs played ahead at a time, some seconds of work: the rest of a long past is played when it is asked for, or next time. */
const PREPARED_INPUTS = 200_000;

export async function prepare(
  core: ReplayCore,
  { tape }: Extract<ReplayRequest, { kind: 'prepare' }>,
): Promise<boolean> {
  const asked = core.requests;
  core.edge ??= await loadSqlEdge();
  if (tape === null) return false;
  await loadTape(core, { text: tape.text, error: null, verify: false });
  core.isAhead = true;
  const player = shownPlayer(core);
  const most = player.recorder().inputs + PREPARED_INPUTS;
  while (core.requests === asked && player.recorder().inputs < most) {
    if (player.run(tape.until as Time, SLICE_MS)) return true;
    await yieldToMessages();
  }
  return false;
}

export async function handOver(
  core: ReplayCore,
  { tape, port }: Extract<ReplayRequest, { kind: 'handOver' }>,
): Promise<void> {
  core.playing = false;
  if (tape !== null) {
    await loadTape(core, { text: tape.text, error: null, verify: false });
    const player = shownPlayer(core);
    if (!(await seekPlayer(core, player, tape.time as Time, 'rebuild'))) throw new Error(CANCELLED);
  }
  const { setup, lived } = shownPlayer(core);
  const { world, recorder } = lived();
  const handed: HandedOver = {
    snapshot: snapshotOf(world, recorder),
    header: printTape(tapes, { header: { ...setup.tape.header, end: null }, actions: [] }),
    lines: world.fabric.tape.map((action) => printLine(tapes, action)),
  };
  // Whoever receives it closes the port: Firefox drops what was posted when this end closes before the other is reached.
  port.postMessage(handed);
}
