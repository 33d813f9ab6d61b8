// Messages of a client, and what becomes of them on a bad day.

import { serialize } from 'pg-protocol';
import { type makePrng, nextBelow, nextChance } from '../base/prng.ts';

/** One of each kind, and of each way of text. */
export const MESSAGES: readonly Buffer[] = [
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

/** One of `rarity` loses bytes, has some flipped, or stands behind others that mean nothing. */
export function damaged(prng: ReturnType<typeof makePrng>, message: Uint8Array, rarity: number): Uint8Array {
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
