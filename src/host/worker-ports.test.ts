// A node's worker that goes, cannot start or cannot be understood: whoever waits for its answer is notified at once.

import { afterEach, expect, test, vi } from 'vitest';
import { visit, workerHost } from './node-ports.ts';

/** The workers that were made; nobody is at their other ends. */
const made: FakeWorker[] = [];

class FakeWorker {
  onmessage: ((message: { readonly data: object }) => void) | null = null;
  onerror: ((event: object) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  isEnded = false;
  constructor() {
    made.push(this);
  }
  postMessage(): void {}
  terminate(): void {
    this.isEnded = true;
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
  made.length = 0;
});

function askOne() {
  vi.stubGlobal('Worker', FakeWorker);
  const port = workerHost.makePort(() => {});
  const worker = made[0] as FakeWorker;
  return { port, worker, answer: port.call<'digest'>({ kind: 'digest' }) };
}

test('one that is ended while it works', async () => {
  const { port, worker, answer } = askOne();
  port.terminate();
  await expect(answer).rejects.toMatchObject({ name: 'NodeFailure', reason: 'worker' });
  expect(worker.isEnded).toBe(true);
});

test('one whose script does not load', async () => {
  const { worker, answer } = askOne();
  worker.onerror?.({ preventDefault: () => {} });
  await expect(answer).rejects.toMatchObject({ reason: 'worker', message: 'the worker did not start' });
});

test('one whose answer cannot be read', async () => {
  const { worker, answer } = askOne();
  worker.onmessageerror?.();
  await expect(answer).rejects.toMatchObject({ reason: 'worker' });
});

test('one whose answer to a window is damaged', async () => {
  const { worker, answer } = askOne();
  worker.onmessage?.({ data: { kind: 'answer', answer: { packed: new Uint8Array([1, 200]) } } });
  await expect(answer).rejects.toMatchObject({
    name: 'NodeFailure',
    reason: 'engine',
    message: expect.stringContaining('its answer could not be read: '),
  });
});

test('a visit ends its worker, also when it fails', async () => {
  vi.stubGlobal('Worker', FakeWorker);
  const asked = visit(
    workerHost,
    () => {},
    (port) => port.call<'digest'>({ kind: 'digest' }),
  );
  made[0]?.onerror?.({ preventDefault: () => {}, message: 'no' });
  await expect(asked).rejects.toMatchObject({ message: 'no' });
  expect(made[0]?.isEnded).toBe(true);
});
