// The replay worker: the shell around replay-host.ts. Requests are done one after the other; what tells the one under
// way to end does not wait for it.

import { messageOf } from '../base/thrown.ts';
import { makeReplayHost } from './replay-host.ts';
import type { ReplayEvent, ReplayRequest } from './replay-messages.ts';

const post = (event: ReplayEvent): void => self.postMessage(event);
const host = makeReplayHost(post);
let queue: Promise<void> = Promise.resolve();

self.onmessage = ({ data: request }: MessageEvent<ReplayRequest>) => {
  if (host.interrupt(request)) return;
  queue = queue.then(() => {
    const done = answer(request);
    // An answer to a statement comes when the twin's time has come to it: others are done meanwhile.
    return request.kind === 'sql' ? undefined : done;
  });
};

async function answer(request: Parameters<typeof host.handle>[0]): Promise<void> {
  try {
    const value = await host.handle(request);
    if ('id' in request) post({ kind: 'done', id: request.id, value });
  } catch (error) {
    const text = messageOf(error);
    if ('id' in request) post({ kind: 'refused', id: request.id, error: text });
  }
}
