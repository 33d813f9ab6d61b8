// The vector clock of the chosen event as lens 4.7 found it last, for the inspector beside it.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { keepSame } from './same-value.ts';

export interface EventClock {
  /** The event's place in the run's order. */
  readonly of: number;
  /** Steps of each lane that it knows of, counted from where the stretch begins. */
  readonly places: readonly (readonly [lane: string, place: number])[];
}

const clockStore = createStore<{ readonly clock: EventClock | null }>(() => ({ clock: null }));

export const takeClock = (clock: EventClock): void =>
  clockStore.setState(({ clock: before }) => ({ clock: before === null ? clock : keepSame(before, clock) }));

/** Null: lens 4.7 has not shown this event. */
export const useClockOf = (index: number): EventClock | null =>
  useStore(clockStore, ({ clock }) => (clock?.of === index ? clock : null));
