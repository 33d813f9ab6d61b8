// Rows of a tablet in the order of their key, a batch at a time (docs/spec/placement.md PCS-113): whoever gives keys away reads them, the one
// that gets them puts them, and then they are removed where they were.

import type { TableDef, Value } from './access.ts';
import { type Built, bounded, type Condition, rowwise, statement, whereOf } from './key-conditions.ts';
import { ownName } from './relation-name.ts';
import { columnTree } from './written-tree.ts';

type Texts = readonly (string | null)[];

/** A stretch of keys by their first column; null: without that end. */
export interface KeyStretch {
  readonly table: TableDef;
  readonly from: Value;
  readonly below: Value;
}

const keyNames = ({ columns, primaryKey }: TableDef): string[] =>
  primaryKey.map((at) => columns[at]?.name ?? '');

/** The key of a row of all columns. */
export const keyOf = ({ primaryKey }: TableDef, row: Texts): Texts => primaryKey.map((at) => row[at] ?? null);

const integer = (ival: number): unknown => ({ A_Const: { ival: ival === 0 ? {} : { ival } } });
const fromTable = ({ name }: TableDef): unknown => ({
  relname: ownName(name),
  inh: true,
  relpersistence: 'p',
});
const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

function inStretch(params: (string | null)[], { table, from, below }: KeyStretch): readonly Condition[] {
  const [first = ''] = keyNames(table);
  return [...bounded(params, first, '>=', from), ...bounded(params, first, '<', below)];
}

interface Selection {
  readonly names: readonly string[];
  readonly limit: number;
  readonly offset?: number;
}

/** In key order. */
function select(
  table: TableDef,
  { names, limit, offset = 0 }: Selection,
  conditions: readonly Condition[],
  params: Texts,
): Built {
  const where = whereOf(conditions);
  const keys = keyNames(table);
  const tree = {
    SelectStmt: {
      targetList: names.map((name) => ({ ResTarget: { val: columnTree(name) } })),
      fromClause: [{ RangeVar: fromTable(table) }],
      ...where.tree,
      sortClause: keys.map((name) => ({
        SortBy: {
          node: columnTree(name),
          sortby_dir: 'SORTBY_DEFAULT',
          sortby_nulls: 'SORTBY_NULLS_DEFAULT',
        },
      })),
      limitCount: integer(limit),
      ...(offset > 0 && { limitOffset: integer(offset) }),
      limitOption: 'LIMIT_OPTION_COUNT',
      op: 'SETOP_NONE',
    },
  };
  const skipped = offset > 0 ? ` OFFSET ${offset}` : '';
  const text = `SELECT ${quoted(names)} FROM "${ownName(table.name)}"${where.text} ORDER BY ${quoted(keys)} LIMIT ${limit}${skipped}`;
  return { statement: statement(text, tree), params };
}

/** At most `limit` rows, all columns; `after`: the key of the last row of the batch before. */
export function readBatch(stretch: KeyStretch, after: Texts | null, limit: number): Built {
  const { table } = stretch;
  const params: (string | null)[] = [];
  const conditions = [
    ...inStretch(params, stretch),
    ...(after === null ? [] : rowwise(params, keyNames(table), '>', after)),
  ];
  return select(table, { names: table.columns.map(({ name }) => name), limit }, conditions, params);
}

/** The keys of at most `limit` rows. */
export function readKeys(stretch: KeyStretch, limit: number): Built {
  const { table } = stretch;
  const params: (string | null)[] = [];
  return select(table, { names: keyNames(table), limit }, inStretch(params, stretch), params);
}

/** The first column of the key of the row at this place. */
export function keyAt(stretch: KeyStretch, offset: number): Built {
  const { table } = stretch;
  const params: (string | null)[] = [];
  const names = keyNames(table).slice(0, 1);
  return select(table, { names, limit: 1, offset }, inStretch(params, stretch), params);
}

/** Keys of a stretch whose first column is other than a value: the least above it, or any below it. */
export function keyBeside(stretch: KeyStretch, op: '>' | '<', value: Value): Built {
  const { table } = stretch;
  const params: (string | null)[] = [];
  const names = keyNames(table).slice(0, 1);
  const conditions = [...inStretch(params, stretch), ...bounded(params, names[0] ?? '', op, value)];
  return select(table, { names, limit: 1 }, conditions, params);
}

export function countRows(stretch: KeyStretch): Built {
  const { table } = stretch;
  const params: (string | null)[] = [];
  const where = whereOf(inStretch(params, stretch));
  const call = {
    funcname: [{ String: { sval: 'count' } }],
    agg_star: true,
    funcformat: 'COERCE_EXPLICIT_CALL',
  };
  const tree = {
    SelectStmt: {
      targetList: [{ ResTarget: { val: { FuncCall: call } } }],
      fromClause: [{ RangeVar: fromTable(table) }],
      ...where.tree,
      limitOption: 'LIMIT_OPTION_DEFAULT',
      op: 'SETOP_NONE',
    },
  };
  return { statement: statement(`SELECT count(*) FROM "${ownName(table.name)}"${where.text}`, tree), params };
}

/** Those from `from` on up to a key. */
export function removeBatch(stretch: KeyStretch, upTo: Texts): Built {
  const { table } = stretch;
  const params: (string | null)[] = [];
  const where = whereOf([...inStretch(params, stretch), ...rowwise(params, keyNames(table), '<=', upTo)]);
  const tree = { DeleteStmt: { relation: fromTable(table), ...where.tree } };
  return { statement: statement(`DELETE FROM "${ownName(table.name)}"${where.text}`, tree), params };
}

/** Rows of all columns. */
export function insertBatch(table: TableDef, rows: readonly Texts[]): Built {
  let number = 0;
  const values = rows.map((row) => row.map(() => ++number));
  const names = table.columns.map(({ name }) => name);
  const tree = {
    InsertStmt: {
      relation: fromTable(table),
      cols: names.map((name) => ({ ResTarget: { name } })),
      selectStmt: {
        SelectStmt: {
          valuesLists: values.map((row) => ({
            List: { items: row.map((place) => ({ ParamRef: { number: place } })) },
          })),
          limitOption: 'LIMIT_OPTION_DEFAULT',
          op: 'SETOP_NONE',
        },
      },
      override: 'OVERRIDING_NOT_SET',
    },
  };
  const places = values.map((row) => `(${row.map((place) => `$${place}`).join(', ')})`).join(', ');
  const text = `INSERT INTO "${ownName(table.name)}" (${quoted(names)}) VALUES ${places}`;
  return { statement: statement(text, tree), params: rows.flat() };
}
