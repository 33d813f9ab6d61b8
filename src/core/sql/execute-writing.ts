// Runs the statements in WITH that write, before the statement that they belong to, and looks up what their foreign keys ask at its end.

import { present } from '../../base/assert.ts';
import type { Context } from './context.ts';
import { runReferences } from './execute-references.ts';
import type { PartProgress, Progress, RunningParts } from './execution-types.ts';
import type { PlanShape, WritingPart } from './plan-types.ts';
import type { ExecutionStep } from './statement.ts';

/** `start`: of a statement by itself. */
export function startParts(
  parts: readonly WritingPart[] | undefined,
  start: (plan: PlanShape) => Progress,
): RunningParts | null {
  if (parts === undefined) return null;
  const all = parts.map(({ id, plan }) => {
    const progress = start(plan) as PartProgress;
    return { id, progress: { ...progress, returned: { ...progress.returned, kept: [] } } };
  });
  return { all, at: 0, finished: null, checked: 0 };
}

/** `advance`: a step of one of them by itself. */
export function runParts(
  parts: RunningParts,
  progress: Progress,
  context: Context,
  advance: (progress: Progress, context: Context) => ExecutionStep,
): ExecutionStep {
  const { all } = parts;
  for (; parts.at < all.length; parts.at++) {
    const part = present(all[parts.at], 'a statement in WITH');
    const step = advance(part.progress, context);
    if (step.kind !== 'done') return step;
    keepRows(part, context);
  }
  if (parts.finished === null) {
    const step = advance(progress, context);
    if (step.kind !== 'done') return step;
    parts.finished = step.result;
  }
  for (; parts.checked < all.length; parts.checked++) {
    const { plan, work } = present(all[parts.checked], 'a statement in WITH').progress;
    const step = runReferences(plan.references, work, context);
    if (step !== null) return step;
  }
  return { kind: 'done', result: parts.finished };
}

/** What it has returned are the rows of its WITH query. */
function keepRows({ id, progress }: RunningParts['all'][number], { statement }: Context): void {
  statement.ctes ??= new Map();
  const rows = progress.returned.kept ?? [];
  statement.ctes.set(id, { key: [], operator: null, rows, roundFrom: 0, roundEnd: 0, seen: null });
}
