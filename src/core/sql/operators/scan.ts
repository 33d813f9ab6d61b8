// Reads a table: as its rows lie, or by an index in the ranges of its path. Rows are read together, a few at first, and judged one by one.

import { present } from '../../../base/assert.ts';
import type { FoundRow, Row, ScanPosition } from '../access.ts';
import { type Context, spend } from '../context.ts';
import { evaluate } from '../evaluate.ts';
import { expressionText, type Names } from '../explain-expression.ts';
import type { Expr } from '../expression.ts';
import { type KeyRange, keyRanges } from '../key-range.ts';
import { type Needed, withColumns } from '../needed-columns.ts';
import type { Described, Operator } from '../operator.ts';
import type { AccessPath, ScanPlan, StateOf } from '../plan-types.ts';
import { ownName } from '../relation-name.ts';
import { asNode } from '../tree.ts';
import { treeText } from '../tree-text.ts';
import { decodeView } from '../view-text.ts';

declare module '../plan-types.ts' {
  interface Operators {
    scan: {
      plan: ScanPlan;
      state: {
        /** Key ranges still to read, in order; null for a sequential scan, or before the first call. */
        ranges: readonly KeyRange[] | null;
        rangeAt: number;
        /** Null before the current range is opened. */
        position: ScanPosition | null;
        /** Read together; those from `at` on are still to be judged by the filter and passed on. */
        rows: readonly FoundRow[];
        at: number;
        /** The row at `at` is counted in the step's budget. */
        isSpent: boolean;
        done: boolean;
      };
    };
  }
}

const NO_ROWS: readonly FoundRow[] = [];
/** Rows that a scan reads together at most; the first are fewer, because whoever asks may need no more. */
const MOST_TOGETHER = 128;

const conditionOf = ({ filter }: ScanPlan): readonly Expr[] => (filter === null ? [] : [filter]);

export const scan: Operator<'scan'> = {
  start: (plan) => ({
    kind: 'scan',
    plan,
    ranges: null,
    rangeAt: 0,
    position: null,
    rows: NO_ROWS,
    at: 0,
    isSpent: false,
    done: false,
  }),
  next: nextRow,
  map: (plan, { expr }) => ({ ...plan, filter: plan.filter && expr(plan.filter) }),
  prune: pruneScan,
  explain: describe,
  columns: ({ table, alias, hasTid }) =>
    [...table.columns.map(({ name }) => name), ...(hasTid ? ['ctid'] : [])].map((name) => `${alias}.${name}`),
};

function nextRow(op: StateOf<'scan'>, context: Context): Row | null {
  const found = nextFound(op, context);
  if (found === null) return null;
  return op.plan.hasTid ? [...found.row, found.tid] : found.row;
}

/** The next row with its place; for writes, too. */
export function nextFound(op: StateOf<'scan'>, context: Context): FoundRow | null {
  const { filter } = op.plan;
  for (;;) {
    const found = op.rows[op.at];
    if (found === undefined) {
      if (!readTogether(op, context)) return null;
      continue;
    }
    if (!op.isSpent) spend(context);
    op.isSpent = true;
    const passes = filter === null || evaluate(filter, found.row, context) === true;
    op.at += 1;
    op.isSpent = false;
    if (!passes) continue;
    context.turn.tid = found.tid;
    return found;
  }
}

/** Reads the next rows; false at the end. */
function readTogether(op: StateOf<'scan'>, context: Context): boolean {
  const { table, wanted = null } = op.plan;
  const atMost = Math.min(MOST_TOGETHER, Math.max(1, op.rows.length * 2));
  while (!op.done) {
    if (op.position === null) openNext(op, context);
    if (op.done) break;
    spend(context);
    const next = context.access.scanRows(table, present(op.position, 'scan position'), atMost, wanted);
    if (next !== null) {
      op.position = next.position;
      op.rows = next.rows;
      op.at = 0;
      op.isSpent = true;
      return true;
    }
    op.position = null;
    op.rangeAt += 1;
    op.done = op.ranges === null || op.rangeAt >= op.ranges.length;
  }
  return false;
}

function openNext(op: StateOf<'scan'>, context: Context): void {
  const { table, path } = op.plan;
  if (path.kind === 'sequential') {
    op.position = context.access.openScan(table);
    return;
  }
  if (path.kind === 'nothing') {
    op.done = true;
    return;
  }
  op.ranges ??= keyRanges(table, path, context);
  const range = op.ranges[op.rangeAt];
  if (range === undefined) op.done = true;
  else op.position = context.access.openKeyScan(table, path.index, range.low, range.high, path.descending);
}

function pruneScan(plan: ScanPlan, needed: Needed): ScanPlan {
  const used = withColumns(needed, conditionOf(plan));
  if (used === null) return plan;
  const { columns } = plan.table;
  const last = Math.max(-1, ...[...used].filter((index) => index < columns.length));
  const wanted = columns.slice(0, last + 1).map((_, i) => used.has(i));
  return wanted.length === columns.length && !wanted.includes(false) ? plan : { ...plan, wanted };
}

function describe(plan: ScanPlan, names: Names): Described {
  const { table, alias, path, filter } = plan;
  const shown: Names = { ...names, columns: scan.columns?.(plan, names, []) ?? [] };
  const own = ownName(table.name);
  const on = alias === own ? own : `${own} ${alias}`;
  const notes: string[] = [];
  const source = table.metadata === undefined ? 'Seq' : table.metadata === 'pcs' ? 'Metadata' : 'System';
  let line = `${source} Scan on ${on}`;
  if (path.kind === 'nothing') line = 'Result (the condition never holds)';
  if (path.kind === 'key') {
    line = `Index Scan${path.descending ? ' Backward' : ''} using ${ownName(path.index.name)} on ${on}`;
    const bounds = boundsOf(plan, path, shown);
    if (bounds !== '') notes.push(`Index Cond: ${bounds}`);
  }
  if (filter !== null) notes.push(`Filter: ${expressionText(filter, shown)}`);
  const relation = path.kind === 'key' ? path.index.relation : table.relation;
  const read = {
    table: table.name,
    index: path.kind === 'key' ? path.index.name : null,
    relation,
    heap: table.relation,
  };
  return { line, notes, scan: read, exprs: conditionOf(plan) };
}

function boundsOf({ table }: ScanPlan, path: Extract<AccessPath, { kind: 'key' }>, names: Names): string {
  const column = (i: number): string => {
    const key = path.index.keys[i];
    if (key?.computed !== undefined) return treeText(asNode(decodeView(key.computed.tree), 'a key'));
    return table.columns[key?.column ?? -1]?.name ?? '?';
  };
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
