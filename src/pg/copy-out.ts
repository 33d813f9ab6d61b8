// COPY TO STDOUT in the binary format: the columns' types are asked for first, then the same COPY in text (copy-binary.ts).

import type { StatementResult } from '../core/kernel/client-calls.ts';
import { has } from '../core/sql/tree.ts';
import type { Connection, Steps } from './connection.ts';
import { asTextCopy } from './copy-binary.ts';
import { targetQuery } from './copy-in.ts';
import { describeText } from './describe.ts';
import { askRequest, errorResult } from './requests.ts';
import type { Statement } from './statement-text.ts';

/** Its rows are lines of text, and its columns those of what is copied. */
export function* copyOutBinary(connection: Connection, asked: Statement): Steps<StatementResult> {
  const statement = asTextCopy(asked);
  if ('kind' in statement) return statement;
  const query = /\bcopy\s*\(([\s\S]*)\)\s*to\s+stdout\b/i.exec(statement.text)?.[1];
  const text = has(statement.node.fields, 'query') ? (query ?? '') : targetQuery(statement.node);
  const description = yield* describeText(connection, text, 0);
  if ('kind' in description) return { ...description, position: null };
  const { statements } = yield* askRequest(connection, [statement.node], statement.text, []);
  const [result = errorResult('XX000', 'COPY has no result')] = statements;
  return result.kind === 'rows' ? { ...result, columns: description.columns ?? [] } : result;
}
