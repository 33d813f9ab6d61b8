// Waits until the lab has a cluster of its own to work on.

import type { Lab, RunMode } from '../../lab/api.ts';

/** What the page shows in place of a cluster of its own: a person can leave each of them. */
const elsewhere = ['REPLAY', 'TWIN', 'MIRROR'] as const;
export type Elsewhere = (typeof elsewhere)[number];

export const isElsewhere = (mode: RunMode | string | null): mode is Elsewhere =>
  elsewhere.some((one) => one === mode);

/**
 * The lab answers once its cluster is up; a page opened by a lesson's address is not there at once. While it shows something else,
 * `onWait` hears what, and the lesson waits for the way back. False: meanwhile nobody wants it any more.
 */
export function whenReady(
  lab: Pick<Lab, 'subscribe'>,
  isWanted: () => boolean,
  onWait: (mode: Elsewhere) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    let leave: (() => void) | null = null;
    let waitsFor: RunMode | null = null;
    const settle = (isReady: boolean): void => {
      resolve(isReady);
      queueMicrotask(() => leave?.());
    };
    leave = lab.subscribe({
      onRun: ({ mode }) => {
        if (!isWanted()) settle(false);
        else if (mode === 'LIVE' || mode === 'PAUSED' || mode === 'REVIEW') settle(true);
        else if (isElsewhere(mode) && mode !== waitsFor) onWait(mode);
        waitsFor = mode;
      },
    });
  });
}
