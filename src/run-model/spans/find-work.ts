// The work in which an event was traced (PCS-94): from its input back, by message and disk request, to the one that a timer, a command or a
// start led to. What was done for a statement is the statement's. Keeps what it was given, so that the work need not be played again.

import type { StepNote } from '../../sim/step-notes.ts';
import { workBegunBy } from './background-work.ts';
import type { SpanTarget } from './span.ts';

type WorkTarget = Extract<SpanTarget, { kind: 'work' }>;

export type FoundWork =
  | { readonly kind: 'root'; readonly note: StepNote; readonly isBeginning: boolean }
  | { readonly kind: 'statement'; readonly traceId: number }
  /** Its cause lies before what was given. */
  | { readonly kind: 'earlier' };

const placeOf = (node: string, ordinal: number): string => `${node} ${ordinal}`;

/** The trace of the statement that the event, or else its input, is of; 0: of none. */
function statementOf({ input, acts }: StepNote, event: string): number {
  const of = input.kind === 'message' ? input.traceId : 0;
  const act = acts.find((one) => one.kind === 'event' && one.event.kind === event);
  return act?.traceId ?? of;
}

/** `notes` by node and ordinal, in which `target` stands; null: it does not. */
export function findWork(notes: ReadonlyMap<string, StepNote>, target: WorkTarget): FoundWork | null {
  let note = notes.get(placeOf(target.node, target.ordinal));
  if (note === undefined) return null;
  if (workBegunBy(target.event) !== null) return { kind: 'root', note, isBeginning: true };
  const traceId = statementOf(note, target.event);
  if (traceId !== 0) return { kind: 'statement', traceId };
  for (;;) {
    const { cause, input } = note;
    if (input.kind === 'message' && input.traceId !== 0) return { kind: 'statement', traceId: input.traceId };
    if (cause === null) return { kind: 'root', note, isBeginning: false };
    const before = notes.get(placeOf(cause.node, cause.ordinal));
    if (before === undefined) return { kind: 'earlier' };
    note = before;
  }
}

export const remember = (known: Map<string, StepNote>, notes: readonly StepNote[]): void => {
  for (const note of notes) known.set(placeOf(note.node, note.ordinal), note);
};
