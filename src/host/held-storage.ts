// Storage that somebody else still has open: a page before, a tab that hangs, a worker that is going away. It is waited for
// and said, and what is on the disks stays as it is. Only a person ends the wait before, by beginning in memory beside it.

import { StorageHeld } from './databases.ts';
import { NodeFailure } from './node-ports.ts';

/** Wall ms between two tries. */
const RETRY_MS = 1000;

/** A person's choice to begin in memory; made once. */
export interface MemoryChoice {
  readonly made: Promise<null>;
  isMade(): boolean;
  make(): void;
}

export function makeMemoryChoice(): MemoryChoice {
  let isMade = false;
  let resolve: (value: null) => void = () => undefined;
  const made = new Promise<null>((settle) => {
    resolve = settle;
  });
  return {
    made,
    isMade: () => isMade,
    make() {
      isMade = true;
      resolve(null);
    },
  };
}

const isHeld = (error: unknown): boolean =>
  error instanceof StorageHeld || (error instanceof NodeFailure && error.reason === 'held');

/** Tries again until nobody holds what `work` opens; it may not write. Null: memory was chosen meanwhile. */
export async function whenFree<T>(
  choice: MemoryChoice,
  work: () => Promise<T>,
  onHeld: () => void,
): Promise<T | null> {
  for (let tries = 0; !choice.isMade(); tries++) {
    try {
      const done = await Promise.race([work(), choice.made]);
      return choice.isMade() ? null : done;
    } catch (error) {
      if (!isHeld(error)) throw error;
    }
    if (tries === 0) onHeld();
    await Promise.race([choice.made, new Promise((resolve) => setTimeout(resolve, RETRY_MS))]);
  }
  return null;
}
