// statement_timeout for what a session asks elsewhere than at the writer that its SET went to (FENCE-47, READ-46). Readers and nodes that
// gather do not know the session's settings: its driver ends what they read. Primaries of other tablets are told with each request.

import type { StatementResult, StatementTree } from '../kernel/client-calls.ts';
import { analyseSet } from '../sql/analyse-setting.ts';
import { SqlFailure } from '../sql/failure.ts';
import { readSetting } from '../sql/settings.ts';
import { has, type TreeNode, textOf } from '../sql/tree.ts';
import { statementsIn } from './outcome.ts';

/** What SET or RESET has made of it: virtual ms, 0 none; and that statement, null before the first one. */
interface Setting {
  readonly ms: number;
  readonly by: StatementTree | null;
}

export interface SessionTimeout {
  /** What is left when the open transaction is rolled back. */
  committed: Setting;
  session: Setting;
  /** Of SET LOCAL, until the transaction ends. */
  localMs: number | null;
  /** What a ROLLBACK TO gives back. */
  savepoints: { readonly name: string; readonly session: Setting; readonly localMs: number | null }[];
}

export const timeoutMs = (timeout: SessionTimeout | undefined): number =>
  timeout ? (timeout.localMs ?? timeout.session.ms) : 0;

/**
 * Where several nodes have the session's tables: what each has to be told with the request, for none knows what another was told. Nothing
 * for a session that has never named it.
 */
export const settingOf = (timeout: SessionTimeout | undefined): readonly StatementTree[] =>
  timeout?.session.by ? [timeout.session.by] : [];

const UNSET: Setting = { ms: 0, by: null };

/** A session whose requests have never named it has none, and its statements are not read again. */
const NAMES_IT = /statement_timeout/i;

/** A request was answered without an error: what the session's timeout is now. */
export function afterAnswer(
  known: SessionTimeout | undefined,
  statements: readonly StatementTree[],
  results: readonly StatementResult[],
  inTransaction: boolean,
): SessionTimeout | undefined {
  if (!known && !statements.some(({ text }) => NAMES_IT.test(text))) return;
  const timeout = known ?? { committed: UNSET, session: UNSET, localMs: null, savepoints: [] };
  statementsIn(statements).forEach((statement, i) => {
    const result = results[i];
    // so a COMMIT is answered in a transaction that has failed
    follow(timeout, statement, statements[i] ?? null, result?.kind !== 'error' && result?.tag === 'ROLLBACK');
  });
  if (!inTransaction) end(timeout, false);
  return timeout;
}

/** The transaction is over, without an answer that says so. */
export function afterLoss(timeout: SessionTimeout | undefined): void {
  if (timeout) end(timeout, true);
}

function end(timeout: SessionTimeout, isRolledBack: boolean): void {
  if (isRolledBack) timeout.session = timeout.committed;
  timeout.committed = timeout.session;
  timeout.localMs = null;
  timeout.savepoints = [];
}

function follow(
  timeout: SessionTimeout,
  { tag, fields }: TreeNode,
  by: StatementTree | null,
  isRolledBack: boolean,
): void {
  if (tag === 'VariableSetStmt') {
    set(timeout, fields, by);
    return;
  }
  if (tag !== 'TransactionStmt') return;
  const { session, localMs, savepoints } = timeout;
  const name = has(fields, 'savepoint_name') ? textOf(fields, 'savepoint_name') : '';
  const at = savepoints.findLastIndex((one) => one.name === name);
  const savepoint = savepoints[at];
  switch (textOf(fields, 'kind')) {
    case 'TRANS_STMT_SAVEPOINT':
      savepoints.push({ name, session, localMs });
      break;
    case 'TRANS_STMT_RELEASE':
      if (savepoint) savepoints.length = at;
      break;
    case 'TRANS_STMT_ROLLBACK_TO':
      if (!savepoint) break;
      savepoints.length = at + 1;
      timeout.session = savepoint.session;
      timeout.localMs = savepoint.localMs;
      break;
    case 'TRANS_STMT_COMMIT':
      end(timeout, isRolledBack);
      break;
    case 'TRANS_STMT_ROLLBACK':
      end(timeout, true);
      break;
  }
}

function set(timeout: SessionTimeout, fields: TreeNode['fields'], by: StatementTree | null): void {
  const ms = readMs(fields);
  if (ms === null) return;
  if (ms.isLocal) timeout.localMs = ms.value;
  else {
    timeout.session = { ms: ms.value, by };
    timeout.localMs = null;
  }
}

function readMs(fields: TreeNode['fields']): { readonly value: number; readonly isLocal: boolean } | null {
  try {
    const found = analyseSet(fields);
    if (found.kind === 'resetAll') return { value: 0, isLocal: false };
    if (found.kind !== 'set' || found.name !== 'statement_timeout') return null;
    const { statementTimeoutMs } = readSetting(found.name, found.values);
    return statementTimeoutMs === undefined ? null : { value: statementTimeoutMs, isLocal: found.isLocal };
  } catch (failure) {
    if (!(failure instanceof SqlFailure)) throw failure;
    return null;
  }
}
