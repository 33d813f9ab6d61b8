// A SELECT of advisory locks: first its arguments are computed, then one lock after the other is taken or given back, in the order in
// which they stand. What it has when it waits it keeps.

import { trace } from '../kernel/context.ts';
import { advisoryColumns } from '../sql/analyse-advisory.ts';
import { runExecution, startExecution } from '../sql/execute.ts';
import type { AdvisoryCall, Analysed } from '../sql/statement.ts';
import { makeAccess } from './access-methods.ts';
import {
  ADVISORY_LOCKS_MAX,
  type AdvisoryKey,
  lockAdvisory,
  releaseAdvisory,
  unlockAdvisory,
} from './advisory-locks.ts';
import type { Env, Running, Session, Task } from './engine-state.ts';
import { endStatement, failStatement } from './request-steps.ts';
import { settingsOf } from './session-settings.ts';
import { makeTx, takeSnapshot } from './transactions.ts';
import { waitForTurn } from './waits.ts';

export function startAdvisory(
  env: Env,
  session: Session,
  running: Running,
  { plan, calls }: Extract<Analysed, { kind: 'advisory' }>,
): void {
  if (env.engine.given) {
    const message =
      'advisory locks are not supported where tables are cut into tablets: no node is the only writer';
    failStatement(env, session, running, { sqlstate: '0A000', message, position: null });
    return;
  }
  session.tx ??= makeTx(env, settingsOf(session));
  if (session.block === 'none') session.block = 'implicit';
  const execution = startExecution(plan, running.params);
  running.task = { kind: 'advisory', calls, execution, args: null, done: [] };
}

type AdvisoryTask = Extract<Task, { kind: 'advisory' }>;

export function runAdvisory(env: Env, session: Session, running: Running, task: AdvisoryTask): void {
  if (task.args === null && !computeArguments(env, session, running, task)) return;
  const args = task.args ?? [];
  while (task.done.length < task.calls.length) {
    const at = task.done.length;
    const call = task.calls[at];
    if (call === undefined) break;
    const first = task.calls.slice(0, at).reduce((sum, one) => sum + one.args, 0);
    const answer = carryOut(env, session, call, args.slice(first, first + call.args));
    if (answer === 'wait') return;
    if (answer === 'full') {
      const message = `there are ${ADVISORY_LOCKS_MAX} advisory locks, and no room for more`;
      failStatement(env, session, running, { sqlstate: '53200', message, position: null });
      return;
    }
    task.done.push(answer);
  }
  endStatement(env, running);
  const columns = advisoryColumns(task.calls);
  running.results.push({ kind: 'rows', tag: 'SELECT 1', columns, rows: [task.done], origin: null });
}

/** False: not yet, or the statement has failed. */
function computeArguments(env: Env, session: Session, running: Running, task: AdvisoryTask): boolean {
  const { tx } = session;
  if (tx === null) return false;
  const { step } = runExecution(
    task.execution,
    makeAccess(env, session, tx, tx.snapshot ?? takeSnapshot(env)),
    env.engine.config.limits,
  );
  if (step.kind === 'failed') failStatement(env, session, running, step.error);
  else if (step.kind === 'done') {
    const [row = []] = step.result.kind === 'rows' ? step.result.rows : [];
    task.args = row;
    return true;
  } else waitForTurn(env, session);
  return false;
}

/** The value of its column: 't', 'f', or that of type void. A null argument gives null, and does nothing. */
function carryOut(
  env: Env,
  session: Session,
  { act, isShared, isOfTransaction }: AdvisoryCall,
  args: readonly (string | null)[],
): string | null | 'wait' | 'full' {
  if (act === 'unlockAll') {
    releaseAdvisory(env.engine, session.key, 'held');
    return '';
  }
  const key = keyOf(args);
  if (key === null) return null;
  const wish = { key, isShared, isOfTransaction };
  if (act === 'unlock') return unlockAdvisory(env.engine, session.key, wish) ? 't' : 'f';
  const answer = lockAdvisory(env.engine, session.key, wish, act === 'lock');
  if (answer === 'full') return answer;
  if (typeof answer === 'object') {
    const { holder } = answer;
    session.waiting = { kind: 'advisory', wish, holder: holder.key, since: env.ctx.now, checked: false };
    const { volume } = env.log;
    trace(env.ctx, { kind: 'tx.wait', volume, tx: session.tx?.xid ?? 0, on: holder.tx?.xid ?? 0 });
    return 'wait';
  }
  if (act === 'lock') return '';
  return answer === 'granted' ? 't' : 'f';
}

function keyOf(args: readonly (string | null)[]): AdvisoryKey | null {
  const [first = null, second = null] = args;
  if (first === null || (args.length === 2 && second === null)) return null;
  if (args.length === 2) return { high: Number(first) >>> 0, low: Number(second) >>> 0, parts: 2 };
  const bits = BigInt.asUintN(64, BigInt(first));
  return { high: Number(bits >> 32n), low: Number(bits & 0xffff_ffffn), parts: 1 };
}
