// COPY in the binary format: drawn rows through both formats and back, in parts of any length; damaged bytes; and what a client is sent.

import { serialize } from 'pg-protocol';
import { beforeAll, expect, test } from 'vitest';
import { makePrng, nextBelow, nextChance } from '../base/prng.ts';
import type { Column } from '../core/kernel/client-calls.ts';
import { SqlFailure } from '../core/sql/failure.ts';
import { loadSqlParser } from '../edge/sql-parser.ts';
import { Client, description, done, failed, result, rows } from './client-fixture.ts';
import { BinaryRows, binaryPieces } from './copy-binary.ts';

beforeAll(loadSqlParser);

const COLUMNS: readonly Column[] = [
  { name: 'i', type: 'integer' },
  { name: 't', type: 'text' },
  { name: 'n', type: 'numeric' },
  { name: 'z', type: 'timestamp with time zone' },
  { name: 'a', type: 'integer[]' },
  { name: 'j', type: 'jsonb' },
];

const VALUES: readonly (readonly string[])[] = [
  ['0', '-2147483648', '7'],
  ['', 'a\\tb', '\\\\N', 'x\\ny\\\\', 'ä€', '\\\\.'],
  ['0', '-12345.6780', '1e0'.replace('e0', ''), 'NaN'],
  ['2026-01-02 03:04:05+00', 'infinity', '1999-12-31 23:59:59.5+00'],
  ['{}', '{1,NULL,-3}'],
  ['{"a": [1, "b"]}', 'null'],
];

const joined = (pieces: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
};

const decoder = new TextDecoder();

test('drawn rows are the same lines again, in whatever parts they come', () => {
  const prng = makePrng(1, 'binary copy');
  let drawn = 0;
  for (let round = 0; round < 100; round++) {
    const lines = Array.from({ length: nextBelow(prng, 8) }, () =>
      VALUES.map((of) => (nextChance(prng, 1, 5) ? '\\N' : (of[nextBelow(prng, of.length)] ?? ''))).join(
        '\t',
      ),
    );
    const bytes = joined([...binaryPieces(COLUMNS, lines)]);
    const reader = new BinaryRows(COLUMNS);
    let read = '';
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + nextBelow(prng, 40);
      read += decoder.decode(reader.take(bytes.slice(at, at + size)));
      at += size;
    }
    reader.end();
    expect(read.split('\n').slice(0, -1)).toEqual(lines);
    drawn += lines.length;
  }
  expect(drawn).toBeGreaterThan(200);
});

test('damaged bytes are refused, never thrown at', () => {
  const prng = makePrng(2, 'damaged copy');
  const line = VALUES.map(([value]) => value).join('\t');
  const bytes = joined([...binaryPieces(COLUMNS, [line, line])]);
  let refused = 0;
  for (let round = 0; round < 2000; round++) {
    const damaged = bytes.slice(0, nextChance(prng, 1, 3) ? nextBelow(prng, bytes.length) : bytes.length);
    damaged[nextBelow(prng, damaged.length)] = nextBelow(prng, 256);
    const reader = new BinaryRows(COLUMNS);
    try {
      reader.take(damaged);
      reader.end();
    } catch (failure) {
      if (!(failure instanceof SqlFailure)) throw failure;
      expect(failure.sqlstate).toMatch(/^(?:22P0[234]|22021|22\d\d\d|54000)$/);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(500);
});

test('a client copies in binary both ways, and the cluster is asked in text', async () => {
  const client = await new Client().start();
  const described = description(['column', 'a', 'integer'], ['column', 'b', 'text']);
  const bytes = joined([
    ...binaryPieces(
      [
        { name: 'a', type: 'integer' },
        { name: 'b', type: 'text' },
      ],
      ['1\tx', '2\t\\N'],
    ),
  ]);
  client.send(serialize.query('copy t from stdin with (format binary)')).reply(described);
  client.send(serialize.copyData(Buffer.from(bytes)), serialize.copyDone()).reply(result(done('COPY 2')));
  expect(client.asked.at(-1)).toBe('copy t from stdin with (format text);\n1\tx\n2\t\\N\n\\.\n');
  client.send(serialize.query('copy (select a, b from t) to stdout (format binary)')).reply(described);
  client.reply(result(rows([['COPY', 'text']], ['1\tx'], ['2\t\\N'])));
  expect(client.asked.slice(-2)).toEqual([
    'EXPLAIN (DESCRIBE) select a, b from t',
    'copy (select a, b from t) to stdout (format text)',
  ]);
  client.send(serialize.query('copy t from stdin binary')).reply(described);
  client.send(serialize.copyData(Buffer.from('1\t2\n')), serialize.copyDone());
  client.send(serialize.query("copy t to stdout (format binary, null 'x')"));
  client.send(serialize.query('copy nothing to stdout binary')).reply(result(failed('42P01', 'no such')));
  const words = (await client.messages()).filter((one) => /^(?:commandComplete|error|copy)/.test(one));
  expect(words).toEqual([
    'copyInResponse',
    'commandComplete COPY 2',
    'copyOutResponse',
    'copyData',
    'copyData',
    'copyData',
    'copyData',
    'copyDone',
    'commandComplete SELECT 2',
    'copyInResponse',
    'error 22P04',
    'error 42601',
    'error 42P01',
  ]);
});
