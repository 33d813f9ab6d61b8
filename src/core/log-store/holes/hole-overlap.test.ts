// What a batch from the writer repeats of the log is compared, not written again (HOLE-16).

import { describe, expect, test } from 'vitest';
import type { lsn } from '../../../base/ids.ts';
import { openReplica, record } from './hole-fixture.ts';
import { splitBatch } from './hole-overlap.ts';

const chain = [record(11, 9), record(14, 11), record(17, 14)];

describe('a batch from the writer', () => {
  const held = new Map(chain.map((one) => [one.record.lsn, { term: one.record.term, crc: one.crc }]));
  const look = (at: ReturnType<typeof lsn>) => held.get(at);

  test('HOLE-16 records held already are compared: equal ones are skipped, different ones stop the replica', () => {
    const { state } = openReplica('D[0,18) H[18,MAX)', ['B']).manager;
    const fresh = record(19, 17);
    expect(splitBatch(state, [...chain, fresh], look)).toEqual({ error: null, fresh: [fresh] });
    expect(splitBatch(state, [record(14, 11, 1, 99), fresh], look)).toEqual({
      error: 'E_DATA_DIVERGED',
      at: 14,
    });
    expect(splitBatch(state, [record(14, 11, 2)], look)).toEqual({ error: 'E_DATA_DIVERGED', at: 14 });
    expect(splitBatch(state, [record(12, 11)], look)).toEqual({ error: 'E_DATA_DIVERGED', at: 12 });
  });

  test('HOLE-16 a record that GC dropped is not compared', () => {
    const { state } = openReplica('D[0,18) H[18,MAX)', ['B'], { logFloor: 12 }).manager;
    expect(splitBatch(state, [record(12, 9)], look)).toEqual({ error: null, fresh: [] });
  });
});
