import { expect, test } from 'vitest';
import type { Params } from '../core/kernel/params.ts';
import {
  checkChange,
  checkTogether,
  makeParams,
  nearestName,
  type Profile,
  parameters,
  profiles,
  profileValue,
} from './parameters.ts';
import { roundTripUs } from './round-trip.ts';

function paramsOf(profile: Profile, changes: readonly (readonly [string, number])[] = []): Params {
  const made = makeParams(profile, changes);
  if (!made.ok) throw new Error(made.error);
  return made.params;
}

const errorOf = (profile: Profile, changes: readonly (readonly [string, number])[]): string => {
  const made = makeParams(profile, changes);
  return made.ok ? '' : made.error;
};

test('PRE-1 each parameter once, with a default inside its range in every profile', () => {
  expect(new Set(parameters.map(({ name }) => name)).size).toBe(parameters.length);
  for (const spec of parameters) {
    for (const profile of profiles) {
      expect(checkChange(spec.name, profileValue(spec, profile)), `${spec.name} in ${profile}`).toBeNull();
    }
  }
});

test('PRE-6 a heavy tail is allowed with any profile: timeouts follow what they measure (HOLE-60)', () => {
  for (const profile of profiles) expect(errorOf(profile, [['linkHeavyTail', 1]])).toBe('');
});

test('PRE-6 every profile fits together; its round trip is the sheet’s', () => {
  for (const profile of profiles) expect(checkTogether(paramsOf(profile))).toBeNull();
  expect(roundTripUs(paramsOf('spec'))).toBe(20_000);
  expect(roundTripUs(paramsOf('demo'))).toBe(1500);
  expect(roundTripUs(paramsOf('bench'))).toBe(1450);
});

test('the sheet’s numbers: a few that would be missed', () => {
  expect(paramsOf('demo')).toMatchObject({ lal: 100, pageBytes: 1024, bufferPages: 64, latencyFloorUs: 300 });
  expect(paramsOf('spec')).toMatchObject({ lal: 10_000_000, diskSyncJitterUs: 9000, backoffMaxExp: 5 });
  expect(paramsOf('bench')).toMatchObject({ groupCommitMaxUs: 200, diskLimitBytes: 2 ** 31, lal: 100_000 });
});

test.each([
  ['PRE-1 unknown', [['bufferpages', 64]], 'unknown parameter bufferpages; did you mean bufferPages?'],
  ['PRE-1 below', [['pageBytes', 511]], 'must be a whole number of bytes from 512 to 8192'],
  ['PRE-1 above', [['backoffMaxExp', 17]], 'from 0 to 16'],
  ['PRE-1 fraction', [['lal', 100.5]], 'must be a whole number'],
  ['PRE-1 prototype', [['__proto__', 1]], 'unknown parameter __proto__'],
  ['PRE-6 floor', [['latencyFloorUs', 301]], 'PRE-6: linkBaseUs = 300 µs is below latencyFloorUs = 301 µs'],
  ['PRE-6 resend', [['resendMs', 1]], 'PRE-6: resendMs'],
  ['PRE-6 request', [['reqTimeoutMs', 1]], 'PRE-6: reqTimeoutMs'],
  ['PRE-6 read', [['readTimeoutMs', 1]], 'PRE-6: readTimeoutMs'],
  ['PRE-6 recovery', [['recoveryRetryMs', 1]], 'PRE-6: recoveryRetryMs'],
  ['PRE-6 attempt', [['attemptTimeoutMs', 1000]], 'PRE-6: attemptTimeoutMs = 1000 is not below maxRetryMs'],
  ['PRE-6 backoff', [['routeBackoffMs', 17]], 'PRE-6: routeBackoffMs'],
] as const)('%s is refused by name', (_, changes, error) => {
  expect(errorOf('demo', changes)).toContain(error);
});

test('at its limits every parameter is taken, one beyond refused', () => {
  for (const { name, min, max } of parameters) {
    expect(checkChange(name, min)).toBeNull();
    expect(checkChange(name, max)).toBeNull();
    expect(checkChange(name, min - 1)?.error).toContain(String(min));
    expect(checkChange(name, max + 1)?.error).toContain(String(max));
  }
});

test('the nearest name is the one with the fewest letters changed', () => {
  expect(nearestName('stor-1', ['rw-1', 'store-1', 'store-2'])).toBe('store-1');
  expect(nearestName('', ['a'])).toBe('a');
  expect(nearestName('x'.repeat(10_000), ['lal', 'resendMs'])).toBeDefined();
});
