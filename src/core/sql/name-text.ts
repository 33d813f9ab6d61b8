// Names and texts as they stand in SQL text.

import { POSTGRES_KEYWORDS } from './postgres-functions.ts';

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const KEYWORDS: ReadonlySet<string> = new Set(POSTGRES_KEYWORDS.split(' '));

/** Quoted where it is no word in small letters, or one of the language's. */
export const nameText = (name: string): string =>
  /^[a-z_][a-z0-9_$]*$/.test(name) && !KEYWORDS.has(name) ? name : quotedName(name);

export const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
