// The shell of a node's worker, around hosted-node.ts. The page hands it the port of whoever it works for, and another one
// when it has hosted no node yet and is wanted again.

import { messageOf } from '../base/thrown.ts';
import type { ProgramOf } from '../sim/programs.ts';
import { makeHostedNode, type OpenDisk } from './hosted-node.ts';
import { openIdbDisk } from './idb-disk.ts';
import { holdLifeLock } from './life-lock.ts';
import { packAnswer, unpackRequest } from './window-wire.ts';
import type {
  NodeReply,
  NodeRequest,
  WireReply,
  WireRequest,
  WorkerHandedOver,
  WorkerHere,
} from './worker-messages.ts';

/** A window's buffer changes hands; everything else is cloned. */
function postTo(port: MessagePort, reply: NodeReply): void {
  if (reply.kind !== 'answer') {
    port.postMessage(reply satisfies WireReply);
    return;
  }
  const answer = packAnswer(reply.answer);
  port.postMessage({ kind: 'answer', answer } satisfies WireReply, [answer.packed.buffer]);
}

const read = (data: WireRequest): NodeRequest =>
  data.kind === 'window' ? { ...data, request: unpackRequest(data.request) } : data;

/** Hosts the node that is asked for at this port. */
export function serveNode(port: MessagePort, programOf: ProgramOf, openDisk: OpenDisk = openIdbDisk): void {
  const post = (reply: NodeReply): void => postTo(port, reply);
  const node = makeHostedNode(openDisk, programOf, (why) =>
    post(
      why === 'taken'
        ? { kind: 'failed', cause: 'fenced', detail: 'another tab took over this lab' }
        : { kind: 'failed', cause: 'removed', detail: 'the data of this site were removed' },
    ),
  );
  // What cannot be unpacked or posted is a fault of this build; whoever waits for it gets an error.
  const fail = (error: unknown): void => post({ kind: 'failed', cause: 'engine', detail: messageOf(error) });
  port.onmessageerror = () => fail('what it was asked could not be read');
  port.onmessage = ({ data }: MessageEvent<WireRequest>) => {
    new Promise<NodeReply>((resolve) => resolve(node.handle(read(data)))).then(post).catch(fail);
  };
}

/** What this worker is from now on; `programOf`: what its nodes can run. */
export function beNodeWorker(programOf: ProgramOf): void {
  let life: Promise<void> | null = null;
  self.onmessage = ({ data: { port, lock } }: MessageEvent<WorkerHandedOver>) => {
    life ??= holdLifeLock(lock);
    void life.then(() => {
      serveNode(port, programOf);
      self.postMessage('here' satisfies WorkerHere);
    });
  };
}
