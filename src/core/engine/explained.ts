// Statements whose plans are measured (EXPLAIN ANALYZE), for the plan's lens: those that run, and the last that ended. What the
// lens draws is the tree that the statement prints, as far as it has come.

import { explainTree } from '../sql/explain.ts';
import { copyMeasure, makeMeasure } from '../sql/measure.ts';
import type { Execution } from '../sql/statement.ts';
import type { PlanView } from './buffer-view.ts';
import type { EngineState, Env, Running, Session } from './engine-state.ts';
import { waitsFor } from './waits-for.ts';

/** Statements that have ended and are kept. */
const KEPT = 8;
/** Characters of a statement that are kept. */
const TEXT = 2000;

function planView(
  { name, node, tx, waiting }: Session,
  { statements, at, traceId, since, readPoint }: Running,
  { progress, measured }: Execution,
): PlanView | null {
  if (progress.kind !== 'explain' || measured === null) return null;
  const { statement, nodes } = progress.plan;
  return {
    session: name,
    node,
    traceId,
    text: (statements[at]?.text ?? '').slice(0, TEXT),
    readPoint: tx?.snapshot?.readPoint ?? readPoint ?? -1,
    startedAt: progress.startedAt ?? since,
    endedAt: null,
    failure: null,
    waiting: waiting?.kind ?? null,
    waitsFor: waitsFor(waiting),
    root: explainTree(statement, measured.measures),
    writing: statement.kind === 'select' ? null : copyMeasure(measured.measures[nodes] ?? makeMeasure()),
  };
}

/** The statement has come to its end. `failure`: its SQLSTATE, where it has one. */
export function keepExplained(env: Env, session: Session, running: Running, failure: string | null): void {
  if (running.task.kind !== 'execution' || running.task.execution.measured === null) return;
  const view = planView(session, running, running.task.execution);
  if (view === null) return;
  env.engine.explained ??= [];
  const { explained } = env.engine;
  explained.push({ ...view, waiting: null, waitsFor: -1, endedAt: env.ctx.now, failure });
  if (explained.length > KEPT) explained.shift();
}

/** Oldest first; those that run last. */
export function planViews({ sessions, explained = [] }: EngineState): readonly PlanView[] {
  const running: PlanView[] = [];
  for (const session of sessions.values()) {
    if (session.running?.task.kind !== 'execution' || session.running.task.execution.measured === null)
      continue;
    const view = planView(session, session.running, session.running.task.execution);
    if (view !== null) running.push(view);
  }
  return [...explained, ...running];
}
