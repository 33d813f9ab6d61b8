// The journal of a Raft member: what was written comes back, a torn end goes, any other damage is said (PCS-5, PCS-8, PCS-28).

import { describe, expect, test } from 'vitest';
import type { Write } from '../kernel/door.ts';
import { memberId } from './configuration.ts';
import type { Entry } from './raft-types.ts';
import { type Checkpoint, checkpointWrite, deletionWrites, readJournal, recordWrites } from './stored.ts';

const self = memberId(2);
const config = { voters: [1, 2, 3].map(memberId), outgoing: [], learners: [] };
const entry = (index: number, term: number): Entry => ({
  index,
  term,
  kind: 'data',
  data: Uint8Array.of(index, term),
});
const first: Entry = { index: 1, term: 1, kind: 'config', config };
const start: Checkpoint = {
  member: self,
  bootEpoch: 1,
  number: 1,
  sequence: 0,
  term: 1,
  votedFor: null,
  snapshot: null,
  entries: [first],
};

function written(...batches: readonly (readonly Write[])[]): Map<string, Uint8Array> {
  const disk = new Map<string, Uint8Array>();
  for (const { key, bytes } of batches.flat())
    if (bytes === null) disk.delete(key);
    else disk.set(key, bytes);
  return disk;
}

const records = [
  { sequence: 1, term: 2, votedFor: memberId(1), from: 0, entries: [] },
  { sequence: 2, term: 2, votedFor: memberId(1), from: 2, entries: [entry(2, 2), entry(3, 2)] },
  { sequence: 3, term: 3, votedFor: null, from: 3, entries: [entry(3, 3)] },
].map((record) => recordWrites('m/', record));
const base = [checkpointWrite('m/', 0, start)];

const opened = (disk: ReadonlyMap<string, Uint8Array>) => {
  const read = readJournal(disk, 'm/');
  if (read.kind !== 'stored') return read.kind === 'new' ? 'new' : read.error;
  const { hardState, entries } = read.stored;
  return `term ${hardState.term} vote ${hardState.votedFor ?? '–'} log ${entries.map(({ index, term }) => `${index}/${term}`).join(' ')} #${read.sequence}`;
};

const torn = (writes: readonly Write[], at = 6): Write[] =>
  writes.map(({ key, bytes }) => ({ key, bytes: bytes?.subarray(0, at) ?? null }));

test('PCS-8 hard state and log come back as they stood after the last record', () => {
  expect(opened(written(base))).toBe('term 1 vote – log 1/1 #0');
  expect(opened(written(base, ...records))).toBe('term 3 vote – log 1/1 2/2 3/3 #3');
  expect(opened(written(base, ...records.slice(0, 2)))).toBe('term 2 vote 1 log 1/1 2/2 3/2 #2');
});

test('PCS-5 a torn last record was never answered and goes; one copy of each is enough', () => {
  const [one, two, three] = records as [Write[], Write[], Write[]];
  expect(opened(written(base, one, two, torn(three)))).toBe('term 2 vote 1 log 1/1 2/2 3/2 #2');
  expect(opened(written(base, one, torn(two.slice(0, 1)), two.slice(1), three))).toContain('#3');
  expect(opened(written(base, one.slice(1), two.slice(0, 1), three.slice(1)))).toContain('#3');
});

describe('PCS-5 damage before the tail stops the member', () => {
  const [one, two, three] = records as [Write[], Write[], Write[]];
  test.each([
    ['record 2 is damaged', [base, one, torn(two), three]],
    ['record 1 is damaged', [base, two]],
    ['no checkpoint', [torn(base), one]],
    ['no checkpoint', [torn(base), torn([checkpointWrite('m/', 1, start)])]],
    [
      'entry 5 follows 1',
      [base, recordWrites('m/', { sequence: 1, term: 2, votedFor: null, from: 5, entries: [entry(5, 2)] })],
    ],
    [
      'term below the log',
      [base, recordWrites('m/', { sequence: 1, term: 1, votedFor: null, from: 2, entries: [entry(2, 2)] })],
    ],
  ])('%s', (why, batches) => {
    expect(opened(written(...batches))).toBe(why);
  });
});

test('PCS-4 nothing, or the torn checkpoint of a first start, is a new disk', () => {
  expect(opened(new Map())).toBe('new');
  expect(opened(written(torn(base)))).toBe('new');
});

test('PCS-28 a checkpoint holds what the records before it held; either slot may be lost', () => {
  const later: Checkpoint = {
    ...start,
    number: 2,
    sequence: 2,
    term: 2,
    votedFor: memberId(1),
    snapshot: { index: 2, term: 2, config, bytes: Uint8Array.of(9) },
    entries: [entry(3, 2)],
  };
  const both = [base, ...records, [checkpointWrite('m/', 1, later)]];
  expect(opened(written(...both))).toBe('term 3 vote – log 3/3 #3');
  expect(opened(written(...both, deletionWrites('m/', 1, 2)))).toBe('term 3 vote – log 3/3 #3');
  expect(opened(written(...both, torn([checkpointWrite('m/', 1, later)])))).toBe(
    'term 3 vote – log 1/1 2/2 3/3 #3',
  );
});
