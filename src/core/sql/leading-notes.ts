// What a client's connection says before a statement, as comments that go with its text to whoever carries it out: where names without
// a schema are looked for, timeouts and what transactions begin with, and what the result has to be. A connection knows them and
// outlasts every node, so they hold at each reader and primary, after a takeover, and on the tape.

import { hashHex, hashText, makeHash } from '../../base/hash.ts';
import type { Column } from '../kernel/client-calls.ts';
import { fail, SqlFailure } from './failure.ts';
import { readSetting, type Settings } from './settings.ts';

/** Settings that a node has to know for the statement, by their names. */
const SETTINGS = [
  'statement_timeout',
  'lock_timeout',
  'default_transaction_isolation',
  'default_transaction_read_only',
] as const;
export type SaidSetting = (typeof SETTINGS)[number];
const KNOWN: ReadonlySet<string> = new Set(['search_path', 'result', ...SETTINGS]);

interface Notes {
  readonly said: ReadonlyMap<string, string>;
  readonly length: number;
}

const NO_NOTES: Notes = { said: new Map(), length: 0 };

function notesIn(text: string): Notes {
  if (!text.startsWith('/*')) return NO_NOTES;
  const said = new Map<string, string>();
  let length = 0;
  const note = /\/\*([a-z_]+)=(.*?)\*\//sy;
  for (let found = note.exec(text); found !== null; found = note.exec(text)) {
    const [, name = '', value = ''] = found;
    if (!KNOWN.has(name)) break;
    said.set(name, value);
    length = note.lastIndex;
  }
  return { said, length };
}

export const noteOf = (name: SaidSetting | 'search_path', value: string): string => `/*${name}=${value}*/`;

/** The search path that a statement's text begins with; null: that of its session. */
export const searchPathIn = (text: string): string | null => notesIn(text).said.get('search_path') ?? null;

/** Settings that a request's text begins with, in place of those of its session; null: none. A value that is none is passed over. */
export function settingsIn(text: string): Partial<Settings> | null {
  const { said } = notesIn(text);
  const settings = SETTINGS.flatMap((name) => {
    const value = said.get(name);
    return value === undefined ? [] : [readSaid(name, value)];
  });
  return settings.length === 0 ? null : Object.assign({}, ...settings);
}

function readSaid(name: string, value: string): Partial<Settings> {
  try {
    return readSetting(name, [value]);
  } catch (failure) {
    if (!(failure instanceof SqlFailure)) throw failure;
    return {};
  }
}

/** Columns as a client was told of them: the statement gives these or is refused. */
export const resultNote = (columns: readonly Column[]): string => `/*result=${digestOf(columns)}*/`;

/** Whether the text begins with what a connection says. */
export const hasNotes = (text: string): boolean => notesIn(text).length > 0;

/** The statement's own text. */
export const withoutNotes = (text: string): string => text.slice(notesIn(text).length);

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

/** `columns`: what the statement gives now. */
export function checkResult(text: string, columns: readonly Column[]): void {
  const expected = notesIn(text).said.get('result');
  if (expected !== undefined && digestOf(columns) !== expected) fail('0A000', OTHER_RESULT);
}

/** What an older copy of the definitions may be the reason of: a name that is not there, or another result. */
export const mayBeStale = (sqlstate: string, message: string): boolean =>
  (sqlstate === '0A000' && message === OTHER_RESULT) || sqlstate === '42P01' || sqlstate === '42703';
