// A script that is played in the console's sessions, step by step on the cluster's clock.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Lab } from '../../lab/api.ts';
import type { Script, ScriptStep } from './script.ts';
import { goOn, isSqlBusy, openSession, type SqlTarget, startSql } from './sql-store.ts';

export interface Playing {
  readonly script: Script;
  /** Which of its orders. */
  readonly order: number;
  /** Steps that were taken. */
  readonly taken: number;
  /** All that are left are being taken. */
  readonly isGoing: boolean;
}

export const scriptStore = createStore<{ readonly playing: Playing | null }>(() => ({ playing: null }));
export const usePlaying = (): Playing | null => useStore(scriptStore, (state) => state.playing);

export const openScript = (script: Script): void =>
  scriptStore.setState({ playing: { script, order: 0, taken: 0, isGoing: false } });
export const closeScript = (): void => scriptStore.setState({ playing: null });
export const chooseOrder = (order: number): void => change({ order, taken: 0 });

function change(to: Partial<Playing>): void {
  const { playing } = scriptStore.getState();
  if (playing !== null) scriptStore.setState({ playing: { ...playing, ...to } });
}

export const nextStep = ({ script, order, taken }: Playing): ScriptStep | null =>
  script.orders[order]?.[taken] ?? null;

type TargetOf = (letter: string) => SqlTarget | null;

/**
 * The next step: its statement, until it is answered or waits for another session. Where its session still waits for an answer time
 * passes until that is there, and the step is the next one still. False: nothing came about.
 */
export async function takeStep(lab: Lab, targetOf: TargetOf): Promise<boolean> {
  const { playing } = scriptStore.getState();
  const step = playing === null ? null : nextStep(playing);
  const target = step === null ? null : targetOf(step.letter);
  if (playing === null || step === null || target === null) return false;
  openSession(step.letter);
  if (isSqlBusy(target)) {
    return (await goOn(lab, target)).isAnswered;
  }
  change({ taken: playing.taken + 1 });
  const { known, ended } = startSql(lab, { text: step.text, target, runToReply: true });
  ended.catch(() => {});
  await known;
  return true;
}

/** All that are left; ends where one cannot be taken, or the script is closed. */
export async function takeAll(lab: Lab, targetOf: TargetOf): Promise<void> {
  const script = scriptStore.getState().playing?.script;
  change({ isGoing: true });
  while (scriptStore.getState().playing?.script === script && (await takeStep(lab, targetOf)));
  change({ isGoing: false });
}
