// The worker of one node: the shell around hosted-node.ts.

import { makeHostedNode } from './hosted-node.ts';
import { openIdbDisk } from './idb-disk.ts';
import type { NodeReply, NodeRequest } from './worker-messages.ts';

const post = (reply: NodeReply): void => self.postMessage(reply);

const node = makeHostedNode(
  (place, onFenced) => openIdbDisk(place.database, place.epoch, onFenced),
  () => post({ kind: 'failed', cause: 'fenced', detail: 'another tab took over this lab' }),
);

self.onmessage = (event: MessageEvent<NodeRequest>) => {
  void node.handle(event.data).then(post);
};
