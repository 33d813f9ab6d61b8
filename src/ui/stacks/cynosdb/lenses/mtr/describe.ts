// Lens 4.2 in words: the watermarks, what holds them back, who waits. For screen readers, narration and tests.

import { type Translate, t } from '../../../../i18n/i18n.ts';
import { named } from '../../../../i18n/sentence.ts';
import { filterOf } from '../../../../kit/filter.ts';
import { duration, knownLsn } from '../../../../kit/format.ts';
import type { BlockedBy, MissingWhy, MtrItem, MtrModel, RecordState } from './project.ts';
import '../../../../../words/cynosdb/mtr.en.json';

export const stateText = (state: RecordState, t: Translate): string => t(`mtrState.${state}`);
export const whyText = (why: MissingWhy, t: Translate): string => t(`mtrWhy.${why}`);

export const mtrName = ({ first, last }: Pick<MtrItem, 'first' | 'last'>, t: Translate): string =>
  t('mtr.name', { first, last: last - 1 });

/** The groups of an MTR in LSN order, runs counted: `g1 ×2, g2`. */
export function composition({ cells }: MtrItem): string {
  const parts: { group: string; count: number }[] = [];
  for (const { group } of cells) {
    const last = parts.at(-1);
    if (last?.group === group) last.count += 1;
    else parts.push({ group, count: 1 });
  }
  return parts.map(({ group, count }) => (count === 1 ? group : `${group} ×${count}`)).join(t('list.comma'));
}

export function blockedText(blocked: BlockedBy, t: Translate): string {
  const { lsn, group, copies, vw, missing } = blocked;
  // Of a file on the shared disk no copies are counted here: the chunk's leader counts them (FS-70).
  if (vw === 0) return t('mtr.unheardFile', { lsn });
  if (copies >= vw) return t('mtr.unheard', { group, lsn, copies });
  const who = missing.map(({ replica, why }) => named(replica, whyText(why, t), t)).join(t('list.semicolon'));
  return t('mtr.blockedBy', { group, lsn, copies, vw, who });
}

export function describeMtr(model: MtrModel, t: Translate): string {
  const { volume, vdl, vcl, tail, minPgcl, blocked, waiting, nextCpl } = model;
  const parts = [t('mtr.describe', { volume, vdl: knownLsn(vdl), vcl: knownLsn(vcl), tail: knownLsn(tail) })];
  if (vcl > minPgcl && minPgcl >= 0) parts.push(t('mtr.notMin', { min: minPgcl, vcl }));
  if (vcl > vdl && nextCpl >= 0) parts.push(t('mtr.insideMtr', { vcl, cpl: nextCpl }));
  if (model.recovering) parts.push(t('mtr.recovering'));
  if (blocked !== null) parts.push(blockedText(blocked, t));
  for (const { tx, scn, sinceUs } of waiting.slice(0, 3))
    parts.push(t('mtr.waits', { tx, scn, time: duration(sinceUs) }));
  return parts.join(' ');
}

/** Whether an MTR is among what the filter names: an LSN, `tx 8`, a group, a kind of record. */
export function mtrMatches(item: MtrItem, filter: string): boolean {
  const { lsn, matches } = filterOf(filter);
  if (lsn !== null) return item.first <= lsn && lsn < item.last;
  const words = [`tx ${item.tx ?? ''}`, ...item.cells.flatMap(({ group, kind }) => [group, kind])];
  if (item.commit) words.push('commit');
  return matches(...words);
}
