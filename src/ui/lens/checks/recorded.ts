// The transactions that a recorded history can say something of: the loads' operations on one key, each with its value
// and, of a write, the SCN of its commit. A transfer or a statement has neither the values it read nor those it wrote.

import { addToHistory, type HistoryOperation, makeHistory } from '../../../sim/history.ts';
import { leftOut, type PastPicture } from '../../../sim/past.ts';
import type { Transaction } from './isolation.ts';

export interface Recorded {
  readonly transactions: readonly Transaction[];
  /** Transactions whose values the history does not have. */
  readonly withoutValues: number;
  /** It begins with the run. */
  readonly isWhole: boolean;
}

function transactionOf(one: HistoryOperation, scn: number | null): Transaction | null {
  const { client, called, returned, calledAt, operation, key, value } = one;
  const isRead = operation === 'read';
  if (!isRead && operation !== 'write' && operation !== 'insert') return null;
  const access = [{ key, value }];
  return {
    id: `${client}@${calledAt}`,
    client,
    called,
    returned,
    calledAt,
    outcome: one.outcome === 'ok' ? 'ok' : one.outcome === 'error' ? 'fail' : 'unknown',
    scn,
    reads: isRead ? access : [],
    writes: isRead ? [] : access,
  };
}

export function recordedTransactions(past: PastPicture): Recorded {
  const history = makeHistory();
  const scns = new Map<HistoryOperation, number>();
  for (const traced of past.events) {
    const { event, node } = traced;
    if (event.kind === 'op.return' && event.scn >= 0) {
      const one = history.open.get(`${node}/${event.client}#${event.op}`);
      if (one !== undefined) scns.set(one, event.scn);
    }
    addToHistory(history, traced);
  }
  const made = history.operations.map((one) => transactionOf(one, scns.get(one) ?? null));
  const transactions = made.filter((one) => one !== null);
  return {
    transactions,
    withoutValues: made.length - transactions.length,
    isWhole: past.from === 0 && past.events[0]?.index === 0 && leftOut(past) === 0,
  };
}
