// A script of SQL as psql reads it, a dump of pg_dump for one, as requests: each statement is one, with its data lines; data that is more
// than a request may hold goes in several COPY of the same table.

import { STATEMENT_BYTES_MAX } from '../core/sql/limits.ts';
import { DEFAULT_SETTINGS, showSetting } from '../core/sql/settings.ts';
import { type ScriptStatement, statementsOf } from '../edge/copy-data.ts';
import { settingOf } from '../pg/client-settings.ts';

export interface ScriptRequest {
  readonly text: string;
  /** Of its statement in the script, from 1. */
  readonly line: number;
  /** The statement's first line, for a list. */
  readonly head: string;
}

/** Characters of data in one request: a line of three bytes a character still fits with its statement. */
const DATA_CHARACTERS = STATEMENT_BYTES_MAX / 4;

/** In these a line end may be data, or the first line is none: they go whole, and what is too long is refused as such. */
const IS_WHOLE = /\b(?:csv|header)\b/i;

function dataParts({ text, data }: ScriptStatement): readonly string[] {
  if (data === null || IS_WHOLE.test(text)) return [data ?? ''];
  const parts: string[] = [];
  let part = '';
  for (const line of data.split(/(?<=\n)/)) {
    if (part !== '' && part.length + line.length > DATA_CHARACTERS) {
      parts.push(part);
      part = '';
    }
    part += line;
  }
  return part === '' && parts.length > 0 ? parts : [...parts, part];
}

const SET = /^SET\s+(?:SESSION\s+)?(\w+)\s*(?:=|TO)\s*'?([^']*)'?$/i;
const PATH_CALL = /^SELECT\s+pg_catalog\.set_config\s*\(\s*'search_path'/i;

/** A session of the engine has it, with a connection or without one. */
function isOfEngine(name: string): boolean {
  try {
    showSetting(name.toLowerCase(), DEFAULT_SETTINGS);
    return true;
  } catch {
    return false;
  }
}

/**
 * A dump begins with what it wants of a connection. A session of the console has none and takes the values that PostgreSQL has by itself;
 * names in a dump say their schema, so that the session keeps its own path.
 */
function isOfConnection({ text }: ScriptStatement): boolean {
  if (PATH_CALL.test(text)) return true;
  const [, name = '', value = ''] = SET.exec(text) ?? [];
  if (name === '' || isOfEngine(name)) return false;
  try {
    settingOf(name)?.read?.([value]);
  } catch {
    return false; // said by whoever refuses it
  }
  return settingOf(name) !== null;
}

const headOf = ({ text }: ScriptStatement): string => text.split('\n')[0]?.slice(0, 120) ?? '';

/** The requests of a script, in order. */
export function scriptRequests(script: string): readonly ScriptRequest[] {
  return statementsOf(script).flatMap((statement) => {
    if (isOfConnection(statement)) return [];
    const { text, line, data } = statement;
    const head = headOf(statement);
    if (data === null) return [{ text, line, head }];
    return dataParts(statement).map((part) => ({ text: `${text};\n${part}\\.\n`, line, head }));
  });
}
