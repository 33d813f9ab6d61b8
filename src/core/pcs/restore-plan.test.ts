// What a restore is made from (WAL-43, WAL-44, WAL-45): from a manifest and the metadata alone.

import { describe, expect, test } from 'vitest';
import { type GroupId, groupId, type Lsn, nodeId, type Term } from '../../base/ids.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';
import type { RestorePoint } from '../kernel/commands.ts';
import type { Mutants } from '../kernel/mutants.ts';
import { logObject, manifestGroup } from '../object-store/archive-fixture.ts';
import type { Manifest } from '../object-store/objects.ts';
import { initialContent } from './apply-meta.ts';
import type { MetaContent } from './meta-content.ts';
import { planRestore, restoredHistory } from './restore-plan.ts';

const stores = ['s1', 's2', 's3'].map(nodeId);
const cluster: ClusterSpec = {
  preset: 'test',
  volume: 'v1',
  nodes: [{ id: nodeId('rw-1'), zone: 'a', roles: ['compute'] }],
  groups: [{ id: groupId('g1'), replicas: stores, keyFirst: 0, keyEnd: 10, vw: 2, vr: 2 }],
};
const logs = [logObject(0, 30, [0, 4, 9]), logObject(30, 61, [40])];
const cpl = (lsn: number, time: number, commit: boolean) => ({ lsn: lsn as Lsn, time, commit });
const manifest: Manifest = {
  volume: 'v1',
  version: 3,
  token: 2 as Term,
  history: [
    { term: 1 as Term, startLsn: 0 as Lsn, prevEnd: -1 as Lsn },
    { term: 2 as Term, startLsn: 35 as Lsn, prevEnd: 9 as Lsn },
  ],
  groups: [
    manifestGroup(logs, [
      [0, 30],
      [30, 61],
    ]),
  ],
  cpls: [cpl(4, 40, true), cpl(9, 90, false), cpl(40, 400, true)],
};

const plan = (
  to: RestorePoint,
  change: Partial<Manifest> = {},
  content: MetaContent = initialContent(cluster),
) =>
  planRestore(
    content,
    { ...manifest, ...change },
    { source: 'v1', to, volume: 'v2' },
    { lal: 100, writer: nodeId('rw-2'), attachments: 1, at: 7, mutants: [] },
  );

describe('WAL-43, WAL-44 which point', () => {
  test.each<[string, RestorePoint, number]>([
    ['a CPL by its LSN', { kind: 'lsn', lsn: 9 }, 9],
    ['the newest commit by a time', { kind: 'time', at: 399 }, 4],
    ['a commit of that very time', { kind: 'time', at: 400 }, 40],
  ])('%s', (_, to, lsn) => expect(plan(to)).toMatchObject({ error: null, entry: { lsn } }));

  test.each<[string, RestorePoint, Partial<Manifest>, string, string]>([
    ['no CPL', { kind: 'lsn', lsn: 5 }, {}, 'E_NOT_A_CPL', ''],
    ['before the first commit', { kind: 'time', at: 39 }, {}, 'E_NOT_RESTORABLE', ''],
    [
      'a gap below it',
      { kind: 'lsn', lsn: 40 },
      { groups: [manifestGroup(logs.slice(1), [[30, 61]])] },
      'E_NOT_RESTORABLE',
      'g1 [0, 30)',
    ],
    ['a group that is not archived', { kind: 'lsn', lsn: 40 }, { groups: [] }, 'E_NOT_RESTORABLE', 'g1'],
  ])('%s is refused, and it says what is missing', (_, to, change, error, detail) =>
    expect(plan(to, change)).toMatchObject({ error, detail }),
  );
});

test('WAL-45 the log objects up to the point, in order, and none above it', () => {
  const at40 = plan({ kind: 'lsn', lsn: 40 });
  const at9 = plan({ kind: 'lsn', lsn: 9 });
  expect(at40.error === null && at40.entry.groups).toMatchObject([
    { base: -1, logs: logs.map(({ name }) => name) },
  ]);
  expect(at9.error === null && at9.entry.groups).toMatchObject([{ logs: [logs[0]?.name] }]);
});

test('WAL-45 names of groups are used once; members begin anew on the stores that the source has now', () => {
  const content = initialContent(cluster);
  const [first] = content.volumes;
  const [s1, , s3] = stores;
  if (!first || !s1 || !s3) throw new Error('the first volume');
  first.groups = first.groups.map((one) => ({
    ...one,
    sets: [stores, [s1, s3, nodeId('s4')]],
    learners: [nodeId('s5')],
    memberEpoch: 8,
    geoEpoch: 3,
  }));
  content.groupsMade = 6;
  const made = plan({ kind: 'lsn', lsn: 9 }, {}, content);
  expect(made.error === null && made.entry.groups.map(({ group, source }) => [group, source])).toEqual([
    ['g7' as GroupId, 'g1' as GroupId],
  ]);
  expect(made.error === null && made.entry.descriptors).toMatchObject([
    { group: 'g7', sets: [['s1', 's3', 's4']], learners: [], memberEpoch: 1, geoEpoch: 1, vw: 2, vr: 2 },
  ]);
});

test.each<[string, number, Mutants, readonly (readonly [number, number, number])[]]>([
  [
    'in the second term',
    40,
    [],
    [
      [1, 0, -1],
      [2, 35, 9],
      [3, 141, 40],
    ],
  ],
  [
    'in the first term',
    9,
    [],
    [
      [1, 0, -1],
      [2, 110, 9],
    ],
  ],
  [
    'planted bug: under the last term',
    9,
    ['restore.old-token'],
    [
      [1, 0, -1],
      [1, 110, 9],
    ],
  ],
])('WAL-45 the history cut %s', (_, lsn, mutants, entries) =>
  expect(
    restoredHistory(manifest.history, lsn as Lsn, { lal: 100, mutants }).map((one) => [
      one.term,
      one.startLsn,
      one.prevEnd,
    ]),
  ).toEqual(entries),
);
