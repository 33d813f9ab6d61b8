// A statement's result as messages: the description of its rows, the rows, and its tag; or its error.

import { type Column, REPLAYED, type StatementResult } from '../core/kernel/client-calls.ts';
import { isList, isVector } from '../core/sql/catalog-lists.ts';
import { nodesOf, optionalNode } from '../core/sql/tree.ts';
import {
  type FieldDescription,
  type Output,
  sendComplete,
  sendCopyBytes,
  sendCopyDone,
  sendCopyLine,
  sendCopyResponse,
  sendDataRow,
  sendReport,
  sendRowDescription,
} from './backend.ts';
import { idOfType, sizeOfType, toBinary, typmodOfType } from './binary-format.ts';
import { type Connection, notice } from './connection.ts';
import { binaryPieces, isBinaryCopy } from './copy-binary.ts';
import { copyTextOf, countFields } from './copy-text.ts';
import { reportOf } from './error-fields.ts';
import { type Format, formatAt } from './frontend.ts';
import type { Statement } from './statement-text.ts';

export const fieldsOf = (
  columns: readonly Column[],
  formats: readonly Format[],
): readonly FieldDescription[] =>
  columns.map(({ name, type, made = type }, i) => ({
    name,
    typeId: idOfType(made),
    size: sizeOfType(made),
    typmod: typmodOfType(type),
    format: formatAt(formats, i),
  }));

/** Object ids of int2[] and int2vector. */
const INT2_LIST = 1005;
const INT2_VECTOR = 22;

/** Lists of the catalog have the type that clients read them by, though their values are texts here. */
function listed(
  fields: readonly FieldDescription[],
  statement: Statement | null,
): readonly FieldDescription[] {
  if (statement?.node.tag !== 'SelectStmt') return fields;
  const targets = nodesOf(statement.node.fields, 'targetList');
  if (targets.length !== fields.length) return fields;
  return fields.map((field, i) => {
    const value = targets[i] && optionalNode(targets[i].fields, 'val');
    if (!value || !isList(value)) return field;
    return { ...field, typeId: isVector(value) ? INT2_VECTOR : INT2_LIST };
  });
}

export function sendRow(
  out: Output,
  columns: readonly Column[],
  row: readonly (string | null)[],
  formats: readonly Format[],
): void {
  const isText = formats.every((format) => format === 0);
  sendDataRow(
    out,
    isText
      ? row
      : row.map((value, i) =>
          value === null || formatAt(formats, i) === 0
            ? value
            : toBinary(columns[i]?.made ?? columns[i]?.type ?? 'text', value),
        ),
  );
}

const TAGS: Readonly<Record<string, string>> = {
  InsertStmt: 'INSERT 0 0',
  UpdateStmt: 'UPDATE 0',
  DeleteStmt: 'DELETE 0',
  CopyStmt: 'COPY 0',
};

/** The tag of a statement that is done; of one whose result went with a writer that ended, the command alone, with a warning. */
export function sendTag(connection: Connection, statement: Statement | null, tag: string): void {
  if (tag !== REPLAYED) {
    sendComplete(connection.out, tag);
    return;
  }
  notice(connection, {
    sqlstate: '01000',
    message: 'it was committed before the writer ended; how many rows it changed is not known any more',
  });
  const { tag: kind, fields } = statement?.node ?? { tag: '', fields: {} };
  const word = kind === 'TransactionStmt' && fields.kind === 'TRANS_STMT_COMMIT' ? 'COMMIT' : null;
  sendComplete(
    connection.out,
    word ?? TAGS[kind] ?? (/^\s*(\w+)/.exec(statement?.text ?? '')?.[1] ?? '').toUpperCase(),
  );
}

/** The whole result in text. */
export function sendResult(
  connection: Connection,
  statement: Statement | null,
  result: StatementResult,
): void {
  const { out } = connection;
  switch (result.kind) {
    case 'error':
      sendReport(out, reportOf(result));
      return;
    case 'done':
      sendTag(connection, statement, result.tag);
      return;
    case 'rows':
      if (statement?.node.tag === 'CopyStmt') {
        sendCopyOut(out, statement, result);
        return;
      }
      sendRowDescription(out, listed(fieldsOf(result.columns, []), statement));
      for (const row of result.rows) sendDataRow(out, row);
      sendComplete(out, result.tag);
      return;
  }
}

/** COPY TO STDOUT: the engine gives its lines as rows of one text. */
export function sendCopyOut(
  out: Output,
  { node }: Statement,
  { rows, tag, columns }: Extract<StatementResult, { kind: 'rows' }>,
): void {
  if (isBinaryCopy(node)) {
    sendCopyResponse(out, 'out', columns.length, 1);
    for (const bytes of binaryPieces(
      columns,
      rows.map(([line]) => line ?? ''),
    ))
      sendCopyBytes(out, bytes);
    sendCopyDone(out);
    sendComplete(out, tag);
    return;
  }
  const [first] = rows;
  sendCopyResponse(out, 'out', first === undefined ? 0 : countFields(copyTextOf(node), first[0] ?? ''));
  for (const [line] of rows) sendCopyLine(out, line ?? '');
  sendCopyDone(out);
  sendComplete(out, tag);
}
