// New events that nobody took yet, joined with those that came after them.

import type { NewEvents } from '../run-model/recorder/new-events.ts';

/** Events kept for who is not there yet. */
const KEPT = 240;

export const noNewEvents: NewEvents = { events: [], jumped: false };

/** A jump leaves nothing of what was before it. */
export const joinNewEvents = (before: NewEvents, next: NewEvents): NewEvents => ({
  events: (next.jumped ? next.events : [...before.events, ...next.events]).slice(-KEPT),
  jumped: next.jumped || before.jumped,
});
