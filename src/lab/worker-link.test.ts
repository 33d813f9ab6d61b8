// Whoever asks a worker is answered, also when it did not start, threw, or was closed.

import { expect, test, vi } from 'vitest';
import { RUN_ENDED } from '../host/fabric-messages.ts';
import { unlessGone } from './run-gone.ts';
import { linkWorker } from './worker-link.ts';

interface Ask {
  readonly kind: 'ask';
  readonly id: number;
}

/** What a page holds of a worker: here nobody is at its other end. */
function makeBench() {
  const worker = {
    onmessage: null as ((event: { data: unknown }) => void) | null,
    onerror: null as ((event: object) => void) | null,
    onmessageerror: null as (() => void) | null,
    postMessage: vi.fn(),
    terminate: vi.fn(),
  };
  const failures: string[] = [];
  const link = linkWorker<Ask, { readonly kind: 'event' }>(
    worker as unknown as Worker,
    () => {},
    (detail) => failures.push(detail),
  );
  const ask = (): Promise<unknown> => link.ask((id) => ({ kind: 'ask', id }));
  const fail = (message?: string): void => worker.onerror?.({ preventDefault: () => {}, message });
  return { worker, link, failures, ask, fail };
}

test('answers go to who asked, refusals in the worker’s words', async () => {
  const { worker, ask } = makeBench();
  const [first, second] = [ask(), ask()];
  worker.onmessage?.({ data: { kind: 'refused', id: 2, error: 'no' } });
  worker.onmessage?.({ data: { kind: 'done', id: 1, value: 7 } });
  expect(await first).toBe(7);
  await expect(second).rejects.toThrow('no');
});

test('a worker whose script was not loaded refuses who waits and who comes later', async () => {
  const { ask, fail, failures, worker } = makeBench();
  const waiting = ask();
  fail();
  await expect(waiting).rejects.toThrow('the worker did not start');
  await expect(ask()).rejects.toThrow('the worker did not start');
  expect(failures).toEqual(['the worker did not start']);
  expect(worker.postMessage).toHaveBeenCalledTimes(1);
});

test('a worker that threw, or said what cannot be read, is asked again', async () => {
  const { worker, ask, fail, failures } = makeBench();
  const waiting = ask();
  fail('Uncaught Error: x');
  await expect(waiting).rejects.toThrow('Uncaught Error: x');
  const unread = ask();
  worker.onmessageerror?.();
  await expect(unread).rejects.toThrow('could not be read');
  expect(failures).toHaveLength(2);
  const last = ask();
  worker.onmessage?.({ data: { kind: 'done', id: 3, value: 'here' } });
  expect(await last).toBe('here');
});

test('a closed worker refuses', async () => {
  const { link, ask } = makeBench();
  const waiting = ask();
  link.close();
  await expect(waiting).rejects.toThrow('the worker was closed');
  await expect(ask()).rejects.toThrow('the worker was closed');
});

test('a command whose run is gone meanwhile is no fault; any other refusal is', async () => {
  const { worker, link, ask } = makeBench();
  const command = unlessGone(ask, (why) => why.message);
  const answer = async (error: string): Promise<unknown> => {
    const asked = command();
    const id = worker.postMessage.mock.calls.length;
    worker.onmessage?.({ data: { kind: 'refused', id, error } });
    return asked;
  };
  expect(await answer(RUN_ENDED)).toBe('this run has ended');
  await expect(answer('no room')).rejects.toThrow('no room');
  const waiting = command();
  link.close();
  expect(await waiting).toBe('the worker was closed');
});
