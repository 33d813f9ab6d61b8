// Reads the data of COPY FROM as PostgreSQL 18 does (CopyReadLine, CopyReadAttributesText, CopyReadAttributesCSV): lines, whose ends
// are all of the kind of the first one, and their fields. The data is a client's: whatever is wrong with it is a SqlFailure.

import type { CopyFormat } from './copy-format.ts';
import { fail } from './failure.ts';
import { COPY_FIELDS_MAX } from './limits.ts';

/** Where reading has come to; plain data that changes in place. */
export interface CopyCursor {
  /** The next character. */
  at: number;
  /** Of the line read last, from 1; a line end within quotes counts too. */
  line: number;
  ends: 'unknown' | '\n' | '\r\n' | '\r';
}

export const startCopy = (): CopyCursor => ({ at: 0, line: 0, ends: 'unknown' });

interface CopyField {
  /** Null: what stands for null, unquoted. */
  readonly text: string | null;
  /** Where it begins in its line. */
  readonly at: number;
}

const bad = (message: string): never => fail('22P04', message);

/** The next line without its end, or null at the end of the data. The cursor stands where reading stopped, also when it fails. */
export function nextCopyLine(data: string, cursor: CopyCursor, format: CopyFormat): string | null {
  cursor.line += 1;
  const start = cursor.at;
  const end = format.isCsv ? endOfCsvLine(data, cursor, format) : endOfTextLine(data, cursor);
  if (end === null || (end === start && cursor.at >= data.length && end === data.length)) return null;
  return data.slice(start, end);
}

/** Leaves the cursor behind the line's end; null: `\.` ends the data. */
function endOfTextLine(data: string, cursor: CopyCursor): number | null {
  const start = cursor.at;
  while (cursor.at < data.length) {
    const at = cursor.at;
    const char = data[at];
    cursor.at += 1;
    if (char === '\n' || char === '\r') {
      takeEnd(data, cursor, char, 'literal');
      return at;
    }
    if (char !== '\\' || cursor.at >= data.length) continue;
    if (data[at + 1] === '.' && at + 2 < data.length) {
      const rest = data[at + 2];
      if (at > start || (rest !== '\n' && rest !== '\r')) bad('end-of-copy marker is not alone on its line');
      const isCrLf = rest === '\r' && data[at + 3] === '\n';
      const ends = isCrLf ? '\r\n' : rest;
      if (cursor.ends !== 'unknown' && cursor.ends !== ends)
        bad('end-of-copy marker does not match previous newline style');
      cursor.at = data.length;
      return null;
    }
    cursor.at += 1;
  }
  return data.length;
}

function endOfCsvLine(data: string, cursor: CopyCursor, { quote, escapeChar }: CopyFormat): number {
  let inQuotes = false;
  let wasEscape = false;
  while (cursor.at < data.length) {
    const at = cursor.at;
    const char = data[at];
    cursor.at += 1;
    const isEscape = char === escapeChar && escapeChar !== quote;
    if (inQuotes && isEscape) wasEscape = !wasEscape;
    if (char === quote && !wasEscape) inQuotes = !inQuotes;
    if (!isEscape) wasEscape = false;
    if (char !== '\n' && char !== '\r') continue;
    if (!inQuotes) {
      takeEnd(data, cursor, char, 'unquoted');
      return at;
    }
    if (char === (cursor.ends === '\n' ? '\n' : '\r')) cursor.line += 1;
  }
  return data.length;
}

/** The first end decides which ends there may be. */
function takeEnd(data: string, cursor: CopyCursor, char: '\n' | '\r', how: 'literal' | 'unquoted'): void {
  if (char === '\n') {
    if (cursor.ends === '\r' || cursor.ends === '\r\n') bad(`${how} newline found in data`);
    cursor.ends = '\n';
    return;
  }
  if (cursor.ends === '\n') bad(`${how} carriage return found in data`);
  if (cursor.ends === '\r') return;
  if (data[cursor.at] === '\n') {
    cursor.at += 1;
    cursor.ends = '\r\n';
  } else if (cursor.ends === '\r\n') bad(`${how} carriage return found in data`);
  else cursor.ends = '\r';
}

/** The fields of a line, one at least. */
export function copyFields(line: string, format: CopyFormat): readonly CopyField[] {
  const fields: CopyField[] = [];
  let at = 0;
  for (;;) {
    if (fields.length >= COPY_FIELDS_MAX) bad('extra data after last expected column');
    const { text, end } = format.isCsv ? csvField(line, at, format) : textField(line, at, format);
    fields.push({ text, at });
    if (end >= line.length) return fields;
    at = end + 1;
  }
}

interface Read {
  readonly text: string | null;
  /** Of the delimiter behind it, or of the line. */
  readonly end: number;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

function textField(line: string, start: number, { delimiter, nullText }: CopyFormat): Read {
  let text = '';
  let at = start;
  /** Bytes by octal or hexadecimal digits need not be characters by themselves. */
  let hasBytes = false;
  while (at < line.length && line[at] !== delimiter) {
    const char = line[at] as string;
    at += 1;
    if (char !== '\\') {
      text += char;
      continue;
    }
    if (at >= line.length) break;
    const code = byteAt(line, at);
    if (code === null) {
      const next = line[at] as string;
      text += ESCAPES.get(next) ?? next;
      at += 1;
      continue;
    }
    at += code.characters;
    hasBytes ||= code.byte === 0 || code.byte >= 0x80;
    // Stands for itself until the field is whole: no text has half a surrogate pair of this kind by a byte's number.
    text +=
      code.byte > 0 && code.byte < 0x80
        ? String.fromCharCode(code.byte)
        : String.fromCharCode(BYTE + code.byte);
  }
  if (line.slice(start, at) === nullText) return { text: null, end: atEnd(line, at) };
  return { text: hasBytes ? ofBytes(text) : text, end: atEnd(line, at) };
}

/** Behind the last delimiter there is one more field, an empty one. */
const atEnd = (line: string, at: number): number => (at >= line.length ? line.length + 1 : at);

/** `\101`, `\x41`. */
function byteAt(line: string, at: number): { readonly byte: number; readonly characters: number } | null {
  const octal = /^[0-7]{1,3}/.exec(line.slice(at, at + 3));
  if (octal !== null) return { byte: Number.parseInt(octal[0], 8) & 0xff, characters: octal[0].length };
  const hex = /^x([0-9a-fA-F]{1,2})/.exec(line.slice(at, at + 3));
  if (hex?.[1] === undefined) return null;
  return { byte: Number.parseInt(hex[1], 16), characters: hex[0].length };
}

const BYTE = 0xdc00;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

function ofBytes(text: string): string {
  // A byte order mark at the beginning would be left out.
  const bytes: number[] = [0x20];
  for (const char of text) {
    const code = char.charCodeAt(0);
    if (char.length === 1 && code >= BYTE && code < BYTE + 0x100) bytes.push(code - BYTE);
    else bytes.push(...encoder.encode(char));
  }
  const zero = bytes.indexOf(0);
  try {
    if (zero < 0) return decoder.decode(Uint8Array.from(bytes)).slice(1);
  } catch {
    // which byte it is does not matter: the line is shown
  }
  return fail('22021', 'invalid byte sequence for encoding "UTF8"');
}

function csvField(line: string, start: number, { delimiter, quote, escapeChar, nullText }: CopyFormat): Read {
  let text = '';
  let at = start;
  let hasQuotes = false;
  for (;;) {
    while (at < line.length && line[at] !== delimiter && line[at] !== quote) text += line[at++];
    if (at >= line.length || line[at] === delimiter) break;
    hasQuotes = true;
    at += 1;
    for (;;) {
      if (at >= line.length) bad('unterminated CSV quoted field');
      const char = line[at++] as string;
      const next = line[at];
      if (char === escapeChar && next !== undefined && (next === escapeChar || next === quote)) {
        text += next;
        at += 1;
      } else if (char === quote) break;
      else text += char;
    }
  }
  return { text: !hasQuotes && text === nullText ? null : text, end: atEnd(line, at) };
}
