// How a loop that runs in a worker rests between two turns: until some wall time has passed, or something was asked of it.

export interface Rests {
  /** A turn begins: what was asked before is seen in it. */
  begin(): void;
  /** Something was asked: there is no rest after this turn, and one that is on ends. */
  rouse(): void;
  sleep(ms: number): Promise<void>;
  /** Lets queued messages of this worker be handled. */
  breathe(): Promise<void>;
}

export function makeRests(): Rests {
  let isRoused = false;
  let wake: (() => void) | null = null;
  return {
    begin() {
      isRoused = false;
    },
    rouse() {
      isRoused = true;
      const current = wake;
      wake = null;
      current?.();
    },
    sleep: (ms) =>
      new Promise((resolve) => {
        if (isRoused) return resolve();
        const timer = setTimeout(() => {
          wake = null;
          resolve();
        }, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    breathe: () =>
      new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          port1.close();
          resolve();
        };
        port2.postMessage(null);
      }),
  };
}
