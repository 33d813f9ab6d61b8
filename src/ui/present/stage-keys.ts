// Keys of a presentation, the same in either window: those of a clicker, and the letters of the table. They come before the lab's
// own, of which only those that move time go on: nobody crashes a node in front of an audience by a slip.

import type { StageKey } from './stage-state.ts';

const byKey: Readonly<Record<string, StageKey>> = {
  PageDown: 'next',
  ArrowRight: 'next',
  ArrowDown: 'next',
  PageUp: 'previous',
  ArrowLeft: 'previous',
  ArrowUp: 'previous',
  w: 'blank',
  f: 'full',
  Escape: 'escape',
};

/** Of the lab's keys: play, step, back, speed, help. */
const goOn: ReadonlySet<string> = new Set([' ', '.', ',', '>', '<', '[', ']', '?', 'Enter']);

const isTaken = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest('input, textarea, select, [role="dialog"], [role="menu"], [role="listbox"]') !== null;

const nameOf = ({ key }: KeyboardEvent): string => (key.length === 1 ? key.toLowerCase() : key);

interface StageKeyEvents {
  readonly onKey: (key: StageKey) => void;
  /** Held: pressed (true), then let go. */
  readonly onPointer?: (kind: 'laser' | 'spotlight', isHeld: boolean) => void;
  /** No key reaches the lab. */
  readonly isAlone?: boolean;
}

const pointers: Readonly<Record<string, 'laser' | 'spotlight'>> = { q: 'laser', s: 'spotlight' };

/** Listens until the answer is called. */
export function listenToKeys({ onKey, onPointer, isAlone = false }: StageKeyEvents): () => void {
  const stop = (event: KeyboardEvent): void => {
    event.preventDefault();
    event.stopPropagation();
  };
  const onDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTaken(event.target)) return;
    const name = nameOf(event);
    const pointer = pointers[name];
    const key = byKey[name];
    if (pointer !== undefined) onPointer?.(pointer, true);
    else if (key !== undefined && !(event.repeat && key !== 'next' && key !== 'previous')) onKey(key);
    const isOurs = pointer !== undefined || (key !== undefined && key !== 'escape');
    if (isOurs) stop(event);
    else if (isAlone || (name.length === 1 && !goOn.has(name))) event.stopPropagation();
  };
  const onUp = (event: KeyboardEvent): void => {
    const pointer = pointers[nameOf(event)];
    if (pointer !== undefined) onPointer?.(pointer, false);
  };
  window.addEventListener('keydown', onDown, true);
  window.addEventListener('keyup', onUp, true);
  return () => {
    window.removeEventListener('keydown', onDown, true);
    window.removeEventListener('keyup', onUp, true);
  };
}
