// What a person does to a what-if twin: tape actions and statements, taken at the time where it stands. The past of the
// run it came from stays as it is.

import { type Refusal, refusal } from '../presets/refusals.ts';
import { type Entry, fullTape, readEntry, type Statement, statementEntry } from '../sim/tape-entry.ts';
import { printLine } from '../sim/tape-print.ts';
import type { OutReply } from '../sim/types.ts';
import { tapes } from '../stacks/tapes.ts';
import type { Branches } from './branches.ts';
import type { Player } from './player.ts';

/** A statement's answer, and by which request of which time its trace is found (PCS-94). */
export interface SqlAnswered {
  readonly result: OutReply['result'];
  readonly latencyUs: number;
  readonly requestId: string;
  readonly askedAt: number;
}

type TwinActed =
  | { readonly ok: true; readonly at: number; readonly line: string }
  | { readonly ok: false; readonly error: string; readonly why: Refusal };

/** What the shown twin takes, as it is read for its time; the past takes nothing. */
function entryFor(branches: Branches, read: (player: Player) => Entry): Entry {
  if (branches.shownId() === 'main') return refusal('noPast');
  const player = branches.shown();
  const entry = read(player);
  const full = 'error' in entry ? null : fullTape(tapes, player.actions(), [entry]);
  return full ?? entry;
}

export function actOnTwin(branches: Branches, line: string): TwinActed {
  const entry = entryFor(branches, (player) => readEntry(tapes, line, player.fabric()));
  if ('error' in entry) return { ok: false, error: entry.error, why: entry };
  branches.forgetDifference();
  const { action } = branches.shown().act(entry);
  return { ok: true, at: action.at, line: printLine(tapes, action) };
}

/** `wait` lets some time pass, virtual or of the wall, between two looks for the answer. */
export async function sqlOnTwin(
  branches: Branches,
  statement: Statement,
  wait: () => Promise<void>,
): Promise<SqlAnswered> {
  const entry = entryFor(branches, (player) => statementEntry(tapes, statement, player.fabric()));
  if ('error' in entry) throw new Error(entry.error);
  branches.forgetDifference();
  const player = branches.shown();
  const { action, requestId } = player.act(entry);
  const replies: OutReply[] = [];
  const onReply = (one: OutReply): void => {
    if (one.requestId === requestId) replies.push(one);
  };
  player.replyListeners.add(onReply);
  try {
    for (;;) {
      const [answer] = replies;
      if (answer !== undefined)
        return { result: answer.result, latencyUs: answer.at - action.at, requestId, askedAt: action.at };
      if (!player.actions().includes(action)) throw new Error('the statement was taken back');
      if (!branches.holds(player)) throw new Error('the twin was dropped');
      await wait();
    }
  } finally {
    player.replyListeners.delete(onReply);
  }
}
