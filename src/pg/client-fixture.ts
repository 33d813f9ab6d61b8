// For tests: a client beside its connection. Its messages are written, and the server's read, by pg-protocol; what the cluster would
// answer is said by the test.

import { PassThrough } from 'node:stream';
import { parse, serialize } from 'pg-protocol';
import type { ClientResult, StatementResult } from '../core/kernel/client-calls.ts';
import { parseSql } from '../edge/sql-parser.ts';
import { answer, type Connection, receive, type Turn, type Wish } from './connection.ts';
import { openConnection } from './session.ts';

/** Messages as words: their names, with what matters of them. */
export async function messagesOf(bytes: Uint8Array): Promise<string[]> {
  const stream = new PassThrough();
  const words: string[] = [];
  const done = parse(stream, (message) => {
    const m = message as unknown as Record<string, unknown>;
    const about = m.status ?? m.text ?? m.code ?? m.fields ?? m.parameterName ?? m.dataTypeIDs;
    const shown = Array.isArray(about)
      ? about.map((one) => (one && typeof one === 'object' ? (one as { name: string }).name : one)).join(',')
      : about;
    words.push(shown === undefined ? message.name : `${message.name} ${shown}`);
  });
  stream.end(Buffer.from(bytes));
  await done;
  return words;
}

export const rows = (
  columns: readonly (readonly [string, string])[],
  ...values: (string | null)[][]
): StatementResult => ({
  kind: 'rows',
  tag: `SELECT ${values.length}`,
  columns: columns.map(([name, type]) => ({ name, type })),
  rows: values,
  origin: null,
});
export const done = (tag: string): StatementResult => ({ kind: 'done', tag });
export const failed = (sqlstate: string, message: string): StatementResult => ({
  kind: 'error',
  sqlstate,
  message,
  position: null,
});
export const result = (...statements: StatementResult[]): ClientResult => ({
  outcome: statements.some(({ kind }) => kind === 'error') ? 'error' : 'ok',
  statements,
  scn: -1,
});

/** A client beside its connection: what it sends, what the cluster is asked, what comes back. */
export class Client {
  readonly connection: Connection = openConnection(parseSql);
  readonly asked: string[] = [];
  private sent: Uint8Array[] = [];
  wish: Wish | null = null;

  private take({ send, wish }: Turn): void {
    this.sent.push(send);
    if (wish !== null) {
      this.wish = wish;
      if (wish.kind === 'sql') this.asked.push([wish.text, ...wish.params].join(' | '));
    }
  }
  send(...parts: Uint8Array[]): this {
    this.take(receive(this.connection, Buffer.concat(parts)));
    return this;
  }
  reply(...results: ClientResult[]): this {
    for (const one of results) {
      this.wish = null;
      this.take(answer(this.connection, one));
    }
    return this;
  }
  async messages(): Promise<string[]> {
    const bytes = Buffer.concat(this.sent);
    this.sent = [];
    return await messagesOf(bytes);
  }
  async start(more: Record<string, string> = {}): Promise<this> {
    this.send(serialize.startup({ user: 'me', database: 'lab', application_name: 'test', ...more }));
    this.take(answer(this.connection, { processId: 7, secret: 9 }));
    await this.messages();
    return this;
  }
}

/** What EXPLAIN (DESCRIBE) would answer. */
export const description = (
  ...items: (readonly [kind: 'parameter' | 'column', name: string, type: string])[]
): ClientResult =>
  result(
    rows(
      ['kind', 'name', 'type'].map((name) => [name, 'text'] as const),
      ...items.map((item) => [...item]),
    ),
  );

export const batch = (text: string, values: (string | null)[] = [], limit = 0): Uint8Array[] => [
  serialize.parse({ text, types: [] }),
  serialize.bind({ values }),
  serialize.describe({ type: 'P' }),
  serialize.execute({ portal: '', rows: limit }),
];
