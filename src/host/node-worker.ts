// The worker of one node: the shell around hosted-node.ts.

import { messageOf } from '../base/thrown.ts';
import { makeHostedNode } from './hosted-node.ts';
import { openIdbDisk } from './idb-disk.ts';
import { packAnswer, unpackRequest } from './window-wire.ts';
import type { NodeReply, NodeRequest, WireReply, WireRequest } from './worker-messages.ts';

/** A window's buffer changes hands; everything else is cloned. */
function post(reply: NodeReply): void {
  if (reply.kind !== 'answer') {
    self.postMessage(reply satisfies WireReply);
    return;
  }
  const answer = packAnswer(reply.answer);
  self.postMessage({ kind: 'answer', answer } satisfies WireReply, [answer.packed.buffer]);
}

const node = makeHostedNode(
  (place, onFenced) => openIdbDisk(place.database, place.epoch, onFenced),
  () => post({ kind: 'failed', cause: 'fenced', detail: 'another tab took over this lab' }),
);

const read = (data: WireRequest): NodeRequest =>
  data.kind === 'window' ? { kind: 'window', request: unpackRequest(data.request) } : data;

self.onmessage = ({ data }: MessageEvent<WireRequest>) => {
  // What cannot be unpacked or posted is a fault of this build; whoever waits for it gets an error.
  new Promise<NodeReply>((resolve) => resolve(node.handle(read(data))))
    .then(post)
    .catch((error: unknown) => post({ kind: 'failed', cause: 'engine', detail: messageOf(error) }));
};
