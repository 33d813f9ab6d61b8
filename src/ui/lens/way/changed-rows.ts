// The rows that a transaction changes, before and after, from the pages that its writer holds: versions that it made, and those that
// it ended: the versions of a row stand beside each other until they are pruned. Pure.

import type { AttachmentView } from '../../../core/compute/compute-view.ts';
import type { BufferView, TableView } from '../../../core/engine/buffer-view.ts';
import { forkOf, relationOf } from '../../../core/page/page-key.ts';
import { readPage, type SlotContent } from '../../model/page-content.ts';
import type { Change } from './ways.ts';

export interface ChangedRow {
  readonly key: string;
  readonly table: string;
  readonly columns: readonly string[];
  /** Null: the row is new, or it is deleted. */
  readonly before: readonly (string | null)[] | null;
  readonly after: readonly (string | null)[] | null;
}

/** Pages looked at: a change of many rows shows the first. */
const MOST_PAGES = 4;
const MOST_ROWS = 6;

const tableOf = (blockKey: number, tables: readonly TableView[]): TableView | undefined =>
  forkOf(blockKey) === 0 ? tables.find(({ relation }) => relation === relationOf(blockKey)) : undefined;

/** Heap pages of tables that were changed at or after the transaction's first record: its rows are on some of them. */
export const pagesOf = ({ first }: Change, { frames, tables }: BufferView): readonly number[] =>
  frames
    .filter(({ blockKey, lsn }) => lsn >= first && tableOf(blockKey, tables) !== undefined)
    .toSorted((a, b) => a.lsn - b.lsn)
    .slice(0, MOST_PAGES)
    .map(({ blockKey }) => blockKey);

const isRow = ({ kind, values }: SlotContent): boolean => kind === 'row' && values !== null;

export function changedRows({ tx }: Change, view: AttachmentView | null): readonly ChangedRow[] {
  const { images = [], tables = [] } = view?.pages ?? {};
  const rows = images.flatMap(({ blockKey, bytes }): ChangedRow[] => {
    const table = tableOf(blockKey, tables);
    if (table === undefined) return [];
    const content = readPage(bytes, table);
    if (content.kind !== 'heap') return [];
    const slots = content.slots.filter(isRow);
    const columns = table.columns.map(({ name }) => name).filter((name) => name !== '');
    const base = { table: table.name, columns };
    const made = slots.filter(({ xmin }) => xmin === tx);
    const ended = slots.filter(({ xmax, xmin }) => xmax === tx && xmin !== tx);
    const before = (slot: SlotContent): SlotContent | undefined =>
      ended.find(({ forward }) => forward?.slot === slot.slot) ??
      ended.find(({ values }) => sameKey(table, values, slot.values));
    const pairs = made
      // What it changed twice is shown as it is in the end.
      .filter(({ xmax }) => xmax !== tx)
      .map((slot) => ({ after: slot, before: before(slot) }));
    const deleted = ended.filter((slot) => !pairs.some((pair) => pair.before === slot));
    return [
      ...pairs.map(({ after, before: old }) => ({
        ...base,
        key: `${blockKey} ${after.slot}`,
        before: old?.values ?? null,
        after: after.values,
      })),
      ...deleted.map((slot) => ({
        ...base,
        key: `${blockKey} ${slot.slot}`,
        before: slot.values,
        after: null,
      })),
    ];
  });
  return rows.slice(0, MOST_ROWS);
}

const sameKey = ({ primaryKey }: TableView, a: SlotContent['values'], b: SlotContent['values']): boolean =>
  primaryKey.length > 0 && primaryKey.every((column) => a?.[column] === b?.[column]);
