// The speed slider's scale: logarithmic from 1:10 000 to 1:1, and `max` at its end.

import type { Speed } from '../../lab/api.ts';

/** Slowest and fastest numeric speed, virtual µs per wall second (1:10 000 and 1:1). */
const slowest = 100;
const fastest = 1_000_000;
const decades = Math.log10(fastest / slowest);
/** Positions 0…100; above this the slider says `max`. */
const lastNumeric = 96;

export const sliderMax = 100;

export function speedAt(position: number): Speed {
  if (position > lastNumeric) return 'max';
  const exact = slowest * 10 ** ((position / lastNumeric) * decades);
  // Two significant digits: the readout and the tape of a session stay readable.
  const scale = 10 ** Math.floor(Math.log10(exact));
  return Math.round((exact / scale) * 10) * (scale / 10);
}

export function positionOf(speed: Speed): number {
  if (speed === 'max') return sliderMax;
  const clamped = Math.min(Math.max(speed, slowest), fastest);
  return Math.round((Math.log10(clamped / slowest) / decades) * lastNumeric);
}

/** The next decade down or up, for the keys [ and ]. */
export function nextSpeed(speed: Speed, direction: 1 | -1): Speed {
  if (speed === 'max') return direction === 1 ? 'max' : fastest;
  if (direction === 1 && speed >= fastest) return 'max';
  return Math.min(Math.max(speed * (direction === 1 ? 10 : 0.1), slowest), fastest);
}
