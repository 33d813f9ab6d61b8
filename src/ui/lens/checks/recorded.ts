// Transactions of a recorded history that isolation checks can use: the loads' operations on one key, and their
// transactions of several accesses, each with its values and, where it wrote, the SCN of its commit. A transfer or a
// statement has neither the values it read nor those it wrote.

import {
  accessesOf,
  addToHistory,
  type HistoryOperation,
  makeHistory,
  type RecordedAccess,
} from '../../../sim/history.ts';
import { leftOut, type PastPicture } from '../../../sim/past.ts';
import type { Access, OwnRead, Transaction } from './isolation.ts';

export interface Recorded {
  readonly transactions: readonly Transaction[];
  /** Transactions whose values the history does not have. */
  readonly withoutValues: number;
  /** None has more than one access. */
  readonly isSingle: boolean;
  /** It begins with the run. */
  readonly isWhole: boolean;
}

function ownReadsOf(accesses: readonly RecordedAccess[]): readonly OwnRead[] {
  const written = new Map<string, string>();
  return accesses.flatMap(({ kind, key, value }) => {
    if (value === null) return [];
    const wrote = written.get(key);
    if (kind === 'w') written.set(key, value);
    return kind === 'w' || wrote === undefined ? [] : [{ key, value, wrote }];
  });
}

function transactionOf(one: HistoryOperation): Transaction | null {
  const { client, called, returned, calledAt } = one;
  const accesses = accessesOf(one);
  if (accesses === null) return null;
  const of = (wanted: RecordedAccess['kind']): readonly Access[] =>
    accesses.flatMap(({ kind, key, value }) => (kind === wanted && value !== null ? [{ key, value }] : []));
  return {
    id: `${client}@${calledAt}`,
    client,
    called,
    returned,
    calledAt,
    outcome: one.outcome === 'ok' ? 'ok' : one.outcome === 'error' ? 'fail' : 'unknown',
    scn: one.scn < 0 ? null : one.scn,
    reads: of('r'),
    writes: of('w'),
    ownReads: ownReadsOf(accesses),
  };
}

export function recordedTransactions(past: PastPicture): Recorded {
  const history = makeHistory();
  for (const traced of past.events) addToHistory(history, traced);
  const made = history.operations.map(transactionOf);
  const transactions = made.filter((one) => one !== null);
  return {
    transactions,
    withoutValues: made.length - transactions.length,
    isSingle: transactions.every(({ reads, writes }) => reads.length + writes.length <= 1),
    isWhole: past.from === 0 && past.events[0]?.index === 0 && leftOut(past) === 0,
  };
}
