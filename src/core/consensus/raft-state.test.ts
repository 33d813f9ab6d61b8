// How a Raft member opens: from a bootstrap, from its disk, from a disk that cannot be the one that made its promises.

import { describe, expect, test } from 'vitest';
import { clonePlain, digestPlain } from '../../base/plain.ts';
import { memberId } from './configuration.ts';
import { step } from './raft.ts';
import { currentConfig, lastIndex } from './raft-log.ts';
import { bootstrap, type Opening, openRaft } from './raft-state.ts';
import type { Entry, Raft, Witness } from './raft-types.ts';
import { makeConfig, storedWith } from './testing/test-cluster.ts';

const self = memberId(2);
const data = (index: number, term: number): Entry => ({
  index,
  term,
  kind: 'data',
  data: Uint8Array.of(index),
});
const stored = storedWith(self, [1, 2, 3], 3, [data(1, 1), data(2, 3)]);

function open(disk: Opening['disk'], witness: Witness | null = null, applied = 0): Raft {
  return openRaft({ config: makeConfig(self), disk, witness, applied, seed: 1, stream: 'g', now: 0 });
}

test('PCS-4 every initial voter begins with the same entry 1 of term 1, which is its configuration', () => {
  const voters = [3, 1, 2].map(memberId);
  const rafts = voters.map((id) => open({ kind: 'stored', ...bootstrap(id, 1, voters), member: self }));
  expect(new Set(rafts.map((raft) => digestPlain(raft.log))).size).toBe(1);
  const [raft] = rafts;
  expect(raft?.term).toBe(1);
  expect(raft && currentConfig(raft.log).voters).toEqual([1, 2, 3]);
});

test('PCS-26 a new member knows nobody and does not campaign', () => {
  const raft = open({ kind: 'new' });
  expect(step(raft, 5000, { kind: 'wake' }).messages).toEqual([]);
  expect(raft.role).toBe('follower');
});

describe('PCS-5, PCS-8 a disk that holds less than was promised makes an amnesiac', () => {
  const known = { bootEpoch: 1, term: 3, match: 2 };
  test.each([
    ['its own disk', { kind: 'stored', ...stored }, known, 0, null],
    ['nobody heard of it', { kind: 'stored', ...stored }, null, 0, null],
    ['an older boot', { kind: 'stored', ...stored }, { ...known, bootEpoch: 2 }, 0, 'older'],
    ['an older term', { kind: 'stored', ...stored }, { ...known, term: 4 }, 0, 'older'],
    ['an acknowledged entry is gone', { kind: 'stored', ...stored }, { ...known, match: 3 }, 0, 'older'],
    ['of an older term it may be', { kind: 'stored', ...stored }, { ...known, term: 2, match: 9 }, 0, null],
    ['the state machine is ahead', { kind: 'stored', ...stored }, null, 3, 'older'],
    ["another's disk", { kind: 'stored', ...stored, member: memberId(1) }, null, 0, 'foreign'],
    ['empty', { kind: 'new' }, known, 0, 'empty'],
    ['damaged', { kind: 'damaged' }, null, 0, 'damaged'],
    [
      'a term below the log',
      { kind: 'stored', ...stored, hardState: { term: 2, votedFor: null } },
      null,
      0,
      'damaged',
    ],
  ] as const)('%s', (_, disk, witness, applied, why) => {
    const raft = open(disk, witness, applied);
    expect(raft.amnesia).toBe(why);
    expect(raft.role === 'amnesiac').toBe(why !== null);
  });
});

test('PCS-29 a crash between snapshot and log leaves both: a log that contradicts the snapshot goes, one that follows stays', () => {
  const { config } = stored.snapshot ?? {};
  const snapshot = {
    index: 2,
    term: 2,
    config: config ?? currentConfig(open({ kind: 'new' }).log),
    bytes: new Uint8Array(0),
  };
  const openWith = (entries: readonly Entry[]): number =>
    lastIndex(open({ kind: 'stored', ...stored, snapshot, entries }).log);
  expect(openWith([data(1, 1), data(2, 3), data(3, 3)])).toBe(2);
  expect(openWith([data(1, 1), data(2, 2), data(3, 3)])).toBe(3);
  expect(openWith([data(3, 3)])).toBe(3);
  expect(openWith([data(4, 3)])).toBe(2);
});

test('state is plain data: a clone goes on as the original does', () => {
  const raft = open({ kind: 'stored', ...stored });
  const twin = clonePlain(raft);
  const inputs = [5000, 6000, 7500].map((now) => [now, { kind: 'wake' }] as const);
  const run = (one: Raft): string => digestPlain(inputs.map(([now, input]) => step(one, now, input)));
  expect(run(twin)).toBe(run(raft));
  expect(digestPlain(twin)).toBe(digestPlain(raft));
});
