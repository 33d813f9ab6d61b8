// Where an undo, a redo or the opening of a kept run leads: the tape and the instant, and what leads there without a
// replay. That is a keyframe of the live cluster, in its workers or in storage, of exactly what had been done by then.

import type { Time } from '../base/ids.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { printLine, printTape } from '../sim/tape-print.ts';
import { tapes } from '../stacks/tapes.ts';
import type { HostCore, Running } from './host-core.ts';
import type { Wanted } from './keyframe-store.ts';
import type { LiveKeyframe } from './live-keyframes.ts';
import { tapeText } from './run-records.ts';
import { headerText, linesOf, pastOf, type StoredWorld } from './stored-keyframe.ts';
import { isUndoable } from './undoable.ts';

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
  /** A keyframe of the live cluster leads there: no replay worker has to make it. */
  readonly hasKeyframe: boolean;
}

/** Place of the action that an undo takes back. */
export function undoable(actions: readonly TapeAction[]): number | null {
  const place = actions.findLastIndex(isUndoable);
  return place < 0 ? null : place;
}

export async function undoPlan(core: HostCore): Promise<ChangePlan | null> {
  const { setup, cluster } = core.current();
  const { tape } = cluster.fabric;
  const place = undoable(tape);
  const action = place === null ? undefined : tape[place];
  if (place === null || action === undefined) return null;
  const header = { ...setup.tape.header, end: { at: action.at, hash: null } };
  const text = printTape(tapes, { header, actions: tape.slice(0, place) });
  const line = printLine(tapes, action);
  return { text, time: action.at, line, hasKeyframe: await isNear(core, { kind: 'undo', line }) };
}

export async function keptPlan(core: HostCore, runId: string): Promise<ChangePlan | null> {
  const run = (await core.theStore().keptRuns()).find((kept) => kept.runId === runId);
  if (run === undefined) return null;
  const hasKeyframe = await isNear(core, { kind: 'open', runId });
  return { text: tapeText(run), time: run.until, line: '', hasKeyframe };
}

export async function redoPlan(core: HostCore): Promise<ChangePlan | null> {
  const entry = core.redo.at(-1);
  const plan = entry === undefined ? null : await keptPlan(core, entry.runId);
  return plan === null || entry === undefined ? null : { ...plan, line: entry.line };
}

/** A keyframe in the workers, the actions that lead on from it, and up to when. */
export interface FromKeyframe {
  readonly keyframe: LiveKeyframe;
  readonly actions: readonly TapeAction[];
  readonly until: Time;
}

/** A keyframe from storage, with the tape that led there. */
export interface FromStored {
  readonly world: StoredWorld;
  readonly header: string;
  readonly lines: readonly string[];
  readonly until: Time;
}

export function liveKeyframe(core: HostCore, reason: ChangeReason): FromKeyframe | null {
  if (reason.kind === 'twin' || isOver(core.current())) return null;
  return reason.kind === 'undo' ? undoKeyframe(core) : leftKeyframe(core, keptId(core, reason));
}

export async function storedKeyframe(core: HostCore, reason: ChangeReason): Promise<FromStored | null> {
  const goal = await goalOf(core, reason);
  const world = goal === null ? null : await core.keeper.take(wantedOf(goal));
  return goal === null || world === null ? null : { ...goal, world };
}

async function isNear(core: HostCore, reason: ChangeReason): Promise<boolean> {
  if (liveKeyframe(core, reason) !== null) return true;
  const goal = await goalOf(core, reason);
  return goal !== null && core.keeper.find(wantedOf(goal));
}

function undoKeyframe(core: HostCore): FromKeyframe | null {
  const { tape } = core.current().cluster.fabric;
  const place = undoable(tape);
  const until = place === null ? undefined : tape[place]?.at;
  if (place === null || until === undefined) return null;
  const actions = tape.slice(0, place);
  const keyframe = core.keyframes.before(actions, until);
  return keyframe === null ? null : { keyframe, actions, until };
}

function leftKeyframe(core: HostCore, runId: string | undefined): FromKeyframe | null {
  const keyframe = runId === undefined ? null : core.keyframes.leftBy(runId);
  if (keyframe === null) return null;
  return { keyframe, actions: keyframe.tape.slice(0, keyframe.position), until: keyframe.time };
}

/** The run that a redo or an opening goes on with. */
export const keptId = (
  core: HostCore,
  reason: Extract<ChangeReason, { kind: 'redo' | 'open' }>,
): string | undefined => (reason.kind === 'open' ? reason.runId : core.redo.at(-1)?.runId);

interface Goal extends Omit<FromStored, 'world'> {
  /** A run that is opened again stands where it stood when it was left. */
  readonly isExact: boolean;
}

async function goalOf(core: HostCore, reason: ChangeReason): Promise<Goal | null> {
  if (reason.kind === 'twin') return null;
  if (reason.kind === 'undo') {
    const { setup, cluster } = core.current();
    const { tape } = cluster.fabric;
    const place = undoable(tape);
    const until = place === null ? undefined : tape[place]?.at;
    if (place === null || until === undefined) return null;
    const header = headerText(setup.tape.header);
    return { header, lines: linesOf(tape.slice(0, place)), until, isExact: false };
  }
  const known = keptId(core, reason);
  const run = (await core.theStore().keptRuns()).find(({ runId }) => runId === known);
  if (run === undefined) return null;
  return { header: run.header, lines: run.lines, until: run.until as Time, isExact: true };
}

const wantedOf = ({ header, lines, until, isExact }: Goal): Wanted => ({
  past: pastOf(header, lines),
  time: until,
  isExact,
});

/** Its nodes answer nothing any more. */
export const isOver = ({ loop }: Running): boolean => loop.ended() !== null;
