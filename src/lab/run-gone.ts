// What a person asked of a run that is over, or of a worker that was let go. Another run has its place, and nothing is left
// to do: it is no fault, and only who waits for an answer is notified.

import { RUN_ENDED } from '../host/fabric-messages.ts';

export class RunGone extends Error {}

/** The error for a worker's refusal. */
export const refusalOf = (why: string): Error => (why === RUN_ENDED ? new RunGone(why) : new Error(why));

/** The same command; when its run is gone meanwhile it answers what `gone` makes of that, and rejects for any other reason. */
export function unlessGone<Args extends readonly unknown[], T>(
  command: (...args: Args) => Promise<T>,
  gone: (why: RunGone) => T,
): (...args: Args) => Promise<T> {
  return async (...args) => {
    try {
      return await command(...args);
    } catch (error) {
      if (error instanceof RunGone) return gone(error);
      throw error;
    }
  };
}
