// The data of COPY FROM as rows: line by line into the columns that it names, each value in its column's type. What fails says where,
// as PostgreSQL's context lines do, and at which character of the statement.

import type { ColumnType, Row, Value } from './access.ts';
import type { CopyFormat } from './copy-format.ts';
import { type CopyCursor, copyFields, nextCopyLine, startCopy } from './copy-read.ts';
import { evaluate, type Surroundings } from './evaluate.ts';
import type { Expr } from './expression.ts';
import type { SqlError } from './failure.ts';
import { fail } from './failure.ts';
import { parseValue } from './text-form.ts';

export interface CopyColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Over a row of the value alone: it as the column declares it. */
  readonly fit: Expr;
  /** FORCE_NOT_NULL, FORCE_NULL. */
  readonly isNeverNull: boolean;
  readonly mayBeNull: boolean;
}

export interface CopySource {
  readonly relation: string;
  readonly format: CopyFormat;
  readonly columns: readonly CopyColumn[];
  readonly data: string;
  /** Characters (code points) of the request before the data. */
  readonly dataAt: number;
}

/** What is being read, for who has to say that it fails. */
interface CopyPlace {
  line: number;
  /** Of the data, where the line begins. */
  lineAt: number;
  /** Null: none, or no longer known. */
  text: string | null;
  column: string | null;
  field: string | null;
  fieldAt: number;
}

export interface CopyReader {
  readonly source: CopySource;
  readonly cursor: CopyCursor;
  isBegun: boolean;
  readonly place: CopyPlace;
}

export const startReader = (source: CopySource): CopyReader => ({
  source,
  cursor: startCopy(),
  isBegun: false,
  place: { line: 0, lineAt: 0, text: null, column: null, field: null, fieldAt: 0 },
});

/** The next line's row, or null at the end of the data. */
export function nextCopied(reader: CopyReader, surroundings: Surroundings): Row | null {
  const { format } = reader.source;
  if (!reader.isBegun) {
    reader.isBegun = true;
    if (format.header !== 'no') {
      const head = nextLine(reader);
      if (head === null) return null;
      if (format.header === 'match') checkHeader(reader, head);
    }
  }
  const line = nextLine(reader);
  return line === null ? null : readRow(reader, line, surroundings);
}

function nextLine({ source, cursor, place }: CopyReader): string | null {
  place.lineAt = cursor.at;
  place.text = null;
  place.column = null;
  place.line = cursor.line + 1;
  const text = nextCopyLine(source.data, cursor, source.format);
  place.line = cursor.line;
  place.text = text;
  return text;
}

function checkHeader({ source: { columns, format } }: CopyReader, line: string): void {
  const names = copyFields(line, format);
  if (names.length !== columns.length) {
    const counts = `got ${names.length}, expected ${columns.length}`;
    fail('22P04', `wrong number of fields in header line: ${counts}`);
  }
  for (const [i, { name }] of columns.entries()) {
    const text = names[i]?.text ?? null;
    if (text === name) continue;
    const got = text === null ? `null value ("${format.nullText}")` : `"${text}"`;
    fail('22P04', `column name mismatch in header line field ${i + 1}: got ${got}, expected "${name}"`);
  }
}

function readRow({ source, place }: CopyReader, line: string, surroundings: Surroundings): Row {
  const { columns, format } = source;
  // A table without columns has rows of nothing.
  const fields = columns.length === 0 && line === '' ? [] : copyFields(line, format);
  if (fields.length > columns.length) fail('22P04', 'extra data after last expected column');
  const row: Value[] = [];
  for (const [i, column] of columns.entries()) {
    const field = fields[i];
    if (field === undefined) return fail('22P04', `missing data for column "${column.name}"`);
    const text = withNull(column, field.text, format);
    place.column = column.name;
    place.field = text;
    place.fieldAt = field.at;
    const value = text === null ? null : parseValue(column.type, text);
    row.push(evaluate(column.fit, [value], surroundings));
    place.column = null;
  }
  return row;
}

function withNull(
  { isNeverNull, mayBeNull }: CopyColumn,
  text: string | null,
  { isCsv, nullText }: CopyFormat,
): string | null {
  if (!isCsv) return text;
  if (text === null) return isNeverNull ? nullText : null;
  return mayBeNull && text === nullText ? null : text;
}

/** Characters of data that a message shows. */
const SHOWN_MAX = 100;
const shown = (text: string): string => (text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}...`);

/** The error with its line and column of the data, and its place in the request. */
export function atPlace(error: SqlError, { source, place }: CopyReader): SqlError {
  const { line, lineAt, text, column, field, fieldAt } = place;
  const value = field === null ? 'null input' : `"${shown(field)}"`;
  const what = column !== null ? `, column ${column}: ${value}` : text !== null ? `: "${shown(text)}"` : '';
  const before = source.data.slice(0, lineAt + (column === null ? 0 : fieldAt));
  let characters = source.dataAt;
  for (const _ of before) characters += 1;
  const message = `${error.message}\nCONTEXT:  COPY ${source.relation}, line ${line}${what}`;
  return { ...error, message, position: characters + 1 };
}
