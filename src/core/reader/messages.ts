// Messages between the writer of a volume and its readers (docs/spec/readers.md §2). Pages are read with `ReadPage`.

import { blob, type Infer, list, oneOf, struct, text, uint } from '../../base/codec.ts';
import { descriptor, group, historyCodec, lsn, node, term } from '../kernel/fields.ts';
import { message } from '../kernel/message-table.ts';

/** READ-6, READ-19: what the writer's transactions and locks were once `asOfLsn` was the end of the log. */
const runtimeInfo = struct({
  asOfLsn: lsn,
  nextXid: uint,
  minXid: uint,
  activeXids: list(uint),
  /** Relations that open transactions have locked. */
  locks: list(uint),
});
export type RuntimeInfo = Infer<typeof runtimeInfo>;

/** `epoch`: the reader's session epoch. */
const stream = { volume: text, reader: node, epoch: uint };

export const readerMessages = {
  /** A reader asks the writer for the volume’s log. `have`: end of its gap-free stream − 1, or −1 (READ-30); `mrpl` −1: no view is open. */
  RoJoin: message(88, 'compute', 'control', { ...stream, history: historyCodec, have: lsn, mrpl: lsn }),
  /** Answer to RoJoin: where the stream begins, and the state of transactions there (READ-30). */
  RoAccept: message(89, 'compute', 'control', {
    ...stream,
    token: term,
    history: historyCodec,
    vdl: lsn,
    keep: lsn,
    streamFrom: lsn,
    groupTails: list(struct({ group, lsn })),
    descriptors: list(descriptor),
    runtime: runtimeInfo,
  }),
  /** The next part of the log. All records with firstLsn ≤ LSN < endLsn, framed, end to end; none: VDL alone. */
  Journal: message(
    90,
    'compute',
    'wal',
    { ...stream, token: term, seq: uint, firstLsn: lsn, endLsn: lsn, records: blob, vdl: lsn },
    ({ firstLsn, endLsn }) => ({ range: firstLsn < endLsn ? [firstLsn, endLsn] : null }),
  ),
  /** What the log does not say: open transactions and locks, groups, VDL. */
  RuntimeInfo: message(91, 'compute', 'control', {
    ...stream,
    token: term,
    vdl: lsn,
    descriptors: list(descriptor),
    runtime: runtimeInfo,
  }),
  /** A reader reports how far it has come, and the least read point of its open views (READ-24). */
  RoReport: message(92, 'compute', 'ack', { ...stream, have: lsn, applyLsn: lsn, mrpl: lsn }),
  /**
   * The session of the reader is over. READ-28; also the answer to a report of a session that the writer does not know, and (`old`, with the highest epoch it
   * knows) to a join below that: the reader has lost its disk (READ-36).
   */
  RoRevoke: message(93, 'compute', 'control', {
    ...stream,
    why: oneOf('silent', 'operator', 'unknown', 'old', 'removed'),
  }),
};

declare module '../kernel/messages.ts' {
  interface MessageTables {
    reader: typeof readerMessages;
  }
}
