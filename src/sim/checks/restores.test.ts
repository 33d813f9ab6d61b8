// Monitors of restores: a restore of exactly what the source had is silent; each way to differ is named by its own rule.

import { expect, test } from 'vitest';
import { clonePlain } from '../../base/plain.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import { known } from '../../stacks/known.ts';
import {
  append,
  begin,
  cluster,
  committed,
  down,
  durable,
  endRun,
  feed,
  group,
  info,
  judge,
  type Line,
  standing,
  watch,
} from './monitor-fixture.ts';
import { makeMonitors } from './monitors.ts';

const sums = (first: number, ...made: number[]): Line => [
  'rw',
  { kind: 'mtr.sums', volume: 'v1', first, sums: made },
];
const source: readonly Line[] = [...committed, sums(1, 101, 102, 103)];
const replica = (node: string, changes: Partial<TraceOf<'restore.replica'>> = {}): Line => [
  node,
  {
    kind: 'restore.replica',
    volume: 'v2',
    group: 'g2',
    source: group,
    lsn: 3,
    base: 0,
    pages: 0,
    lsns: [1, 2, 3],
    sums: [101, 102, 103],
    digest: 7,
    token: 2,
    ...changes,
  },
];
const readAt = (replica: string): TraceOf<'recovery.info'> => ({
  kind: 'recovery.info',
  group: 'g2',
  replica,
  scl: 3,
  effectiveScl: 3,
  knownVdl: 3,
  groupTail: 3,
  tailTerm: 2,
});
const done = (lacking = ''): Line => [
  'meta',
  { kind: 'restore.done', volume: 'v2', lsn: 3, token: 2, writer: 'rw-2', lacking },
];
const opened = (vdlPrime: number): Line[] => [
  ...['s1', 's2'].map((node): Line => [node, { kind: 'token.install', group: 'g2', token: 3 }]),
  ...['s1', 's2'].map((node): Line => ['rw-2', readAt(node)]),
  ['rw-2', { kind: 'recovery.computed', volume: 'v2', token: 3, vclPrime: vdlPrime, vdlPrime, startLsn: 24 }],
];

test('WAL-45 a restore of what the source had is silent, and every record was held against its checksum', () => {
  const m = watch([...source, begin(), replica('s1'), replica('s2'), replica('s3'), ...opened(3)]);
  expect(endRun(m, 'restore.completes')).toEqual([]);
  expect(m.volumes[0].sums.compared).toBe(9);
});

test.each<[string, string, readonly Line[]]>([
  ['a record lacks', 'restore.equals-source', [replica('s1', { lsns: [1, 3], sums: [101, 103] })]],
  ['there is one too many', 'restore.equals-source', [replica('s1', { lsn: 4, lsns: [1, 2, 3, 4] })]],
  ['a record is another one', 'restore.equals-source', [replica('s1', { sums: [101, 999, 103] })]],
  ['replicas differ', 'restore.equals-source', [replica('s1'), replica('s2', { digest: 8 })]],
  ['it opens elsewhere', 'restore.equals-source', [replica('s1'), ...opened(2)]],
])('WAL-45 %s: %s', (_, rule, lines) => {
  expect(watch([...source, begin(), ...lines]).violations[0]?.rule).toBe(rule);
});

const there = (groups: string): Line => ['meta', { kind: 'volume.standing', groups }];
const granted = (token: number, holder: string): Line => [
  'meta',
  { kind: 'token.grant', volume: holder === 'rw-2' ? 'v2' : 'v1', token, holder },
];

test('WAL-45, FENCE-1 what a crash of the metadata left untraced is traced by its next start (seed 420)', () => {
  const loaded = ['s1', 's2', 's3'].map((node) => replica(node));
  const opens = [granted(3, 'rw-2'), ...opened(3)];
  const rules = (...lines: readonly Line[]): string[] =>
    watch([...source, granted(5, 'rw'), ...lines]).violations.map(({ rule }) => rule);
  expect(rules(...loaded, ...opens)).toContain('fence.token-unique'); // taken for the first volume's
  expect(rules(standing('loading'), there('g1,g2'), ...loaded, done(), ...opens)).toEqual([]);
  expect(rules(begin(), standing('loading'), there('g1,g2'), ...loaded, ...opens)).toEqual([]);
  expect(rules(begin(), ...loaded, standing('done'), ...opens)).toEqual([]);
  expect(rules(begin(), ...loaded.slice(2), standing('done'))).toEqual(['restore.write-quorum']);
  for (const end of [standing('failed'), there('g1')]) {
    const m = watch([...source, begin(), end]);
    expect(endRun(m, 'restore.completes')).toEqual([]);
  }
});

/** The first volume's recovery after the run was resumed; its token is below the restored volume's. */
const resumed: readonly Line[] = [
  granted(4, 'rw'),
  info('s1', 3),
  info('s2', 3),
  ['rw', { kind: 'recovery.computed', volume: 'v1', token: 4, vclPrime: 3, vdlPrime: 3, startLsn: 14 }],
  append(14, 14, 4),
];
const members = (memberEpoch: number, sets: string): Line => [
  'meta',
  { kind: 'group.members', group: 'g2', memberEpoch, sets, learners: '', step: 'commit' },
];

test('WAL-45 a resumed run judges no volume that was restored before it and has been written to since', () => {
  const lines: Line[] = [
    standing('done'),
    there('g1,g2'),
    granted(9, 'rw-2'),
    ...resumed,
    members(4, 's1,s2,s4'),
    members(6, 's1,s2,s5'),
    ...opened(40),
    replica('s3', { lsns: [1] }),
    standing('done'), // the metadata has crashed again
    granted(10, 'rw-2'),
    ...opened(50),
  ];
  expect(judge(lines, true)).toEqual([]);
  expect(judge([...committed, ...lines])).toEqual(
    expect.arrayContaining(['restore.write-quorum', 'restore.equals-source', 'member.one-step']),
  );
});

test.each<[string, readonly Line[]]>([
  ['loads on', [standing('loading'), ...resumed, replica('s1', { lsns: [2] }), done(), ...opened(3)]],
  ['is not done', [standing('loading'), ...resumed]],
  ['has failed', [standing('failed'), ...resumed]],
])(
  'WAL-45 a resumed run does not judge a restore that it did not see begin, but the next one: %s',
  (_, lines) => {
    const rules = (...more: Line[]): string[] => {
      const m = makeMonitors(known.monitors, cluster, 10, true);
      feed(m, [...lines, ...more]);
      return endRun(m, 'restore.completes').map(({ rule }) => rule);
    };
    const next = begin({ volume: 'v3', groups: 'g3', token: 5, lastTerm: 4, startLsn: 44 });
    expect(rules()).toEqual([]);
    expect(rules(next)).toEqual(['restore.completes']);
  },
);

test('WAL-45 monitors that are copied in the midst of a restore go on as they were, for the copy and the original', () => {
  const restore = [...source, begin(), replica('s1')];
  const rest: Line[] = [replica('s2'), replica('s3'), ...opened(3), done()];
  const m = watch(restore);
  const copy = clonePlain(m);
  feed(copy, rest);
  expect(copy.violations).toEqual([]);
  const other = clonePlain(m);
  feed(other, [...opened(2)]);
  expect(other.violations[0]?.rule).toBe('restore.equals-source');
  expect(other.violations.map(({ rule }) => rule)).toContain('wal.acked-survives'); // reported by the volume's own monitors
  expect(m.violations).toEqual([]);
});

test('WAL-45, WAL-15 a volume opens with a write quorum of it loaded; the rest hold nothing until they are made anew', () => {
  expect(watch([...source, begin(), replica('s1'), done()]).violations.map(({ rule }) => rule)).toEqual([
    'restore.write-quorum',
  ]);
  const acks: Line = ['s3', { kind: 'wal.ack', group: 'g2', scl: 3, nwl: 3, token: 3 }];
  const without = [...source, begin(), replica('s1'), replica('s2'), done(), ...opened(3)];
  const rules = (lines: Line[]) => watch([...without, ...lines]).violations.map(({ rule }) => rule);
  expect(rules([])).toEqual([]);
  expect(rules([acks])).toContain('member.lost-is-learner');
  expect(rules([replica('s3'), acks])).not.toContain('member.lost-is-learner'); // it was durable, and traced late
});

test('WAL-45, WAL-71 a disk that is lost while it loads is loaded again; once the volume is open only a base image counts', () => {
  const wiped: Line = down('s3', 'wiped');
  const acks: Line = ['s3', { kind: 'wal.ack', group: 'g2', scl: 3, nwl: 3, token: 3 }];
  const loaded = ['s1', 's2', 's3'].map((node) => replica(node));
  const rules = (...lines: Line[]) =>
    watch([...source, begin(), ...lines, acks]).violations.map(({ rule }) => rule);
  expect(rules(...loaded, wiped, replica('s3'), done(), ...opened(3))).not.toContain(
    'member.lost-is-learner',
  );
  expect(rules(...loaded, done(), ...opened(3), wiped, replica('s3'))).toContain('member.lost-is-learner');
});

test.each<[string, readonly Line[], readonly string[]]>([
  ['deleted under it', [], ['restore.objects-kept']],
  [
    'reported lost before',
    [
      ['cos', { kind: 'world.action', action: 'bitRot', text: '', isUndo: false, hadEffect: true }],
      ['cos', { kind: 'archive.bad', name: 'o', group, first: 0, end: 1, damage: 'rot' }],
    ],
    [],
  ],
  ['gone with its disk', [down('cos', 'wiped')], []],
])('WAL-45 an object that a restore lacks: %s', (_, lines, rules) => {
  const failed: Line = [
    'meta',
    { kind: 'restore.failed', volume: 'v2', group: 'g2', code: 'NO_SUCH_OBJECT', object: 'o' },
  ];
  expect(watch([...source, begin(), ...lines, failed]).violations.map(({ rule }) => rule)).toEqual(rules);
  expect(judge([standing('loading'), ...lines, failed], true)).toEqual([]); // the disk may have been lost before
});

test('WAL-45 what is traced of a volume that is gone counts no more; its writer counts for the next one once it has ended', () => {
  const next = begin({ volume: 'v2', groups: 'g3', token: 2 });
  const lines: Line[] = [
    ...source,
    begin(),
    ...['s1', 's2', 's3'].map((node) => replica(node)),
    done(),
    ...opened(3),
    ['meta', { kind: 'volume.dropped', volume: 'v2', groups: 'g2' }],
    next,
    ['rw-2', { kind: 'mark.vdl', volume: 'v2', value: 999, term: 3 }], // of the volume that is gone
    ['rw-2', { kind: 'volume.left', volume: 'v2' }],
  ];
  expect(watch(lines).violations).toEqual([]);
  const [violation] = watch([
    ...lines,
    ['rw-2', { kind: 'mark.vdl', volume: 'v2', value: 999, term: 3 }],
  ]).violations;
  expect(violation?.node).toBe('rw-2');
});

test('WAL-45 what the writer made is remembered after every replica has it', () => {
  const many = Array.from({ length: 1500 }, (_, i) => i + 4);
  const lines: Line[] = [...source];
  for (const lsn of many) {
    lines.push(append(lsn, lsn), sums(lsn, lsn + 100));
    for (const node of ['s1', 's2', 's3']) lines.push(durable(node, [lsn]));
  }
  const lsns = [1, 2, 3, ...many];
  const wrong = lsns.map((lsn) => (lsn === 2 ? 0 : lsn + 100));
  const lsn = lsns[lsns.length - 1] ?? 0;
  const restored = replica('s1', { lsn, lsns, sums: wrong });
  const [violation] = watch([...lines, begin({ lsn, startLsn: lsn + 11 }), restored]).violations;
  expect(violation?.message).toBe('g2 has another record at LSN 2 than g1: its checksum differs');
});

test.each<[string, Partial<TraceOf<'restore.begin'>>]>([
  ['the last term of its history', { lastTerm: 2 }],
  ['an LSN that its source has', { startLsn: 3 }],
])('WAL-45 a volume that begins with %s is named by restore.token-above', (_, changes) => {
  expect(watch([...source, begin(changes)]).violations.map(({ rule }) => rule)).toEqual([
    'restore.token-above',
  ]);
});

test('WAL-45 a restore that was begun is done, or says why not', () => {
  const judge = (...lines: Line[]): string[] => {
    const m = watch([...source, begin(), ...lines]);
    return endRun(m, 'restore.completes').map(({ rule }) => rule);
  };
  expect(judge()).toEqual(['restore.completes']);
  expect(judge(['meta', { kind: 'restore.cancelled', volume: 'v2' }])).toEqual([]);
  expect(
    judge(['meta', { kind: 'restore.failed', volume: 'v2', group: 'g2', code: 'BAD_OBJECT', object: 'o' }]),
  ).toEqual([]);
});
