// Messages between a driver and a writer.

import { text, uint } from '../../base/codec.ts';
import { lsn } from '../kernel/fields.ts';
import { sqlReply, sqlReplyFields, sqlRequest, sqlRequestFields } from '../kernel/hot-codecs.ts';
import { codedMessage, message } from '../kernel/message-table.ts';

export const clientMessages = {
  // clients
  SqlRequest: codedMessage(34, 'compute', 'sqlRequest', sqlRequest),
  SqlReply: codedMessage(35, 'driver', 'sqlReply', sqlReply),
  SqlClose: message(36, 'compute', 'sqlRequest', { volume: text, session: text, incarnation: uint }),
  /** To a reader, which carries it out once its visible LSN has reached `waitLsn` (READ-41). */
  PointedRequest: message(86, 'compute', 'sqlRequest', { ...sqlRequestFields, waitLsn: lsn }),
  /** In a cluster with readers; `readPoint` −1: it read nothing. Also NOT_READY, WAIT_LSN_TIMEOUT and STALE_READ_POINT. */
  PointedReply: message(87, 'driver', 'sqlReply', { ...sqlReplyFields, readPoint: lsn }),
};
