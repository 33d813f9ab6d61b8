// What a request may have done that its client has to be told of: where nobody answers, only that is unknown (docs/spec/failover.md
// FENCE-47). It is read off the syntax tree, without a catalog, when a request is given up or cancelled.

import type { StatementTree } from '../kernel/client-calls.ts';
import { fail, SqlFailure } from '../sql/failure.ts';
import { decodeTree, fieldsOf, has, nodeOf, nodesOf, own, type TreeNode, textOf } from '../sql/tree.ts';

/** False: whatever became of the request, nothing of it stays. What cannot be read may do anything. */
export const mayWrite = (statements: readonly StatementTree[]): boolean => isAnyOf(statements, writes);

/** False: a transaction that is open before the request is open after it. */
export const mayEnd = (statements: readonly StatementTree[]): boolean =>
  isAnyOf(statements, ({ tag, fields }) => tag === 'TransactionStmt' && ENDS.has(textOf(fields, 'kind')));

const isAnyOf = (statements: readonly StatementTree[], is: (statement: TreeNode) => boolean): boolean => {
  try {
    return statementsIn(statements).some(is);
  } catch (failure) {
    if (!(failure instanceof SqlFailure)) throw failure;
    return true;
  }
};

/** What a request consists of; a text that does not parse has nothing. Throws SqlFailure for a tree that cannot be read. */
export const statementsIn = (statements: readonly StatementTree[]): readonly TreeNode[] =>
  statements.flatMap(({ tree }) => {
    const root = decodeTree(tree);
    if (has(root, 'error')) return [];
    const found = own(root, 'stmts');
    if (!Array.isArray(found)) return fail('08P01', 'malformed syntax tree: no statements');
    return found.map((one) => nodeOf(fieldsOf({ one }, 'one'), 'stmt'));
  });

const ENDS: ReadonlySet<string> = new Set(['TRANS_STMT_COMMIT', 'TRANS_STMT_PREPARE', 'TRANS_STMT_ROLLBACK']);

function writes({ tag, fields }: TreeNode): boolean {
  switch (tag) {
    case 'SelectStmt':
      return has(fields, 'intoClause') || namesWriter(fields);
    case 'ExplainStmt': {
      const options = nodesOf(fields, 'options').map((option) => textOf(option.fields, 'defname'));
      return options.includes('analyze') && writes(nodeOf(fields, 'query'));
    }
    case 'CopyStmt':
      return has(fields, 'is_from') || namesWriter(fields);
    case 'VariableShowStmt':
      return false;
    case 'TransactionStmt':
      return !LEAVES_NOTHING.has(textOf(fields, 'kind'));
    default:
      return true;
  }
}

/** A transaction that begins, or goes back. */
const LEAVES_NOTHING: ReadonlySet<string> = new Set([
  'TRANS_STMT_BEGIN',
  'TRANS_STMT_START',
  'TRANS_STMT_ROLLBACK',
]);

const WRITERS: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);
/** Functions that change a sequence. */
const DRAWS: ReadonlySet<unknown> = new Set(['nextval', 'setval']);

/** Somewhere inside, as in WITH or in a call of a function. */
function namesWriter(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(namesWriter);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, inner]) => WRITERS.has(key) || (key === 'sval' && DRAWS.has(inner)) || namesWriter(inner),
  );
}
