// Messages between a driver and a writer.

import { list, nullable, oneOf, struct, text, uint } from '../../base/codec.ts';
import { group, lsn, node, term } from '../kernel/fields.ts';
import { sqlReply, sqlReplyFields, sqlRequest, sqlRequestFields } from '../kernel/hot-codecs.ts';
import { codedMessage, message } from '../kernel/message-table.ts';

export const clientMessages = {
  // clients
  /** Statements of a session, from a driver to the writer of the volume; each whole with its number, or the number alone (FENCE-55). */
  SqlRequest: codedMessage(34, 'compute', 'sqlRequest', sqlRequest),
  /** Answer to SqlRequest: results of its statements, or an error. */
  SqlReply: codedMessage(35, 'driver', 'sqlReply', sqlReply),
  /** The answer to a request that came again while it is carried out (FENCE-47); to who gathers, of a part. */
  AtWork: message(152, ({ to }) => to, 'sqlReply', {
    to: oneOf('driver', 'compute'),
    session: text,
    incarnation: uint,
    sequence: uint,
  }),
  /** The driver closes a session. */
  SqlClose: message(36, 'compute', 'sqlRequest', { volume: text, session: text, incarnation: uint }),
  /** The session's driver has ended this request without its answer: it waits for nothing more (FENCE-47). */
  SqlCancel: message(153, 'compute', 'sqlRequest', {
    volume: text,
    session: text,
    incarnation: uint,
    sequence: uint,
  }),
  /** Statements of a session that only read. To a reader, which carries it out once its visible LSN has reached `waitLsn` (READ-41). */
  PointedRequest: message(86, 'compute', 'sqlRequest', { ...sqlRequestFields, waitLsn: lsn }),
  /** Statements of a session. PCS-52: to the primary of a group, with what the driver's map says of it, and the versions of the tables that it uses (PCS-86). */
  ShardRequest: message(113, 'compute', 'sqlRequest', {
    ...sqlRequestFields,
    group,
    term,
    memberEpoch: uint,
    geoEpoch: uint,
    tables: list(struct({ id: uint, version: uint })),
    /** PCS-74: the first key of the tablet that the request names, in text form; empty: it names none. */
    key: text,
  }),
  /** Refusal of a ShardRequest. PCS-52, in its order; nothing was done. `current`: the epoch or version of the one that refuses. */
  ShardRefused: message(114, 'driver', 'sqlReply', {
    session: text,
    incarnation: uint,
    sequence: uint,
    code: oneOf(
      'NOT_MEMBER',
      'WRONG_EPOCH',
      'NOT_PRIMARY',
      'WRONG_SCHEMA',
      'SCHEMA_LEASE_EXPIRED',
      'SPLITTING',
    ),
    primary: nullable(node),
    term,
    current: uint,
  }),
  /** Answer to a PointedRequest, or to a SqlRequest. In a cluster with readers; `readPoint` −1: it read nothing. Also NOT_READY, WAIT_LSN_TIMEOUT and STALE_READ_POINT. */
  PointedReply: message(87, 'driver', 'sqlReply', { ...sqlReplyFields, readPoint: lsn }),
};

declare module '../kernel/messages.ts' {
  interface MessageTables {
    client: typeof clientMessages;
  }
}
