// Messages between a driver and a writer.

import { struct, text, uint } from '../../base/codec.ts';
import { sqlReply, sqlRequest } from '../kernel/hot-codecs.ts';
import { message } from '../kernel/message-table.ts';

export const clientMessages = {
  // clients
  SqlRequest: message(34, 'compute', 'sqlRequest', sqlRequest),
  SqlReply: message(35, 'driver', 'sqlReply', sqlReply),
  SqlClose: message(36, 'compute', 'sqlRequest', struct({ volume: text, session: text, incarnation: uint })),
};
