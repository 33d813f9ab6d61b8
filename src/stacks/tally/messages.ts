// Messages of the tally: a number for a follower, and that it is durable there.

import { int, uint } from '../../base/codec.ts';
import { message } from '../../core/kernel/message-table.ts';

export const tallyMessages = {
  TallyAdd: message(200, 'tally', 'wal', { serial: uint, amount: int }),
  TallyAdded: message(201, 'tally', 'ack', { serial: uint }),
};

declare module '../../core/kernel/messages.ts' {
  interface StackMessages {
    tally: typeof tallyMessages;
  }
}
