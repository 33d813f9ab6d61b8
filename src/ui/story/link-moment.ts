// Where in its run a link leads, `&at=`: `violation`, the number of an event (`2938`), or a virtual time in ms with three
// decimals (`103.786`), which is what *Share* writes.

import type { Time } from '../../base/ids.ts';

type LinkMoment =
  | { readonly kind: 'violation' }
  | { readonly kind: 'event'; readonly index: number }
  | { readonly kind: 'time'; readonly time: Time };

/** Null: no moment that a run can have. */
export function readMoment(at: string): LinkMoment | null {
  if (at === 'violation') return { kind: 'violation' };
  const value = Number(at);
  if (/^\d{1,16}$/.test(at) && Number.isSafeInteger(value)) return { kind: 'event', index: value };
  const time = Math.round(value * 1000) as Time;
  return /^\d{1,13}\.\d{3}$/.test(at) && Number.isSafeInteger(time) ? { kind: 'time', time } : null;
}
