// WAL-75: what a replica's disk is compared with, and what no comparison takes for a rollback.

import { describe, expect, test } from 'vitest';
import { groupId, type Lsn, type Term } from '../../../base/ids.ts';
import type { ReplicaKnown } from '../../kernel/fields.ts';
import { compare, isBehind } from './disk-check.ts';
import type { Group } from './state.ts';
import { createdRig, groupOf } from './store-fixture.ts';

interface Held {
  readonly memberEpoch?: number;
  readonly sequence?: number;
  readonly volumeEpoch?: number;
  readonly scl?: number;
}
const usual = { memberEpoch: 3, sequence: 20, volumeEpoch: 2, scl: 100 };

function found(held: Held, isDamaged = false): Group {
  const { memberEpoch, sequence, volumeEpoch, scl } = { ...usual, ...held };
  const group = groupOf(createdRig());
  const { superblock } = group;
  const descriptor = { ...superblock.descriptor, memberEpoch };
  const damaged = isDamaged ? [{ ordinal: 1, range: [90, 95] as const }] : [];
  return {
    ...group,
    superblock: { ...superblock, descriptor, sequence, volumeEpoch: volumeEpoch as Term },
    scl: scl as Lsn,
    repair: { ...group.repair, damaged },
  };
}

function known(held: Held): ReplicaKnown {
  const { memberEpoch, sequence, volumeEpoch, scl } = { ...usual, ...held };
  return { group: groupId('g1'), memberEpoch, sequence, volumeEpoch: volumeEpoch as Term, scl: scl as Lsn };
}

const cases: readonly (readonly [what: string, disk: Held, reported: Held, behind: boolean])[] = [
  ['WAL-75 the disk holds what was reported', {}, {}, false],
  ['WAL-75 heartbeats are behind the disk', { scl: 140, sequence: 23, memberEpoch: 3 }, {}, false],
  ['WAL-75 records are gone', { scl: 99 }, {}, true],
  ['WAL-75 a promise is gone, though all records are there', { sequence: 19 }, {}, true],
  [
    'WAL-75 a token, a history and their truncation came after what was reported',
    { sequence: 22, volumeEpoch: 3, scl: 80 },
    {},
    false,
  ],
  [
    'WAL-75 a recovery is gone, and what it truncated is back',
    { sequence: 18, volumeEpoch: 1, scl: 130 },
    {},
    true,
  ],
  ['WAL-75 a membership step is gone', { memberEpoch: 2, sequence: 40, scl: 200 }, {}, true],
  ['WAL-75 it was made anew since: numbers begin again', { memberEpoch: 5, sequence: 1, scl: 60 }, {}, false],
];

describe('a disk beside what is known of it', () => {
  test.each(cases)('%s', (_, disk, reported, behind) => {
    expect(isBehind(compare(found(disk), known(reported)))).toBe(behind);
  });

  test('WAL-75 damage that was found lowers the SCL and is no rollback; a lost promise still is', () => {
    expect(isBehind(compare(found({ scl: 89 }, true), known({})))).toBe(false);
    expect(isBehind(compare(found({ scl: 89, sequence: 19 }, true), known({})))).toBe(true);
  });

  test('WAL-75 damage that is repaired, or hides nothing above the SCL, excuses nothing (cynosdb-ha sweep seed 271)', () => {
    expect(isBehind(compare(found({ scl: 94 }, true), known({})))).toBe(true);
    expect(isBehind(compare(found({ scl: 93 }, true), known({})))).toBe(false);
    expect(isBehind(compare(found({ scl: 100 }, true), known({})))).toBe(false);
  });

  test('WAL-75 where nothing is known nothing is behind', () => {
    expect(isBehind(compare(found({ scl: 0, sequence: 1 }), undefined))).toBe(false);
  });
});
