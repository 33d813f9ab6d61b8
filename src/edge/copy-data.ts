// The data lines behind COPY … FROM STDIN in a text of SQL, as psql reads them from a script: they begin on the line after the one
// where the statement's semicolon stands, and end with a line `\.` or with the text. Where they lie is for a lexer to say, because
// the word COPY may stand in a string or a comment.

import type { CopyData } from '../core/sql/analysis.ts';

export type CutData = CopyData;

interface CutText {
  /** The text with a space for each character of data, so that positions stay. */
  readonly sql: string;
  /** Of each COPY FROM STDIN, in order; a last one that has no semicolon has no data. */
  readonly data: readonly CutData[];
}

const MAY_COPY = /copy[\s\S]*std(?:in|out)/i;
/** What a lexer tells apart here: all that semicolons and words may hide in, words, and other characters. */
const TOKEN =
  /\s+|--[^\n]*|\/\*|[eE]'(?:[^'\\]|\\[\s\S]|'')*'?|'(?:[^']|'')*'?|"(?:[^"]|"")*"?|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|\$\d+|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|[\s\S]/y;

export function cutCopyData(text: string): CutText {
  if (!MAY_COPY.test(text)) return { sql: text, data: [] };
  const data: CutData[] = [];
  let sql = '';
  let taken = 0;
  for (const { copied, isEnded } of statementEnds(text)) {
    if (copied === null) continue;
    if (!isEnded) {
      data.push({ data: '', at: characters(text) });
      continue;
    }
    const { from, end, behind } = copied;
    data.push({ data: text.slice(from, end), at: characters(text.slice(0, from)) });
    sql += text.slice(taken, from) + ' '.repeat(characters(text.slice(from, behind)));
    taken = behind;
  }
  return { sql: sql + text.slice(taken), data };
}

interface StatementEnd {
  /** Behind its semicolon, and its data. */
  readonly at: number;
  /** Its data lines, and where SQL goes on behind them; null: it is no COPY FROM STDIN. */
  readonly copied: { readonly from: number; readonly end: number; readonly behind: number } | null;
  /** False: the text ends before a semicolon. */
  readonly isEnded: boolean;
}

/** Behind the end of the line. */
function lineEndAt(text: string, at: number): number {
  const lineEnd = text.indexOf('\n', at);
  return lineEnd < 0 ? text.length : lineEnd + 1;
}

/** A line between statements that begins so is psql's own (`\restrict` of newer dumps). */
const isToPsql = (token: string, { first }: Pick<Statement, 'first'>): boolean =>
  token === '\\' && first === null;

/** Where each statement of a script ends. */
function* statementEnds(text: string): Generator<StatementEnd> {
  let statement = startStatement();
  for (let at = 0; at < text.length; ) {
    const token = tokenAt(text, at);
    if (isToPsql(token, statement)) {
      at = lineEndAt(text, at);
      continue;
    }
    at += token.length;
    if (token !== ';' || statement.depth > 0) {
      note(statement, token);
      continue;
    }
    let copied: StatementEnd['copied'] = null;
    if (statement.isCopyFrom) {
      const from = lineEndAt(text, at);
      copied = { from, ...dataEnd(text, from) };
      at = copied.behind;
    }
    yield { at, copied, isEnded: true };
    statement = startStatement();
  }
  const at = text.length;
  const copied = statement.isCopyFrom ? { from: at, end: at, behind: at } : null;
  if (statement.first !== null) yield { at, copied, isEnded: false };
}

/** A statement of a script. */
export interface ScriptStatement {
  /** Without its semicolon, data and comments before it. */
  readonly text: string;
  /** Of its first word, from 1. */
  readonly line: number;
  /** The lines behind COPY FROM STDIN; null: it has none. */
  readonly data: string | null;
}

/** The statements of a script, each with its data, as psql sends them one by one. */
export function statementsOf(script: string): readonly ScriptStatement[] {
  const found: ScriptStatement[] = [];
  let start = 0;
  let line = 1;
  let counted = 0;
  for (const { at, copied } of statementEnds(script)) {
    let first = start;
    for (let token = tokenAt(script, first); /^(?:\s|--|\/\*|\\)/.test(token); token = tokenAt(script, first))
      first = token === '\\' ? lineEndAt(script, first) : first + token.length;
    for (; counted < first; counted++) if (script[counted] === '\n') line += 1;
    const end = copied === null ? at : script.lastIndexOf(';', copied.from) + 1;
    const text = script.slice(first, end).replace(/;$/, '').trimEnd();
    if (text !== '') found.push({ text, line, data: copied && script.slice(copied.from, copied.end) });
    start = at;
  }
  return found;
}

interface Statement {
  /** Words outside of parentheses, the last two and the first. */
  first: string | null;
  last: string;
  depth: number;
  isCopyFrom: boolean;
}

const startStatement = (): Statement => ({ first: null, last: '', depth: 0, isCopyFrom: false });

function note(statement: Statement, token: string): void {
  if (/^(?:\s|--|\/\*)/.test(token)) return;
  if (token === '(') statement.depth += 1;
  if (token === ')') statement.depth -= 1;
  const word = token.toLowerCase();
  statement.first ??= word;
  if (statement.depth === 0 && statement.first === 'copy' && statement.last === 'from')
    statement.isCopyFrom ||= word === 'stdin' || word === 'stdout';
  statement.last = word;
}

/** The token that begins at `at`: white space, a comment, a string, a parameter, a word, or one other character. */
export function tokenAt(text: string, at: number): string {
  TOKEN.lastIndex = at;
  const token = TOKEN.exec(text)?.[0] ?? text.slice(at, at + 1);
  if (token === '/*') return text.slice(at, commentEnd(text, at));
  if (!/^\$.*\$$/.test(token)) return token;
  const close = text.indexOf(token, at + token.length);
  return close < 0 ? text.slice(at) : text.slice(at, close + token.length);
}

/** Comments nest. */
function commentEnd(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const two = text.slice(i, i + 2);
    if (two !== '/*' && two !== '*/') continue;
    depth += two === '/*' ? 1 : -1;
    i += 1;
    if (depth === 0) return i + 1;
  }
  return text.length;
}

const END = /(?:^|\n)\\\.\r?(?:\n|$)/;

/** Where the data ends, and where the SQL behind it begins. */
function dataEnd(text: string, from: number): { readonly end: number; readonly behind: number } {
  const found = END.exec(text.slice(from));
  if (found === null) return { end: text.length, behind: text.length };
  // The line end before it belongs to the data.
  const end = from + found.index + (found[0].startsWith('\n') ? 1 : 0);
  return { end, behind: from + found.index + found[0].length };
}

/** Code points, as PostgreSQL counts positions. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
