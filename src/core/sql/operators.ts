// Query operators: `nextRow` pulls one row through them. Access calls may throw `Blocked`, and a used-up step budget
// throws `BudgetUsed`; both leave every operator where it was.

import { present, unreachable } from '../../base/assert.ts';
import type { Access, FoundRow, Row, Tid } from './access.ts';
import { accumulate, finishGroup, makeGroup } from './aggregate.ts';
import { compareWithNulls, groupKey } from './compare.ts';
import { evaluate, isTrue } from './evaluate.ts';
import type { Operator, ScanOperator } from './execution-types.ts';
import { fail } from './failure.ts';
import { keyRanges } from './key-range.ts';
import { GROUPS_MAX, SORT_ROWS_MAX } from './limits.ts';
import { big } from './narrow.ts';
import type { RowsPlan, ScanPlan } from './plan-types.ts';
import type { SortKey } from './query.ts';

/** What a call has at hand. */
export interface Context {
  readonly access: Access;
  readonly params: Row;
  /** Rows that may still be read or written in this step. */
  budget: number;
  /** Where the row that came last lies; −1 for one that was computed. */
  tid: Tid;
}

/** Thrown between two rows when the step's budget is used up. */
export class BudgetUsed extends Error {
  override name = 'BudgetUsed';
}

const BUDGET_USED = new BudgetUsed('step budget used up');

export function spend(context: Context): void {
  if (context.budget <= 0) throw BUDGET_USED;
  context.budget -= 1;
}

export function startScan(plan: ScanPlan): ScanOperator {
  return { kind: 'scan', plan, ranges: null, rangeAt: 0, position: null, done: false };
}

export function startOperator(plan: RowsPlan): Operator {
  switch (plan.kind) {
    case 'scan':
      return startScan(plan);
    case 'rows':
      return { kind: 'rows', plan, at: 0 };
    case 'filter':
      return { kind: 'filter', input: startOperator(plan.input), condition: plan.condition };
    case 'project':
      return { kind: 'project', input: startOperator(plan.input), exprs: plan.exprs };
    case 'aggregate': {
      const input = startOperator(plan.input);
      return { kind: 'aggregate', plan, input, groups: new Map(), distinctValues: 0, results: null, at: 0 };
    }
    case 'distinct':
      return { kind: 'distinct', input: startOperator(plan.input), seen: new Set() };
    case 'sort':
      return { kind: 'sort', plan, input: startOperator(plan.input), rows: [], sorted: false, at: 0 };
    case 'limit':
      return { kind: 'limit', plan, input: startOperator(plan.input), window: null };
  }
}

/** The next row, or null at the end. */
export function nextRow(op: Operator, context: Context): Row | null {
  switch (op.kind) {
    case 'scan':
      return nextFound(op, context)?.row ?? null;
    case 'project': {
      const row = nextRow(op.input, context);
      return row === null ? null : op.exprs.map((e) => evaluate(e, row, context.params));
    }
    case 'filter':
      for (;;) {
        const row = nextRow(op.input, context);
        if (row === null || isTrue(op.condition, row, context.params)) return row;
      }
    case 'rows': {
      const exprs = op.plan.rows[op.at];
      if (exprs === undefined) return null;
      const row = exprs.map((e) => evaluate(e, [], context.params));
      op.at += 1;
      context.tid = -1;
      return row;
    }
    case 'limit':
      return nextWithin(op, context);
    case 'sort':
      return nextSorted(op, context);
    case 'distinct':
      return nextDistinct(op, context);
    case 'aggregate':
      return nextGroup(op, context);
    default:
      return unreachable(op);
  }
}

/** The next row of a table with its place; for writes, and below `nextRow`. */
export function nextFound(op: ScanOperator, context: Context): FoundRow | null {
  const { plan } = op;
  while (!op.done) {
    if (op.position === null) openNext(op, context);
    if (op.done) return null;
    spend(context);
    const next = context.access.scanNext(plan.table, present(op.position, 'scan position'));
    if (next === null) {
      op.position = null;
      op.rangeAt += 1;
      op.done = op.ranges === null || op.rangeAt >= op.ranges.length;
      continue;
    }
    op.position = next.position;
    if (!isTrue(plan.filter, next.found.row, context.params)) continue;
    context.tid = next.found.tid;
    return next.found;
  }
  return null;
}

function openNext(op: ScanOperator, context: Context): void {
  const { table, path } = op.plan;
  if (path.kind === 'sequential') {
    op.position = context.access.openScan(table);
    return;
  }
  if (path.kind === 'nothing') {
    op.done = true;
    return;
  }
  op.ranges ??= keyRanges(table, path, context.params);
  const range = op.ranges[op.rangeAt];
  if (range === undefined) op.done = true;
  else op.position = context.access.openKeyScan(table, range.low, range.high, path.descending);
}

function nextWithin(op: Extract<Operator, { kind: 'limit' }>, context: Context): Row | null {
  const { count, offset } = op.plan;
  op.window ??= {
    skip: windowPart(offset === null ? null : evaluate(offset, [], context.params), 0, '2201X', 'OFFSET'),
    left: windowPart(
      count === null ? null : evaluate(count, [], context.params),
      Number.POSITIVE_INFINITY,
      '2201W',
      'LIMIT',
    ),
  };
  const { window } = op;
  if (window.left === 0) return null;
  while (window.skip > 0) {
    if (nextRow(op.input, context) === null) return null;
    window.skip -= 1;
  }
  const row = nextRow(op.input, context);
  if (row !== null) window.left -= 1;
  return row;
}

function windowPart(value: Row[number], absent: number, sqlstate: string, name: string): number {
  if (value === null) return absent;
  const size = big(value);
  if (size < 0n) fail(sqlstate, `${name} must not be negative`);
  return size > 0xffff_ffffn ? Number.POSITIVE_INFINITY : Number(size);
}

function nextSorted(op: Extract<Operator, { kind: 'sort' }>, context: Context): Row | null {
  if (!op.sorted) {
    for (let row = nextRow(op.input, context); row !== null; row = nextRow(op.input, context)) {
      if (op.rows.length >= SORT_ROWS_MAX) fail('53400', `a sort can hold at most ${SORT_ROWS_MAX} rows`);
      op.rows.push({ row, tid: context.tid });
    }
    op.rows.sort((a, b) => compareRows(a.row, b.row, op.plan.keys));
    op.sorted = true;
  }
  const next = op.rows[op.at];
  if (next === undefined) return null;
  op.at += 1;
  context.tid = next.tid;
  return next.row;
}

function compareRows(a: Row, b: Row, keys: readonly SortKey[]): number {
  for (const { output, descending, nullsFirst } of keys) {
    const order = compareWithNulls(a[output] ?? null, b[output] ?? null, descending, nullsFirst);
    if (order !== 0) return order;
  }
  return 0;
}

function nextDistinct(op: Extract<Operator, { kind: 'distinct' }>, context: Context): Row | null {
  for (;;) {
    const row = nextRow(op.input, context);
    if (row === null) return null;
    const key = groupKey(row);
    if (op.seen.has(key)) continue;
    if (op.seen.size >= SORT_ROWS_MAX) fail('53400', `DISTINCT can hold at most ${SORT_ROWS_MAX} rows`);
    op.seen.add(key);
    return row;
  }
}

function nextGroup(op: Extract<Operator, { kind: 'aggregate' }>, context: Context): Row | null {
  const { keys, aggregates } = op.plan;
  if (op.results === null) {
    for (let row = nextRow(op.input, context); row !== null; row = nextRow(op.input, context))
      addToGroup(op, row, context.params);
    // Without GROUP BY there is one group, even of no rows.
    const none = keys.length === 0 && op.groups.size === 0;
    op.results = none ? [makeGroup([], aggregates)] : [...op.groups.values()];
  }
  const group = op.results[op.at];
  if (group === undefined) return null;
  const row = finishGroup(group, aggregates);
  op.at += 1;
  context.tid = -1;
  return row;
}

function addToGroup(op: Extract<Operator, { kind: 'aggregate' }>, row: Row, params: Row): void {
  const { keys, aggregates } = op.plan;
  const values = keys.map((key) => evaluate(key, row, params));
  const name = groupKey(values);
  let group = op.groups.get(name);
  if (group === undefined) {
    if (op.groups.size >= GROUPS_MAX) fail('53400', `GROUP BY can hold at most ${GROUPS_MAX} groups`);
    group = makeGroup(values, aggregates);
    op.groups.set(name, group);
  }
  op.distinctValues += accumulate(group, aggregates, row, params);
  if (op.distinctValues > GROUPS_MAX)
    fail('53400', `DISTINCT in aggregates can hold at most ${GROUPS_MAX} values`);
}
