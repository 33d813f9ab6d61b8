// What is said of an operation is what its client sends: every kind of load that it can be said of, by the requests that it draws.

import { expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { makePrng } from '../../base/prng.ts';
import { statementsOf } from './operation-statements.ts';
import { nextRequest, workloadTexts } from './workload-kinds.ts';

const kinds = [
  'transfer',
  'tablet-transfer',
  'ycsb-a',
  'ycsb-c',
  'ycsb-d',
  'kv-insert',
  'register',
  'lost-update',
  'write-skew',
] as const;

test.each(kinds)('PCS-94 the statements of an operation of %s are those that are sent', (kind) => {
  const spec = {
    kind,
    rows: 40,
    clients: 1,
    thinkUs: 0,
    ratePerSecond: 0,
    readPercent: 30,
    hotPercent: 20,
    valueBytes: 12,
    load: false,
  };
  const prng = makePrng(7, 'client');
  const client = { ordinal: 3, begun: 1_000_000, step: 0, drawn: [] };
  for (let i = 0; i < 200; i++) {
    client.begun += 1;
    const { statements, params, operation } = nextRequest(spec, client, prng);
    const said = present(statementsOf(kind, operation), `${operation.kind} ${operation.key}`);
    const texts = workloadTexts(spec);
    const sent = statements.map((index) =>
      present(texts[index], 'its text').replace(/\$(\d+)/g, (_, at) => {
        const value = params[Number(at) - 1] ?? '';
        return Number.isInteger(Number(value)) && value !== '' ? value : `'${value}'`;
      }),
    );
    expect(said).toEqual(sent);
  }
});

test('of a load whose events do not say all nothing is said; a value with a quote is a literal', () => {
  expect(statementsOf('tpcb', { kind: 'statement', key: 'tpcb/4', value: '' })).toBeNull();
  expect(statementsOf('register', { kind: 'audit', key: 'registers/1', value: '' })).toBeNull();
  expect(statementsOf('register', { kind: 'write', key: 'registers/1', value: "it's" })).toEqual([
    "UPDATE registers SET v = 'it''s' WHERE k = 1",
  ]);
});
