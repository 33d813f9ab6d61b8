// Two volumes with their writers on one node: nothing of the one counts for the other, and an alarm names its volume.

import { expect, test } from 'vitest';
import { nodeId } from '../../base/ids.ts';
import type { TraceEvent } from '../../core/kernel/trace.ts';
import {
  append,
  begin,
  committed,
  down,
  durable,
  info,
  type Line,
  pgcl,
  vcl,
  vdl,
  watch,
} from './monitor-fixture.ts';
import { volumeOf } from './volumes.ts';

/** The same event, of the group of the other volume. */
const moved = ([node, event]: Line, changes: object = { group: 'g2' }): Line => [
  node,
  { ...event, ...changes } as TraceEvent,
];
/** Of the writer of v2; `groups` matters to appended MTRs only. */
const v2 = { volume: 'v2', groups: 'g2' };
const storesWrite = (lsn: number, token: number, group: string): Line[] =>
  ['s1', 's2'].flatMap((node): Line[] => [
    moved(durable(node, [lsn]), { group }),
    [node, { kind: 'wal.ack', group, scl: lsn, nwl: lsn, token }],
  ]);

/** v1 is restored as v2, which the same node opens under token 3, and both are written to. */
const both: readonly Line[] = [
  ...committed,
  begin({ writer: 'rw' }),
  ['meta', { kind: 'token.grant', volume: 'v2', token: 3, holder: 'rw' }],
  ...['s1', 's2'].map((node): Line => [node, { kind: 'token.install', group: 'g2', token: 3 }]),
  ...['s1', 's2'].map((node) => moved(info(node, 3, 2))),
  ['rw', { kind: 'recovery.computed', volume: 'v2', token: 3, vclPrime: 3, vdlPrime: 3, startLsn: 24 }],
  append(4, 4),
  moved(append(24, 24, 3), v2),
  ...storesWrite(4, 1, 'g1'),
  ...storesWrite(24, 3, 'g2'),
  pgcl(4),
  moved(pgcl(24, 3)),
  vcl(4),
  moved(vcl(24, 3), v2),
  vdl(4),
  moved(vdl(24, 3), v2),
];
const found = (...lines: readonly Line[]) =>
  watch([...both, ...lines]).violations.map(({ rule, volume, node }) => [rule, volume, node]);

test('two writers on one node go on as if each were alone', () => {
  const m = watch(both);
  expect(m.violations).toEqual([]);
  expect(m.volumes.map(({ id, truth }) => [id, truth.term, truth.vdl])).toEqual([
    ['v1', 1, 4],
    ['v2', 3, 24],
  ]);
});

test('a replica’s opening and a writer’s end are of the volume that they are about', () => {
  const opened = { kind: 'volume.open', group: 'g2', token: 3 } as const;
  const fenced = { kind: 'volume.fenced', volume: 'v2', token: 3, seen: 4 } as const;
  const m = watch(both);
  expect([volumeOf(m, opened, nodeId('s1')).id, volumeOf(m, fenced, nodeId('rw')).id]).toEqual(['v2', 'v2']);
});

test.each<[string, readonly Line[], readonly unknown[]]>([
  ['an MTR of v1 is in its quorum nowhere', [append(5, 5), vdl(5)], ['wal.quorum-overlap', 'v1', 'rw']],
  [
    'the same of v2',
    [moved(append(25, 25, 3), v2), moved(vdl(25, 3), v2)],
    ['wal.quorum-overlap', 'v2', 'rw'],
  ],
  [
    'v2 has one copy too few',
    [moved(append(25, 25, 3), v2), moved(durable('s1', [25])), moved(pgcl(25, 3))],
    ['wal.pgcl-true', 'v2', 'rw'],
  ],
  ['a token of v2 is forgotten', [...storesWrite(25, 2, 'g2')], ['fence.token-monotone', 'v2', 's1']],
])('a planted bug alarms for its volume only: %s', (_, lines, violation) => {
  expect(found(...lines)).toEqual([violation]);
});

test('what one volume may not have had the other may: its own LSNs, its own lower token, its own requests', () => {
  const hole = (group: string): Line => [
    's3',
    { kind: 'hole.sent', group, first: 1, end: 3, to: 's1', counter: 1, mode: 'normal' },
  ];
  expect(found(hole('g1'), hole('g2'), down('s1'), append(5, 5), ...storesWrite(5, 1, 'g1'), vdl(5))).toEqual(
    [],
  );
});
