// Interruptible sleep of a loop in a worker: it ends after some wall time, or as soon as a request comes.

export interface InterruptibleSleep {
  /** A turn begins: it handles the requests that came before. */
  begin(): void;
  /** A request came: the wait after this turn is skipped, and one under way ends. */
  interrupt(): void;
  wait(ms: number): Promise<void>;
}

export function makeInterruptibleSleep(): InterruptibleSleep {
  let isInterrupted = false;
  let wake: (() => void) | null = null;
  return {
    begin() {
      isInterrupted = false;
    },
    interrupt() {
      isInterrupted = true;
      const current = wake;
      wake = null;
      current?.();
    },
    wait: (ms) =>
      new Promise((resolve) => {
        if (isInterrupted) return resolve();
        const timer = setTimeout(() => {
          wake = null;
          resolve();
        }, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
}
