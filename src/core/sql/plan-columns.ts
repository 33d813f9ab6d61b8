// Which columns of its tables a query uses: from its outputs downwards, each part of the plan says what it needs of those below
// it, and a scan decodes no more than that. Rows keep their width, so that no expression has to be moved.

import { type Expr, eachColumn } from './expression.ts';
import type { RowsPlan, ScanPlan } from './plan-types.ts';
import type { References } from './references.ts';

/** Positions in the rows of a part of the plan; null: all of them. */
type Needed = ReadonlySet<number> | null;

/** The same plan, whose scans leave out what nobody above them looks at. */
export const pruneColumns = (plan: RowsPlan): RowsPlan => prune(plan, null);

function prune(plan: RowsPlan, needed: Needed): RowsPlan {
  switch (plan.kind) {
    case 'scan':
      return pruneScan(plan, needed);
    case 'project':
      return { ...plan, input: prune(plan.input, withColumns(NONE, plan.exprs)) };
    case 'filter':
      return { ...plan, input: prune(plan.input, withColumns(needed, [plan.condition])) };
    case 'limit':
      return { ...plan, input: prune(plan.input, needed) };
    case 'aggregate': {
      const exprs = [...plan.keys, ...plan.aggregates];
      return { ...plan, input: prune(plan.input, withColumns(NONE, exprs)) };
    }
    case 'hashJoin':
    case 'mergeJoin': {
      const { leftWidth, leftKeys, rightKeys, on, join } = plan;
      const isTest = join === 'semi' || join === 'anti';
      const both = withColumns(needed, on === null ? [] : [on]);
      const ofLeft = below(both, leftWidth);
      const ofRight = from(isTest ? withColumns(NONE, on === null ? [] : [on]) : both, leftWidth);
      const pruned = {
        ...plan,
        left: prune(plan.left, withColumns(ofLeft, leftKeys)),
        right: prune(plan.right, withColumns(ofRight, rightKeys)),
      };
      if (pruned.kind === 'mergeJoin' || ofLeft === null || ofRight === null) return pruned;
      return { ...pruned, kept: { left: [...ofLeft], right: [...ofRight] } };
    }
    case 'loopJoin': {
      const { left, right, args, on } = plan;
      const leftWidth = widthOf(left);
      if (leftWidth === null) return { ...plan, left: prune(left, null), right: prune(right, null) };
      const both = withColumns(needed, on === null ? [] : [on]);
      const given = args.map(({ expr }) => expr);
      return {
        ...plan,
        left: prune(left, withColumns(below(both, leftWidth), given)),
        right: prune(right, from(both, leftWidth)),
      };
    }
    case 'append':
      return { ...plan, inputs: plan.inputs.map((input) => prune(input, null)) };
    case 'setOperation':
      return { ...plan, left: prune(plan.left, null), right: prune(plan.right, null) };
    case 'distinct':
    case 'distinctOn':
    case 'window':
    case 'measured':
    case 'lockRows':
    case 'sort':
      return { ...plan, input: prune(plan.input, null) };
    case 'rows':
    case 'cteScan':
    case 'workTable':
      return plan;
  }
}

const NONE: ReadonlySet<number> = new Set();

function withColumns(needed: Needed, exprs: readonly Expr[]): Needed {
  if (needed === null || exprs.length === 0) return needed;
  const all = new Set(needed);
  for (const e of exprs) eachColumn(e, (index) => all.add(index));
  return all;
}

const below = (needed: Needed, width: number): Needed =>
  needed && new Set([...needed].filter((index) => index < width));
const from = (needed: Needed, width: number): Needed =>
  needed && new Set([...needed].flatMap((index) => (index < width ? [] : [index - width])));

function pruneScan(plan: ScanPlan, needed: Needed): RowsPlan {
  const used = withColumns(needed, plan.filter === null ? [] : [plan.filter]);
  if (used === null) return plan;
  const { columns } = plan.table;
  const last = Math.max(-1, ...[...used].filter((index) => index < columns.length));
  const wanted = columns.slice(0, last + 1).map((_, i) => used.has(i));
  return wanted.length === columns.length && !wanted.includes(false) ? plan : { ...plan, wanted };
}

/** The same of the rows that a statement writes: the columns that none of `exprs`, no index and no foreign key looks at are kept as they are. */
export function keepColumns(plan: RowsPlan, exprs: readonly Expr[], references: References | null): RowsPlan {
  if (plan.kind !== 'scan') return plan;
  const { columns, indexed, relation } = plan.table;
  const known = references?.get(relation);
  const keys = known?.outgoing.flatMap(({ key }) => key) ?? [];
  const used = new Set(
    withColumns(NONE, [...exprs, ...keys, ...(plan.filter === null ? [] : [plan.filter])]),
  );
  for (const column of indexed) used.add(column);
  for (const { targetColumns } of known?.incoming ?? []) for (const column of targetColumns) used.add(column);
  return { ...plan, wanted: columns.map((_, i) => used.has(i) || 'kept') };
}

/** Columns of the plan's rows; null where only a run of it says so. */
function widthOf(plan: RowsPlan): number | null {
  switch (plan.kind) {
    case 'scan':
      return plan.table.columns.length + (plan.hasTid ? 1 : 0);
    case 'rows':
      return plan.rows[0]?.length ?? null;
    case 'project':
      return plan.exprs.length;
    case 'aggregate':
      return plan.keys.length + plan.aggregates.length;
    case 'hashJoin':
    case 'mergeJoin':
      return plan.leftWidth + (plan.join === 'semi' || plan.join === 'anti' ? 0 : plan.rightWidth);
    case 'loopJoin': {
      const left = widthOf(plan.left);
      return left === null ? null : left + plan.rightWidth;
    }
    case 'window': {
      const input = widthOf(plan.input);
      return input === null ? null : input + plan.calls.length;
    }
    case 'cteScan':
      return plan.cte.columns.length;
    case 'workTable':
      return plan.columns.length;
    case 'lockRows':
      return plan.outputs.length;
    case 'append':
      return plan.inputs[0] === undefined ? null : widthOf(plan.inputs[0]);
    case 'setOperation':
      return widthOf(plan.left);
    default:
      return widthOf(plan.input);
  }
}
