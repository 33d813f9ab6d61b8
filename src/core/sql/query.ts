// SELECT and VALUES as analysis leaves them: what is asked, not yet how. One relation today; joins will make `source`
// a tree.

import type { ColumnType, TableDef } from './access.ts';
import type { AggregateExpr, Expr } from './expression.ts';

export type QuerySource =
  | { readonly kind: 'table'; readonly table: TableDef }
  /** Literal rows; SELECT without FROM reads one row of no columns. */
  | { readonly kind: 'rows'; readonly rows: readonly (readonly Expr[])[] };

export interface SortKey {
  /** Position in the query's outputs. */
  readonly output: number;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** GROUP BY and aggregates: later expressions see the keys, then the aggregates, as columns. */
export interface Grouping {
  readonly keys: readonly Expr[];
  readonly aggregates: readonly AggregateExpr[];
  readonly having: Expr | null;
}

export interface OutputColumn {
  readonly name: string;
  readonly type: ColumnType;
}

export interface Query {
  readonly source: QuerySource;
  readonly where: Expr | null;
  readonly grouping: Grouping | null;
  /** One per output column, then those that only ORDER BY needs. */
  readonly outputs: readonly Expr[];
  readonly columns: readonly OutputColumn[];
  readonly distinct: boolean;
  readonly sort: readonly SortKey[];
  readonly limit: Expr | null;
  readonly offset: Expr | null;
}
