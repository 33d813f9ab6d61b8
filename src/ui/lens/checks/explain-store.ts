// The violation that is explained: it stays, with its two facts, while a person looks at each where it happened; a moment
// before it has not seen it yet.

import { createStore } from 'zustand/vanilla';
import type { Lab } from '../../../lab/api.ts';
import type { ViolationFrame } from '../../../sim/frame.ts';
import { runStore } from '../../../state/run-store.ts';
import { select, selectAll, selectLsn } from '../../../state/selection-store.ts';
import { shownRunOf } from '../../../state/shown-place.ts';
import { showLens } from '../../model/show-lens.ts';
import { type Conflict, type Fact, findConflict, kindsOf } from './conflict.ts';

export interface Explained {
  readonly violation: ViolationFrame;
  /** Which run it is of, as shown-place.ts names it. */
  readonly run: string;
  /** Null until the trace was asked. */
  readonly conflict: Conflict | null;
}

export const explainStore = createStore<{ readonly explained: Explained | null }>(() => ({
  explained: null,
}));

/** Virtual µs before a violation in which its facts are looked for, and most events that are asked for. */
const spanUs = 20_000_000;
const eventLimit = 20_000;

export async function explain(lab: Lab, violation: ViolationFrame): Promise<void> {
  const explained: Explained = { violation, run: shownRunOf(runStore.getState().run), conflict: null };
  explainStore.setState({ explained });
  const past = await lab
    .past({
      from: Math.max(0, violation.at - spanUs),
      to: violation.at,
      minRank: 0,
      kinds: kindsOf(violation.rule),
      withMessages: false,
      known: null,
      limit: eventLimit,
    })
    .catch(() => null); // another run has its place
  if (past === null || explainStore.getState().explained !== explained) return;
  const conflict = findConflict(violation, past.events);
  explainStore.setState({ explained: { ...explained, conflict } });
}

/** Stands where it was found, where the trace has what led to it, and explains it anew. */
export async function explainThere(lab: Lab, violation: ViolationFrame): Promise<void> {
  await lab.seek(violation.at);
  await explain(lab, violation);
}

export const endExplanation = (): void => explainStore.setState({ explained: null });

/** Stands at the fact, lights what it is about, and shows it in its lens. */
export async function showFact(lab: Lab, { listed, subject, group, lens }: Fact): Promise<void> {
  await lab.seekEvent(listed.index);
  if (subject.kind === 'lsn') {
    // The lenses follow to the volume of the group; then its node is chosen as well.
    selectLsn(subject.lsn, group);
    selectAll([{ kind: 'node', id: listed.node }, subject]);
  } else select(subject);
  showLens(lens);
}
