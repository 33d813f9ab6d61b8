// Objects that come in parts from more senders than the store takes at a time (WAL-41).

import { describe, expect, test } from 'vitest';
import { nodeId, type Time } from '../../base/ids.ts';
import type { Mutants } from '../kernel/mutants.ts';
import { logObject } from './archive-fixture.ts';
import { Bench } from './object-store-fixture.ts';

const SECOND_US = 1_000_000;
const PART = 20;

const senders = [1, 2, 3, 4].map((n) => ({
  from: nodeId(`store-${n}`),
  object: logObject(100 * n, 100 * n + 90, [100 * n + 4, 100 * n + 9]),
}));

/** Rounds in which each sender puts its next part, from where the store says it is, until all objects are there; or null. */
function roundsUntilDone(mutants: Mutants): number | null {
  const bench = new Bench({ objectUploads: 2 }, new Map(), mutants);
  const have = new Map(senders.map(({ from }) => [from, 0]));
  for (let round = 1; round <= 100; round++) {
    for (const { from, object } of senders) {
      const offset = have.get(from);
      if (offset === undefined) continue;
      bench.put(object, offset, PART, from);
      bench.sync();
      for (const answer of bench.answers('ObjectPut'))
        if (answer.done) have.delete(from);
        else if (answer.error === '') have.set(from, answer.have);
    }
    if (have.size === 0) return round;
    bench.now = (bench.now + 5000) as Time;
  }
  return null;
}

describe('WAL-41 objects in parts', () => {
  test('seed 38 of cynosdb-backup: more senders than places all come to their end', () => {
    const parts = Math.ceil(Math.max(...senders.map(({ object }) => object.bytes.length)) / PART);
    expect(parts).toBeGreaterThan(2);
    expect(roundsUntilDone([])).toBeLessThanOrEqual(2 * parts + 2);
  });

  test('M234 senders that displace each other begin anew for ever', () => {
    expect(roundsUntilDone(['archive.displaces-uploads'])).toBeNull();
  });

  test('a sender that was silent for a second loses its place, and one that was not keeps it', () => {
    const bench = new Bench({ objectUploads: 2 });
    const [silent, busy, third] = senders as [(typeof senders)[0], (typeof senders)[0], (typeof senders)[0]];
    const put = ({ from, object }: typeof silent, offset: number): string => {
      bench.put(object, offset, PART, from);
      return bench
        .answers('ObjectPut')
        .map(({ have, error }) => `${have} ${error}`)
        .join();
    };
    expect([put(silent, 0), put(busy, 0), put(third, 0)]).toEqual([`${PART} `, `${PART} `, '0 BUSY']);
    bench.now = (SECOND_US - 1) as Time;
    expect(put(third, 0)).toBe('0 BUSY');
    expect(put(busy, PART)).toBe(`${2 * PART} `);
    bench.now = SECOND_US as Time;
    expect(put(third, 0)).toBe(`${PART} `);
    // It begins anew once there is a place again.
    expect(put(silent, PART)).toBe('0 BUSY');
  });

  test('an object of one part needs no place', () => {
    const bench = new Bench({ objectUploads: 1 });
    const [first, second] = senders as [(typeof senders)[0], (typeof senders)[0]];
    bench.put(first.object, 0, PART, first.from);
    bench.put(second.object, 0, second.object.bytes.length, second.from);
    bench.sync();
    expect(bench.answers('ObjectPut')).toMatchObject([{ done: false, error: '' }, { done: true }]);
  });
});
