// What a client's connection says before a statement, as comments that go with its text to whoever carries it out: where names without
// a schema are looked for, and what the result has to be. A connection knows both and outlasts every node, so they hold at each
// reader and primary, after a takeover, and on the tape.

import { hashHex, hashText, makeHash } from '../../base/hash.ts';
import type { Column } from '../kernel/client-calls.ts';
import { fail } from './failure.ts';
import type { Analysed } from './statement.ts';

const NOTES = /^(?:\/\*search_path=(.*?)\*\/)?(?:\/\*result=([0-9a-f]{16})\*\/)?/s;

const notesIn = (text: string): RegExpExecArray | null => (text.startsWith('/*') ? NOTES.exec(text) : null);

export const searchPathNote = (path: string): string => `/*search_path=${path}*/`;

/** The search path that a statement's text begins with; null: that of its session. */
export const searchPathIn = (text: string): string | null => notesIn(text)?.[1] ?? null;

/** Columns as a client was told of them: the statement gives these or is refused. They follow the search path. */
export const resultNote = (columns: readonly Column[]): string => `/*result=${digestOf(columns)}*/`;

/** Whether the text begins with what a connection says. */
export const hasNotes = (text: string): boolean => (notesIn(text)?.[0] ?? '') !== '';

/** The statement's own text. */
export const withoutNotes = (text: string): string => text.slice(notesIn(text)?.[0].length ?? 0);

export const isSameResult = (a: readonly Column[], b: readonly Column[]): boolean =>
  digestOf(a) === digestOf(b);

function digestOf(columns: readonly Column[]): string {
  const hash = makeHash();
  for (const { name, type } of columns) {
    hashText(hash, name);
    hashText(hash, type);
  }
  return hashHex(hash);
}

/** PostgreSQL's error, in its words: definitions have changed since the client was told what the statement gives. Nothing is done then. */
export const OTHER_RESULT = 'cached plan must not change result type';

export function checkResult(text: string, analysed: Analysed): void {
  const expected = notesIn(text)?.[2];
  if (expected === undefined || analysed.kind !== 'plan') return;
  const { plan } = analysed;
  if (plan.kind !== 'select' && !('returning' in plan)) return;
  const columns = plan.kind === 'select' ? plan.columns : (plan.returning?.columns ?? []);
  if (digestOf(columns) !== expected) fail('0A000', OTHER_RESULT);
}

/** What an older copy of the definitions may be the reason of: a name that is not there, or another result. */
export const mayBeStale = (sqlstate: string, message: string): boolean =>
  (sqlstate === '0A000' && message === OTHER_RESULT) || sqlstate === '42P01' || sqlstate === '42703';
