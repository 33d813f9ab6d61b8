// EXPLAIN ANALYZE: every node of a plan is put behind one that counts what comes through it. A statement that is not
// explained has no such nodes, so measuring costs it nothing.

import { type Expr, mapParts } from './expression.ts';
import type { Mapping } from './operator.ts';
import { OPERATORS } from './operators.ts';
import type { CtePlan, PlanShape, RowsPlan } from './plan-types.ts';

/** The statement with all its nodes measured, and how many there are. */
export function measureStatement<Shape extends PlanShape>(
  plan: Shape,
): { readonly plan: Shape; readonly nodes: number } {
  if (plan.kind !== 'select' && plan.kind !== 'insert' && plan.kind !== 'update' && plan.kind !== 'delete')
    return { plan, nodes: 0 };
  // Rows that are written are found with their places, behind the node that counts them.
  const isWritten = plan.kind === 'update' || plan.kind === 'delete';
  const { input } = plan;
  const found = isWritten && input.kind === 'scan' ? { ...input, hasTid: true } : input;
  let nodes = 0;
  const ctes = new Map<number, CtePlan>();
  const rows = (one: RowsPlan): RowsPlan => {
    // A projection is no node of its own.
    if (one.kind === 'project') return OPERATORS.project.map(one, mapping);
    const id = nodes++;
    return { kind: 'measured', id, input: OPERATORS[one.kind].map(one, mapping) };
  };
  const expr = (e: Expr): Expr => {
    const inside = mapParts(e, expr);
    return inside.kind === 'subquery' ? { ...inside, plan: rows(inside.plan) } : inside;
  };
  const cte = (one: CtePlan): CtePlan => {
    const known = ctes.get(one.id);
    if (known !== undefined) return known;
    const measured = { ...one, input: rows(one.input), step: one.step && rows(one.step) };
    ctes.set(one.id, measured);
    return measured;
  };
  const mapping: Mapping = { rows, expr, cte };
  const measured = { ...plan, input: rows(found) };
  return { plan: measured, nodes };
}
