// The fabric worker: one lab's live cluster, its clock against the wall, and its talk with the page.

import { messageOf } from '../base/thrown.ts';
import type { FabricEvent, FabricRequest } from './fabric-messages.ts';
import { makeLabHost } from './lab-host.ts';

const lab = makeLabHost((event: FabricEvent) => self.postMessage(event));
const { post } = lab;

self.onmessage = (event: MessageEvent<FabricRequest>) => {
  const request = event.data;
  lab.handle(request).then(
    (value) => {
      if ('id' in request) post({ kind: 'done', id: request.id, value });
    },
    (error: unknown) => {
      const detail = messageOf(error);
      if ('id' in request) post({ kind: 'refused', id: request.id, error: detail });
      else post({ kind: 'notice', notice: { kind: 'engineError', node: '', detail } });
    },
  );
};
