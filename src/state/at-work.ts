// What a person asked for and has not got: a part of the page that loads, a step, an undo, another run. While there is any, the
// page shows a sign of it at once (ui/frame/at-work-bar.tsx), however slow the machine is.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Lab } from '../lab/api.ts';

export const workStore = createStore<{ readonly count: number }>(() => ({ count: 0 }));

const add = (by: 1 | -1): void => workStore.setState(({ count }) => ({ count: count + by }));

/** Work that goes on until what is returned is called. */
export function beginWork(): () => void {
  add(1);
  return () => add(-1);
}

export async function atWork<T>(work: Promise<T>): Promise<T> {
  const end = beginWork();
  try {
    return await work;
  } finally {
    end();
  }
}

const isAny = ({ count }: { readonly count: number }): boolean => count > 0;
export const useIsAtWork = (): boolean => useStore(workStore, isAny);

const shown =
  <Asked extends readonly unknown[], T>(ask: (...asked: Asked) => Promise<T>) =>
  (...asked: Asked): Promise<T> =>
    atWork(ask(...asked));

/** The lab whose answers to what a person does are waited for in sight. What views ask for goes on unseen. */
export const showWork = (lab: Lab): Lab => ({
  ...lab,
  act: shown(lab.act),
  actAll: shown(lab.actAll),
  step: shown(lab.step),
  back: shown(lab.back),
  seek: shown(lab.seek),
  seekEvent: shown(lab.seekEvent),
  search: shown(lab.search),
  runUntil: shown(lab.runUntil),
  runTo: shown(lab.runTo),
  undo: shown(lab.undo),
  redo: shown(lab.redo),
  fork: shown(lab.fork),
  makeLive: shown(lab.makeLive),
  showBranch: shown(lab.showBranch),
  startRun: shown(lab.startRun),
  startTape: shown(lab.startTape),
  openRun: shown(lab.openRun),
  openTape: shown(lab.openTape),
  takeOver: shown(lab.takeOver),
});
