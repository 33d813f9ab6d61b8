// Structural sharing between frames: a frame brings new objects each time; keeping the old reference when nothing
// changed is what lets a component subscribe to its own id and stay still.

import { isSame } from '../base/same-plain.ts';

/** `next`, or `previous` itself when both say the same. */
export function keepSame<T>(previous: T | undefined, next: T): T {
  return previous !== undefined && isSame(previous, next) ? previous : next;
}
