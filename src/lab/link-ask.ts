// What a link asks for, until it is followed. It moves from the address into the tab's entry of the browser's history, which is the
// same after a reload and in a tab that is opened again after the browser was killed: until the lab has it, each of them asks again.

import type { Ask } from '../host/opening.ts';
import { randomId } from '../host/random-id.ts';
import type { StartOptions } from './start-options.ts';

/** The history entry's state; whoever wrote it, its shape is checked. */
export function readAsk(state: unknown): Ask | null {
  if (typeof state !== 'object' || state === null || !('ask' in state)) return null;
  const { ask } = state;
  if (typeof ask !== 'object' || ask === null) return null;
  const { id, preset, seed } = ask as Partial<Record<keyof Ask, unknown>>;
  return typeof id === 'string' && typeof preset === 'string' && typeof seed === 'number'
    ? { id, preset, seed }
    : null;
}

/** `linked`: what the address asks for, a press of its own; null: what a press before it asked for and nobody has followed. */
export function takeAsk(linked: StartOptions | null): Ask | null {
  if (linked === null) return readAsk(history.state);
  const ask: Ask = { ...linked, id: randomId() };
  history.replaceState({ ask }, '', '#/lab');
  return ask;
}

/** Followed, or given up: a reload goes on with what is saved. */
export function dropAsk(): void {
  if (readAsk(history.state) !== null) history.replaceState(null, '', location.href);
}
