// Queries as analysis leaves them: what is asked, not yet how.

import type { ColumnType, RowLock, TableDef } from './access.ts';
import type { SortKey } from './compare.ts';
import type { AggregateExpr, Expr, OuterArg, WindowExpr } from './expression.ts';
import type { CtePlan } from './plan-types.ts';

/** Columns `offset` to `offset + width` of the row of the whole FROM clause, over which the query's expressions are. */
interface Placed {
  readonly offset: number;
  readonly width: number;
}

export type JoinType = 'inner' | 'left' | 'right' | 'full';

export interface JoinSource {
  readonly kind: 'join';
  readonly join: JoinType;
  readonly left: QuerySource;
  readonly right: QuerySource;
  readonly on: Expr | null;
  /** What the right side uses of the left one's row (LATERAL). */
  readonly args: readonly OuterArg[];
}

export type QuerySource =
  /** One column wider than the table, by the place of its row, where the statement writes or locks its rows. */
  | (Placed & {
      readonly kind: 'table';
      readonly table: TableDef;
      readonly alias: string;
      readonly lock?: RowLock;
    })
  /** Literal rows; SELECT without FROM reads one row of no columns. */
  | (Placed & { readonly kind: 'rows'; readonly rows: readonly (readonly Expr[])[] })
  | (Placed & {
      readonly kind: 'query';
      readonly query: Query;
      readonly alias: string;
      readonly lock?: RowLock;
    })
  | (Placed & {
      readonly kind: 'set';
      readonly operation: SetOperation;
      readonly all: boolean;
      readonly left: Query;
      readonly right: Query;
    })
  /** A WITH query that is kept while the statement runs; `query`: what it is, unless it is recursive. */
  | (Placed & {
      readonly kind: 'cte';
      readonly cte: CtePlan;
      readonly query: Query | null;
      readonly alias: string;
    })
  /** The rows of a recursive WITH query's last round. */
  | (Placed & {
      readonly kind: 'workTable';
      readonly id: number;
      readonly name: string;
      readonly columns: readonly string[];
      readonly alias: string;
    })
  | JoinSource;

export type SetOperation = 'union' | 'intersect' | 'except';

/** GROUP BY and aggregates: later expressions see the keys, then the aggregates, as columns. */
export interface Grouping {
  readonly keys: readonly Expr[];
  readonly aggregates: readonly AggregateExpr[];
  readonly having: Expr | null;
}

/** Calls over one window definition. */
export interface WindowGroup extends Pick<WindowExpr, 'partition' | 'order' | 'frame'> {
  readonly calls: readonly WindowExpr[];
}

export interface OutputColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** As of a column (access.ts), where it is one, or a cast to a declared type. */
  readonly typmod?: number;
}

/** A query that passes its source on, column by column. */
export const plainQuery = (
  source: QuerySource,
  outputs: readonly Expr[],
  columns: readonly OutputColumn[],
): Query => ({
  source,
  where: null,
  grouping: null,
  windows: [],
  width: 0,
  outputs,
  columns,
  distinct: false,
  distinctOn: null,
  sort: [],
  limit: null,
  offset: null,
  withTies: false,
});

export interface Query {
  readonly source: QuerySource;
  readonly where: Expr | null;
  readonly grouping: Grouping | null;
  /** Window functions, over the rows of the source or of the grouping, which have `width` columns; outputs see their results behind those. */
  readonly windows: readonly WindowGroup[];
  readonly width: number;
  /** One per output column, then those that only ORDER BY needs. */
  readonly outputs: readonly Expr[];
  readonly columns: readonly OutputColumn[];
  readonly distinct: boolean;
  /** DISTINCT ON: positions of the outputs of which the first row each is kept. */
  readonly distinctOn: readonly number[] | null;
  readonly sort: readonly SortKey[];
  readonly limit: Expr | null;
  readonly offset: Expr | null;
  /** Rows that are the same to ORDER BY as the last of LIMIT come behind it. */
  readonly withTies: boolean;
}
