// Storage that somebody holds: it is tried again until it is free, said once, and left alone once memory is chosen.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { StorageHeld } from './databases.ts';
import { makeMemoryChoice, whenFree } from './held-storage.ts';
import { NodeFailure } from './node-ports.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('held storage is waited for and said once; then it is opened', async () => {
  const failures = [new StorageHeld('held'), new NodeFailure('held', 'held'), new StorageHeld('held')];
  const onHeld = vi.fn();
  const opening = whenFree(
    makeMemoryChoice(),
    () => {
      const failure = failures.shift();
      return failure === undefined ? Promise.resolve('open') : Promise.reject(failure);
    },
    onHeld,
  );
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await opening).toBe('open');
  expect(onHeld).toHaveBeenCalledTimes(1);
  expect(failures).toEqual([]);
});

test('any other failure is no wait', async () => {
  const onHeld = vi.fn();
  const work = () => Promise.reject(new NodeFailure('storage', 'no'));
  await expect(whenFree(makeMemoryChoice(), work, onHeld)).rejects.toThrow('no');
  expect(onHeld).not.toHaveBeenCalled();
});

test('once memory is chosen nothing is tried again, and what opens later is not taken', async () => {
  const choice = makeMemoryChoice();
  const work = vi.fn(() => Promise.reject(new StorageHeld('held')));
  const waiting = whenFree(choice, work, () => undefined);
  await vi.advanceTimersByTimeAsync(0);
  choice.make();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await waiting).toBe(null);
  expect(work).toHaveBeenCalledTimes(1);
  const pending = makeMemoryChoice();
  const opening = whenFree(
    pending,
    () => new Promise(() => {}),
    () => undefined,
  );
  pending.make();
  expect(await opening).toBe(null);
});
