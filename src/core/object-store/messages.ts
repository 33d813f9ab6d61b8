// Messages to and from the object store (wal.md §7); `for` is the role that asks and gets the answer.

import { blob, bool, type Infer, list, oneOf, struct, text, uint } from '../../base/codec.ts';
import { requestNumber, term } from '../kernel/fields.ts';
import type { MessageLabel } from '../kernel/message-label.ts';
import { answer, message } from '../kernel/message-table.ts';
import { parseObjectName } from './object-name.ts';

/** Why the object store did not do it (wal.md §11), or empty. */
const objectError = oneOf(
  '',
  'TOKEN_STALE',
  'VERSION_CONFLICT',
  'STALE_ARCHIVER',
  'NO_SUCH_OBJECT',
  'BAD_OBJECT',
  'BUSY',
  'EIO',
  'DISK_FULL',
);
export type ObjectError = Infer<typeof objectError>;
const asker = oneOf('store', 'meta');
export type ObjectAsker = Infer<typeof asker>;

/** Group and LSNs of an object, from its name. */
function objectLabel(name: string): Partial<Pick<MessageLabel, 'group' | 'range'>> {
  const object = parseObjectName(name);
  if (object?.kind === 'log') return { group: object.group, range: [object.first, object.end] };
  if (object?.kind === 'base') return { group: object.group, range: [object.base, object.base + 1] };
  return {};
}

export const objectStoreMessages = {
  // wal.md §7: the object store and the archivers; `for` is the role that asks and gets the answer
  /** Bytes of an object from `offset` on; taken when they follow those already there, counted whole when all are durable. */
  PutObject: message(
    39,
    'objectStore',
    'archive',
    { reqId: requestNumber, name: text, total: uint, offset: uint, bytes: blob },
    ({ name }) => objectLabel(name),
  ),
  /** Answer to PutObject. `have`: bytes there now, so the next offset; `done`: the whole object is durable. */
  ObjectPut: answer(
    message(
      40,
      'store',
      'archive',
      { reqId: requestNumber, name: text, have: uint, done: bool, error: objectError },
      ({ name }) => objectLabel(name),
    ),
  ),
  /** Asks for the bytes of an object from `offset` on. */
  GetObject: message(
    41,
    'objectStore',
    'archive',
    { reqId: requestNumber, for: asker, name: text, offset: uint },
    ({ name }) => objectLabel(name),
  ),
  /** Answer to GetObject. */
  ObjectPart: answer(
    message(
      42,
      ({ for: asker }) => asker,
      'archive',
      {
        reqId: requestNumber,
        for: asker,
        name: text,
        offset: uint,
        total: uint,
        bytes: blob,
        error: objectError,
      },
      ({ name }) => objectLabel(name),
    ),
  ),
  /** Asks which manifest of a volume stands. */
  GetManifest: message(43, 'objectStore', 'archive', { reqId: requestNumber, for: asker, volume: text }),
  /** Answer to GetManifest. `object`: the manifest's own object, empty when there is none yet (version 0). */
  ManifestIs: answer(
    message(44, ({ for: asker }) => asker, 'archive', {
      reqId: requestNumber,
      for: asker,
      volume: text,
      version: uint,
      token: term,
      object: text,
      error: objectError,
    }),
  ),
  /** WAL-42: compare-and-set; `object` is a manifest of version `expect` + 1 that was put before. */
  SetManifest: message(45, 'objectStore', 'archive', {
    reqId: requestNumber,
    volume: text,
    expect: uint,
    object: text,
  }),
  /** Answer to SetManifest. `version`, `token`: of the manifest that stands now. */
  ManifestSet: answer(
    message(46, 'store', 'archive', {
      reqId: requestNumber,
      volume: text,
      version: uint,
      token: term,
      error: objectError,
    }),
  ),
  /** Are these whole? Answered from what the store's own scrub knows (F31). */
  CheckObjects: message(47, 'objectStore', 'archive', { reqId: requestNumber, names: list(text) }),
  /** Answer to CheckObjects: those that are not whole. */
  ObjectsMissing: answer(message(48, 'store', 'archive', { reqId: requestNumber, names: list(text) })),
  /** Objects that restores under way are made from, by volume: they stay, whatever the manifest says. Replaces what it named before. */
  PinObjects: message(58, 'objectStore', 'archive', {
    boot: uint,
    sequence: uint,
    pins: list(struct({ volume: text, names: list(text) })),
  }),
  /** Answer to PinObjects. `boot`, `sequence`: the order that holds now, durably; `missing`: objects of it that are not there. */
  ObjectsPinned: message(59, 'meta', 'archive', { boot: uint, sequence: uint, missing: list(text) }),
};

declare module '../kernel/messages.ts' {
  interface MessageTables {
    objectStore: typeof objectStoreMessages;
  }
}
