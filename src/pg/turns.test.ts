// Messages of every type and length are answered, or refused at once, whatever pieces they come in: nobody waits for a byte that is not
// read. The peer gives no byte while none is wanted, as a socket that is paused.

import { serialize } from 'pg-protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ClientResult } from '../core/kernel/client-calls.ts';
import { STATEMENT_BYTES_MAX } from '../core/sql/limits.ts';
import { loadSqlParser, parseSql } from '../edge/sql-parser.ts';
import { description, done, messagesOf, result, rows } from './client-fixture.ts';
import type { Opened } from './connection.ts';
import { MESSAGE_BYTES_MAX } from './frames.ts';
import { openConnection } from './session.ts';
import { makeTurns, onBytes, WAITING_MAX } from './turns.ts';

beforeAll(loadSqlParser);

function answerTo(text: string): ClientResult {
  if (text.startsWith('EXPLAIN')) return description(['column', 'a', 'text']);
  if (/^(?:\/\*.*?\*\/)?select/.test(text)) return result(rows([['a', 'text']], ['1']));
  return result(done('OK'));
}

/** Sends all of it in pieces, as far as it is read; what the client was sent. `isLate`: answers come between two pieces. */
async function talk(bytes: Uint8Array, piece: number, isLate: boolean): Promise<string[]> {
  const sent: Uint8Array[] = [];
  const late: (() => void)[] = [];
  let isWanted = true;
  const turns = makeTurns(openConnection(parseSql), {
    send: (part) => sent.push(part) > 0,
    end: () => undefined,
    destroy: () => undefined,
    read: (wanted) => {
      isWanted = wanted;
    },
    fulfil: (wish, reply) => {
      const answer: ClientResult | Opened | null =
        wish.kind === 'open' ? { processId: 1, secret: 2 } : wish.kind === 'sql' ? answerTo(wish.text) : null;
      if (isLate) late.push(() => reply(answer));
      else reply(answer);
    },
    failed: (thrown) => {
      throw thrown;
    },
  });
  for (let at = 0; at < bytes.length || late.length > 0; ) {
    const isRead = isWanted && at < bytes.length;
    if (isRead) {
      onBytes(turns, bytes.slice(at, at + piece));
      at += piece;
    }
    const next = late.shift();
    if (!isRead && next === undefined) break; // nobody does anything more
    next?.();
  }
  return await messagesOf(Buffer.concat(sent));
}

const START = serialize.startup({ user: 'me', database: 'lab' });
const LAST = serialize.query('select 1');
/** What the last query is answered, if it is. */
const ANSWERED = ['rowDescription a', 'dataRow 1', 'commandComplete SELECT 1', 'readyForQuery I'];

const pad = (bytes: number): string => 'x'.repeat(bytes);
/** By type: a message of so many bytes, and what belongs to it. */
const MESSAGES: Readonly<Record<string, (bytes: number) => readonly Uint8Array[]>> = {
  Query: (bytes) => [serialize.query(`select '${pad(bytes - 15)}'`)],
  Parse: (bytes) => [serialize.parse({ text: `select '${pad(bytes - 18)}'`, types: [] }), serialize.sync()],
  Bind: (bytes) => [
    serialize.parse({ text: 'select $1', types: [25] }),
    serialize.bind({ values: [pad(bytes - 21)] }),
    serialize.execute({ portal: '', rows: 0 }),
    serialize.sync(),
  ],
  Describe: (bytes) => [serialize.describe({ type: 'P', name: pad(bytes - 7) }), serialize.sync()],
  Execute: (bytes) => [serialize.execute({ portal: pad(bytes - 10), rows: 0 }), serialize.sync()],
  Close: (bytes) => [serialize.close({ type: 'S', name: pad(bytes - 7) }), serialize.sync()],
  CopyData: (bytes) => [
    serialize.query('copy t from stdin'),
    serialize.copyData(Buffer.from(`${pad(bytes - 6)}\n`)),
    serialize.copyDone(),
  ],
  CopyFail: (bytes) => [serialize.query('copy t from stdin'), serialize.copyFail(pad(bytes - 6))],
};

const around = (bytes: number): readonly number[] => [bytes - 1, bytes, bytes + 1];

describe.each(Object.entries(MESSAGES))('%s', (_, messagesOfSize) => {
  test.each([...around(4096), ...around(WAITING_MAX), WAITING_MAX + 70_000, ...around(STATEMENT_BYTES_MAX)])(
    'of %i bytes is answered, and so is what follows',
    async (bytes) => {
      const all = messagesOfSize(bytes);
      expect(all.map(({ length }) => length)).toContain(bytes);
      for (const [piece, isLate] of [
        [65_536, false],
        [50_000, true],
        [bytes * 2, true],
      ] as const) {
        const messages = await talk(Buffer.concat([START, ...all, LAST]), piece, isLate);
        expect(messages.slice(-4)).toEqual(ANSWERED);
        expect(messages.filter((one) => one === 'readyForQuery I')).toHaveLength(3);
      }
    },
  );

  test('of the most bytes that a message has is answered, and of one more it ends the connection', async () => {
    const [most, more] = [MESSAGE_BYTES_MAX + 1, MESSAGE_BYTES_MAX + 2].map((bytes) =>
      talk(Buffer.concat([START, ...messagesOfSize(bytes), LAST]), 1 << 20, false),
    );
    expect((await most)?.slice(-4)).toEqual(ANSWERED);
    expect((await more)?.at(-1)).toBe('error 08P01');
  });
});

test('a start-up of more than 10,000 bytes ends the connection at once', async () => {
  const long = (length: number) =>
    serialize.startup({ user: 'me', database: 'lab', application_name: pad(length) });
  expect((await talk(Buffer.concat([long(9000), LAST]), 5000, true)).slice(-4)).toEqual(ANSWERED);
  expect(await talk(Buffer.concat([long(10_000), LAST]), 5000, true)).toEqual(['error 08P01']);
});
