// WAL-75: what the metadata remembers of each store's replicas.

import { describe, expect, test } from 'vitest';
import { groupId, type Lsn, nodeId, type Term } from '../../base/ids.ts';
import type { ReplicaKnown, ReplicaReport } from '../kernel/fields.ts';
import { type KnownReplicas, recordReports } from './replica-known.ts';

interface Held {
  readonly memberEpoch?: number;
  readonly sequence?: number;
  readonly volumeEpoch?: number;
  readonly scl?: number;
}

function known(held: Held): ReplicaKnown {
  const { memberEpoch = 3, sequence = 20, volumeEpoch = 2, scl = 100 } = held;
  return { group: groupId('g1'), memberEpoch, sequence, volumeEpoch: volumeEpoch as Term, scl: scl as Lsn };
}

describe('what the metadata remembers', () => {
  const node = nodeId('A');
  const report = (held: Held): ReplicaReport => ({ ...known(held), nwl: 0 as Lsn, failed: false });
  const most = (...reports: readonly Held[]): ReplicaKnown | undefined => {
    const all: KnownReplicas = new Map();
    for (const held of reports) recordReports(all, node, [report(held)]);
    return all.get(node)?.[0];
  };

  test('WAL-75 is the most that was reported, whatever comes late', () => {
    expect(most({ scl: 100 }, { scl: 130, sequence: 21 }, { scl: 110 })).toEqual(
      known({ scl: 130, sequence: 21 }),
    );
    expect(most({}, { sequence: 22, volumeEpoch: 3, scl: 80 }, { scl: 100 })).toEqual(
      known({ sequence: 22, volumeEpoch: 3, scl: 80 }),
    );
    expect(most({}, { memberEpoch: 6, sequence: 1, scl: 50 }, {})).toEqual(
      known({ memberEpoch: 6, sequence: 1, scl: 50 }),
    );
    expect(most({}, { sequence: 25, scl: 90 })).toEqual(known({ sequence: 25 })); // damage, found while it ran
  });

  test('WAL-75 ends with the replica', () => {
    const all: KnownReplicas = new Map();
    recordReports(all, node, [report({})]);
    recordReports(all, node, []);
    expect(all.get(node)).toEqual([]);
  });
});
