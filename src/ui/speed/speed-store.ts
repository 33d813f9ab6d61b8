// What the page "Speed" has measured. It outlives the page: a person may look at the lab meanwhile.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Lab } from '../../lab/api.ts';
import { type Measuring, openMeasured } from '../../lab/speed/measure-window.ts';
import type { Figure, MeasureId, SpeedWord } from '../../lab/speed/measures.ts';

export type Measured =
  | { readonly kind: 'runs' }
  | { readonly kind: 'figure'; readonly figure: Figure }
  | { readonly kind: 'without'; readonly error: string };

interface SpeedState {
  readonly isRunning: boolean;
  readonly measured: Readonly<Partial<Record<MeasureId, Measured>>>;
  /** Why there is no more of it; null: nothing is wrong. */
  readonly ended: 'blocked' | 'closed' | 'stopped' | 'hidden' | null;
}

const speedStore = createStore<SpeedState>(() => ({ isRunning: false, measured: {}, ended: null }));

export const useSpeed = (): SpeedState => useStore(speedStore);

let measuring: Measuring | null = null;
let isStopped = false;
/** Lets the person's cluster go on, if it did. */
let goOn = (): void => undefined;

const set = (id: MeasureId, one: Measured): void =>
  speedStore.setState(({ measured }) => ({ measured: { ...measured, [id]: one } }));

function hear(word: SpeedWord): void {
  if (word.kind === 'begun') set(word.id, { kind: 'runs' });
  else if (word.kind === 'figure' || word.kind === 'without') set(word.id, word);
  else if (word.kind === 'done') {
    goOn();
    speedStore.setState({ isRunning: false });
  } else {
    goOn();
    // What was under way is not measured.
    speedStore.setState(({ measured }) => ({
      isRunning: false,
      ended: word.isHidden ? 'hidden' : isStopped ? 'stopped' : 'closed',
      measured: Object.fromEntries(Object.entries(measured).filter(([, one]) => one.kind !== 'runs')),
    }));
  }
}

/** Called by the press that asks for it: only then may a page open a window. */
export function measureSpeed(lab: Lab): void {
  measuring = openMeasured(hear);
  if (measuring === null) {
    speedStore.setState({ isRunning: false, ended: 'blocked' });
    return;
  }
  isStopped = false;
  const wasPlaying = lab.run().playing;
  goOn = () => {
    if (wasPlaying) lab.play();
  };
  lab.pause();
  speedStore.setState({ isRunning: true, measured: {}, ended: null });
}

export function stopMeasuring(): void {
  isStopped = true;
  measuring?.stop();
}
