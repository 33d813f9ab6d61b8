// COPY in PostgreSQL's binary format, which only the protocol has: the cluster is asked for the same COPY in text, so that a tape can be
// read, and rows are turned from one format into the other here, by the types of their columns.

import type { Column, StatementResult } from '../core/kernel/client-calls.ts';
import { type CopyFormat, copyLine } from '../core/sql/copy-format.ts';
import { fail, SqlFailure } from '../core/sql/failure.ts';
import { STATEMENT_BYTES_MAX } from '../core/sql/limits.ts';
import { nodesOf, optionalNode, optionalText, type TreeNode } from '../core/sql/tree.ts';
import { fromBinary, toBinary, typeNamed } from './binary-format.ts';
import type { Statement } from './statement-text.ts';

/** Options that the binary format has not, and how PostgreSQL refuses each. */
const REFUSED: ReadonlyMap<string, readonly [sqlstate: string, message: string]> = new Map([
  ['delimiter', ['42601', 'cannot specify DELIMITER in BINARY mode']],
  ['null', ['42601', 'cannot specify NULL in BINARY mode']],
  ['header', ['0A000', 'cannot specify HEADER in BINARY mode']],
  ['quote', ['0A000', 'COPY quote available only in CSV mode']],
  ['escape', ['0A000', 'COPY escape available only in CSV mode']],
]);

export function isBinaryCopy({ tag, fields }: TreeNode): boolean {
  if (tag !== 'CopyStmt') return false;
  return nodesOf(fields, 'options').some(({ fields: option }) => {
    const arg = optionalText(option, 'defname') === 'format' ? optionalNode(option, 'arg') : null;
    return arg?.tag === 'String' && optionalText(arg.fields, 'sval') === 'binary';
  });
}

/** The same COPY in text, or why it is none. */
export function asTextCopy(statement: Statement): Statement | Extract<StatementResult, { kind: 'error' }> {
  for (const { fields: option } of nodesOf(statement.node.fields, 'options')) {
    const [sqlstate, message] = REFUSED.get(optionalText(option, 'defname') ?? '') ?? [];
    if (sqlstate !== undefined && message !== undefined)
      return { kind: 'error', sqlstate, message, position: null };
  }
  const { text } = statement;
  const found =
    lastOf(text, /\bformat\s+(['"]?)binary\1/gi) ??
    /^\s*copy\s+(binary)\b/di.exec(text)?.indices?.[1] ??
    lastOf(text, /\bbinary\b/gi);
  const [start, end] = found ?? [text.length, text.length];
  const between = /^format/i.test(text.slice(start, end)) ? 'format text' : '';
  const options = nodesOf(statement.node.fields, 'options').filter(
    ({ fields: option }) => optionalText(option, 'defname') !== 'format',
  );
  const fields = {
    ...statement.node.fields,
    options: options.map(({ tag, fields: own }) => ({ [tag]: own })),
  };
  return {
    ...statement,
    text: `${text.slice(0, start)}${between}${text.slice(end)}`,
    node: { tag: 'CopyStmt', fields },
  };
}

function lastOf(text: string, pattern: RegExp): readonly [start: number, end: number] | null {
  const last = [...text.matchAll(pattern)].at(-1);
  return last === undefined ? null : [last.index, last.index + last[0].length];
}

const SIGNATURE = Uint8Array.of(0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0x00);
/** Behind the signature flags, and the length of what extends the header. */
const HEAD = SIGNATURE.length + 8;
const OIDS = 1 << 16;
const CRITICAL = 0xffff0000;

const TEXT: CopyFormat = {
  isCsv: false,
  delimiter: '\t',
  quote: '"',
  escapeChar: '"',
  nullText: '\\N',
  header: 'no',
};

const typeOf = ({ type, made = type }: Column) => typeNamed(made);

const cut = (): never => fail('22P04', 'unexpected EOF in COPY data');

/** Rows in the binary format that come in parts of any length, as lines of text. */
export class BinaryRows {
  private rest = new Uint8Array(0);
  private hasHead = false;
  private isEnded = false;
  private readonly columns: readonly Column[];

  constructor(columns: readonly Column[]) {
    this.columns = columns;
  }

  /** The lines of all rows that have come whole; throws SqlFailure. */
  take(data: Uint8Array): Uint8Array {
    const bytes = new Uint8Array(this.rest.length + data.length);
    bytes.set(this.rest);
    bytes.set(data, this.rest.length);
    const view = new DataView(bytes.buffer);
    const lines: string[] = [];
    let at = this.hasHead ? 0 : this.headIn(bytes, view);
    while (at !== null && !this.isEnded) {
      const row = this.rowAt(bytes, view, at);
      if (row === null) break;
      if (row.line !== null) lines.push(`${row.line}\n`);
      at = row.end;
    }
    this.rest = bytes.slice(at ?? 0);
    if (this.rest.length > STATEMENT_BYTES_MAX)
      fail('54000', `a row of COPY has at most ${STATEMENT_BYTES_MAX} bytes`);
    return encoder.encode(lines.join(''));
  }

  /** Nothing more comes. */
  end(): void {
    if (!this.hasHead) fail('22P04', 'COPY file signature not recognized');
    if (!this.isEnded && this.rest.length > 0) cut();
  }

  /** Where the header ends; null: it has not come whole. */
  private headIn(bytes: Uint8Array, view: DataView): number | null {
    if (SIGNATURE.some((byte, i) => i < bytes.length && bytes[i] !== byte))
      fail('22P04', 'COPY file signature not recognized');
    if (bytes.length < HEAD) return null;
    const flags = view.getUint32(SIGNATURE.length);
    if ((flags & OIDS) !== 0) fail('22P04', 'invalid COPY file header (WITH OIDS)');
    if ((flags & CRITICAL) !== 0) fail('22P04', 'unrecognized critical flags in COPY file header');
    const more = view.getInt32(SIGNATURE.length + 4);
    if (more < 0) fail('22P04', 'invalid COPY file header (missing length)');
    if (bytes.length < HEAD + more) return null;
    this.hasHead = true;
    return HEAD + more;
  }

  /** Null: it has not come whole. */
  private rowAt(
    bytes: Uint8Array,
    view: DataView,
    start: number,
  ): { line: string | null; end: number } | null {
    if (start + 2 > bytes.length) return null;
    const count = view.getInt16(start);
    let at = start + 2;
    if (count === -1) {
      this.isEnded = true;
      if (at < bytes.length) fail('22P04', 'received copy data after EOF marker');
      return { line: null, end: at };
    }
    if (count !== this.columns.length)
      fail('22P04', `row field count is ${count}, expected ${this.columns.length}`);
    const values: (string | null)[] = [];
    for (const column of this.columns) {
      if (at + 4 > bytes.length) return null;
      const size = view.getInt32(at);
      at += 4;
      if (size < -1) fail('22P04', 'invalid field size');
      if (at + Math.max(0, size) > bytes.length) return null;
      values.push(size < 0 ? null : valueIn(column, bytes.slice(at, at + size)));
      at += Math.max(0, size);
    }
    return { line: copyLine(TEXT, values), end: at };
  }
}

const valueIn = (column: Column, bytes: Uint8Array): string =>
  fromBinary(typeOf(column), bytes) ?? fail('22P03', 'incorrect binary data format');

const encoder = new TextEncoder();

const LETTERS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

const fieldOf = (text: string): string | null =>
  text === '\\N' ? null : text.replaceAll(/\\(.)/gs, (_, char: string) => LETTERS[char] ?? char);

/** Lines of the text format in the binary one: the header, one piece for each row, and the end. */
export function* binaryPieces(
  columns: readonly Column[],
  lines: Iterable<string>,
): Generator<Uint8Array, void, undefined> {
  const head = new Uint8Array(HEAD);
  head.set(SIGNATURE);
  yield head;
  for (const line of lines) {
    const fields = columns.length === 0 ? [] : line.split('\t').map(fieldOf);
    yield rowBytes(
      fields.map((text, i) =>
        text === null ? null : toBinary(columns[i]?.made ?? columns[i]?.type ?? 'text', text),
      ),
    );
  }
  yield Uint8Array.of(0xff, 0xff);
}

function rowBytes(values: readonly (Uint8Array | null)[]): Uint8Array {
  const bytes = new Uint8Array(values.reduce((sum, value) => sum + 4 + (value?.length ?? 0), 2));
  const view = new DataView(bytes.buffer);
  view.setInt16(0, values.length);
  let at = 2;
  for (const value of values) {
    view.setInt32(at, value?.length ?? -1);
    if (value !== null) bytes.set(value, at + 4);
    at += 4 + (value?.length ?? 0);
  }
  return bytes;
}

/** The error that a failure says. */
export function errorOf(failure: unknown): Extract<StatementResult, { kind: 'error' }> {
  if (!(failure instanceof SqlFailure)) throw failure;
  return { kind: 'error', sqlstate: failure.sqlstate, message: failure.message, position: null };
}
