// What the tab of isolation says, in words.

import type { Translate } from '../../i18n/i18n.ts';
import type { Isolation, Transaction } from './isolation.ts';
import type { Recorded } from './recorded.ts';
import './texts.ts';

/** `w registers/2`, or `…` behind the first when there are more. */
export function accessText({ reads, writes }: Transaction): string {
  const all = [...reads.map(({ key }) => `r ${key}`), ...writes.map(({ key }) => `w ${key}`)];
  return all.length > 2 ? `${all.slice(0, 2).join(' ')} …` : all.join(' ');
}

/** Its accesses with their values. */
export const valueText = ({ reads, writes }: Transaction): string =>
  [
    ...reads.map(({ key, value }) => `r ${key} = ${value}`),
    ...writes.map(({ key, value }) => `w ${key} = ${value}`),
  ].join(', ');

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
  { readsUnplaced }: Isolation,
  { withoutValues, isWhole }: Recorded,
  t: Translate,
): string {
  const limits = [t('isolation.single')];
  if (withoutValues > 0) limits.push(t('isolation.withoutValues', { count: withoutValues }));
  if (!isWhole) limits.push(t('isolation.notWhole'));
  if (readsUnplaced > 0) limits.push(t('isolation.unplaced', { count: readsUnplaced }));
  return limits.join(' ');
}
