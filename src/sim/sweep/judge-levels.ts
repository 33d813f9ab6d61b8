// What isolation levels and session levels promise, asked of a run's whole history: transactions of the writer and of readers alike
// (docs/checkers.md, client.isolation; READ-40, READ-43).

import type { Time } from '../../base/ids.ts';
import { expectOfRun } from '../checks/expect-of-run.ts';
import { type History, overwrittenBy, referredBy } from '../checks/history.ts';
import { type Anomaly, findForbidden, type Level } from '../checks/isolation.ts';
import type { Monitors } from '../checks/monitor.ts';
import { transactionsIn } from '../checks/transactions.ts';

export interface Judged {
  /** Transactions with values, and those of them that a reader served. */
  readonly judged: number;
  readonly onReaders: number;
  /** At a level of their own, and refused for it. */
  readonly repeatable: number;
  readonly serializable: number;
  /** Serializable ones that have read several rows and written none. */
  readonly readOnly: number;
  readonly refused: number;
  /** Serializable ones that emptied a table, that wrote by upserts, that referred to a row which one of them had made, and that changed an index. */
  readonly emptied: number;
  readonly upserted: number;
  readonly referred: number;
  readonly redefined: number;
}

const isAbove = (level?: Level): boolean => level === 'repeatable read' || level === 'serializable';

/** The history begins with the run. */
export function judgeLevels(monitors: Monitors, history: History, at: Time): Judged {
  const transactions = transactionsIn(history);
  const anomaly = findForbidden(transactions, true);
  expectOfRun(monitors, 'client.isolation', anomaly === null, at, () => (anomaly ? cycleText(anomaly) : ''));
  const onReaders = transactions.filter(({ served }) => served !== null && served !== undefined).length;
  const countAt = (level: Level): number =>
    transactions.filter((one) => one.level === level && one.outcome === 'ok').length;
  return {
    judged: transactions.length,
    onReaders,
    repeatable: countAt('repeatable read'),
    serializable: countAt('serializable'),
    readOnly: transactions.filter(
      ({ level, outcome, reads, writes }) =>
        level === 'serializable' && outcome === 'ok' && reads.length > 1 && writes.length === 0,
    ).length,
    ...countSerial(history),
    refused: transactions.filter((one) => isAbove(one.level) && one.outcome === 'fail').length,
  };
}

/** Of the load `serial-tables`, by what their keys say. */
function countSerial({
  operations,
}: History): Pick<Judged, 'emptied' | 'upserted' | 'referred' | 'redefined'> {
  const count = (test: (one: History['operations'][number]) => boolean): number =>
    operations.filter((one) => one.outcome === 'ok' && test(one)).length;
  return {
    emptied: count((one) => overwrittenBy(one).length > 0),
    upserted: count(({ key }) => / r (serial_x\/\d+) w \1$/.test(key)),
    referred: count((one) => referredBy(one).length > 0),
    redefined: count(({ operation, key }) => operation === 'statement' && key === 'serial_p'),
  };
}

/** A cycle in words. */
export const cycleText = ({ name, edges }: Anomaly): string =>
  `${name}: ${edges
    .map(({ kind, from, to, key }) => {
      const on = from.served ? ` on ${from.served.node}` : '';
      return `${from.id}${on} ${kind}${key === null ? '' : ` ${key}`} ${to.id}`;
    })
    .join('; ')}`;
