// Bursts of statements: drawn only where a limit of the driver is small, and then enough of them to reach it.

import { expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { findPreset } from '../../stacks/presets.ts';
import { drawLimits } from './draw-limits.ts';
import { nodeWith } from './draw-tools.ts';
import { drawSessionBursts } from './session-bursts.ts';

const CHAOS_US = 20_000_000;
const driver = nodeWith(present(findPreset('cynosdb'), 'preset').cluster, 'driver');

test('PRE-8 a burst has more statements or sessions than the small limit of its seed; usual limits draw none', () => {
  const met = { sessionQueue: 0, driverSessions: 0 };
  for (let seed = 1; seed <= 40; seed++) {
    const limits = new Map(drawLimits(seed));
    const drawn = drawSessionBursts(seed, driver, [...limits], CHAOS_US);
    const sessions = drawn.flatMap((action) => (action.kind === 'sql' ? [action.session] : []));
    const queued = sessions.filter((session) => session === 'burst').length;
    const others = new Set(sessions.filter((session) => session !== 'burst')).size;
    const [queue, most] = [limits.get('sessionQueue'), limits.get('driverSessions')];
    if (queue === undefined) expect(queued).toBe(0);
    else expect(queued).toBeGreaterThan(queue + 1);
    if (most === undefined) expect(others).toBe(0);
    else expect(others).toBeGreaterThan(most);
    met.sessionQueue += Number(queued > 0);
    met.driverSessions += Number(others > 0);
    expect(drawn.every(({ at }) => at >= CHAOS_US / 4 && at < CHAOS_US)).toBe(true);
  }
  expect(Math.min(met.sessionQueue, met.driverSessions)).toBeGreaterThan(5);
});
