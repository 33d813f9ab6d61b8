// Messages between the writer of a volume in files and its readers (docs/spec/logindex.md §2, LI-3, LI-4, LI-63): metadata of WAL, never its
// payload, which a reader reads in shared storage.

import {
  bool,
  branded,
  type Infer,
  int,
  list,
  nullable,
  oneOf,
  struct,
  text,
  uint,
} from '../../base/codec.ts';
import type { Time } from '../../base/ids.ts';
import { blockKey, lsn, node, term } from '../kernel/fields.ts';
import { message } from '../kernel/message-table.ts';

const time = branded<Time>(int);

/** `epoch`: the reader's session epoch. */
const session = { volume: text, reader: node, epoch: uint };

/** LogIndex as it is durable (LI-27), which a reader reads from. */
const indexMeta = struct({ maxTableId: uint, startLsn: lsn, maxLsn: lsn, minFile: uint });

const ddl = struct({ kind: oneOf('lock', 'unlock', 'gone'), of: list(uint) });

/** `pages`: all that the record names (LI-20); `ddl`: what it says of definitions (LI-64, LI-66). */
const walRecord = struct({
  lsn,
  prevLsn: lsn,
  length: uint,
  mtrEnd: bool,
  pages: list(blockKey),
  ddl: nullable(ddl),
});
export type WalRecord = Infer<typeof walRecord>;

export const sharedStorageMessages = {
  /** A reader asks for a slot. `sentAt`: by the reader's clock, where its lease begins. */
  SlotJoin: message(134, 'compute', 'control', { ...session, sentAt: time }),
  /** The slot. `locks` are those of definitions at readyLsn. WAL is read from `scanLsn` on, which lies at `scanPosition`; metadata above readyLsn follows. */
  SlotGiven: message(135, 'compute', 'control', {
    ...session,
    token: term,
    readyLsn: lsn,
    consistentLsn: lsn,
    index: indexMeta,
    scanLsn: lsn,
    scanPosition: uint,
    leaseUs: uint,
    leaseFrom: time,
    locks: list(struct({ lsn, relation: uint })),
  }),
  /** A reader reports what it has applied and replayed, which renews its lease (LI-6, LI-61). */
  SlotReport: message(136, 'compute', 'ack', {
    ...session,
    applyLsn: lsn,
    bgReplayedLsn: lsn,
    minUsedLsn: lsn,
    lockReplayLsn: lsn,
    sentAt: time,
  }),
  /** Metadata of durable records, from the writer to a reader (LI-3, LI-4). `leaseFrom`: sentAt of the last report that was taken. */
  WalMeta: message(
    137,
    'compute',
    'wal',
    {
      ...session,
      token: term,
      records: list(walRecord),
      durableLsn: lsn,
      consistentLsn: lsn,
      oldestApplyLsn: lsn,
      index: indexMeta,
      leaseFrom: time,
    },
    ({ records }) => {
      const [first, last] = [records[0], records.at(-1)];
      return { range: first && last ? [first.lsn, (last.lsn + 1) as typeof last.lsn] : null };
    },
  ),
  /** The slot is gone, or was never there: the reader joins again with an empty pool. */
  SlotEnded: message(138, 'compute', 'control', session),
};

declare module '../kernel/messages.ts' {
  interface MessageTables {
    sharedStorage: typeof sharedStorageMessages;
  }
}
