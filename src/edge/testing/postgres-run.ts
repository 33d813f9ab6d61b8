// PostgreSQL itself (PGlite) behind the same call as the lab's own databases, for differential tests.

import { PGlite, protocol } from '@electric-sql/pglite';
import type { StatementResult } from '../../core/kernel/client-calls.ts';
import { elementOf, GIVEN_TYPES, isMoment, typeId, typeText } from '../../core/sql/types.ts';
import { cutCopyData } from '../copy-data.ts';

/** Runs one statement with its parameters. */
export type Run = (sql: string, params: readonly string[]) => StatementResult | Promise<StatementResult>;

/** A database in memory whose sessions are in UTC, as the lab's are. */
export async function startPostgres(): Promise<PGlite> {
  const pg = new PGlite();
  await pg.waitReady;
  await pg.exec("set timezone = 'UTC'");
  return pg;
}

/** PostgreSQL's answer in our form, from its own messages. */
export function runOn(pg: PGlite): Run {
  return async (sql, params) => {
    try {
      if (COPY.test(sql)) return await copyOn(pg, sql);
      const sent = params.length > 0 ? extendedQuery(sql, params) : protocol.serialize.query(sql);
      const { messages } = await pg.execProtocol(sent);
      return resultOf(messages);
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

function extendedQuery(text: string, values: readonly string[]): Uint8Array {
  const { parse, bind, describe: describePortal, execute, sync } = protocol.serialize;
  const parts = [
    parse({ text }),
    bind({ values: [...values] }),
    describePortal({ type: 'P' }),
    execute({}),
    sync(),
  ];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
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

const TYPES = new Map(GIVEN_TYPES.map((type) => [typeId(type), type]));

const VOID = 2278;

/** As results of the lab tell it; of a type that the lab has not, its object id. */
function declaredType(id: number, modifier: number): string {
  const type = TYPES.get(id);
  if (type === undefined) return id === VOID ? 'void' : String(id);
  // PostgreSQL counts its length word in
  const typmod = type === 'numeric' || isMoment(elementOf(type)) ? modifier : modifier - 4;
  return typeText(modifier === -1 ? { type } : { type, typmod });
}

/** Of the last statement. */
function resultOf(messages: readonly object[]): StatementResult {
  const { RowDescriptionMessage, DataRowMessage, CommandCompleteMessage } = protocol.messages;
  let columns: { name: string; type: string }[] | null = null;
  let rows: (string | null)[][] = [];
  let result: StatementResult = { kind: 'done', tag: '' };
  for (const message of messages) {
    if (message instanceof RowDescriptionMessage) {
      columns = message.fields.map(({ name, dataTypeID, dataTypeModifier }) => ({
        name,
        type: declaredType(dataTypeID, dataTypeModifier),
      }));
      rows = [];
    } else if (message instanceof DataRowMessage) rows.push(message.fields);
    else if (message instanceof CommandCompleteMessage) {
      const tag = message.text;
      result = columns === null ? { kind: 'done', tag } : { kind: 'rows', tag, columns, rows, origin: null };
      columns = null;
    }
  }
  return result;
}
