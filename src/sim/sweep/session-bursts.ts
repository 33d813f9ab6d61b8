// Bursts of statements at one moment, drawn for sweeps whose drivers have small limits: more in one session than may wait there, and
// more sessions than the driver keeps. The loads wait for each answer, so without bursts no run comes near either limit. They only read.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBetween } from '../../base/prng.ts';
import type { LimitName } from '../../core/kernel/limits.ts';
import type { TapeAction } from '../tape-actions.ts';

/** Statements and sessions beyond the limit. */
const BEYOND = 3;
/** Largest limit for which a burst is drawn: a tape has room for so many. */
const MOST = 256;

/** `limits`: those that the seed has drawn (draw-limits.ts). One burst for each of the two limits of a driver that is small. */
export function drawSessionBursts(
  seed: number,
  driver: NodeId,
  limits: readonly (readonly [name: string, value: number])[],
  chaosUs: number,
): TapeAction[] {
  const prng = makePrng(seed, 'session-bursts');
  const burst = (limit: LimitName, sessionOf: (place: number) => string): TapeAction[] => {
    const value = limits.find(([name]) => name === limit)?.[1] ?? MOST + 1;
    const at = nextBetween(prng, Math.trunc(chaosUs / 4), chaosUs - 1) as Time;
    if (value > MOST) return [];
    return Array.from({ length: value + BEYOND }, (_, i): TapeAction => {
      const session = sessionOf(i);
      return { kind: 'sql', at, node: driver, session, text: `select ${i}`, params: [] };
    });
  };
  return [...burst('sessionQueue', () => 'burst'), ...burst('driverSessions', (place) => `burst-${place}`)];
}
