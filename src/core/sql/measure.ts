// EXPLAIN ANALYZE: every node of a plan is put behind one that counts what comes through it. A statement that is not
// explained has no such nodes, so measuring costs it nothing.

import type { PageRead } from './access.ts';
import { type AggregateExpr, type Expr, mapAggregate, mapParts } from './expression.ts';
import type { CtePlan, PlanShape, RowsPlan } from './plan-types.ts';

/** Pages that came from one node while the statement waited for them, and the read points that they were asked at. */
export interface PagesRead {
  readonly from: string;
  pages: number;
  low: number;
  high: number;
}

/** A page that a node looked at: from which node it came while the statement waited (null: it was in the buffer), asked at which read point. */
export interface PageLook {
  readonly blockKey: number;
  from: string | null;
  readPoint: number;
}

/** Pages that a node's measure names; those beyond are only counted. */
export const PAGES_NAMED = 256;

/** What one node of the plan did; times in virtual µs, over all loops. */
export interface Measure {
  loops: number;
  rows: number;
  /** Until its first row, and in all, with what is below it. */
  startup: number;
  time: number;
  /** Pages looked at in the buffer, and those that had to come first; of scans. */
  pages: number;
  readonly reads: PagesRead[];
  /** The first pages of both kinds, in the order in which they were first looked at. */
  readonly looks: PageLook[];
}

export const makeMeasure = (): Measure => ({
  loops: 0,
  rows: 0,
  startup: 0,
  time: 0,
  pages: 0,
  reads: [],
  looks: [],
});

/** As it is now: the measure itself goes on. */
export const copyMeasure = (measure: Measure): Measure => ({
  ...measure,
  reads: measure.reads.map((read) => ({ ...read })),
  looks: measure.looks.map((look) => ({ ...look })),
});

/** A page that came for a statement while it waited for it. */
export interface Arrival extends PageRead {
  readonly blockKey: number;
}

/** What a running EXPLAIN ANALYZE keeps: of each node, then of the statement's own writes; pages that came and are not yet counted. */
export interface Measured {
  readonly measures: readonly Measure[];
  readonly arrivals: Arrival[];
}

export const makeMeasured = (nodes: number): Measured => ({
  measures: Array.from({ length: nodes + 1 }, makeMeasure),
  arrivals: [],
});

interface Measuring {
  nodes: number;
  readonly ctes: Map<number, CtePlan>;
}

/** The statement with all its nodes measured, and how many there are. */
export function measureStatement<Shape extends PlanShape>(
  plan: Shape,
): { readonly plan: Shape; readonly nodes: number } {
  const measuring: Measuring = { nodes: 0, ctes: new Map() };
  if (plan.kind !== 'select' && plan.kind !== 'insert' && plan.kind !== 'update' && plan.kind !== 'delete')
    return { plan, nodes: 0 };
  // Rows that are written are found with their places, behind the node that counts them.
  const isWritten = plan.kind === 'update' || plan.kind === 'delete';
  const { input } = plan;
  const found = isWritten && input.kind === 'scan' ? { ...input, hasTid: true } : input;
  const measured = { ...plan, input: measureRows(measuring, found) };
  return { plan: measured, nodes: measuring.nodes };
}

function measureRows(measuring: Measuring, plan: RowsPlan): RowsPlan {
  // A projection is no node of its own.
  if (plan.kind === 'project') return measureInside(measuring, plan);
  const id = measuring.nodes++;
  return { kind: 'measured', id, input: measureInside(measuring, plan) };
}

function measureInside(measuring: Measuring, plan: RowsPlan): RowsPlan {
  const rows = (one: RowsPlan): RowsPlan => measureRows(measuring, one);
  const expr = (e: Expr): Expr => {
    const inside = mapParts(e, expr);
    return inside.kind === 'subquery' ? { ...inside, plan: rows(inside.plan) } : inside;
  };
  const optional = (e: Expr | null): Expr | null => e && expr(e);
  const aggregate = (e: AggregateExpr): AggregateExpr => mapAggregate(e, expr);
  switch (plan.kind) {
    case 'scan':
      return { ...plan, filter: optional(plan.filter) };
    case 'rows':
      return { ...plan, rows: plan.rows.map((row) => row.map(expr)) };
    case 'filter':
      return { ...plan, input: rows(plan.input), condition: expr(plan.condition) };
    case 'project':
      return { ...plan, input: rows(plan.input), exprs: plan.exprs.map(expr) };
    case 'aggregate':
      return { ...plan, input: rows(plan.input), aggregates: plan.aggregates.map(aggregate) };
    case 'hashJoin':
    case 'mergeJoin':
    case 'loopJoin':
      return { ...plan, left: rows(plan.left), right: rows(plan.right), on: optional(plan.on) };
    case 'setOperation':
      return { ...plan, left: rows(plan.left), right: rows(plan.right) };
    case 'append':
      return { ...plan, inputs: plan.inputs.map(rows) };
    case 'cteScan': {
      const { cte } = plan;
      const known = measuring.ctes.get(cte.id);
      if (known !== undefined) return { ...plan, cte: known };
      const measured = { ...cte, input: rows(cte.input), step: cte.step && rows(cte.step) };
      measuring.ctes.set(cte.id, measured);
      return { ...plan, cte: measured };
    }
    case 'workTable':
      return plan;
    default:
      return { ...plan, input: rows(plan.input) };
  }
}

export function noteLook({ looks }: Measure, blockKey: number): PageLook | null {
  const known = looks.find((one) => one.blockKey === blockKey);
  if (known !== undefined) return known;
  if (looks.length >= PAGES_NAMED) return null;
  const look = { blockKey, from: null, readPoint: -1 };
  looks.push(look);
  return look;
}

export function noteReads(measure: Measure, came: readonly Arrival[]): void {
  const { reads } = measure;
  for (const { blockKey, from, readPoint } of came) {
    const look = noteLook(measure, blockKey);
    if (look !== null) {
      look.from = from;
      look.readPoint = readPoint;
    }
    const known = reads.find((one) => one.from === from);
    if (known === undefined) reads.push({ from, pages: 1, low: readPoint, high: readPoint });
    else {
      known.pages += 1;
      known.low = Math.min(known.low, readPoint);
      known.high = Math.max(known.high, readPoint);
    }
  }
}
