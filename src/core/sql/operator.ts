// What is asked of a query operator. Each has a file in operators/, which declares the shape of its plan and of its state into `Operators` and
// gives one entry to the map in operators.ts, which says what else a new one takes. A plan is shared and never changes; a state is plain data that changes in place, and only
// after its input's call has returned: what is thrown from below (context.ts) leaves it as it was, and the call is made again.

import type { Row } from './access.ts';
import type { Context } from './context.ts';
import type { Names } from './explain-expression.ts';
import type { ExplainedScan } from './explained.ts';
import type { Expr } from './expression.ts';
import type { Needed } from './needed-columns.ts';
import type { CtePlan, Kind, OperatorState, PlanOf, RowsPlan, StateOf } from './plan-types.ts';

/** What is done to the parts of a plan. */
export interface Mapping {
  /** To each input, in order. */
  readonly rows: (input: RowsPlan) => RowsPlan;
  /** To each expression in which a subquery may stand. */
  readonly expr: (e: Expr) => Expr;
  readonly cte: (cte: CtePlan) => CtePlan;
}

/** What EXPLAIN says of a node, before what is below it is read. */
export interface Described {
  /** Null: it is no node of its own, its input stands for it. */
  readonly line: string | null;
  readonly notes?: readonly string[];
  readonly scan?: ExplainedScan;
  /** Expressions whose subqueries are shown below. */
  readonly exprs?: readonly Expr[];
  /** What outer values are called in its last input, which is run anew for each row. */
  readonly outer?: Names['outer'];
  /** The WITH query that is shown below the first node that reads it. */
  readonly cte?: CtePlan;
}

export interface Operator<K extends Kind> {
  /** Its state before the first row. */
  start(plan: PlanOf<K>, start: (plan: RowsPlan) => OperatorState): StateOf<K>;
  /** The next row, or null at the end. */
  next(op: StateOf<K>, context: Context): Row | null;
  map(plan: PlanOf<K>, mapping: Mapping): PlanOf<K>;
  /** The plan for who looks at these columns only. Absent: it looks at all columns of its inputs. */
  prune?(plan: PlanOf<K>, needed: Needed, prune: (input: RowsPlan, needed: Needed) => RowsPlan): PlanOf<K>;
  explain(plan: PlanOf<K>, names: Names, inputs: readonly Names[]): Described;
  /** What EXPLAIN calls its columns. Absent: as its first input does. */
  columns?(plan: PlanOf<K>, names: Names, inputs: readonly Names[]): readonly string[];
}

export const asIs = <T>(whole: T): T => whole;
