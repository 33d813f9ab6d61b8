// Texts of isolation anomalies.

import type { Recorded } from '../../../run-model/recorder/past-transactions.ts';
import type { Isolation, Transaction } from '../../../sim/checks/isolation.ts';
import { type Translate, t } from '../../i18n/i18n.ts';
import '../../../words/lens/checks.en.json';

/** Accesses that are written out; what is more is `…`. */
const ACCESSES_SHOWN = 4;

/** `w registers/2`; of several in one table `pairs: r 1, r 2, w 1`. */
export function accessText({ reads, writes }: Transaction): string {
  const all = [
    ...reads.map(({ key }) => ['r', key] as const),
    ...writes.map(({ key }) => ['w', key] as const),
  ];
  const tables = new Set(all.map(([, key]) => key.split('/')[0]));
  const [table = ''] = tables;
  const isOne = all.length > 1 && tables.size === 1;
  const words = all.map(([kind, key]) => `${kind} ${isOne ? key.slice(table.length + 1) : key}`);
  const shown = words.length > ACCESSES_SHOWN ? [...words.slice(0, ACCESSES_SHOWN), '…'] : words;
  return isOne ? `${table}: ${shown.join(t('list.comma'))}` : shown.join(t('list.comma'));
}

/** Its accesses with their values. */
export const valueText = ({ reads, writes }: Transaction): string =>
  [
    ...reads.map(({ key, value }) => `r ${key} = ${value}`),
    ...writes.map(({ key, value }) => `w ${key} = ${value}`),
  ].join(t('list.comma'));

export function describeIsolation({ judged, counts, anomaly }: Isolation, t: Translate): string {
  const said = t('isolation.describe', { count: judged, ...counts });
  if (anomaly === null) return `${said} ${t('isolation.none')}`;
  const name = anomaly.needsTime
    ? t('isolation.withTime', { name: t(`isolation.name.${anomaly.name}`) })
    : t(`isolation.name.${anomaly.name}`);
  return `${said} ${t('isolation.found', { name })}`;
}

/** What the history cannot tell. */
export function limitsOf(
  { judged, readsUnplaced }: Isolation,
  { withoutValues, isSingle, isWhole }: Recorded,
  t: Translate,
): string {
  const limits: string[] = [];
  if (isSingle && judged > 0) limits.push(t('isolation.single'));
  if (withoutValues > 0) limits.push(t('isolation.withoutValues', { count: withoutValues }));
  if (!isWhole) limits.push(t('isolation.notWhole'));
  if (readsUnplaced > 0) limits.push(t('isolation.unplaced', { count: readsUnplaced }));
  return limits.join(' ');
}
