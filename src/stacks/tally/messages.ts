// Messages of the tally: a number for a follower, and that it is durable there.

import { int, uint } from '../../base/codec.ts';
import { message } from '../../core/kernel/message-table.ts';

// #region messages
export const tallyMessages = {
  /** A number for a follower. */
  TallyAdd: message(200, 'tally', 'wal', { serial: uint, amount: int }),
  /** The number is durable there. */
  TallyAdded: message(201, 'tally', 'ack', { serial: uint }),
};
// #endregion

declare module '../../core/kernel/messages.ts' {
  interface MessageTables {
    tally: typeof tallyMessages;
  }
}
