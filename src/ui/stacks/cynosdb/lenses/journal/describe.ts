// The journal lens in words: for screen readers, tables, tests.

import type { BlockJournalView, ReaderView } from '../../../../../core/reader/reader-view.ts';
import type { Translate } from '../../../../i18n/i18n.ts';
import { duration, knownLsn } from '../../../../kit/format.ts';
import { groupOfPage } from '../../../../model/page-group.ts';
import type { JournalModel, ReaderRow } from './project.ts';
import '../../../../../words/cynosdb/journal.en.json';

/** Empty: of no group. */
export const groupOfBlock = ({ cluster }: Pick<JournalModel, 'cluster'>, blockKey: number): string =>
  groupOfPage(cluster, blockKey)?.id ?? '';

export const stateText = ({ state }: Pick<BlockJournalView, 'state'>, t: Translate): string =>
  t(`journal.${state}`);

/** READ-41: the read that waits longest for its LSN, and what is left of its time; empty: none does. */
export function waitsText({ waits, lsnWaits: [first] }: ReaderView, t: Translate): string {
  if (first === undefined) return '';
  const { bound, leftUs } = first;
  return t('journal.lsnWaits', { count: waits, bound, time: duration(leftUs) });
}

function describeReader({ node, isUp, view, lag, isFloor }: ReaderRow, t: Translate): string {
  const { applyLsn, mrpl, receivedTo } = view;
  const words = t('journal.describe', {
    node,
    applyLsn: knownLsn(applyLsn),
    mrpl: knownLsn(mrpl),
    to: knownLsn(receivedTo),
    lag: knownLsn(lag),
  });
  const waits = waitsText(view, t);
  return [
    words,
    ...(waits === '' ? [] : [waits]),
    ...(isUp ? [] : [t('journal.away', { node })]),
    ...(isFloor ? [t('journal.floor', { node })] : []),
  ].join(' ');
}

export function describeJournal(model: JournalModel, t: Translate): string {
  if (model.rows.length === 0) return t('journal.none');
  const { chosen } = model;
  const records = model.lanes.reduce(
    (sum, { blocks }) => sum + blocks.reduce((count, { lsns }) => count + lsns.length, 0),
    0,
  );
  return [
    ...model.rows.map((row) => describeReader(row, t)),
    ...(chosen === null
      ? []
      : [t('journal.describeTable', { node: chosen.node, held: chosen.view.held, records })]),
  ].join(' ');
}
