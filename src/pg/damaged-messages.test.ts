// Damaged messages: whatever a client sends is answered, by an error or the end of its connection; nothing throws, nothing hangs.

import { serialize } from 'pg-protocol';
import { beforeAll, expect, test } from 'vitest';
import { makePrng, nextBelow, nextChance } from '../base/prng.ts';
import { loadSqlParser, parseSql } from '../edge/sql-parser.ts';
import { answer, receive, type Turn } from './connection.ts';
import { openConnection } from './session.ts';

beforeAll(loadSqlParser);

const MESSAGES: readonly Buffer[] = [
  serialize.query('select 1; begin; commit'),
  serialize.query('copy t from stdin (format csv, header)'),
  serialize.query("call lab.crash('rw-1', mode => 'torn')"),
  serialize.query('prepare p(int, text) as select $1, $2'),
  serialize.query("execute p(1, 'x')"),
  serialize.query('set datestyle to iso; discard all'),
  serialize.parse({ name: 's', text: 'select $1::numeric', types: [1700] }),
  serialize.parse({ text: 'insert into t values ($1, $2)', types: [] }),
  serialize.bind({ statement: 's', binary: true, values: [Buffer.from([0, 1, 0, 0, 0, 0, 0, 0, 0, 5])] }),
  serialize.bind({ values: ['1', null] }),
  serialize.describe({ type: 'S', name: 's' }),
  serialize.describe({ type: 'P' }),
  serialize.execute({ portal: '', rows: 3 }),
  serialize.close({ type: 'S', name: 's' }),
  serialize.flush(),
  serialize.sync(),
  serialize.copyData(Buffer.from('1,2\n"a\n",3\n')),
  serialize.copyDone(),
  serialize.copyFail('no'),
];

const RESULTS = [
  [{ kind: 'done', tag: 'COPY 3' }],
  [{ kind: 'error', sqlstate: '40001', message: 'lost', position: 3 }],
  [
    {
      kind: 'rows',
      tag: 'SELECT 1',
      columns: [{ name: 'n', type: 'numeric' }],
      rows: [['1.5']],
      origin: null,
    },
  ],
  [
    {
      kind: 'rows',
      tag: 'EXPLAIN',
      columns: [],
      rows: [
        ['parameter', '$1', 'numeric'],
        ['column', 'a', 'bytea'],
      ],
      origin: null,
    },
  ],
  [],
] as const;

test('a thousand connections of damaged messages', () => {
  const prng = makePrng(3, 'damaged', 1);
  const seen = { messages: 0, errors: 0, ends: 0, wishes: 0 };
  for (let run = 0; run < 1000; run++) {
    const connection = openConnection(parseSql);
    const follow = (first: Turn): boolean => {
      let turn = first;
      const count = ({ send }: Turn): void => {
        if (['ERROR', 'FATAL'].some((word) => Buffer.from(send).includes(word))) seen.errors++;
      };
      count(turn);
      for (let steps = 0; turn.wish !== null; steps++) {
        expect(steps).toBeLessThan(100);
        seen.wishes++;
        const statements = RESULTS[nextBelow(prng, RESULTS.length)] ?? [];
        turn = answer(
          connection,
          turn.wish.kind === 'open'
            ? { processId: 1, secret: 2 }
            : { outcome: 'ok', statements: [...statements], scn: -1 },
        );
        count(turn);
      }
      return turn.isOver;
    };
    let isOver = follow(
      receive(connection, damaged(prng, serialize.startup({ user: 'me', database: 'lab' }), 50)),
    );
    for (let i = 0; i < 20 && !isOver; i++) {
      seen.messages++;
      const message = MESSAGES[nextBelow(prng, MESSAGES.length)] ?? Buffer.alloc(0);
      isOver = follow(receive(connection, damaged(prng, message, 6)));
    }
    if (isOver) seen.ends++;
  }
  expect(seen.messages).toBeGreaterThan(5000);
  expect(seen.ends).toBeGreaterThan(300);
  expect(seen.errors).toBeGreaterThan(500);
  expect(seen.wishes).toBeGreaterThan(1000);
});

/** One of `rarity` loses bytes, has some flipped, or stands behind others that mean nothing. */
function damaged(prng: ReturnType<typeof makePrng>, message: Uint8Array, rarity: number): Uint8Array {
  if (!nextChance(prng, 1, rarity)) return message;
  const bytes = Uint8Array.from(message);
  switch (nextBelow(prng, 3)) {
    case 0:
      return bytes.subarray(0, nextBelow(prng, bytes.length));
    case 1:
      for (let i = nextBelow(prng, 4); i >= 0; i--)
        bytes[nextBelow(prng, bytes.length)] = nextBelow(prng, 256);
      return bytes;
    default:
      return Uint8Array.of(nextBelow(prng, 256), 0, 0, 0, nextBelow(prng, 40), ...bytes);
  }
}

test('a fault of the protocol ends its connection with XX000 and a whole message', () => {
  const connection = openConnection(() => {
    throw new TypeError('a planted fault');
  });
  receive(connection, serialize.startup({ user: 'me', database: 'lab' }));
  answer(connection, { processId: 1, secret: 2 });
  const { send, isOver, thrown } = receive(connection, serialize.query('select 1'));
  expect([isOver, thrown?.message]).toEqual([true, 'a planted fault']);
  const text = Buffer.from(send);
  expect([text.toString('latin1', 0, 1), text.readInt32BE(1)]).toEqual(['E', send.length - 1]);
  expect(text.toString()).toContain('internal error: a planted fault');
  expect(receive(connection, serialize.sync())).toMatchObject({ isOver: true, wish: null });
});
