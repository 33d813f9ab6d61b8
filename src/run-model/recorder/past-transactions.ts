// The transactions of a stretch of the past that isolation checks can use, and what is not among them.

import { addToHistory, makeHistory } from '../../sim/checks/history.ts';
import type { Transaction } from '../../sim/checks/isolation.ts';
import { transactionsIn } from '../../sim/checks/transactions.ts';
import { leftOut, type PastPicture } from './past.ts';

export interface Recorded {
  readonly transactions: readonly Transaction[];
  /** Transactions whose values the history does not have. */
  readonly withoutValues: number;
  /** None has more than one access. */
  readonly isSingle: boolean;
  /** It begins with the run. */
  readonly isWhole: boolean;
}

export function recordedTransactions(past: PastPicture): Recorded {
  const history = makeHistory();
  for (const traced of past.events) addToHistory(history, traced);
  const transactions = transactionsIn(history);
  return {
    transactions,
    withoutValues: history.operations.length - transactions.length,
    isSingle: transactions.every(({ reads, writes }) => reads.length + writes.length <= 1),
    isWhole: past.from === 0 && past.events[0]?.index === 0 && leftOut(past) === 0,
  };
}
