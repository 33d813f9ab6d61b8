// EXPLAIN: the operator tree as PostgreSQL prints it without costs. A join says what the planner expected and why it is done
// so; a scan says which part of the condition bounds it and which is judged row by row.

import { unreachable } from '../../base/assert.ts';
import { expressionText, type Names } from './explain-expression.ts';
import { actualText, pagesText } from './explain-measure.ts';
import { sortText, windowCallText, windowNotes } from './explain-window.ts';
import { type Expr, type SubqueryExpr, someExpr } from './expression.ts';
import type { Measure } from './measure.ts';
import type { AccessPath, JoinEstimate, PlanShape, RowsPlan, ScanPlan } from './plan-types.ts';

/** A node of the tree: its line, what is said of it, what is below it. */
interface Described {
  readonly line: string;
  readonly notes: readonly string[];
  /** Expressions whose subqueries are shown below. */
  readonly exprs: readonly Expr[];
  readonly inputs: readonly { readonly plan: RowsPlan; readonly names: Names }[];
}

interface Printing {
  readonly lines: string[];
  readonly ctes: Set<number>;
  readonly measures: readonly Measure[];
}

/** `measures`: what the nodes did, where they are measured. */
export function explainPlan(plan: PlanShape, measures: readonly Measure[] = []): readonly string[] {
  const printing: Printing = { lines: [], ctes: new Set(), measures };
  const names: Names = { columns: [], outer: new Map() };
  switch (plan.kind) {
    case 'select':
      printNode(printing, plan.input, names, '', '');
      return printing.lines;
    case 'insert':
      printing.lines.push(`Insert on ${plan.table.name}`);
      if (plan.onConflict !== null) {
        const { arbiters, update } = plan.onConflict;
        printing.lines.push(`  Conflict Resolution: ${update === null ? 'NOTHING' : 'UPDATE'}`);
        const indexes = arbiters.map((index) => index.name).join(', ');
        if (indexes !== '') printing.lines.push(`  Conflict Arbiter Indexes: ${indexes}`);
      }
      printNode(printing, plan.input, names, '  ->  ', '      ');
      return printing.lines;
    case 'update':
    case 'delete': {
      printing.lines.push(`${plan.kind === 'update' ? 'Update' : 'Delete'} on ${plan.table.name}`);
      printNode(printing, plan.input, names, '  ->  ', '      ');
      const assigned = plan.kind === 'update' ? plan.assignments.map(({ expr }) => expr) : [];
      printSubqueries(printing, assigned, { ...names, columns: columnsOf(plan.input, names) }, '  ');
      return printing.lines;
    }
    case 'createTable':
      return [`Create Table ${plan.name}`];
    case 'createIndex':
      return [`Create Index on ${plan.table}`];
    case 'explain':
      return explainPlan(plan.statement);
    case 'createView':
      return [`Create View ${plan.name}`];
    case 'alterTable':
      return [`Alter Table ${plan.to?.name ?? ''}`];
    case 'truncate':
    case 'dropTable':
    case 'dropView':
    case 'dropIndex':
      return [`Drop ${plan.names.join(', ')}`];
    default:
      return unreachable(plan);
  }
}

function printNode(printing: Printing, plan: RowsPlan, names: Names, head: string, indent: string): void {
  // A projection is no node of its own, as in PostgreSQL.
  if (plan.kind === 'project') {
    printNode(printing, plan.input, names, head, indent);
    printSubqueries(printing, plan.exprs, { ...names, columns: columnsOf(plan.input, names) }, `${indent}  `);
    return;
  }
  const node = plan.kind === 'measured' ? plan.input : plan;
  if (node.kind === 'project' || node.kind === 'measured') {
    printNode(printing, node, names, head, indent);
    return;
  }
  const { line, notes, exprs, inputs } = describeNode(node, names);
  const measure = plan.kind === 'measured' ? printing.measures[plan.id] : undefined;
  printing.lines.push(`${head}${line}${measure === undefined ? '' : actualText(measure)}`);
  for (const note of notes) printing.lines.push(`${indent}  ${note}`);
  const [own = names] = inputs.map((input) => input.names);
  if (measure !== undefined) printReads(printing, plan, `${indent}  `);
  printSubqueries(printing, exprs, { ...own, columns: inputColumns(node, names) }, `${indent}  `);
  for (const input of inputs)
    printNode(printing, input.plan, input.names, `${indent}  ->  `, `${indent}      `);
  if (node.kind !== 'cteScan' || printing.ctes.has(node.cte.id)) return;
  printing.ctes.add(node.cte.id);
  printing.lines.push(`${indent}  CTE ${node.cte.name}`);
  printNode(printing, node.cte.input, names, `${indent}    ->  `, `${indent}        `);
  if (node.cte.step !== null)
    printNode(printing, node.cte.step, names, `${indent}    ->  `, `${indent}        `);
}

/** Pages of the node and of all below it, as PostgreSQL counts buffers. */
function printReads(printing: Printing, plan: RowsPlan, indent: string): void {
  const pages = pagesText(plan, printing.measures);
  if (pages !== null) printing.lines.push(`${indent}${pages}`);
}

function printSubqueries(printing: Printing, exprs: readonly Expr[], names: Names, indent: string): void {
  const found: SubqueryExpr[] = [];
  for (const e of exprs)
    someExpr(e, (part) => {
      if (part.kind === 'subquery' && !found.some((known) => known.slot === part.slot)) found.push(part);
      return false;
    });
  for (const e of found) {
    const isOnce = e.args.length === 0 && e.inherits.length === 0;
    printing.lines.push(`${indent}${isOnce ? 'InitPlan' : 'SubPlan'} ${e.slot + 1}`);
    const outer = new Map(names.outer);
    for (const { id, expr } of e.args) outer.set(id, expressionText(expr, names));
    printNode(printing, e.plan, { columns: [], outer }, `${indent}  ->  `, `${indent}      `);
  }
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
    case 'hashJoin': {
      const left = { ...names, columns: columnsOf(plan.left, names) };
      const right = { ...names, columns: columnsOf(plan.right, names) };
      const both = { ...names, columns: [...left.columns, ...right.columns] };
      const pairs = plan.leftKeys.map((key, i) => {
        const other = plan.rightKeys[i];
        return `(${expressionText(key, left)} = ${other === undefined ? '?' : expressionText(other, right)})`;
      });
      const type = JOINS[plan.join];
      const isHash = pairs.length > 0;
      const notes = isHash ? [`Hash Cond: ${pairs.join(' AND ')}`] : [];
      if (plan.on !== null) notes.push(`Join Filter: ${expressionText(plan.on, both)}`);
      notes.push(
        why(
          plan.estimate,
          plan.join === 'semi' || plan.join === 'anti'
            ? 'the right side is held by its keys once, not looked for by each left row'
            : isHash
              ? 'the right side is held by its keys'
              : 'no equality: the right side is held whole',
        ),
      );
      const line = isHash ? `Hash${type} Join` : `Nested Loop${type === '' ? '' : `${type} Join`}`;
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
  return { line, notes, exprs: filter === null ? [] : [filter], inputs: [] };
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
