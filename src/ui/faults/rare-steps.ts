// Rare events made to happen: each is a few ordinary tape actions at the right moments, found by watching the run. What
// is on the tape afterwards makes it happen again. Here are the steps that they are made of.

import type { Lab } from '../../lab/api.ts';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { printAction } from '../../sim/tape-print.ts';
import { tapes } from '../../stacks/tapes.ts';
import { t } from '../i18n/i18n.ts';
import { showToast } from '../kit/toast.ts';
import { type NewAction, timed } from './entry.ts';
import '../../words/faults/faults.en.json';

/** What such an event needs of the lab. */
export interface RareLab extends Pick<Lab, 'act' | 'runUntil' | 'frame' | 'subscribe' | 'past'> {
  run(): Pick<ReturnType<Lab['run']>, 'liveTime'>;
}

export const send = (lab: RareLab, action: NewAction): ReturnType<Lab['act']> =>
  lab.act(printAction(tapes, timed(action)));

/** The time at which the event was found; null when it did not come in this many virtual ms, or was cancelled. */
export async function runOnUntil(lab: RareLab, event: string, ms: number): Promise<number | null> {
  const limit = lab.run().liveTime / 1000 + ms;
  const stood = await lab.runUntil(`${event} or time >= ${limit.toFixed(3)}`);
  return stood.ok && stood.end === 'found' && stood.at < limit * 1000 ? stood.at : null;
}

/** The picture of a time at which the run stands: it may still be on its way. */
export function pictureAt(lab: RareLab, at: number): Promise<WorldFrame> {
  return new Promise((resolve) => {
    const shown = lab.frame();
    if (shown !== null && shown.time >= at) {
      resolve(shown);
      return;
    }
    const end = lab.subscribe({
      onFrame(frame) {
        if (frame.time < at) return;
        end();
        resolve(frame);
      },
    });
  });
}

/** Runs on to this virtual time, µs; the picture of then, or null when it was cancelled. */
export async function runOnTo(lab: RareLab, at: number): Promise<WorldFrame | null> {
  const stood = await lab.runUntil(`time >= ${(at / 1000).toFixed(3)}`);
  return stood.ok && stood.end === 'found' ? pictureAt(lab, stood.at) : null;
}

export const sayNotCome = (): void => showToast({ kind: 'error', text: t('rare.notCome') });
