// Hand-written histories that the checker must accept and reject, and agreement with a search
// over all orders on small random histories.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkRegister, type RegisterOperation } from './register-history.ts';

let ids = 0;
const op = (
  kind: 'read' | 'write',
  value: string,
  called: number,
  returned: number,
  outcome: RegisterOperation['outcome'] = 'ok',
): RegisterOperation => ({ kind, value, called, returned, outcome, id: `o${ids++}` });
const write = (
  value: string,
  called: number,
  returned: number,
  outcome: RegisterOperation['outcome'] = 'ok',
) => op('write', value, called, returned, outcome);
const read = (value: string, called: number, returned: number) => op('read', value, called, returned);

describe('C01 linearizability of one register', () => {
  test.each([
    ['sequential', [write('a', 0, 1), read('a', 2, 3), write('b', 4, 5), read('b', 6, 7)]],
    ['a read beside a write may see either', [write('a', 0, 10), read('i', 1, 2), read('a', 3, 4)]],
    [
      'an unknown write that took effect late',
      [write('a', 0, 1, 'unknown'), read('i', 5, 6), read('a', 7, 8)],
    ],
    ['an unknown write that never happened', [write('a', 0, 1, 'unknown'), read('i', 5, 6)]],
    ['a failed write nobody saw', [write('a', 0, 1, 'fail'), read('i', 5, 6)]],
    [
      'two writes beside each other, seen in one order',
      [write('a', 0, 9), write('b', 0, 9), read('a', 10, 11)],
    ],
  ])('accepts: %s', (_name, history) => {
    expect(checkRegister(history, 'i')).toBeNull();
  });

  test.each([
    ['WAL-20 an acknowledged write is lost', [write('a', 0, 1), read('i', 2, 3)], 'zoneContained'],
    ['a value nobody wrote', [read('x', 0, 1)], 'readOfNothing'],
    ['an aborted write is seen', [write('a', 0, 1, 'fail'), read('a', 2, 3)], 'readOfFailed'],
    ['a read before its write began', [read('a', 0, 1), write('a', 2, 3)], 'readFromFuture'],
    [
      'new, then old again',
      [write('a', 0, 1), write('b', 2, 3), read('b', 4, 5), read('a', 6, 7)],
      'forwardZonesOverlap',
    ],
    [
      'a write between two reads of the old value',
      [write('a', 0, 1), read('a', 2, 3), write('b', 4, 5), read('a', 6, 7)],
      'zoneContained',
    ],
  ])('rejects: %s', (_name, history, reason) => {
    expect(checkRegister(history, 'i')?.reason).toBe(reason);
  });

  test('agrees with a search over all orders', () => {
    let illegal = 0;
    const operation = fc.record({
      isRead: fc.boolean(),
      pick: fc.nat(3),
      called: fc.nat(12),
      length: fc.integer({ min: 1, max: 6 }),
      lost: fc.nat(5),
    });
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 6 }), (drawn) => {
        const values = ['i', ...drawn.filter((d) => !d.isRead).map((_, i) => `v${i}`)];
        let written = 0;
        const history = drawn.map((d, i) => {
          const called = d.called * 2 + i * 0.01;
          const returned = called + d.length;
          if (d.isRead) return read(values[d.pick % values.length] ?? 'i', called, returned);
          return write(`v${written++}`, called, returned, d.lost === 0 ? 'unknown' : 'ok');
        });
        const expected = searchOrders(history, 'i');
        if (!expected) illegal++;
        expect(checkRegister(history, 'i') === null).toBe(expected);
      }),
      { numRuns: 3000, seed: 11 },
    );
    expect(illegal).toBeGreaterThan(100);
  });
});

/** True when some order of all operations (unknown writes optional) respects real time and register semantics. */
function searchOrders(history: readonly RegisterOperation[], initial: string): boolean {
  const go = (left: readonly RegisterOperation[], value: string): boolean => {
    if (left.every((o) => o.outcome === 'unknown')) return true;
    const firstReturn = Math.min(
      ...left.map((o) => (o.outcome === 'unknown' ? Number.POSITIVE_INFINITY : o.returned)),
    );
    return left.some((o) => {
      if (o.called > firstReturn) return false;
      if (o.kind === 'read' && o.value !== value) return false;
      const rest = left.filter((other) => other !== o);
      return go(rest, o.kind === 'write' ? o.value : value);
    });
  };
  return go(history, initial);
}
