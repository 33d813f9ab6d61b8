// EXPLAIN: the operator tree as PostgreSQL prints it without costs. A join says what the planner expected and why it is done
// so; a scan says which part of the condition bounds it and which is judged row by row.

import { unreachable } from '../../base/assert.ts';
import { expressionText, type Names } from './explain-expression.ts';
import { pagesText } from './explain-measure.ts';
import { sortText, windowCallText, windowNotes } from './explain-window.ts';
import { type ExplainedNode, type ExplainedScan, explainedText } from './explained.ts';
import { type Expr, type SubqueryExpr, someExpr } from './expression.ts';
import { copyMeasure, type Measure } from './measure.ts';
import type { AccessPath, JoinEstimate, PlanShape, RowsPlan, ScanPlan } from './plan-types.ts';

/** What is said of a node of a plan, before what is below it is read. */
interface Described {
  readonly line: string;
  readonly notes: readonly string[];
  readonly scan?: ExplainedScan;
  /** Expressions whose subqueries are shown below. */
  readonly exprs: readonly Expr[];
  readonly inputs: readonly { readonly plan: RowsPlan; readonly names: Names }[];
}

interface Building {
  readonly ctes: Set<number>;
  readonly measures: readonly Measure[];
}

const NO_NAMES: Names = { columns: [], outer: new Map() };

/** The plan as EXPLAIN prints it. `measures`: what the nodes did, where they are measured. */
export function explainPlan(plan: PlanShape, measures: readonly Measure[] = []): readonly string[] {
  return explainedText(explainTree(plan, measures));
}

/** The plan as a tree: what EXPLAIN prints and what the plan's lens draws. */
export function explainTree(plan: PlanShape, measures: readonly Measure[] = []): ExplainedNode {
  const building: Building = { ctes: new Set(), measures };
  const bare = (line: string, notes: readonly string[] = [], below: ExplainedNode['below'] = []) => ({
    line,
    notes,
    pages: null,
    below,
  });
  switch (plan.kind) {
    case 'select':
      return buildNode(building, plan.input, NO_NAMES);
    case 'insert': {
      const notes: string[] = [];
      if (plan.onConflict !== null) {
        const { arbiters, update } = plan.onConflict;
        notes.push(`Conflict Resolution: ${update === null ? 'NOTHING' : 'UPDATE'}`);
        const indexes = arbiters.map((index) => index.name).join(', ');
        if (indexes !== '') notes.push(`Conflict Arbiter Indexes: ${indexes}`);
      }
      return bare(`Insert on ${plan.table.name}`, notes, [
        { label: '', nodes: [buildNode(building, plan.input, NO_NAMES)] },
      ]);
    }
    case 'update':
    case 'delete': {
      const input = buildNode(building, plan.input, NO_NAMES);
      const assigned = plan.kind === 'update' ? plan.assignments.map(({ expr }) => expr) : [];
      const names = { ...NO_NAMES, columns: columnsOf(plan.input, NO_NAMES) };
      return bare(
        `${plan.kind === 'update' ? 'Update' : 'Delete'} on ${plan.table.name}`,
        [],
        [{ label: '', nodes: [input] }, ...buildSubqueries(building, assigned, names)],
      );
    }
    case 'createTable':
      return bare(`Create Table ${plan.name}`);
    case 'createIndex':
      return bare(`Create Index on ${plan.table}`);
    case 'explain':
    case 'copyTo':
      return explainTree(plan.statement);
    case 'copyFrom':
      return bare(`Copy to ${plan.table.name}`);
    case 'createView':
      return bare(`Create View ${plan.name}`);
    case 'createSequence':
      return bare(`Create Sequence ${plan.name}`);
    case 'alterSequence':
      return bare(`Alter Sequence ${plan.name}`);
    case 'alterTable':
      return bare(`Alter Table ${plan.to?.name ?? ''}`);
    case 'truncate':
    case 'dropTable':
    case 'dropView':
    case 'dropIndex':
    case 'dropSequence':
      return bare(`Drop ${plan.names.join(', ')}`);
    default:
      return unreachable(plan);
  }
}

function buildNode(building: Building, plan: RowsPlan, names: Names): ExplainedNode {
  // A projection is no node of its own, as in PostgreSQL.
  if (plan.kind === 'project') {
    const node = buildNode(building, plan.input, names);
    const own = { ...names, columns: columnsOf(plan.input, names) };
    return { ...node, below: [...node.below, ...buildSubqueries(building, plan.exprs, own)] };
  }
  const node = plan.kind === 'measured' ? plan.input : plan;
  if (node.kind === 'project' || node.kind === 'measured') return buildNode(building, node, names);
  const { line, notes, scan, exprs, inputs } = describeNode(node, names);
  const measure = plan.kind === 'measured' ? building.measures[plan.id] : undefined;
  const [own = names] = inputs.map((input) => input.names);
  const below = [
    ...buildSubqueries(building, exprs, { ...own, columns: inputColumns(node, names) }),
    ...inputs.map((input) => ({ label: '', nodes: [buildNode(building, input.plan, input.names)] })),
  ];
  if (node.kind === 'cteScan' && !building.ctes.has(node.cte.id)) {
    building.ctes.add(node.cte.id);
    const { input, step, name } = node.cte;
    const parts = step === null ? [input] : [input, step];
    below.push({ label: `CTE ${name}`, nodes: parts.map((part) => buildNode(building, part, names)) });
  }
  return {
    line,
    notes,
    ...(scan === undefined ? {} : { scan }),
    ...(measure === undefined ? {} : { measure: copyMeasure(measure) }),
    // Pages of the node and of all below it, as PostgreSQL counts buffers.
    pages: measure === undefined ? null : pagesText(plan, building.measures),
    below,
  };
}

function buildSubqueries(building: Building, exprs: readonly Expr[], names: Names): ExplainedNode['below'] {
  const found: SubqueryExpr[] = [];
  for (const e of exprs)
    someExpr(e, (part) => {
      if (part.kind === 'subquery' && !found.some((known) => known.slot === part.slot)) found.push(part);
      return false;
    });
  return found.map((e) => {
    const isOnce = e.args.length === 0 && e.inherits.length === 0;
    const outer = new Map(names.outer);
    for (const { id, expr } of e.args) outer.set(id, expressionText(expr, names));
    return {
      label: `${isOnce ? 'InitPlan' : 'SubPlan'} ${e.slot + 1}`,
      nodes: [buildNode(building, e.plan, { columns: [], outer })],
    };
  });
}

function describeNode(plan: Exclude<RowsPlan, { kind: 'project' | 'measured' }>, names: Names): Described {
  const bare = (line: string, ...inputs: readonly RowsPlan[]): Described => ({
    line,
    notes: [],
    exprs: [],
    inputs: inputs.map((input) => ({ plan: input, names })),
  });
  switch (plan.kind) {
    case 'scan':
      return describeScan(plan, names);
    case 'rows':
      return bare(
        plan.rows.length === 1
          ? 'Result'
          : plan.rows.length === 0
            ? 'Result (no rows)'
            : `Values Scan (${plan.rows.length} rows)`,
      );
    case 'filter': {
      const text = expressionText(plan.condition, { ...names, columns: columnsOf(plan.input, names) });
      return { ...bare('Filter', plan.input), notes: [`Filter: ${text}`], exprs: [plan.condition] };
    }
    case 'aggregate': {
      const own = { ...names, columns: columnsOf(plan.input, names) };
      const keys = plan.keys.map((key) => expressionText(key, own)).join(', ');
      return {
        ...bare(keys === '' ? 'Aggregate' : 'HashAggregate', plan.input),
        notes: keys === '' ? [] : [`Group Key: ${keys}`],
      };
    }
    case 'window':
      return {
        ...bare('WindowAgg', plan.input),
        notes: windowNotes(plan, { ...names, columns: columnsOf(plan.input, names) }),
      };
    case 'distinct':
      return bare('HashAggregate (distinct rows)', plan.input);
    case 'distinctOn':
      return bare('Unique', plan.input);
    case 'sort': {
      const keys = plan.keys.map((key) => sortText(key, columnsOf(plan.input, names)));
      return { ...bare('Sort', plan.input), notes: [`Sort Key: ${keys.join(', ')}`] };
    }
    case 'limit':
      return bare('Limit', plan.input);
    case 'lockRows':
      return bare('LockRows', plan.input);
    case 'append':
      return bare('Append', ...plan.inputs);
    case 'setOperation':
      return bare(
        `HashSetOp ${plan.operation === 'intersect' ? 'Intersect' : 'Except'}${plan.all ? ' All' : ''}`,
        plan.left,
        plan.right,
      );
    case 'cteScan':
      return bare(`CTE Scan on ${plan.cte.name}`);
    case 'workTable':
      return bare(`WorkTable Scan on ${plan.name}`);
    case 'hashJoin':
    case 'mergeJoin': {
      const left = { ...names, columns: columnsOf(plan.left, names) };
      const right = { ...names, columns: columnsOf(plan.right, names) };
      const both = { ...names, columns: [...left.columns, ...right.columns] };
      const pairs = plan.leftKeys.map((key, i) => {
        const other = plan.rightKeys[i];
        return `(${expressionText(key, left)} = ${other === undefined ? '?' : expressionText(other, right)})`;
      });
      const type = JOINS[plan.join];
      const isHash = pairs.length > 0;
      const isMerge = plan.kind === 'mergeJoin';
      const notes = isHash ? [`${isMerge ? 'Merge' : 'Hash'} Cond: ${pairs.join(' AND ')}`] : [];
      if (plan.on !== null) notes.push(`Join Filter: ${expressionText(plan.on, both)}`);
      notes.push(
        why(
          plan.estimate,
          isMerge
            ? 'too many to hold: both sides are read in the order of the key'
            : whyHeld(plan.join, isHash),
        ),
      );
      const line = isMerge
        ? 'Merge Join'
        : isHash
          ? `Hash${type} Join`
          : `Nested Loop${type === '' ? '' : `${type} Join`}`;
      return { ...bare(line, plan.left, plan.right), notes, exprs: plan.on === null ? [] : [plan.on] };
    }
    case 'loopJoin': {
      const left = { ...names, columns: columnsOf(plan.left, names) };
      const outer = new Map(names.outer);
      for (const { id, expr } of plan.args) outer.set(id, expressionText(expr, left));
      const notes: string[] = [];
      if (plan.on !== null)
        notes.push(`Join Filter: ${expressionText(plan.on, { outer, columns: columnsOf(plan, names) })}`);
      const reason =
        (plan.right.kind === 'measured' ? plan.right.input : plan.right).kind === 'scan'
          ? 'the right side is looked up by key, which reads less than all of it'
          : 'the right side is run for each left row (LATERAL)';
      notes.push(why(plan.estimate, reason));
      return {
        line: plan.join === 'inner' ? 'Nested Loop' : 'Nested Loop Left Join',
        notes,
        exprs: plan.on === null ? [] : [plan.on],
        inputs: [
          { plan: plan.left, names },
          { plan: plan.right, names: { ...names, outer } },
        ],
      };
    }
    default:
      return unreachable(plan);
  }
}

const whyHeld = (join: keyof typeof JOINS, isHash: boolean): string => {
  if (join === 'semi' || join === 'anti')
    return 'the right side is held by its keys once, not looked for by each left row';
  return isHash ? 'the right side is held by its keys' : 'no equality: the right side is held whole';
};

const JOINS = { inner: '', left: ' Left', full: ' Full', semi: ' Semi', anti: ' Anti' } as const;

const why = ({ left, right, rows }: JoinEstimate, reason: string): string =>
  `Why: ${Math.round(left)} rows beside ${Math.round(right)}, about ${Math.round(rows)} expected; ${reason}`;

function describeScan(plan: ScanPlan, names: Names): Described {
  const { table, alias, path, filter } = plan;
  const own: Names = { ...names, columns: columnsOf(plan, names) };
  const on = alias === table.name ? table.name : `${table.name} ${alias}`;
  const notes: string[] = [];
  const source = table.metadata === undefined ? 'Seq' : table.metadata === 'pcs' ? 'Metadata' : 'System';
  let line = `${source} Scan on ${on}`;
  if (path.kind === 'nothing') line = 'Result (the condition never holds)';
  if (path.kind === 'key') {
    line = `Index Scan${path.descending ? ' Backward' : ''} using ${path.index.name} on ${on}`;
    const bounds = boundsOf(plan, path, own);
    if (bounds !== '') notes.push(`Index Cond: ${bounds}`);
  }
  if (filter !== null) notes.push(`Filter: ${expressionText(filter, own)}`);
  const relation = path.kind === 'key' ? path.index.relation : table.relation;
  const scan = {
    table: table.name,
    index: path.kind === 'key' ? path.index.name : null,
    relation,
    heap: table.relation,
  };
  return { line, notes, scan, exprs: filter === null ? [] : [filter], inputs: [] };
}

function boundsOf({ table }: ScanPlan, path: Extract<AccessPath, { kind: 'key' }>, names: Names): string {
  const column = (i: number): string => table.columns[path.index.keys[i]?.column ?? -1]?.name ?? '?';
  const parts = path.prefix.map((e, i) => `(${column(i)} = ${expressionText(e, names)})`);
  const next = column(path.prefix.length);
  if (path.list !== null)
    parts.push(`(${next} = ANY (${path.list.map((e) => expressionText(e, names)).join(', ')}))`);
  const { low, high } = path;
  if (low !== null) parts.push(`(${next} >${low.inclusive ? '=' : ''} ${expressionText(low.expr, names)})`);
  if (high !== null)
    parts.push(`(${next} <${high.inclusive ? '=' : ''} ${expressionText(high.expr, names)})`);
  return parts.join(' AND ');
}

/** The row over which a node's own expressions are. */
function inputColumns(
  plan: Exclude<RowsPlan, { kind: 'project' | 'measured' }>,
  names: Names,
): readonly string[] {
  return plan.kind === 'filter' ? columnsOf(plan.input, names) : columnsOf(plan, names);
}

/** What the columns of a plan's rows are called. */
function columnsOf(plan: RowsPlan, names: Names): readonly string[] {
  switch (plan.kind) {
    case 'scan':
      return [...plan.table.columns.map(({ name }) => name), ...(plan.hasTid ? ['ctid'] : [])].map(
        (name) => `${plan.alias}.${name}`,
      );
    case 'rows':
      return (plan.rows[0] ?? []).map((_, i) => `column${i + 1}`);
    case 'project': {
      const own = { ...names, columns: columnsOf(plan.input, names) };
      return plan.exprs.map((e) => expressionText(e, own));
    }
    case 'aggregate': {
      const own = { ...names, columns: columnsOf(plan.input, names) };
      return [...plan.keys, ...plan.aggregates].map((e) => expressionText(e, own));
    }
    case 'window': {
      const columns = columnsOf(plan.input, names);
      return [...columns, ...plan.calls.map((call) => windowCallText(call, { ...names, columns }))];
    }
    case 'hashJoin':
    case 'mergeJoin':
    case 'loopJoin': {
      const left = columnsOf(plan.left, names);
      const isTest = plan.join === 'semi' || plan.join === 'anti';
      return isTest ? left : [...left, ...columnsOf(plan.right, names)];
    }
    case 'append':
      return plan.inputs[0] === undefined ? [] : columnsOf(plan.inputs[0], names);
    case 'setOperation':
      return columnsOf(plan.left, names);
    case 'cteScan':
      return plan.cte.columns.map((column) => `${plan.cte.name}.${column}`);
    case 'workTable':
      return plan.columns.map((column) => `${plan.name}.${column}`);
    default:
      return columnsOf(plan.input, names);
  }
}
