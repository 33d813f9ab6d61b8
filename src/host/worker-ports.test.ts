// A node's worker that goes, cannot start or cannot be understood: whoever waits for its answer is notified at once, and an
// end is over when the page says so.

import { afterEach, expect, test, vi } from 'vitest';
import { visit } from './node-ports.ts';
import type { WorkersReply, WorkersRequest } from './worker-messages.ts';
import { makeWorkerHost } from './worker-ports.ts';

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

const makeChannel = (): MessageChannel => {
  const channel = new MessageChannel();
  open.push(channel.port1, channel.port2);
  return channel;
};

/** A page that starts nothing by itself: what it was asked, and what it says. */
function makePage() {
  const { port1: page, port2 } = makeChannel();
  const asked: WorkersRequest[] = [];
  page.onmessage = ({ data }) => asked.push(data);
  const host = makeWorkerHost(port2);
  const say = (reply: WorkersReply, transfer: Transferable[] = []): void => page.postMessage(reply, transfer);
  /** The worker's end of the channel that the page made, and what came through it. */
  const start = (worker: number) => {
    const { port1, port2: port } = makeChannel();
    const got: { readonly kind: string }[] = [];
    port1.onmessage = ({ data }) => got.push(data);
    say({ kind: 'started', worker, port }, [port]);
    return { answer: (reply: object) => port1.postMessage(reply), got };
  };
  return { host, asked, say, start };
}

const onFenced = vi.fn();

function askOne() {
  const page = makePage();
  const port = page.host.makePort('any', onFenced);
  const answer = port.call<'digest'>({ kind: 'digest' });
  // it rejects before somebody looks
  answer.catch(() => undefined);
  return { ...page, port, answer };
}

const digests = { kind: 'digests', state: 's', disk: 'd' };

test('what is asked before the worker is there is answered when it is', async () => {
  const { answer, start, asked } = askOne();
  await expect.poll(() => asked).toEqual([{ kind: 'start', worker: 0, code: 'any' }]);
  const worker = start(0);
  await expect.poll(() => worker.got).toEqual([{ kind: 'digest' }]);
  worker.answer(digests);
  expect(await answer).toEqual(digests);
});

test('one that is ended while it works refuses at once; it is over when the page says so', async () => {
  const { port, answer, asked, say, start } = askOne();
  start(0);
  let isOver = false;
  const end = port.end().then(() => {
    isOver = true;
  });
  await expect(answer).rejects.toMatchObject({ name: 'NodeFailure', reason: 'worker' });
  await expect.poll(() => asked.at(-1)).toEqual({ kind: 'end', worker: 0, isUnused: false });
  expect(isOver).toBe(false);
  say({ kind: 'ended', worker: 0 });
  await end;
  await expect(port.call<'digest'>({ kind: 'digest' })).rejects.toThrow('the worker was ended');
});

test('one that the page says has failed refuses who waits and who comes later, with its reason', async () => {
  const { port, answer, say } = askOne();
  say({ kind: 'failed', worker: 0, detail: 'the worker did not start' });
  const failure = { reason: 'worker', message: 'the worker did not start' };
  await expect(answer).rejects.toMatchObject(failure);
  await expect(port.call<'digest'>({ kind: 'digest' })).rejects.toMatchObject(failure);
});

test('one whose answer to a window is damaged', async () => {
  const { answer, start } = askOne();
  start(0).answer({ kind: 'answer', answer: { packed: new Uint8Array([1, 200]) } });
  await expect(answer).rejects.toMatchObject({
    name: 'NodeFailure',
    reason: 'engine',
    message: expect.stringContaining('its answer could not be read: '),
  });
});

test('a visit ends its worker, also when it fails; one that hosted no node may serve another', async () => {
  const { host, asked, start, say } = makePage();
  const ask = () => visit(host, 'any', onFenced, (port) => port.call<'digest'>({ kind: 'digest' }));
  const [good, bad] = [ask(), ask()];
  bad.catch(() => undefined);
  start(0).answer(digests);
  say({ kind: 'failed', worker: 1, detail: 'no' });
  await expect.poll(() => asked.length).toBe(4);
  expect(asked).toContainEqual({ kind: 'end', worker: 0, isUnused: true });
  expect(asked).toContainEqual({ kind: 'end', worker: 1, isUnused: false });
  for (const worker of [0, 1]) say({ kind: 'ended', worker });
  expect(await good).toEqual(digests);
  await expect(bad).rejects.toMatchObject({ message: 'no' });
});

test.each([
  ['another owner', 'fenced', 'taken'],
  ['the removal of the site’s data', 'removed', 'removed'],
])(
  '%s fences a node; whoever ended it is told of neither, for what closes its disk then is our own clean-up',
  async (_, cause, why) => {
    const fenced = { kind: 'failed', cause, detail: 'gone' };
    const [kept, left] = [askOne(), askOne()];
    onFenced.mockClear();
    kept.start(0).answer(fenced);
    await expect(kept.answer).rejects.toMatchObject({ reason: cause });
    expect(onFenced.mock.calls).toEqual([[why]]);
    const worker = left.start(0);
    const end = left.port.end();
    worker.answer(fenced);
    left.say({ kind: 'ended', worker: 0 });
    await end;
    expect(onFenced).toHaveBeenCalledTimes(1);
  },
);
