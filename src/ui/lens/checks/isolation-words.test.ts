// The words of a transaction in the isolation lens.

import { expect, test } from 'vitest';
import type { Transaction } from '../../../sim/checks/isolation.ts';
import { accessText } from './isolation-words.ts';

const accessesIn = (text: string, wanted: string) =>
  text.split(', ').flatMap((one) => {
    const [kind, key = '', value = ''] = one.split(' ');
    return kind === wanted ? [{ key, value }] : [];
  });

test.each([
  ['w t/1 a', 'w t/1'],
  ['r t/1 a, r t/2 b, w t/1 c', 't: r 1, r 2, w 1'],
  ['r t/1 a, w u/1 b', 'r t/1, w u/1'],
  ['r t/1 a, r t/2 b, r t/3 c, w t/1 d, w t/2 e', 't: r 1, r 2, r 3, w 1, …'],
])('C02 a transaction by its accesses: %s', (accesses, said) => {
  const one: Transaction = {
    id: 'a',
    client: 'a',
    called: 0,
    returned: 100,
    calledAt: 0,
    outcome: 'ok',
    scn: 1,
    reads: accessesIn(accesses, 'r'),
    writes: accessesIn(accesses, 'w'),
    ownReads: [],
  };
  expect(accessText(one)).toBe(said);
});
