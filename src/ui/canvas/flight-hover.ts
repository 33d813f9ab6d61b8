// The message under the pointer and where the pointer is: what the hover card shows.

import { createStore } from 'zustand/vanilla';
import type { Branch } from '../../state/frame-store.ts';

export interface FlightHover {
  readonly id: string;
  /** Messages that lie there: the card is about the first. */
  readonly count: number;
  /** On which branch's map. */
  readonly branch: Branch;
  /** Window coordinates. */
  readonly x: number;
  readonly y: number;
}

export const flightHover = createStore<{ readonly hover: FlightHover | null }>(() => ({ hover: null }));
