// A node that does nothing: takes messages, writes bytes of the asked sizes in one strict transaction, sends bytes back.

import { type IDBPDatabase, openDB } from 'idb';
import type { Part } from './schedule.ts';

export type NullRequest =
  | { readonly kind: 'open'; readonly database: string }
  | { readonly kind: 'window'; readonly messages: readonly Uint8Array[]; readonly part: Part };

let db: IDBPDatabase | null = null;

async function commit({ node, writes }: Part): Promise<void> {
  if (db === null) throw new Error('the null node is not open');
  const tx = db.transaction(['disk', 'stamp'], 'readwrite', { durability: 'strict' });
  const disk = tx.objectStore('disk');
  const pending: Promise<unknown>[] = writes.map(([key, size]) =>
    size === null ? disk.delete(key) : disk.put(new Uint8Array(size), key),
  );
  pending.push(tx.objectStore('stamp').put({ node }, 'stamp'), tx.done);
  await Promise.all(pending);
}

async function handle(request: NullRequest): Promise<readonly Uint8Array[]> {
  if (request.kind === 'open') {
    db = await openDB(request.database, 1, {
      upgrade(fresh) {
        fresh.createObjectStore('disk');
        fresh.createObjectStore('stamp');
      },
    });
    return [];
  }
  const { part } = request;
  if (part.writes.length > 0) await commit(part);
  return part.sent.map((size) => new Uint8Array(size));
}

/** The page hands over the port of whoever drives this node. */
self.onmessage = ({ data: port }: MessageEvent<MessagePort>) => {
  port.onmessage = (event: MessageEvent<NullRequest>) => {
    // An error of this worker is heard by the page.
    handle(event.data).then(
      (messages) => port.postMessage(messages),
      (error: unknown) => reportError(error),
    );
  };
};
