// Which rows of a tablet go with a split (docs/spec/placement.md PCS-113): those from a key on, or from the middle of its rows. What its primary
// asks of its own engine, a batch at a time, and what the answers mean. Pure but for the split, which goes on to its next phase.

import type { TableEntry } from '../kernel/fields.ts';
import type { ColumnDef, TableDef, Value } from '../sql/access.ts';
import { compareValues } from '../sql/compare.ts';
import { SqlFailure } from '../sql/failure.ts';
import {
  countRows,
  insertBatch,
  type KeyStretch,
  keyAt,
  keyBeside,
  keyOf,
  readBatch,
} from '../sql/key-batch.ts';
import type { Built } from '../sql/key-conditions.ts';
import { isInTablet, tabletTable } from '../sql/tablets.ts';
import { formatValue, parseValue } from '../sql/text-form.ts';
import type { ParentSplit, SplitOrder } from './split-state.ts';

type Texts = readonly (string | null)[];

/** Rows that are read at once. */
const BATCH_ROWS = 256;

/** Parameters of one statement at the new primary. */
const STATEMENT_PARAMS = 100;

/** Of them those of one statement there: each value is a parameter. */
const rowsOfStatement = (row: Texts | undefined): number =>
  Math.max(1, Math.floor(STATEMENT_PARAMS / Math.max(1, row?.length ?? 0)));

/** The tablet with its keys; null: the definitions have none such. */
export function stretchOf(tables: readonly TableEntry[], relation: number): KeyStretch | null {
  const cut = tables.find(({ tablets }) => tablets.some((one) => one.relation === relation));
  if (!cut) return null;
  const table = tabletTable(cut, relation);
  return { table, from: table.tablet?.from ?? null, below: table.tablet?.below ?? null };
}

const typeOf = ({ columns, primaryKey }: TableDef): ColumnDef['type'] =>
  columns[primaryKey[0] ?? -1]?.type ?? 'text';

/** A key in text form as a value of the first column of the tablet's primary key; null: it is none. */
export function keyIn(tables: readonly TableEntry[], relation: number, key: string): Value {
  const stretch = stretchOf(tables, relation);
  try {
    return stretch && parseValue(typeOf(stretch.table), key);
  } catch (failure) {
    if (!(failure instanceof SqlFailure)) throw failure;
    return null;
  }
}

/** Null: the key can be the child's first, or is yet to be chosen. A text: why it cannot. */
export function refuseKey(
  tables: readonly TableEntry[],
  { relation, key, isWhole }: Pick<SplitOrder, 'relation' | 'key' | 'isWhole'>,
): string | null {
  const stretch = stretchOf(tables, relation);
  if (!stretch) return 'NO_GROUP';
  if (key === '' || isWhole) return null;
  const { table, from } = stretch;
  try {
    const least = parseValue(typeOf(table), key);
    const isInside = table.tablet !== undefined && isInTablet(table.tablet, least);
    // something stays
    return isInside && (from === null || compareValues(least, from) !== 0) ? null : 'BAD_RANGE';
  } catch (failure) {
    if (!(failure instanceof SqlFailure)) throw failure;
    return 'BAD_RANGE';
  }
}

/** What the phase asks of the primary's own engine. */
export function askOf(
  { phase, place, key, after, order, batch = BATCH_ROWS }: ParentSplit,
  tables: readonly TableEntry[],
): Built | null {
  const stretch = stretchOf(tables, order.relation);
  if (!stretch) return null;
  const least = (): Value => parseValue(typeOf(stretch.table), key);
  switch (phase) {
    case 'counting':
      return countRows(stretch);
    case 'choosing':
      return keyAt(stretch, place);
    case 'checking':
      return keyBeside(stretch, '<', least());
    case 'passing':
      return keyBeside(stretch, '>', least());
    case 'reading':
      return readBatch(order.isWhole ? stretch : { ...stretch, from: least() }, after, batch);
    default:
      return null;
  }
}

const batchOf = ({ batch = BATCH_ROWS }: ParentSplit): number => batch;

/** Too long an answer (53400): fewer rows are read. False: it was one row. */
export function readsLess(split: ParentSplit): boolean {
  if (split.phase !== 'reading' || batchOf(split) === 1) return false;
  split.batch = batchOf(split) >> 2;
  return true;
}

export function giveUp(split: ParentSplit, code: string): void {
  split.phase = 'failed';
  split.code = code;
}

/** When all that was logged is durable. */
export function beginCopy(split: ParentSplit, tables: readonly TableEntry[]): void {
  const { key, relation, isWhole } = split.order;
  const stretch = stretchOf(tables, relation);
  if (isWhole) readFrom(split, '');
  else if (key === '') split.phase = 'counting';
  else if (stretch) readFrom(split, formatValue(parseValue(typeOf(stretch.table), key)));
  else giveUp(split, 'NO_GROUP');
}

function readFrom(split: ParentSplit, key: string | null): void {
  split.key = key ?? '';
  split.phase = 'reading';
}

/** Rows in text form. */
export function takeRows(split: ParentSplit, tables: readonly TableEntry[], rows: readonly Texts[]): void {
  const cell = rows[0]?.[0] ?? null;
  switch (split.phase) {
    case 'counting':
      split.place = Number(cell) >> 1;
      split.phase = 'choosing';
      if (split.place === 0) giveUp(split, 'TOO_SMALL');
      break;
    case 'choosing':
      split.key = cell ?? '';
      split.phase = 'checking';
      break;
    case 'checking':
      // of several rows with the least key none can be parted from the others
      if (cell === null) split.phase = 'passing';
      else readFrom(split, split.key);
      break;
    case 'passing':
      if (cell === null) giveUp(split, 'TOO_SMALL');
      else readFrom(split, cell);
      break;
    case 'reading': {
      const last = rows.at(-1);
      const stretch = stretchOf(tables, split.order.relation);
      if (last && stretch) {
        split.rows = rows;
        split.taken = 0;
        split.after = keyOf(stretch.table, last);
        split.phase = 'loading';
      } else if (split.copied === 0 && !split.order.isWhole) giveUp(split, 'EMPTY_RANGE');
      else split.phase = 'clients';
      break;
    }
  }
}

/** The next rows, as a statement of the new primary. */
export const loadOf = ({ order, rows, taken }: ParentSplit): Built =>
  insertBatch(tabletTable(order.table, order.child), rows.slice(taken, taken + rowsOfStatement(rows[0])));

/** The new primary has these. */
export function takeLoaded(split: ParentSplit): void {
  const { rows } = split;
  const taken = Math.min(rows.length, split.taken + rowsOfStatement(rows[0]));
  split.copied += taken - split.taken;
  split.taken = taken;
  if (taken < rows.length) return;
  split.rows = [];
  split.phase = rows.length < batchOf(split) ? 'clients' : 'reading';
}
