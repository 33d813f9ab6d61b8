// The words of the lens "Pages: past and future": of a holder, of a page's state, of a step, and of the whole.

import { type Translate, t } from '../../../../i18n/i18n.ts';
import { groupDigits, millis } from '../../../../kit/format.ts';
import { type Cell, flushNow, type Holder, type LockRow, type SharedModel, unstored } from './project.ts';
import type { PageStep } from './steps.ts';
import type { TimeAxis } from './time-axis.ts';
import '../../../../../words/polardb/shared.en.json';

export const lsnText = (lsn: number): string => (lsn < 0 ? '–' : groupDigits(lsn));

/** `applyLsn` of a reader; where the others keep their images. */
export function holderText({ role, applyLsn, status }: Holder, t: Translate): string {
  if (status !== 'up') return t(status === 'down' ? 'shared.lost' : 'shared.frozen');
  if (role === 'storage') return t('shared.onDisk');
  return applyLsn < 0 ? t('shared.buffer') : t('shared.appliedTo', { lsn: applyLsn });
}

/** LI-20: what of a change of several pages a reader has, and does not show while it is not whole; a line a reader. */
export const openMtrs = ({ holders }: Pick<SharedModel, 'holders'>, t: Translate): readonly string[] =>
  holders.flatMap(({ id, status, applyLsn, parsedLsn }) =>
    status === 'up' && parsedLsn !== null
      ? [t('shared.openMtr', { reader: id, parsed: groupDigits(parsedLsn), apply: groupDigits(applyLsn) })]
      : [],
  );

export const stateText = ({ state, isStored }: Cell, t: Translate): string =>
  t(isStored ? 'shared.state.listed' : `shared.state.${state}`);

export const readersText = ({ by }: Pick<Cell, 'by'>): string => by.join(t('list.comma'));

export function flushText(cell: Cell | null, { view }: SharedModel, t: Translate): string {
  if (cell === null || view === null) return '–';
  const now = flushNow(cell, view);
  return t(`shared.flush.${now}`, { latest: lsnText(cell.latestLsn), gate: lsnText(view.oldestApplyLsn) });
}

/** Why the writer may not store the page, in a sentence. */
export function blockedText(
  cell: Cell | null,
  page: string,
  { view, writer }: SharedModel,
  t: Translate,
): string {
  if (cell === null || view === null) return t('shared.free', { page });
  const now = flushNow(cell, view);
  if (now === 'WAL') {
    const [latest, durable] = [lsnText(cell.latestLsn), lsnText(view.durableLsn)];
    return t('shared.waitsWal', { page, latest, durable });
  }
  if (now !== 'BLOCKED') return t('shared.free', { page });
  return t('shared.blocked', {
    page,
    writer,
    latest: lsnText(cell.latestLsn),
    gate: lsnText(view.oldestApplyLsn),
    by: readersText(cell),
  });
}

/** `nameOf`: of a page. */
export function stepText(step: PageStep, t: Translate, nameOf: (blockKey: number) => string): string {
  const { kind, lsn, from, records, what, beside } = step;
  if (kind === 'changed' && beside.length > 0)
    return t('shared.step.changedWith', {
      lsn: lsnText(lsn),
      pages: beside.map(nameOf).join(t('list.comma')),
    });
  const by = what.replaceAll(',', t('list.comma'));
  if (kind === 'lost') return t('shared.step.lost', { lsn: lsnText(lsn) });
  if (kind === 'blocked') return t('shared.step.blocked', { lsn: lsnText(lsn), what: by, writer: step.node });
  const where = what === 'POOL' || what === 'STORAGE' || what === 'buffer' || what === 'copy' ? what : null;
  return t(`shared.step.${kind}`, {
    lsn: lsnText(lsn),
    from: from <= 0 ? '–' : groupDigits(from),
    count: records,
    what: where === null ? by : t(`shared.step.${where}`),
  });
}

/** Who keeps the reader from replaying the lock. */
export function holdText({ users }: LockRow, t: Translate): string {
  if (users.length === 0) return t('shared.lock.silent');
  return users
    .map(({ session, text }) =>
      text === '' ? t('shared.lock.open', { session }) : t('shared.lock.runs', { session, text }),
    )
    .join(t('list.semicolon'));
}

/** What ends the wait, if they do not. */
export function lateText({ lock, users, leaseEnd }: LockRow, t: Translate): string {
  const late = t(lock.doesCancel ? 'shared.lock.cancels' : 'shared.lock.fails', { ms: millis(lock.lateAt) });
  const lease = leaseEnd < 0 ? [] : [t('shared.lock.lease', { ms: millis(leaseEnd) })];
  return (users.length === 0 && leaseEnd >= 0 ? lease : [late, ...lease]).join(t('list.semicolon'));
}

export function describeShared(model: SharedModel, t: Translate): string {
  const { writer, pages, view } = model;
  if (writer === '') return t('shared.noWriter');
  return t('shared.described', {
    writer,
    pages: pages.length,
    dirty: unstored(model).length,
    blocked: view?.blocked ?? 0,
    durable: lsnText(view?.durableLsn ?? -1),
    gate: lsnText(view?.oldestApplyLsn ?? -1),
    consistent: lsnText(view?.consistentLsn ?? -1),
  });
}

/** What the steps of a page come to: the latest read that was wrong, or that none was. */
export function verdictText(
  { steps, wrong }: TimeAxis,
  t: Translate,
  nameOf: (blockKey: number) => string,
): string {
  if (wrong !== null)
    return t('shared.time.wrong', { mark: wrong.mark, node: wrong.node, step: stepText(wrong, t, nameOf) });
  const count = (test: (step: PageStep) => boolean): number => steps.filter(({ step }) => test(step)).length;
  return t('shared.time.verdict', {
    reads: count(({ kind }) => kind === 'read'),
    replayed: count(({ kind, records }) => kind === 'read' && records > 0),
    blocked: count(({ kind }) => kind === 'blocked'),
  });
}
