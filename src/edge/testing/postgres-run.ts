// PostgreSQL itself (PGlite) behind the same call as the lab's own databases, for differential tests.

import { PGlite, type Results } from '@electric-sql/pglite';
import type { StatementResult } from '../../core/kernel/client-calls.ts';
import { cutCopyData } from '../copy-data.ts';

const TYPE_NAMES: Readonly<Record<number, string>> = {
  16: 'boolean',
  17: 'bytea',
  20: 'bigint',
  21: 'smallint',
  23: 'integer',
  25: 'text',
  700: 'real',
  701: 'double precision',
  1042: 'character',
  1043: 'character varying',
  1082: 'date',
  1114: 'timestamp without time zone',
  1184: 'timestamp with time zone',
  1700: 'numeric',
  2950: 'uuid',
};
const asText = Object.fromEntries(Object.keys(TYPE_NAMES).map((id) => [id, (value: string) => value]));

/** Runs one statement with its parameters. */
export type Run = (sql: string, params: readonly string[]) => StatementResult | Promise<StatementResult>;

/** A database in memory whose sessions are in UTC, as the lab's are. */
export async function startPostgres(): Promise<PGlite> {
  const pg = new PGlite();
  await pg.waitReady;
  await pg.exec("set timezone = 'UTC'");
  return pg;
}

/** PostgreSQL's answer in our form. */
export function runOn(pg: PGlite): Run {
  return async (sql, params) => {
    try {
      if (COPY.test(sql)) return await copyOn(pg, sql);
      const options = { rowMode: 'array', parsers: asText } as const;
      const given = params.map((value) => (value === 'true' ? true : value));
      const results: Results<unknown>[] =
        params.length > 0 ? [await pg.query(sql, given, options)] : await pg.exec(sql, options);
      return toResult(sql, results[results.length - 1]);
    } catch (error) {
      const { code, message, position, where } = error as {
        code?: string;
        message: string;
        position?: string;
        where?: string;
      };
      if (code === undefined) throw error;
      return {
        kind: 'error',
        sqlstate: code,
        message: where !== undefined && COPY.test(sql) ? `${message}\nCONTEXT:  ${where}` : message,
        position: position === undefined ? null : Number(position),
      };
    }
  };
}

const COPY = /^\s*copy\b[\s\S]*\b(?:from\s+stdin|to\s+stdout)\b/i;

/** PGlite reads and writes a blob where a client would send and receive the data. */
async function copyOn(pg: PGlite, text: string): Promise<StatementResult> {
  const { sql, data } = cutCopyData(text);
  const own = sql.trim().replace(/;$/, '');
  if (data.length > 0) {
    const blob = new Blob(data.map((one) => one.data));
    const { affectedRows } = await pg.query(own.replace(/\bfrom\s+stdin\b/i, "from '/dev/blob'"), [], {
      blob,
    });
    return { kind: 'done', tag: `COPY ${affectedRows ?? 0}` };
  }
  const result = await pg.query(own.replace(/\bto\s+stdout\b/i, "to '/dev/blob'"));
  const copied = (await result.blob?.text()) ?? '';
  const rows =
    copied === ''
      ? []
      : copied
          .slice(0, -1)
          .split('\n')
          .map((line) => [line]);
  const columns = [{ name: 'copy', type: 'text' }];
  return { kind: 'rows', tag: `COPY ${result.affectedRows ?? 0}`, columns, rows, origin: null };
}

/** The tag of a result that has rows. */
function rowsTag(command: string, count: number): string {
  if (command === 'INSERT') return `INSERT 0 ${count}`;
  return `${command === 'UPDATE' || command === 'DELETE' ? command : 'SELECT'} ${count}`;
}

/** What a CREATE or DROP is about. */
const OBJECT = /^\s*(?:create|drop)\s+(?:unique\s+|or\s+replace\s+)*(\w+)/i;

function toResult(sql: string, result: Results<unknown> | undefined): StatementResult {
  if (result === undefined) throw new Error(`no result for ${sql}`);
  const command = (result as { command?: string }).command ?? '';
  if (result.fields.length > 0) {
    const rows = result.rows as (string | null)[][];
    const columns = result.fields.map((f) => ({
      name: f.name,
      type: TYPE_NAMES[f.dataTypeID] ?? String(f.dataTypeID),
    }));
    return { kind: 'rows', tag: rowsTag(command, rows.length), columns, rows, origin: null };
  }
  const count = result.affectedRows ?? 0;
  // An empty target list: rows of no columns.
  if (command === 'SELECT')
    return {
      kind: 'rows',
      tag: `SELECT ${result.rows.length}`,
      columns: [],
      rows: result.rows.map(() => []),
      origin: null,
    };
  switch (command) {
    case 'INSERT':
      return { kind: 'done', tag: `INSERT 0 ${count}` };
    case 'UPDATE':
    case 'DELETE':
      return { kind: 'done', tag: `${command} ${count}` };
    case 'CREATE':
    case 'DROP':
      return { kind: 'done', tag: `${command} ${OBJECT.exec(sql)?.[1]?.toUpperCase() ?? 'TABLE'}` };
    case 'ALTER':
      return { kind: 'done', tag: `ALTER ${/^\s*alter\s+(\w+)/i.exec(sql)?.[1]?.toUpperCase() ?? 'TABLE'}` };
    case 'TRUNCATE':
      return { kind: 'done', tag: 'TRUNCATE TABLE' };
    case 'START':
      return { kind: 'done', tag: 'BEGIN' };
    default:
      return { kind: 'done', tag: command };
  }
}
