// Messages of gathered reads (docs/spec/pcs.md §7, PCS-56, PCS-97): between a driver and the node that it asks, and between that node and
// the primaries of the groups that the statement reads.

import { bool, list, nullable, oneOf, struct, text, uint } from '../../base/codec.ts';
import { group, lsn, node, term } from '../kernel/fields.ts';
import { sqlReplyFields, sqlRequestFields } from '../kernel/hot-codecs.ts';
import { message } from '../kernel/message-table.ts';

const { session, incarnation, sequence, attempt, statements, params } = sqlRequestFields;
const { code, results, inTransaction } = sqlReplyFields;

export const computeMessages = {
  /**
   * A statement that reads several groups, to any compute node. `block`: it stands by itself; it begins a transaction, or belongs
   * to one that this node has; or that ends, without an answer.
   */
  GatherRequest: message(120, 'compute', 'sqlRequest', {
    session,
    incarnation,
    sequence,
    attempt,
    statements,
    params,
    block: oneOf('none', 'begin', 'in', 'end'),
    isRepeatable: bool,
  }),
  /** `code` empty: `results` are the answer. `points`: where each volume was read, −1 where a tablet has no group yet. */
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
  /** The answer, or a refusal by PCS-52 with what the primary knows. */
  PartReply: message(123, 'compute', 'sqlReply', {
    ...sqlReplyFields,
    primary: nullable(node),
    term,
    current: uint,
  }),
};
