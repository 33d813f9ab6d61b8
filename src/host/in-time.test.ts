// What opens too late is closed again.

import { afterEach, expect, test, vi } from 'vitest';
import { openInTime } from './in-time.ts';

afterEach(() => {
  vi.useRealTimers();
});

function makeDoor() {
  let open: () => void = () => {};
  let fail: (error: Error) => void = () => {};
  const door = { isOpen: false, close: () => {} };
  door.close = () => {
    door.isOpen = false;
  };
  const opening = new Promise<typeof door>((resolve, reject) => {
    open = () => {
      door.isOpen = true;
      resolve(door);
    };
    fail = reject;
  });
  return { door, opening, open, fail };
}

const late = (): Error => new Error('held by another');

test('in time it is the opener’s, and its own failure is reported', async () => {
  const { door, opening, open } = makeDoor();
  open();
  expect(await openInTime(() => opening, 1000, late)).toBe(door);
  expect(door.isOpen).toBe(true);
  const broken = makeDoor();
  broken.fail(new Error('no'));
  await expect(openInTime(() => broken.opening, 1000, late)).rejects.toThrow('no');
});

test('too late it is refused, and closed as soon as it opens', async () => {
  vi.useFakeTimers();
  const { door, opening, open } = makeDoor();
  const refused = expect(openInTime(() => opening, 1000, late)).rejects.toThrow('held by another');
  await vi.advanceTimersByTimeAsync(1000);
  await refused;
  open();
  await vi.advanceTimersByTimeAsync(0);
  expect(door.isOpen).toBe(false);
});

test('whoever learns while it opens that others hold it waits as long as that takes', async () => {
  vi.useFakeTimers();
  const { door, opening } = makeDoor();
  let isRefused = false;
  let setLimit = (_ms: number): void => undefined;
  const refused = openInTime(
    (set) => {
      setLimit = set;
      return opening;
    },
    10_000,
    late,
  ).catch(() => {
    isRefused = true;
  });
  setLimit(1000);
  await vi.advanceTimersByTimeAsync(999);
  expect(isRefused).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await refused;
  expect([isRefused, door.isOpen]).toEqual([true, false]);
});
