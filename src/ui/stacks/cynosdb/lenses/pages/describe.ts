// Lens 4.4 in words: the page, each holder's copy and state, what a record changed. For screen readers, narration, tests.

import type { ReadChange } from '../../../../../core/page/redo-read.ts';
import type { PageState } from '../../../../glyphs/page-tile.tsx';
import type { Translate } from '../../../../i18n/i18n.ts';
import { pageName } from '../../../../model/page-name.ts';
import type { SlotContent } from './page-content.ts';
import type { Holder, PageRow, PagesModel } from './project.ts';
import './texts.ts';

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

/** What a read of the chosen store gets at the read point; in general where that is not known. */
export function readText(model: PagesModel, t: Translate): string {
  const { read, steps, store, vdl, at } = model;
  if (at !== null && vdl >= 0 && at > vdl) return t('pages.aboveVdl', { at, vdl });
  const base = steps.find(({ kind }) => kind === 'base');
  if (read !== null && read.refused !== null)
    return t('pages.readRefused', {
      at: read.at,
      store,
      why: t(`pages.refused.${read.refused}`, { floor: model.pgmrpl }),
    });
  if (read === null || base === undefined) return t('pages.whichIsRead');
  const applied = steps.filter(({ kind }) => kind === 'apply').map(({ lsn }) => lsn);
  const place = { at: read.at, store, base: base.lsn };
  if (applied.length === 0) return t('pages.readsAlone', place);
  const records =
    applied.length <= recordsNamed ? applied.join(', ') : `${applied[0]} … ${applied[applied.length - 1]}`;
  return t('pages.readsWith', { ...place, count: applied.length, records });
}

function describeHolder(holder: Holder, t: Translate): string {
  if (holder.isLost) return t('pages.lostAt', { node: holder.node });
  const newest = holder.copies.at(-1);
  if (newest === undefined) return t('pages.holdsNone', { node: holder.node });
  const { node, reads, copies } = holder;
  const held = t('pages.holds', {
    node,
    lsn: newest.lsn,
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
  const wanted = filter.trim().toLowerCase();
  if (wanted === '') return true;
  if (/^\d+$/.test(wanted)) return [...row.cells.values()].some(({ lsn }) => lsn === Number(wanted));
  const states = [...row.cells.values()].map(({ state }) => state);
  return (
    name.toLowerCase().includes(wanted) ||
    states.some((state) => `${state} ${stateText(state, t)}`.toLowerCase().includes(wanted))
  );
}
