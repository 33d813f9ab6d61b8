// Lens 4.4 in words: the page, each holder's copy and state, what a record changed. For screen readers, narration, tests.

import type { ReadChange } from '../../../../../core/page/redo-read.ts';
import type { PageState } from '../../../../glyphs/page-tile.tsx';
import type { Translate } from '../../../../i18n/i18n.ts';
import { filterOf } from '../../../../kit/filter.ts';
import { knownLsn } from '../../../../kit/format.ts';
import type { SlotContent } from '../../../../model/page-content.ts';
import { pageName } from '../../../../model/page-name.ts';
import type { Holder } from './holders.ts';
import type { PageRow } from './page-list.ts';
import type { PagesModel } from './project.ts';
import '../../../../../words/lens/lens.en.json';
import '../../../../../words/cynosdb/pages.en.json';

export const stateText = (state: PageState, t: Translate): string => t(`pageState.${state}`);

export function changeText(change: ReadChange, t: Translate): string {
  switch (change.kind) {
    case 'insert':
      return t('pageChange.insert', { slot: change.slot, tx: change.tx });
    case 'update':
      return t('pageChange.update', { from: change.from, slot: change.slot, tx: change.tx });
    case 'link':
      return t('pageChange.link', {
        from: change.from,
        block: change.block,
        slot: change.slot,
        tx: change.tx,
      });
    case 'delete':
      return t('pageChange.delete', { from: change.from, tx: change.tx });
    case 'prune':
      return t('pageChange.prune', { slots: change.slots.join(', ') });
    case 'commit':
      return t('pageChange.commit', { tx: change.tx });
    case 'client':
      return t('pageChange.client', { tx: change.tx });
    case 'key':
      return t(change.added ? 'pageChange.keyAdded' : 'pageChange.keyGone', { index: change.index });
    case 'sequence':
      return t('pageChange.sequence', { value: String(change.value) });
    case 'other':
      return t('pageChange.other');
  }
}

/** What a holder's page says of the row in `slot`, else how many rows it has. */
export function previewText({ content }: Pick<Holder, 'content'>, slot: number | null, t: Translate): string {
  if (content === null) return '–';
  if (content.kind === 'tree') return t('pages.entries', { count: content.entries, level: content.level });
  if (content.kind === 'sequence')
    return t(content.isCalled ? 'pages.drawnTo' : 'pages.beginsAt', { value: String(content.value) });
  if (content.kind === 'other') return `@${content.lsn}`;
  const row = slot === null ? undefined : content.slots.find((one) => one.slot === slot);
  if (row !== undefined) return valuesText(row, t);
  return t(content.isParts ? 'pages.partCount' : 'pages.rowCount', {
    count: content.slots.filter(({ kind }) => kind === 'row').length,
  });
}

export const valuesText = ({ values, kind }: SlotContent, t: Translate): string => {
  if (kind === 'redirect') return t('pages.redirect');
  return values === null ? t('pages.unreadable') : values.map((value) => value ?? 'null').join(', ');
};

/**
 * `312–345 · 320, 331`: the read points at which a node answers, and those of its open views. None while it has less than the least point
 * that is still read at.
 */
export function windowText({ reads: { from, to, points } }: Holder): string {
  if (to < 0 || from > to) return '–';
  const window = from < 0 || from === to ? `${to}` : `${from}–${to}`;
  return points.length === 0 ? window : `${window} · ${points.join(', ')}`;
}

/** Records that a sentence names. */
const recordsNamed = 4;

/** Why the chosen store's read is not shown; null: it is. */
export function hindranceText(
  { reading, read, store, vdl, knownVdl, at, pgmrpl }: PagesModel,
  t: Translate,
): string | null {
  switch (reading) {
    case 'made':
      return null;
    case 'aboveVdl':
      return t(vdl < 0 ? 'pages.aboveKnown' : 'pages.aboveVdl', { at: at ?? knownVdl, vdl: knownVdl });
    case 'down':
      return t('pages.storeDown', { store });
    case 'loading':
      return t('loading');
    case 'none':
      return t('pages.noRead');
    case 'refused': {
      const code = read?.refused ?? 'NO_SUCH_PAGE';
      return t('pages.readRefused', {
        at: read?.at ?? -1,
        store,
        why: t(`pages.refused.${code}`, { floor: pgmrpl }),
      });
    }
  }
}

/** What a read of the chosen store gets at the read point, and where VDL is not known, why; in general while that is not known. */
export function readText(model: PagesModel, t: Translate): string {
  const { read, reading, steps, store, vdl, at } = model;
  const hindrance = reading === 'loading' || reading === 'none' ? null : hindranceText(model, t);
  if (hindrance !== null) return hindrance;
  const own = at === null ? ownReadText(model, t) : '';
  const base = steps.find(({ kind }) => kind === 'base');
  if (read === null || base === undefined) return t('pages.whichIsRead');
  const applied = steps.filter(({ kind }) => kind === 'apply').map(({ lsn }) => lsn);
  const place = { at: read.at, store, base: base.lsn };
  const records =
    applied.length <= recordsNamed ? applied.join(', ') : `${applied[0]} … ${applied[applied.length - 1]}`;
  const gets =
    applied.length === 0
      ? t('pages.readsAlone', place)
      : t('pages.readsWith', { ...place, count: applied.length, records });
  return (vdl < 0 && at === null ? `${t('pages.noVdl', { at: read.at })} ${gets}` : `${own} ${gets}`).trim();
}

/** What a statement at the writer reads: its own copy, which may be newer than any read point. */
function ownReadText({ holders }: PagesModel, t: Translate): string {
  const writer = holders.find(({ role }) => role === 'writer');
  if (writer?.standing !== 'up') return '';
  const copy = writer.copies.at(-1);
  return copy === undefined || copy.state === 'evicted'
    ? t('pages.readsStore', { node: writer.node })
    : t('pages.readsOwn', { node: writer.node, lsn: copy.lsn });
}

/** Where a holder has no copy that it could use: why. */
export function absenceText({ role, standing }: Pick<Holder, 'role' | 'standing'>, t: Translate): string {
  if (standing === 'lost') return t('pages.lost');
  if (standing === 'onDisk') return t('pages.onItsDisk');
  return t(role === 'store' ? 'lenses.none' : 'pages.onDemand');
}

function describeHolder(holder: Holder, t: Translate): string {
  const newest = holder.copies.at(-1);
  if (newest === undefined) return t('pages.absentAt', { node: holder.node, why: absenceText(holder, t) });
  const { node, reads, copies } = holder;
  const held = t('pages.holds', {
    node,
    lsn: knownLsn(newest.lsn),
    state: stateText(newest.state, t),
    records: holder.records.length,
  });
  if (holder.role !== 'reader') return held;
  const older = copies.length > 1 ? [t('pages.olderOf', { count: copies.length - 1 })] : [];
  return [held, ...older, t('pages.windowOf', { node, from: reads.from, to: reads.to })].join(' ');
}

export function describePages(model: PagesModel, t: Translate): string {
  if (model.blockKey < 0) return t('pages.none');
  const name = pageName(model.blockKey, model.tables, t);
  return [
    t('pages.describe', { name, group: model.group, vdl: model.vdl < 0 ? '–' : model.vdl }),
    ...model.holders.map((holder) => describeHolder(holder, t)),
    readText(model, t),
  ].join(' ');
}

/** Whether a page is among what the filter names: an LSN, the page, or a state by its word or its id. */
export function pageMatches(row: PageRow, name: string, filter: string, t: Translate): boolean {
  const wanted = filterOf(filter);
  if (wanted.isEmpty) return true;
  const cells = [...row.cells.values()];
  if (wanted.lsn !== null) return cells.some(({ lsn }) => lsn === wanted.lsn);
  return wanted.matches(name, ...cells.map(({ state }) => `${state} ${stateText(state, t)}`));
}
