// What isolation levels and session levels promise, asked of a run's whole history: transactions of the writer and of readers alike
// (docs/checkers.md, client.isolation; READ-40, READ-43).

import type { Time } from '../../base/ids.ts';
import { type Anomaly, findForbidden } from '../checks/isolation.ts';
import type { Monitors } from '../checks/monitor.ts';
import { expectOfRun } from '../checks/monitors.ts';
import { transactionsIn } from '../checks/transactions.ts';
import type { History } from '../history.ts';

export interface Judged {
  /** Transactions with values, and those of them that a reader served. */
  readonly judged: number;
  readonly onReaders: number;
}

/** The history begins with the run. */
export function judgeLevels(monitors: Monitors, history: History, at: Time): Judged {
  const transactions = transactionsIn(history);
  const anomaly = findForbidden(transactions, true);
  expectOfRun(monitors, 'client.isolation', anomaly === null, at, () => (anomaly ? cycleText(anomaly) : ''));
  const onReaders = transactions.filter(({ served }) => served !== null && served !== undefined).length;
  return { judged: transactions.length, onReaders };
}

const cycleText = ({ name, edges }: Anomaly): string =>
  `${name}: ${edges
    .map(({ kind, from, to, key }) => {
      const on = from.served ? ` on ${from.served.node}` : '';
      return `${from.id}${on} ${kind}${key === null ? '' : ` ${key}`} ${to.id}`;
    })
    .join('; ')}`;
