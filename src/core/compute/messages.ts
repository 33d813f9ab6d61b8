// Messages of gathered reads (docs/spec/pcs.md §4, PCS-56, PCS-97): between a driver and the node that it asks, and between that node and
// the primaries of the groups that the statement reads.

import { bool, list, nullable, oneOf, struct, text, uint, union, variant } from '../../base/codec.ts';
import { group, lsn, node, tableEntry, term } from '../kernel/fields.ts';
import { sqlReplyFields, sqlRequestFields } from '../kernel/hot-codecs.ts';
import { message } from '../kernel/message-table.ts';

const { session, incarnation, sequence, attempt, statements, params } = sqlRequestFields;
const { code, results, inTransaction } = sqlReplyFields;

const splitClient = struct({ hashLow: uint, hashHigh: uint, incarnation: uint, sequence: uint, part: uint });

export const computeMessages = {
  /**
   * PCS-46, PCS-47, a split of a tablet: between the leader of the metadata, the primary of the volume that is split, under the
   * token that the split was begun with, and that of the volume that is made. Each is repeated until the next follows.
   */
  SplitStep: message(125, ({ to }) => to, 'control', {
    to: oneOf('meta', 'compute'),
    id: uint,
    /** Of the one that is split. */
    volume: text,
    token: term,
    step: union({
      /** To both primaries. `table`: as it will be, but for a key that is yet to be chosen; no `writer` while the new volume has none. */
      order: variant(0, {
        table: tableEntry,
        relation: uint,
        child: uint,
        key: text,
        /** It gives all of its keys away (PCS-122). */
        isWhole: bool,
        childVolume: text,
        writer: nullable(node),
        childToken: term,
      }),
      /** It is over: the keys of the tablet have changed as often as this. */
      ended: variant(1, { geoEpoch: uint }),
      /** To the metadata: this primary serves nobody until it hears how the split ended; so many rows it has copied. */
      frozen: variant(2, { rows: uint }),
      copied: variant(3, { key: text, lsn, childToken: term }),
      failed: variant(4, { code: text }),
      /** To the new primary: rows, and then who has committed which request. */
      load: variant(5, { childVolume: text, childToken: term, incarnation, sequence, statements, params }),
      clients: variant(6, {
        childVolume: text,
        childToken: term,
        clients: list(splitClient),
        /** There were no rows. */
        isEmpty: bool,
      }),
      clientsTaken: variant(7, { childToken: term }),
    }),
  }),
  /**
   * A statement that reads several groups, to any compute node. `block`: it stands by itself; it begins a transaction, or belongs
   * to one that this node has; or that ends, or the request was cancelled, without an answer.
   */
  GatherRequest: message(120, 'compute', 'sqlRequest', {
    session,
    incarnation,
    sequence,
    attempt,
    statements,
    params,
    block: oneOf('none', 'begin', 'in', 'end', 'cancel'),
    isRepeatable: bool,
  }),
  /** Answer to GatherRequest. `code` empty: `results` are the answer. `points`: where each volume was read, −1 where a tablet has no group yet. */
  GatherReply: message(121, 'driver', 'sqlReply', {
    session,
    incarnation,
    sequence,
    code,
    results,
    inTransaction,
    points: list(struct({ volume: text, readPoint: lsn })),
  }),
  /** To the primary of a group: what a driver would send it (PCS-52). */
  ReadPart: message(122, 'compute', 'sqlRequest', {
    ...sqlRequestFields,
    group,
    term,
    memberEpoch: uint,
    geoEpoch: uint,
    tables: list(struct({ id: uint, version: uint })),
  }),
  /** Answer to ReadPart: rows, or a refusal by PCS-52 with what the primary knows. */
  PartReply: message(123, 'compute', 'sqlReply', {
    ...sqlReplyFields,
    primary: nullable(node),
    term,
    current: uint,
  }),
};

declare module '../kernel/messages.ts' {
  interface MessageTables {
    compute: typeof computeMessages;
  }
}
