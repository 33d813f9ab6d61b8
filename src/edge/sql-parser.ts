// SQL parsing at the edge, in browser and Node alike: libpg-query's WASM is loaded once, after that `parseSql` is
// synchronous. Text becomes one StatementTree per statement, each parsed from its own text, so that equal statements
// have equal trees wherever they stand; `offset` in the tree says how many characters came before it. The data lines behind
// COPY FROM STDIN are no SQL: they are in the tree, as `copy`.

import { loadModule, parseSync } from 'libpg-query';
import { messageOf } from '../base/thrown.ts';
import type { StatementTree } from '../core/kernel/client-calls.ts';
import { hasNotes } from '../core/sql/leading-notes.ts';
import { type CutData, cutCopyData } from './copy-data.ts';

/** Texts whose trees are kept; when full, all are forgotten. */
const CACHE_MAX = 1000;
/** Longer texts are parsed each time. */
const CACHED_TEXT_MAX = 4096;

/**
 * libpg-query begins to load its WASM as soon as it is imported. Whoever imports it listens from then on: a failure before
 * the first `loadSqlParser` would be a rejection that nobody handles.
 */
const loading = loadModule();
loading.catch(() => undefined);

let loaded = false;
const cache = new Map<string, readonly StatementTree[]>();
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Waits for the parser's WASM. Rejects with a readable error when it cannot be had; only a new worker or page helps then. */
export async function loadSqlParser(): Promise<void> {
  try {
    await loading;
    loaded = true;
  } catch (error) {
    throw new Error(`the SQL parser could not be loaded: ${messageOf(error)}`);
  }
}

/**
 * The statements of `text`, none for empty text. A text that does not parse is refused whole, as PostgreSQL does: one
 * tree that carries the parser's error, which the node answers as 42601.
 */
export function parseSql(text: string): readonly StatementTree[] {
  if (!loaded) throw new Error('the SQL parser is not loaded yet');
  const known = cache.get(text);
  if (known !== undefined) return known;
  const trees = splitStatements(text);
  if (text.length <= CACHED_TEXT_MAX) {
    if (cache.size >= CACHE_MAX) cache.clear();
    cache.set(text, trees);
  }
  return trees;
}

/** Where a statement lies in the text, in UTF-8 bytes. */
interface Extent {
  readonly start: number;
  readonly end: number;
}

function splitStatements(text: string): readonly StatementTree[] {
  if (text.trim() === '') return [];
  const cut = cutCopyData(text);
  const parsed = parseOne(cut.sql);
  if ('error' in parsed) return [encode(text, 0, parsed)];
  const statements = parsed.stmts;
  if (!Array.isArray(statements)) return [];
  const bytes = encoder.encode(cut.sql);
  let copies = 0;
  // the parser takes comments for no part of a statement; those of the connection are of the first
  const isLed = hasNotes(cut.sql);
  const extents = statements.map((statement: unknown, i) => {
    const { start, end } = extentOf(statement, bytes.length);
    return trimmed(bytes, { start: isLed && i === 0 ? 0 : start, end });
  });
  const [only] = extents;
  if (only === undefined) return [];
  if (cut.data.length === 0 && extents.length === 1 && only.start === 0 && only.end === bytes.length)
    return [encode(text, 0, parsed)];
  return extents.map(({ start, end }, i) => {
    const copy = readsStdin(statements[i]) ? cut.data[copies++] : undefined;
    const own = decoder.decode(bytes.subarray(start, end));
    return encode(own, characters(decoder.decode(bytes.subarray(0, start))), parseOne(own), copy);
  });
}

/** `{stmt: {CopyStmt: {is_from: true}}}` without a file. */
function readsStdin(statement: unknown): boolean {
  const { stmt } = statement as { stmt?: { CopyStmt?: { is_from?: boolean; filename?: string } } };
  return stmt?.CopyStmt?.is_from === true && stmt.CopyStmt.filename === undefined;
}

function extentOf(statement: unknown, textBytes: number): Extent {
  const fields = typeof statement === 'object' && statement !== null ? statement : {};
  const start =
    'stmt_location' in fields && typeof fields.stmt_location === 'number' ? fields.stmt_location : 0;
  const length = 'stmt_len' in fields && typeof fields.stmt_len === 'number' ? fields.stmt_len : 0;
  return { start, end: length > 0 ? start + length : textBytes };
}

/** Without the white space around it; a comment stays. */
function trimmed(bytes: Uint8Array, { start, end }: Extent): Extent {
  const isSpace = (at: number): boolean => {
    const byte = bytes[at];
    return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
  };
  let first = start;
  let last = end;
  while (first < last && isSpace(first)) first += 1;
  while (last > first && isSpace(last - 1)) last -= 1;
  return { start: first, end: last };
}

type Parsed = { readonly error: { message: string; position: number } } | { readonly stmts?: unknown };

function parseOne(text: string): Parsed {
  if (text.includes('\0'))
    return { error: { message: 'invalid byte sequence for encoding "UTF8": 0x00', position: 1 } };
  try {
    return parseSync(text);
  } catch (error) {
    return {
      error: { message: messageOf(error), position: positionOf(error) },
    };
  }
}

/** 1-based position, in characters, of a parser's error. */
function positionOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('sqlDetails' in error)) return 1;
  const details = error.sqlDetails;
  if (typeof details !== 'object' || details === null || !('cursorPosition' in details)) return 1;
  return typeof details.cursorPosition === 'number' ? details.cursorPosition + 1 : 1;
}

function encode(text: string, offset: number, parsed: Parsed, copy?: CutData): StatementTree {
  const tree = 'error' in parsed ? { error: parsed.error } : { offset, stmts: parsed.stmts, copy };
  return { text, tree: encoder.encode(JSON.stringify(tree)) };
}

/** Code points, as PostgreSQL counts positions. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
