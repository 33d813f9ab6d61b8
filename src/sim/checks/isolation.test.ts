// Isolation anomalies on histories made by hand, clean and not.

import { describe, expect, test } from 'vitest';
import { recordedTransactions } from '../../run-model/recorder/past-transactions.ts';
import { accessesOf } from './history.ts';
import { findForbidden, type Isolation, judgeIsolation, type Transaction } from './isolation.ts';

/** Reads of what the same transaction wrote before. */
const ownReadsIn = (accesses: readonly (readonly string[])[]): Transaction['ownReads'] =>
  accesses.flatMap(([what, key = '', value = ''], i) => {
    const wrote = accesses.slice(0, i).findLast(([kind, other]) => kind === 'w' && other === key);
    return what === 'r' && wrote !== undefined ? [{ key, value, wrote: wrote[2] ?? '' }] : [];
  });

/** `r x 1`, `w x 2`: one transaction by its accesses, its times and its SCN. */
function tx(id: string, accesses: string, [called, returned]: readonly [number, number], scn: number | null) {
  const parsed = accesses.split(', ').map((text) => text.split(' '));
  const of = (kind: string) =>
    parsed.flatMap(([what, key = '', value = '']) => (what === kind ? [{ key, value }] : []));
  const made: Transaction = {
    id,
    client: id,
    called,
    returned,
    calledAt: called,
    outcome: 'ok',
    scn,
    reads: of('r'),
    writes: of('w'),
    ownReads: ownReadsIn(parsed),
  };
  return made;
}

/** All at the same time: only what was read and written orders them. */
const together = [0, 100] as const;

const said = ({ anomaly }: Isolation): string =>
  anomaly === null
    ? 'none'
    : `${anomaly.name}${anomaly.needsTime ? ' in time' : ''}: ${anomaly.edges
        .map(({ kind, from, to, key }) => `${from.id} ${kind}${key === null ? '' : ` ${key}`} ${to.id}`)
        .join(', ')}`;

describe('C02 isolation', () => {
  test.each([
    [
      'one after the other',
      [tx('a', 'w x 1', [1, 2], 10), tx('b', 'r x 1, w x 2', [3, 4], 20), tx('c', 'r x 2', [5, 6], null)],
      'none',
    ],
    [
      'a read beside a write sees the version before it',
      [tx('a', 'w x 1', [1, 8], 10), tx('b', 'r x 0', [2, 4], null), tx('c', 'r x 1', [5, 6], null)],
      'none',
    ],
    [
      'a read of what the same transaction wrote',
      [tx('a', 'r x 0, w x 1, r x 1', together, 10), tx('b', 'r x 1, w x 2, r x 2', [200, 201], 20)],
      'none',
    ],
    [
      'internal: a transaction misses its own write and reads what was there before',
      [tx('a', 'r x 0, w x 1, r x 0', together, 10)],
      'internal: a wr x a',
    ],
    [
      'internal: a transaction reads another’s version of what it wrote itself',
      [tx('a', 'w x 1', [1, 2], 10), tx('b', 'w x 2, r x 1', [3, 4], 20)],
      'internal: a wr x b',
    ],
    [
      'a dirty read: what failed was read',
      [{ ...tx('a', 'w x 1', together, null), outcome: 'fail' as const }, tx('b', 'r x 1', together, null)],
      'G1a: a wr x b',
    ],
    [
      'an intermediate read: what was written over in the same transaction was read',
      [tx('a', 'w x 1, w x 2', together, 10), tx('b', 'r x 1', together, null)],
      'G1b: a wr x b',
    ],
    [
      'a dirty write: two transactions are each after the other',
      [tx('a', 'w x 1', [5, 6], 10), tx('b', 'w x 2', [1, 2], 20)],
      'G0 in time: a ww x b, b rt a',
    ],
    [
      'circular information flow: each read what the other wrote',
      [tx('a', 'r y 1, w x 1', together, 10), tx('b', 'r x 1, w y 1', together, 20)],
      'G1c: b wr y a, a wr x b',
    ],
    [
      'a lost update: both read the same version and wrote the next',
      [tx('a', 'r x 0, w x 1', together, 10), tx('b', 'r x 0, w x 2', together, 20)],
      'lostUpdate: b rw x a, a ww x b',
    ],
    [
      'read skew: x from before a transaction, y from after it',
      [tx('a', 'w x 1, w y 1', together, 10), tx('b', 'r x 0, r y 1', together, null)],
      'G-single: b rw x a, a wr y b',
    ],
    [
      'write skew: each read what the other wrote over',
      [tx('a', 'r x 0, w y 1', together, 10), tx('b', 'r y 0, w x 1', together, 20)],
      'G2: a rw x b, b rw y a',
    ],
    [
      'a stale read: acknowledged before the read was called, and not seen',
      [tx('a', 'w x 1', [1, 2], 10), tx('c', 'w z 1', [3, 4], 20), tx('b', 'r x 0', [5, 6], null)],
      'G-single in time: b rw x a, a rt b',
    ],
  ])('%s', (_title, transactions, expected) => {
    expect(said(judgeIsolation(transactions, true))).toBe(expected);
  });

  test('of several anomalies the gravest is named, with the fewest transactions', () => {
    const found = judgeIsolation(
      [
        tx('a', 'r x 0, w y 1', together, 10),
        tx('b', 'r y 0, w x 1', together, 20),
        tx('c', 'r q 1, w p 1', together, 30),
        tx('d', 'r p 1, w q 1', together, 40),
      ],
      true,
    );
    expect(found.anomaly?.name).toBe('G1c');
    expect(found.anomaly?.edges).toHaveLength(2);
  });

  test('what the history cannot tell makes no dependency', () => {
    const stale = [tx('a', 'w x 1', [1, 2], 10), tx('b', 'r x 0', [5, 6], null)];
    // Nobody in this stretch wrote 0: it may be of a write that was under way when the stretch began.
    expect(judgeIsolation(stale, false)).toMatchObject({ anomaly: null, readsUnplaced: 1 });
    // The write was never answered: its SCN, and whether it came before, are not known.
    const unknown: Transaction = {
      ...tx('a', 'w x 1', [1, 2], null),
      outcome: 'unknown',
      returned: Infinity,
    };
    expect(judgeIsolation([unknown, tx('b', 'r x 0', [5, 6], null)], true).anomaly).toBeNull();
    expect(
      judgeIsolation([unknown, tx('b', 'r x 1', [5, 6], null), tx('c', 'r x 0', [7, 8], null)], true),
    ).toMatchObject({ anomaly: null, readsUnplaced: 1 });
    // Two wrote the same value: a read of it is of either.
    const twice = [
      tx('a', 'w x 1', together, 10),
      tx('b', 'w x 1', together, 20),
      tx('c', 'r x 1', [200, 201], null),
    ];
    expect(judgeIsolation(twice, true)).toMatchObject({ anomaly: null, readsUnplaced: 1 });
  });

  test('dependencies are counted by kind; of the order in time only what does not follow from others', () => {
    const chain = [
      tx('a', 'w x 1', [1, 2], 10),
      tx('b', 'w x 2', [3, 4], 20),
      tx('c', 'r x 2', [5, 6], null),
    ];
    expect(judgeIsolation(chain, true)).toMatchObject({
      judged: 3,
      counts: { ww: 1, wr: 1, rw: 0, rt: 2 },
      readsUnplaced: 0,
    });
  });

  test('FENCE-43 a transaction answered REPLAYED has written and read nothing that is known: no cycle comes of it', () => {
    let index = 0;
    const traced = (event: object) => ({ at: index, node: 'd1', index: index++, rank: 1, event }) as never;
    const run = (client: string, value: string, answer: string, scn: number) => [
      traced({
        kind: 'op.invoke',
        client,
        op: index,
        operation: 'txn',
        key: 'r pairs/1 w pairs/1 r pairs/1',
        value,
      }),
      traced({ kind: 'op.return', client, op: index - 1, outcome: 'ok', value: answer, scn }),
    ];
    const events = [
      ...run('u/0', 'a', 'init a', 5),
      ...run('u/1', 'b', 'REPLAYED', -1),
      ...run('u/2', 'c', 'b c', 9),
      ...run('u/3', 'd', 'c c', 12),
    ];
    const past = (first: number) =>
      ({
        from: 0,
        to: 9,
        events: events.slice(0, first),
        messages: [],
        messagesSince: 0,
        eventsSince: 0,
        total: first,
      }) as never;
    const { transactions, isWhole } = recordedTransactions(past(6));
    expect(transactions.map(({ reads }) => reads.map(({ value }) => value))).toEqual([
      ['init', 'a'],
      [],
      ['b', 'c'],
    ]);
    expect(judgeIsolation(transactions, isWhole).anomaly).toBeNull();
    expect(said(judgeIsolation(recordedTransactions(past(8)).transactions, true))).toContain('internal');
  });

  test('a transfer has no values to judge, a read that failed saw nothing, a write has the SCN it was answered with', () => {
    let index = 0;
    const traced = (event: object) => ({ at: index, node: 'd1', index: index++, rank: 1, event }) as never;
    const called = (op: number, operation: string, key: string, value = '') =>
      traced({ kind: 'op.invoke', client: 'c', op, operation, key, value });
    const answered = (op: number, outcome: string, value: string, scn: number) =>
      traced({ kind: 'op.return', client: 'c', op, outcome, value, scn });
    const events = [
      called(1, 'transfer', 'accounts/1-2', '5'),
      answered(1, 'ok', 'COMMIT', 7),
      called(2, 'write', 'registers/1', 'c0.1.'),
      answered(2, 'ok', 'UPDATE 1', 12),
      called(3, 'read', 'registers/1'),
      answered(3, 'error', '57P01', -1),
      called(4, 'insert', 'kv/3', 'v'),
    ];
    const past = {
      from: 0,
      to: 9,
      events,
      messages: [],
      messagesSince: 0,
      eventsSince: 0,
      total: 7,
    } as never;
    const { transactions, withoutValues, isWhole } = recordedTransactions(past);
    expect([withoutValues, isWhole]).toEqual([1, true]);
    expect(transactions.map(({ outcome, scn, writes }) => [outcome, scn, writes.length])).toEqual([
      ['ok', 12, 1],
      ['fail', null, 0],
      ['unknown', null, 1],
    ]);
  });

  test('PCS-113 SCNs of two volumes are of two logs: a key that a split passed on is ordered by who had it when', () => {
    let index = 0;
    const traced = (event: object) => ({ at: index, node: 'd1', index: index++, rank: 1, event }) as never;
    const write = (op: number, scn: number) => [
      traced({ kind: 'op.invoke', client: 'c', op, operation: 'write', key: 'registers/1', value: `v${op}` }),
      traced({ kind: 'op.return', client: 'c', op, outcome: 'ok', value: 'UPDATE 1', scn }),
    ];
    const copied = traced({
      kind: 'split.attachment',
      volume: 'v1',
      split: 1,
      state: 'copied',
      rows: 3,
      lsn: 901,
    });
    const anomalyOf = (events: readonly never[]) => {
      const past = {
        from: 0,
        to: 9,
        events,
        messages: [],
        messagesSince: 0,
        eventsSince: 0,
        total: events.length,
      } as never;
      const { transactions, isWhole } = recordedTransactions(past);
      return judgeIsolation(transactions, isWhole).anomaly?.name ?? null;
    };
    expect(anomalyOf([...write(1, 900), ...write(2, 3)])).toBe('G0');
    expect(anomalyOf([...write(1, 900), copied, ...write(2, 3), ...write(3, 8)])).toBeNull();
    // within one log the order still counts, and whoever was under way meanwhile has none
    expect(anomalyOf([...write(1, 900), copied, ...write(2, 8), ...write(3, 3)])).toBe('G0');
    const [invoked, returned] = write(4, 2) as [never, never];
    expect(anomalyOf([...write(1, 900), invoked, copied, returned])).toBeNull();
  });
});

describe('C02 READ-43 what a level or a session excludes', () => {
  const onReader = (level: string): Pick<Transaction, 'served' | 'level'> => ({
    served: { node: 'ro-1', readPoint: 10, level },
    level: 'one access',
  });
  const written = [tx('a', 'w x 1', [1, 2], 10), tx('b', 'w x 2', [3, 4], 20)];
  const forbidden = (transactions: readonly Transaction[]): string | null =>
    findForbidden(transactions, true)?.name ?? null;

  test('a read of the writer sees what was acknowledged before it; one of a reader may lag', () => {
    const late = tx('c', 'r x 1', [5, 6], null);
    expect(forbidden([...written, { ...late, level: 'one access' }])).toBe('G-single');
    expect(forbidden([...written, { ...late, ...onReader('session') }])).toBeNull();
  });

  test.each([
    ['session', 'G-single'],
    ['eventual', null],
  ])('its own write is behind it for a session at level %s: %s', (level, name) => {
    const own = { ...tx('c', 'w y 1', [1, 2], 30), client: 's', life: 1 };
    const read = { ...tx('d', 'r y 0', [5, 6], null), ...onReader(level), client: 's', life: 1 };
    const before = tx('e', 'w y 0', [0, 1], 5);
    expect(forbidden([before, own, read])).toBe(name);
    // a driver that has crashed since has forgotten what its session saw
    expect(forbidden([before, own, { ...read, life: 2 }])).toBeNull();
  });

  test('of two reads of a session the second is not the older one, on whichever readers', () => {
    const first = { ...tx('c', 'r x 2', [5, 6], null), ...onReader('session'), client: 's' };
    const second = { ...tx('d', 'r x 1', [7, 8], null), ...onReader('session'), client: 's' };
    expect(forbidden([...written, first, second])).toBe('G-single');
    expect(forbidden([...written, first, { ...second, client: 't' }])).toBeNull();
  });

  test('read committed permits a lost update, repeatable read forbids it and permits write skew', () => {
    const lost = [tx('a', 'r x 0, w x 1', together, 10), tx('b', 'r x 0, w x 2', together, 20)];
    const skew = [tx('a', 'r x 0, r y 0, w x 1', together, 10), tx('b', 'r x 0, r y 0, w y 2', together, 20)];
    const at = (level: Transaction['level'], all: readonly Transaction[]) =>
      forbidden(all.map((one) => ({ ...one, ...(level && { level }) })));
    expect(at('read committed', lost)).toBeNull();
    expect(at('repeatable read', lost)).toBe('lostUpdate');
    expect(at('repeatable read', skew)).toBeNull();
    expect(at('one access', skew)).toBe('G2');
  });
});

test('C02 who refers to a row has come after the one that made it, where it came once', () => {
  const child = { ...tx('a', 'r p 0, w c 1', [1, 10], 20), level: 'serializable', referred: ['p'] } as const;
  const made = { ...tx('b', 'w p 1', [2, 5], 10), level: 'serializable' } as const;
  expect(findForbidden([child, made], true)?.name).toBe('G-single');
  expect(findForbidden([{ ...child, referred: [] }, made], true)).toBeNull();
  const again = { ...tx('c', 'w p 2', [2, 6], 15), level: 'serializable' } as const;
  expect(findForbidden([child, made, again], true)).toBeNull();
});

test('C02 who empties a table overwrites what its snapshot does not see (cynosdb-ro sweep seed 48)', () => {
  const at = { level: 'serializable' } as const;
  const y = { ...tx('a', 'w y 1', [1, 3], 10), ...at };
  const first = { ...tx('b', 'w x 1', [4, 6], 20), ...at, overwritten: ['x'] };
  const second = { ...tx('c', 'r y 0, w x 2', [2, 8], 30), ...at, overwritten: ['x'] };
  expect(findForbidden([y, first, second], true)).toBeNull();
  expect(findForbidden([y, first, { ...second, overwritten: [] }], true)?.name).toBe('G-single');
  // also where not time but a read tells the order; PostgreSQL 15 commits all three (polardb sweep seed 7500008)
  const seen = { ...tx('b', 'r y 1, w x 1', [4, 6], 20), ...at, overwritten: ['x'] };
  expect(findForbidden([y, seen, second], true)).toBeNull();
  expect(findForbidden([y, seen, { ...second, overwritten: [] }], true)?.name).toBe('G-single');
  // two anti-dependencies that follow one another are refused, whatever closes the cycle
  const last = { ...tx('c', 'r p 0, w x 2', [1, 10], 20), ...at, overwritten: ['x'] };
  const middle = { ...tx('b', 'r q 0, w p 1', [2, 9], 15), ...at };
  const beginning = { ...tx('a', 'w q 1, w x 1', [2, 5], 10), ...at };
  expect(findForbidden([last, middle, beginning], true)?.name).toBe('G2');
});

test('C02 a transaction that failed or was never answered has no values read', () => {
  const recorded = (outcome: string | null) =>
    accessesOf({
      client: 'd1/skew/0',
      operation: 'txn',
      key: 'r pairs/1 r pairs/2 w pairs/1',
      value: 'new',
      read: outcome === 'ok' ? ['init', 'old'] : [],
      called: 1,
      call: { client: 'c', op: 1 },
      calledAt: 1,
      returned: 2,
      returnedAt: 2,
      lost: Number.POSITIVE_INFINITY,
      lostAt: -1,
      outcome: outcome === 'ok' ? 'ok' : 'open',
      scn: -1,
      served: null,
      life: 0,
    })?.map(({ kind, key, value }) => `${kind} ${key} ${value}`);
  expect(recorded('ok')).toEqual(['r pairs/1 init', 'r pairs/2 old', 'w pairs/1 new']);
  expect(recorded(null)).toEqual(['r pairs/1 null', 'r pairs/2 null', 'w pairs/1 new']);
});
