// Damaged messages: whatever a client sends is answered, by an error or the end of its connection; nothing throws, nothing hangs.

import { serialize } from 'pg-protocol';
import { beforeAll, expect, test } from 'vitest';
import { makePrng, nextBelow } from '../base/prng.ts';
import { loadSqlParser, parseSql } from '../edge/sql-parser.ts';
import { answer, receive, type Turn } from './connection.ts';
import { damaged, MESSAGES } from './damaged-fixture.ts';
import { openConnection } from './session.ts';

beforeAll(loadSqlParser);

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
