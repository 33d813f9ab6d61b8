// A worker and a database for each node. The page makes and ends the workers and hands one end of a channel to each side;
// what is asked of a node before its worker is there waits. An end is acknowledged by the page: only then does nobody
// have the node's disk open.

import { present } from '../base/assert.ts';
import { messageOf } from '../base/thrown.ts';
import type { Loss } from './databases.ts';
import { openIdbDisk } from './idb-disk.ts';
import { makeNearPort, NodeFailure, type NodeHost, type NodePort } from './node-ports.ts';
import { packRequest, unpackAnswer } from './window-wire.ts';
import type {
  NodeReply,
  NodeRequest,
  ReplyTo,
  WireReply,
  WireRequest,
  WorkerCode,
  WorkersReply,
  WorkersRequest,
} from './worker-messages.ts';

/** What the page says of one worker. */
interface FromPage {
  onStarted(port: MessagePort): void;
  onFailed(failure: NodeFailure): void;
  onEnded(): void;
}

interface ToPage {
  start(): void;
  end(isUnused: boolean): void;
}

interface Waiting {
  readonly resolve: (reply: NodeReply) => void;
  readonly reject: (error: Error) => void;
}

/** A window's buffer changes hands; everything else is cloned. */
function post(port: MessagePort, request: NodeRequest): void {
  if (request.kind !== 'window') {
    port.postMessage(request satisfies WireRequest);
    return;
  }
  const packed = packRequest(request.request);
  port.postMessage({ ...request, request: packed } satisfies WireRequest, [packed.packed.buffer]);
}

/** An answer that cannot be unpacked is a failure of the node's: whoever waits for it is notified. */
function readReply(data: WireReply): NodeReply {
  if (data.kind !== 'answer') return data;
  try {
    return { kind: 'answer', answer: unpackAnswer(data.answer) };
  } catch (error) {
    return { kind: 'failed', cause: 'engine', detail: `its answer could not be read: ${messageOf(error)}` };
  }
}

function makeWorkerPort(page: ToPage, code: WorkerCode, onFenced: (why: Loss) => void): NodePort & FromPage {
  let port: MessagePort | null = null;
  let waiting: Waiting | null = null;
  /** What is under way beside it. */
  const beside = new Map<'cut' | 'packed', Waiting>();
  /** Asked before the worker was there. */
  let early: NodeRequest | null = null;
  /** Why it answers nothing any more. */
  let gone: NodeFailure | null = null;
  let hosts = false;
  let isLeaving = false;
  let ended: Promise<void> | null = null;
  let onEnded = (): void => undefined;

  const refuse = (failure: NodeFailure): void => {
    const refused = [waiting, ...beside.values()];
    waiting = null;
    beside.clear();
    for (const one of refused) one?.reject(failure);
  };
  const fail = (failure: NodeFailure): void => {
    gone ??= failure;
    refuse(failure);
  };
  const onReply = (data: WireReply): void => {
    const reply = readReply(data);
    // Whoever leaves or ends it deletes or opens its disk by himself.
    if (reply.kind === 'failed' && ended === null && !isLeaving) {
      if (reply.cause === 'fenced') onFenced('taken');
      else if (reply.cause === 'removed') onFenced('removed');
    }
    if (reply.kind === 'failed') {
      refuse(new NodeFailure(reply.cause, reply.detail));
      return;
    }
    if (reply.kind === 'cut' || reply.kind === 'packed') {
      const one = beside.get(reply.kind);
      beside.delete(reply.kind);
      one?.resolve(reply);
      return;
    }
    const current = waiting;
    waiting = null;
    current?.resolve(reply);
  };

  const call = <K extends NodeRequest['kind']>(request: Extract<NodeRequest, { kind: K }>) =>
    new Promise<ReplyTo<K>>((resolve, reject) => {
      if (gone !== null) return reject(gone);
      hosts ||= request.kind === 'open' || request.kind === 'adopt';
      waiting = { resolve: (reply) => resolve(reply as ReplyTo<K>), reject };
      if (port === null) early = request;
      else post(port, request);
    });

  page.start();
  return {
    code,
    call,
    onStarted(started) {
      port = started;
      port.onmessage = ({ data }: MessageEvent<WireReply>) => onReply(data);
      port.onmessageerror = () => fail(new NodeFailure('worker', 'its answer could not be read'));
      if (early !== null) post(port, early);
      early = null;
    },
    onFailed: fail,
    onEnded() {
      port?.close();
      onEnded();
    },
    cut: (turn) =>
      new Promise((resolve, reject) => {
        if (gone !== null) return reject(gone);
        beside.set('cut', { resolve: () => resolve(), reject });
        post(present(port, 'the worker of a node that is up'), { kind: 'cut', turn });
      }),
    async leave() {
      // One that is at work, or is there no more, ends with what it has.
      if (waiting !== null || beside.size > 0 || gone !== null || ended !== null) return;
      isLeaving = true;
      await call({ kind: 'leave' }).then(
        () => {
          hosts = false;
        },
        () => undefined,
      );
    },
    pack: (keyframe) =>
      new Promise((resolve, reject) => {
        if (gone !== null) return reject(gone);
        const settle = (reply: NodeReply) => resolve(reply.kind === 'packed' ? reply.packed : null);
        beside.set('packed', { resolve: settle, reject });
        post(present(port, 'the worker of a node that is up'), { kind: 'pack', keyframe });
      }),
    end() {
      if (ended !== null) return ended;
      ended = new Promise((resolve) => {
        onEnded = resolve;
      });
      page.end(!hosts && waiting === null && gone === null);
      fail(new NodeFailure('worker', 'the worker was ended'));
      return ended;
    },
  };
}

/** `desk`: where the page makes and ends workers. */
export function makeWorkerHost(desk: MessagePort): NodeHost {
  const workers = new Map<number, FromPage>();
  let made = 0;
  const ask = (request: WorkersRequest): void => desk.postMessage(request);
  desk.onmessage = ({ data }: MessageEvent<WorkersReply>) => {
    const worker = workers.get(data.worker);
    switch (data.kind) {
      case 'started':
        return worker?.onStarted(data.port);
      case 'failed':
        return worker?.onFailed(new NodeFailure('worker', data.detail));
      case 'ended':
        workers.delete(data.worker);
        return worker?.onEnded();
    }
  };
  return {
    memoryOnly: false,
    makeVisitor: (onFenced) => makeNearPort('any', openIdbDisk, onFenced),
    makePort(code, onFenced) {
      const worker = made++;
      const page: ToPage = {
        start: () => ask({ kind: 'start', worker, code }),
        end: (isUnused) => ask({ kind: 'end', worker, isUnused }),
      };
      const port = makeWorkerPort(page, code, onFenced);
      workers.set(worker, port);
      return port;
    },
  };
}
