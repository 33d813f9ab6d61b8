// The violation that is explained: it stays, with its two facts, while a person looks at each where it happened; a moment
// before it has not seen it yet.

import { createStore } from 'zustand/vanilla';
import { time } from '../../../base/ids.ts';
import type { Lab } from '../../../lab/api.ts';
import type { ViolationFrame } from '../../../run-model/picture/frame.ts';
import { runStore } from '../../../state/run-store.ts';
import { select, selectAll, selectLsn } from '../../../state/selection-store.ts';
import { shownRunOf } from '../../../state/shown-place.ts';
import { showLens } from '../../model/show-lens.ts';
import { showPartOf } from '../lens-of-kind.ts';
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

/** Its facts, from the trace up to where the run stands; null when another run has its place. */
async function factsOf(lab: Lab, violation: ViolationFrame): Promise<Conflict | null> {
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
    .catch(() => null);
  return past === null ? null : findConflict(violation, past.events);
}

export async function explain(lab: Lab, violation: ViolationFrame): Promise<void> {
  const explained: Explained = { violation, run: shownRunOf(runStore.getState().run), conflict: null };
  explainStore.setState({ explained });
  const conflict = await factsOf(lab, violation);
  if (conflict === null || explainStore.getState().explained !== explained) return;
  explainStore.setState({ explained: { ...explained, conflict } });
}

/** Just after the instant at which it was found: there the picture has it, and the trace what led to it. */
const seekAfter = (lab: Lab, { at }: ViolationFrame): Promise<void> => lab.seek(time(at + 1));

/** Stands where it was found, and explains it anew. */
export async function explainThere(lab: Lab, violation: ViolationFrame): Promise<void> {
  await seekAfter(lab, violation);
  await explain(lab, violation);
}

/** Stands where it was found, with its node and the event that broke the rule selected. */
export async function goToViolation(lab: Lab, violation: ViolationFrame): Promise<void> {
  await seekAfter(lab, violation);
  const offence = (await factsOf(lab, violation))?.offence ?? null;
  const node = offence?.listed.node ?? violation.node;
  selectAll([
    ...(node === null ? [] : [{ kind: 'node' as const, id: node }]),
    ...(offence === null ? [] : [{ kind: 'event' as const, listed: offence.listed }]),
  ]);
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
  showPartOf(listed.event.kind, lens);
  showLens(lens);
}
