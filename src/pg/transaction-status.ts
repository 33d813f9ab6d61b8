// What ReadyForQuery says of the session's transaction. The driver's answer does not say it, so it is followed from the statements
// and their results, by PostgreSQL's rules for transaction blocks.

import type { ClientResult } from '../core/kernel/client-calls.ts';
import { optionalText, type TreeNode } from '../core/sql/tree.ts';

/** I: in no transaction block; T: in one; E: in one that has failed. */
export type TransactionStatus = 'I' | 'T' | 'E';

type Step = 'begin' | 'end' | 'rollbackTo' | 'other';

const STEPS: ReadonlyMap<string, Step> = new Map<string, Step>([
  ['TRANS_STMT_BEGIN', 'begin'],
  ['TRANS_STMT_START', 'begin'],
  ['TRANS_STMT_COMMIT', 'end'],
  ['TRANS_STMT_ROLLBACK', 'end'],
  ['TRANS_STMT_PREPARE', 'end'],
  ['TRANS_STMT_ROLLBACK_TO', 'rollbackTo'],
]);

/** What a statement does to the transaction block. */
export const blockStep = ({ tag, fields }: TreeNode): Step =>
  tag === 'TransactionStmt' ? (STEPS.get(optionalText(fields, 'kind') ?? '') ?? 'other') : 'other';

/** After a request of these statements: the results end with the first error. */
export function statusAfter(
  before: TransactionStatus,
  statements: readonly TreeNode[],
  { statements: results }: Pick<ClientResult, 'statements'>,
): TransactionStatus {
  let status = before;
  for (const [i, result] of results.entries()) {
    const statement = statements[i];
    const step = statement === undefined ? 'other' : blockStep(statement);
    if (result.kind === 'error') {
      // What ends a block ends it, whether it answers or not.
      if (status !== 'I') status = step === 'end' ? 'I' : 'E';
      return status;
    }
    if (step === 'begin' || step === 'rollbackTo') status = 'T';
    if (step === 'end') status = 'I';
  }
  return status;
}
