// Messages between a driver and a writer.

import { text, uint } from '../../base/codec.ts';
import { sqlReply, sqlRequest } from '../kernel/hot-codecs.ts';
import { codedMessage, message } from '../kernel/message-table.ts';

export const clientMessages = {
  // clients
  SqlRequest: codedMessage(34, 'compute', 'sqlRequest', sqlRequest),
  SqlReply: codedMessage(35, 'driver', 'sqlReply', sqlReply),
  SqlClose: message(36, 'compute', 'sqlRequest', { volume: text, session: text, incarnation: uint }),
};
