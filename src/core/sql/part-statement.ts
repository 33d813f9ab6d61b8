// What a statement needs of tables that are cut into tablets, and the statement that fetches it from one of them (docs/spec/pcs.md §4,
// PCS-56, PCS-97): columns, and the least range of keys that holds all that any scan of the table can meet. Whoever gathers puts the
// parts together and carries the whole statement out over them, so what is fetched may be more than is used and never less.

import type { StatementTree } from '../kernel/client-calls.ts';
import type { Row, TableDef, Value } from './access.ts';
import { compareValues } from './compare.ts';
import { NO_SURROUNDINGS } from './evaluate.ts';
import { bindParams } from './execute.ts';
import { type Built, bounded, statement, whereOf } from './key-conditions.ts';
import { keyRanges } from './key-range.ts';
import type { ScanPlan } from './plan-types.ts';
import { ownName } from './relation-name.ts';
import type { PlanNode } from './statement.ts';
import { isFixedPath, visitPlan } from './tablets.ts';
import { columnTree } from './written-tree.ts';

/** Of one table: its columns, and the ends of the range of its first key column; null: without that end. */
export interface TableNeed {
  readonly table: TableDef;
  readonly columns: readonly boolean[];
  readonly least: Value;
  readonly most: Value;
  /** Of the tablet that is asked: it may still have rows beyond its keys, which it has given away. */
  readonly below?: Value;
}

interface Need {
  readonly table: TableDef;
  readonly columns: boolean[];
  /** Null before the first scan. */
  ends: { readonly least: Value; readonly most: Value } | null;
}

/** By the table's name; may throw SqlFailure. */
export function needsOf(plan: PlanNode, params: readonly (string | null)[]): ReadonlyMap<string, TableNeed> {
  const bound = bindParams(plan, params);
  const needs = new Map<string, Need>();
  visitPlan(plan, (part) => {
    if (part.kind !== 'scan' || part.table.tablet === undefined) return;
    const need = needs.get(part.table.name) ?? makeNeed(part.table);
    needs.set(part.table.name, need);
    need.columns.forEach((_, i) => {
      if (part.wanted === undefined || part.wanted[i] === true) need.columns[i] = true;
    });
    const ends = endsOf(part, bound);
    if (ends !== null) need.ends = need.ends === null ? ends : joined(need.ends, ends);
  });
  return new Map(
    [...needs].map(([name, { table, columns, ends }]) => {
      const { least, most } = ends ?? { least: null, most: null };
      return [name, { table, columns, least, most }];
    }),
  );
}

/** The key is always fetched: rows are put in its order. */
const makeNeed = (table: TableDef): Need => ({
  table,
  columns: table.columns.map((_, i) => table.primaryKey.includes(i)),
  ends: null,
});

type Ends = NonNullable<Need['ends']>;

/** Null: the scan meets nothing. */
function endsOf({ table, path }: ScanPlan, params: Row): Ends | null {
  if (path.kind === 'nothing') return null;
  if (path.kind !== 'key' || !isFixedPath(path)) return { least: null, most: null };
  const ranges = keyRanges(table, path, { ...NO_SURROUNDINGS, params });
  if (ranges.length === 0) return null;
  return ranges
    .map(({ low, high }): Ends => ({ least: low?.values[0] ?? null, most: high?.values[0] ?? null }))
    .reduce(joined);
}

/** The least range that holds both. */
const joined = (a: Ends, b: Ends): Ends => ({
  least:
    a.least === null || b.least === null || compareValues(a.least, b.least) <= 0
      ? orNone(a.least, b.least)
      : b.least,
  most:
    a.most === null || b.most === null || compareValues(a.most, b.most) >= 0
      ? orNone(a.most, b.most)
      : b.most,
});

/** One that has no end has none. */
const orNone = (a: Value, b: Value): Value => (a === null || b === null ? null : a);

/** `SELECT columns FROM table WHERE key BETWEEN …`, as libpg-query would give it, with its parameters in text form. */
export function partStatement({ table, columns, least, most, below = null }: TableNeed): Built {
  const names = table.columns.flatMap(({ name }, i) => (columns[i] ? [name] : []));
  const key = table.columns[table.primaryKey[0] ?? -1]?.name ?? '';
  const params: (string | null)[] = [];
  const where = whereOf([
    ...bounded(params, key, '>=', least),
    ...bounded(params, key, '<=', most),
    ...bounded(params, key, '<', below),
  ]);
  const from = { RangeVar: { relname: ownName(table.name), inh: true, relpersistence: 'p' } };
  const tree = {
    SelectStmt: {
      targetList: names.map((name) => ({ ResTarget: { val: columnTree(name) } })),
      fromClause: [from],
      ...where.tree,
      limitOption: 'LIMIT_OPTION_DEFAULT',
      op: 'SETOP_NONE',
    },
  };
  const text = `SELECT ${names.map((name) => `"${name}"`).join(', ')} FROM "${ownName(table.name)}"${where.text}`;
  return { statement: statement(text, tree), params };
}

const mode = (defname: string, arg: unknown): unknown => ({ DefElem: { defname, arg: { A_Const: arg } } });

/** A transaction whose statements all read at one read point. */
export const BEGIN_READING: StatementTree = statement('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY', {
  TransactionStmt: {
    kind: 'TRANS_STMT_BEGIN',
    options: [
      mode('transaction_isolation', { sval: { sval: 'repeatable read' } }),
      mode('transaction_read_only', { ival: { ival: 1 } }),
    ],
  },
});
export const COMMIT: StatementTree = statement('COMMIT', {
  TransactionStmt: { kind: 'TRANS_STMT_COMMIT' },
});
/** Of what an earlier statement may have left open. */
export const ROLLBACK: StatementTree = statement('ROLLBACK', {
  TransactionStmt: { kind: 'TRANS_STMT_ROLLBACK' },
});
