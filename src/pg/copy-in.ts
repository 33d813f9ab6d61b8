// COPY FROM STDIN: the client's lines become COPY statements with their data behind them, as a tape has them, each of at most
// CHUNK_BYTES; several are one transaction. Lines are cut only where a row ends.

import type { StatementResult } from '../core/kernel/client-calls.ts';
import { fieldsOf, nodesOf, optionalText, stringsOf, type TreeNode } from '../core/sql/tree.ts';
import { sendCopyResponse } from './backend.ts';
import { type Connection, nextMessage, type Steps } from './connection.ts';
import { asTextCopy, BinaryRows, errorOf, isBinaryCopy } from './copy-binary.ts';
import { type CopyText, copyTextOf } from './copy-text.ts';
import { describeText } from './describe.ts';
import { textOf } from './frontend.ts';
import { askBlock, askRequest, errorResult, failBlock } from './requests.ts';
import type { Statement } from './statement-text.ts';

/** Data with one statement, but for a line that is longer: one piece after the other, each soon done. */
const CHUNK_BYTES = 48 * 1024;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** What it writes to, as a query: its columns say how many fields a line has, and whether there is such a table at all. */
export function targetQuery({ fields }: TreeNode): string {
  const relation = fieldsOf(fields, 'relation');
  const schema = optionalText(relation, 'schemaname');
  const name = quoted(optionalText(relation, 'relname') ?? '');
  const columns =
    nodesOf(fields, 'attlist').length === 0 ? '*' : stringsOf(fields, 'attlist').map(quoted).join(', ');
  return `SELECT ${columns} FROM ${schema === null ? '' : `${quoted(schema)}.`}${name}`;
}

export function* copyIn(connection: Connection, asked: Statement): Steps<StatementResult> {
  const isBinary = isBinaryCopy(asked.node);
  const statement = isBinary ? asTextCopy(asked) : asked;
  if ('kind' in statement) return statement;
  const description = yield* describeText(connection, targetQuery(statement.node), 0);
  if ('kind' in description) return description;
  const columns = description.columns ?? [];
  sendCopyResponse(connection.out, 'in', columns.length, isBinary ? 1 : 0);
  const copy = new Copying(statement, isBinary ? new BinaryRows(columns) : null);
  for (;;) {
    const message = yield* nextMessage(connection);
    if (message === null || message.kind === 'terminate') {
      connection.isOver = true;
      return errorResult('08P01', 'unexpected end of the connection within COPY');
    }
    switch (message.kind) {
      case 'copyData': {
        const error = copy.take(message.data) ?? (yield* sendChunks(connection, copy, statement));
        if (error !== null) return yield* endCopy(connection, copy, error);
        break;
      }
      case 'copyDone': {
        const cut = copy.end();
        if (cut !== null) return yield* endCopy(connection, copy, cut);
        const text = copy.textUpToEnd(copy.takeRest());
        if (text === null) return yield* endCopy(connection, copy, errorResult('22021', INVALID_TEXT));
        const isOnly = copy.chunks === 0;
        const error = isOnly || text !== '' ? yield* sendChunk(connection, copy, statement, text) : null;
        return yield* endCopy(connection, copy, error);
      }
      case 'copyFail':
        return yield* endCopy(
          connection,
          copy,
          errorResult('57014', `COPY from stdin failed: ${message.reason}`),
        );
      case 'flush':
      case 'sync':
        break; // as the protocol says
      default:
        return yield* endCopy(
          connection,
          copy,
          errorResult('08P01', `unexpected message "${message.kind}" during COPY from stdin`),
        );
    }
  }
}

const INVALID_TEXT = 'invalid byte sequence for encoding "UTF8"';

function* sendChunks(
  connection: Connection,
  copy: Copying,
  statement: Statement,
): Steps<StatementResult | null> {
  for (let chunk = copy.takeChunk(); chunk !== null; chunk = copy.takeChunk()) {
    if (connection.status === 'I') {
      const error = yield* askBlock(connection, 'BEGIN');
      if (error !== null) return error;
      copy.isOwnBlock = true;
    }
    const text = copy.textUpToEnd(chunk);
    const error =
      text === null
        ? errorResult('22021', INVALID_TEXT)
        : yield* sendChunk(connection, copy, statement, text);
    if (error !== null) return error;
  }
  return null;
}

/** Null, or the error. */
function* sendChunk(
  connection: Connection,
  copy: Copying,
  { text, node }: Statement,
  data: string,
): Steps<StatementResult | null> {
  const lines = data === '' || data.endsWith('\n') ? data : `${data}\n`;
  const { statements } = yield* askRequest(connection, [node], `${text};\n${copy.header()}${lines}\\.\n`, []);
  const [result = errorResult('XX000', 'COPY has no result')] = statements;
  if (result.kind === 'error') return result;
  copy.chunks++;
  copy.rows += Number(/\d+$/.exec(result.tag)?.[0] ?? 0);
  return null;
}

function* endCopy(
  connection: Connection,
  copy: Copying,
  error: StatementResult | null,
): Steps<StatementResult> {
  if (copy.isOwnBlock) {
    const failed = yield* askBlock(connection, error === null ? 'COMMIT' : 'ROLLBACK');
    if (error === null && failed !== null) return failed;
  } else if (error !== null && connection.status === 'T') {
    yield* failBlock(connection);
  }
  return error ?? { kind: 'done', tag: `COPY ${copy.rows}` };
}

const LINE_END = 10;

/** The client's data on its way: what has come and is not sent yet. */
class Copying {
  private readonly options: CopyText;
  private parts: Uint8Array[] = [];
  private size = 0;
  private headerLine = '';
  chunks = 0;
  rows = 0;
  isOwnBlock = false;
  /** Its last line has come. */
  private isEnded = false;

  private readonly binary: BinaryRows | null;

  constructor({ node }: Statement, binary: BinaryRows | null) {
    this.options = copyTextOf(node);
    this.binary = binary;
  }

  /** What the client has sent; the error, or null. */
  take(data: Uint8Array): StatementResult | null {
    try {
      this.add(this.binary === null ? data : this.binary.take(data));
      return null;
    } catch (failure) {
      return errorOf(failure);
    }
  }

  /** The client has sent all. */
  end(): StatementResult | null {
    try {
      this.binary?.end();
      return null;
    } catch (failure) {
      return errorOf(failure);
    }
  }

  private add(data: Uint8Array): void {
    this.parts.push(data);
    this.size += data.length;
  }

  /** All that is left. */
  takeRest(): Uint8Array {
    const all = new Uint8Array(this.size);
    let at = 0;
    for (const part of this.parts) {
      all.set(part, at);
      at += part.length;
    }
    this.parts = [];
    this.size = 0;
    return all;
  }

  /** Whole lines of at most a chunk, or of one line that is longer; null: there are not enough yet. */
  takeChunk(): Uint8Array | null {
    if (this.size <= CHUNK_BYTES) return null;
    const all = this.takeRest();
    const end = this.lastLineEnd(all);
    this.add(all.subarray(end));
    if (end === 0) return null;
    const chunk = all.slice(0, end);
    if (this.options.hasHeader && this.headerLine === '')
      this.headerLine = textOf(chunk.subarray(0, chunk.indexOf(LINE_END) + 1)) ?? '';
    return chunk;
  }

  /** The lines as text, null if they are none; those behind a line `\\.`, with which older clients end the data, do not count. */
  textUpToEnd(bytes: Uint8Array): string | null {
    const text = this.isEnded ? '' : textOf(bytes);
    if (this.binary !== null) return text;
    const end = text === null ? -1 : text.search(/^\\\.\r?$/m);
    if (text === null || end < 0) return text;
    this.isEnded = true;
    return text.slice(0, end);
  }

  /** Of the second chunk and those after it: each begins with the header, as the statement says. */
  header(): string {
    return this.chunks === 0 ? '' : this.headerLine;
  }

  /** Behind the last line that ends within a chunk's bytes, else behind the first that ends; 0: none does. */
  private lastLineEnd(bytes: Uint8Array): number {
    const quote = this.options.isCsv ? this.options.quote.charCodeAt(0) : -1;
    let isQuoted = false;
    let last = 0;
    for (let i = 0; i < bytes.length && (i < CHUNK_BYTES || last === 0); i++) {
      if (bytes[i] === quote) isQuoted = !isQuoted;
      else if (bytes[i] === LINE_END && !isQuoted) last = i + 1;
    }
    return last;
  }
}
