// The rows that a transaction changes, before and after, from the pages that its writer holds: versions that it made, and those that
// it ended. Both stand beside each other until the old one is pruned. Pure.

import type { AttachmentView } from '../../../core/compute/compute-view.ts';
import type { BufferView, TableView } from '../../../core/engine/buffer-view.ts';
import { blockOf } from '../../../core/page/page-key.ts';
import type { Change } from '../../../run-model/ways/ways.ts';
import { readPage, type SlotContent, tableOf } from '../../model/page-content.ts';

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

/** Heap pages of tables that were changed at or after the transaction's first record: its rows are on some of them. */
export const pagesOf = ({ first }: Change, { frames, tables }: BufferView): readonly number[] =>
  frames
    .filter(({ blockKey, lsn }) => lsn >= first && tableOf(blockKey, tables) !== null)
    .toSorted((a, b) => a.lsn - b.lsn)
    .slice(0, MOST_PAGES)
    .map(({ blockKey }) => blockKey);

interface Version {
  readonly blockKey: number;
  readonly table: TableView;
  readonly slot: SlotContent;
}

/** The versions of rows that are on the pages that came, each with its table. */
const versionsOf = (view: AttachmentView | null): readonly Version[] => {
  const { images = [], tables = [] } = view?.pages ?? {};
  return images.flatMap(({ blockKey, bytes }): readonly Version[] => {
    const table = tableOf(blockKey, tables);
    const content = table === null ? null : readPage(bytes, table);
    if (table === null || content?.kind !== 'heap') return [];
    return content.slots
      .filter(({ kind, values }) => kind === 'row' && values !== null)
      .map((slot) => ({ blockKey, table, slot }));
  });
};

export function changedRows({ tx }: Change, view: AttachmentView | null): readonly ChangedRow[] {
  const versions = versionsOf(view);
  // What it changed twice is shown as it is in the end.
  const made = versions.filter(({ slot: { xmin, xmax } }) => xmin === tx && xmax !== tx);
  const ended = versions.filter(({ slot: { xmin, xmax } }) => xmax === tx && xmin !== tx);
  const before = (of: Version): Version | undefined =>
    ended.find(
      ({ table, slot: { forward } }) =>
        table === of.table && forward?.block === blockOf(of.blockKey) && forward.slot === of.slot.slot,
    ) ?? ended.find(({ table, slot }) => table === of.table && sameKey(table, slot.values, of.slot.values));
  const pairs = made.map((after) => ({ after, before: before(after) }));
  const deleted = ended.filter((old) => !pairs.some((pair) => pair.before === old));
  const rowOf = (of: Version, old: Version | undefined, isThere: boolean): ChangedRow => {
    // The place of a column that was dropped stays in the rows.
    const there = of.table.columns.flatMap(({ name }, i) => (name === '' ? [] : [{ name, i }]));
    const valuesOf = (values: SlotContent['values'] | undefined): ChangedRow['before'] =>
      values ? there.map(({ i }) => values[i] ?? null) : null;
    return {
      key: `${of.blockKey} ${of.slot.slot}`,
      table: of.table.name,
      columns: there.map(({ name }) => name),
      before: valuesOf(old?.slot.values),
      after: isThere ? valuesOf(of.slot.values) : null,
    };
  };
  return [
    ...pairs.map(({ after, before: old }) => rowOf(after, old, true)),
    ...deleted.map((old) => rowOf(old, old, false)),
  ].slice(0, MOST_ROWS);
}

const sameKey = ({ primaryKey }: TableView, a: SlotContent['values'], b: SlotContent['values']): boolean =>
  primaryKey.length > 0 && primaryKey.every((column) => a?.[column] === b?.[column]);
