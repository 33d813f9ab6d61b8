// Waits until the lab has a cluster of its own to work on.

import type { Lab } from '../../lab/api.ts';

/** The lab answers once its cluster is up; a page opened by a lesson's address is not there at once. */
export function whenReady(lab: Lab): Promise<void> {
  return new Promise((resolve, reject) => {
    let leave: (() => void) | null = null;
    const settle = (end: () => void): void => {
      end();
      queueMicrotask(() => leave?.());
    };
    leave = lab.subscribe({
      onRun: ({ mode }) => {
        if (mode === 'LIVE' || mode === 'PAUSED' || mode === 'REVIEW') settle(resolve);
        else if (mode === 'MIRROR' || mode === 'REPLAY') settle(() => reject(new Error(mode)));
      },
    });
  });
}
