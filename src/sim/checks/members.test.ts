// C14: the monitors of membership, lost disks and base images accept a good trace and reject bad ones.

import { describe, expect, test } from 'vitest';
import type { RuleSlug } from './monitor.ts';
import {
  ack,
  append,
  cluster,
  computed,
  created,
  down,
  durable,
  group,
  history,
  hole,
  info,
  install,
  judge,
  type Line,
  pgcl,
  recoveryStep,
  vdl,
} from './monitor-fixture.ts';

const members = (memberEpoch: number, step: string, sets: string, learners = ''): Line => [
  'meta',
  { kind: 'group.members', group, memberEpoch, step, sets, learners },
];
const adopt = (memberEpoch: number, sets: string, learners = ''): Line => [
  'rw',
  { kind: 'member.adopt', group, memberEpoch, sets, learners, term: 1 },
];
const image = (node: string, base: number, why = 'learner'): Line => [
  node,
  { kind: 'base.installed', group, from: 's1', base, pages: 1, scl: base, why },
];
const epoch = (node: string, memberEpoch: number): Line => [
  node,
  { kind: 'member.install', group, memberEpoch, state: 'voter', scl: 0, volumeEpoch: 1 },
];
const floor = (value: number): Line => ['rw', { kind: 'mark.pgmrpl', volume: 'v1', value }];
const wiped = (node: string): Line => down(node, 'wiped');

const rolledBack = (node: string): Line => down(node, 'rolledBack');
const lies = (node: string): Line => [
  node,
  { kind: 'world.action', action: 'diskLoseWrite', text: '', isUndo: false, hadEffect: true },
];
const beside = (sequence: number, scl: number) => ({
  group,
  ...{ memberEpoch: 1, sequence, scl },
  ...{ knownEpoch: 1, knownSequence: 9, knownScl: 2 },
});
const begins = (node: string, sequence: number, scl: number): Line => [
  node,
  { kind: 'disk.checked', ...beside(sequence, scl) },
];
const deletes = (node: string, sequence: number, scl: number): Line => [
  node,
  { kind: 'disk.rolledBack', ...beside(sequence, scl) },
];
const opens = (node: string, scl: number, volumeEpoch = 1): Line => [
  node,
  {
    kind: 'store.open',
    group,
    ...{ maxToken: volumeEpoch, volumeEpoch, memberEpoch: 1, scl, knownVdl: 0, pgmrpl: 0, logFloor: -1 },
  },
];

const reported = (replica: string, scl: number, knownVdl: number): Line => [
  'rw',
  { kind: 'recovery.info', group, replica, scl, effectiveScl: scl, knownVdl, groupTail: 0, tailTerm: 1 },
];

const both = 's1,s2,s3|s1,s4,s3';
/** Two records that s1 and s2 hold and s3 does not; VDL is 2. */
const written: Line[] = [
  ...created,
  append(1, 2),
  durable('s1', [1, 2]),
  durable('s2', [1, 2]),
  pgcl(2),
  vdl(2),
];
/** s2 moves to s4: learner with an image at 0, caught up in DUAL, then the new set. */
const learning: Line[] = [
  ...written,
  members(2, 'learner', 's1,s2,s3', 's4'),
  adopt(2, 's1,s2,s3', 's4'),
  image('s4', 0),
];
const moved: Line[] = [
  ...learning,
  durable('s4', [1, 2], 'peer'),
  members(3, 'joint', both),
  adopt(3, both),
  members(4, 'leaving', 's1,s4,s3'),
  adopt(4, 's1,s4,s3'),
  append(3, 3),
  durable('s4', [3]),
  durable('s1', [3]),
  pgcl(3),
  ['s2', { kind: 'member.dropped', group, memberEpoch: 4 }],
];
/** s3 loses its disk, is removed, and is made anew. */
const remade: Line[] = [
  ...written,
  floor(2),
  wiped('s3'),
  members(2, 'removing', 's1,s2,s3|s1,s2'),
  members(3, 'removed', 's1,s2'),
  members(4, 'learner', 's1,s2', 's3'),
  image('s3', 2),
  install('s3', 1),
  ack('s3', 2),
];

describe('C14 monitors of members', () => {
  test('accept a move, and a replica that is made anew after its disk was lost', () => {
    expect(cluster.groups[0]?.vw).toBe(2);
    expect(judge(moved)).toEqual([]);
    expect(judge(remade)).toEqual([]);
  });

  const bad: readonly (readonly [RuleSlug, string, readonly Line[]])[] = [
    [
      'member.one-step',
      'WAL-62 the sets change without DUAL',
      [...learning, members(3, 'leaving', 's1,s4,s3')],
    ],
    ['member.one-step', 'WAL-62 a memberEpoch is skipped', [...learning, members(4, 'joint', both)]],
    [
      'member.one-step',
      'WAL-67 DUAL ends in a third set',
      [...learning, members(3, 'joint', both), members(4, 'leaving', 's1,s4,s5')],
    ],
    [
      'member.one-step',
      'WAL-62 another membership is found',
      [...learning, members(2, 'reopened', 's1,s4,s3')],
    ],
    [
      'member.quorums-meet',
      'WAL-21 a set grows beyond what its quorums are for',
      [...learning, members(3, 'joint', 's1,s2,s3|s1,s2,s3,s4')],
    ],
    [
      'member.commit-safe',
      'WAL-64 committed before the new member has what the old set acknowledged',
      [...learning, members(3, 'joint', both), members(4, 'leaving', 's1,s4,s3')],
    ],
    [
      'wal.pgcl-true',
      'WAL-63 in DUAL PGCL counts one set only',
      [
        ...learning,
        members(3, 'joint', both),
        adopt(3, both),
        append(3, 3),
        durable('s1', [3]),
        durable('s2', [3]),
        pgcl(3),
      ],
    ],
    [
      'member.epoch-monotone',
      'WAL-48 a membership is forgotten',
      [...created, epoch('s1', 3), epoch('s1', 2)],
    ],
    [
      'member.lost-is-learner',
      'WAL-71 M17 an empty disk acknowledges',
      [...written, wiped('s3'), ack('s3', -1)],
    ],
    [
      'base.in-bounds',
      'WAL-71 an image above the lowest read point',
      [...written, floor(1), image('s3', 2, 'needBase')],
    ],
    [
      'base.in-bounds',
      'WAL-71 an image above VDL',
      [...written, append(3, 3), floor(9), image('s3', 3, 'needBase')],
    ],
    [
      'recovery.damaged-abstains',
      'WAL-39 M18 a shortened SCL',
      [...written, ack('s1', 2), reported('s1', 1, 0)],
    ],
  ];
  test.each(bad)('%s rejects: %s', (rule, _what, lines) => {
    expect(judge(lines)).toContain(rule);
  });
});

test('a lab that was reopened: members and floors of before are learned, not held against the preset', () => {
  const lines: Line[] = [
    ['meta', { kind: 'node.open', incarnation: 2 }],
    ['s4', { kind: 'mark.known', group, vdl: 20, groupTail: 20, pgmrpl: 18 }],
    ['rw', { kind: 'member.adopt', group, memberEpoch: 6, sets: 's1,s4,s3', learners: '', term: 3 }],
    info('s1', 20, 2),
    info('s4', 20, 2),
    computed(3, 20, 31),
    append(31, 31, 3),
    durable('s4', [31]),
    durable('s1', [31]),
    pgcl(31, 3),
    members(7, 'learner', 's1,s4,s3', 's2'),
    image('s2', 18),
  ];
  expect(judge(lines, true)).toEqual([]);
});

test('WAL-62 members found at a start are those traced last, or one step on that nobody lived to trace (seed 92)', () => {
  expect(judge([...learning, members(2, 'reopened', 's1,s2,s3', 's4')])).toEqual([]);
  expect(judge([...learning, members(3, 'reopened', both), members(3, 'reopened', both)])).toEqual([]);
});

describe('WAL-15 what a replica acknowledged counts although its disk is gone when the answer comes (seed 77)', () => {
  const late: Line[] = [
    ...written,
    append(3, 3),
    durable('s3', [1, 2, 3]),
    ack('s3', 3),
    wiped('s3'),
    durable('s1', [3]),
  ];
  test('to the members it was one of', () => {
    expect(judge([...late, pgcl(3), vdl(3)])).toEqual([]);
  });
  test('not what it never held', () => {
    const unheld = [...written, wiped('s3'), append(3, 3), durable('s1', [3])];
    expect(judge([...unheld, pgcl(3)])).toContain('wal.pgcl-true');
  });
  test('not beside itself: one more copy is needed', () => {
    expect(judge([...late.slice(0, -1), pgcl(3)])).toContain('wal.pgcl-true');
  });
  test('WAL-50 nor is a token forgotten that it has reported R1 of (dense seeds 17, 26)', () => {
    const r2: Line = recoveryStep('R2', 2);
    expect(judge([...written, install('s3', 2), wiped('s3'), install('s1', 2), r2])).toEqual([]);
    expect(judge([...written, wiped('s3'), install('s1', 2), r2])).toEqual(['recovery.token-before-read']);
  });
  test('not to members without it', () => {
    const without: Line[] = [members(2, 'removing', 's1,s2,s3|s1,s2'), adopt(2, 's1,s2,s3|s1,s2')];
    expect(judge([...late, ...without, pgcl(3)])).toEqual([]); // reached before the step
    expect(judge([...late.slice(0, -1), ...without, durable('s1', [3]), pgcl(3)])).toContain('wal.pgcl-true');
  });
});

test('WAL-39 after a truncation the last record of the group that is kept counts, not the place of another group’s', () => {
  const mixed: Line = [
    'rw',
    {
      kind: 'mtr.append',
      volume: 'v1',
      first: 1,
      end: 4,
      tx: 1,
      commit: false,
      term: 1,
      groups: `${group},other,${group}`,
    },
  ];
  const lines: Line[] = [
    ...created,
    mixed,
    durable('s1', [1, 3]),
    ack('s1', 3),
    ...[install('s1', 2), history('s1', 2, 2, 13, [3])],
  ];
  expect(judge([...lines, reported('s1', 1, 0)])).toEqual([]);
  expect(judge([...lines, reported('s1', 0, 0)])).toEqual(['recovery.damaged-abstains']);
});

test('WAL-63 a record that one of two sets lacks is complete when that set is left', () => {
  const lines: Line[] = [
    ...learning,
    durable('s4', [1, 2], 'peer'),
    members(3, 'joint', both),
    adopt(3, both),
    append(3, 3),
    durable('s4', [3]),
    durable('s1', [3]),
    members(4, 'leaving', 's1,s4,s3'),
    adopt(4, 's1,s4,s3'),
    pgcl(3),
    vdl(3),
  ];
  expect(judge(lines)).toEqual([]);
  expect(judge(lines.filter(([, event]) => event.kind !== 'member.adopt'))).toContain('wal.pgcl-true');
});

test('WAL-71 an image whose superblock was durable before a power cut counts at the next start, a part of one does not (seed 61)', () => {
  const chunk = (pages: number): Line => [
    's3',
    { kind: 'base.chunk', group, from: 's1', base: 2, pages, total: 2, bytes: 1 },
  ];
  const opened: Line = [
    's3',
    {
      kind: 'store.open',
      group,
      maxToken: 1,
      volumeEpoch: 1,
      memberEpoch: 1,
      scl: 2,
      knownVdl: 2,
      pgmrpl: 2,
      logFloor: 2,
    },
  ];
  expect(judge([...written, chunk(2), opened, ack('s3', 2)])).toEqual([]);
  expect(judge([...written, chunk(1), opened, ack('s3', 2)])).toEqual(['wal.ack-after-durable']);
});

test('WAL-39 a truncation that was durable before its node could trace it takes no acknowledgement back (seed 181)', () => {
  const above: Line[] = [append(3, 3), durable('s1', [3]), ack('s1', 3)];
  const recovery: Line[] = [
    ['meta', { kind: 'token.grant', volume: 'v1', token: 2, holder: 'rw' }],
    ...[install('s2', 2), install('s3', 2), recoveryStep('R2', 2)],
    ...[reported('s2', 2, 2), reported('s3', 0, 0), computed(2, 2, 13)],
    ...[history('s2', 2, 2, 13, []), history('s3', 2, 2, 13, []), append(13, 13, 2), down('s1')],
  ];
  const lines = [...written, ...above, ...recovery];
  expect(judge([...lines, opens('s1', 2, 2), reported('s1', 2, 0)])).toEqual([]);
  expect(judge([...lines, opens('s1', 2, 1), reported('s1', 2, 0)])).toEqual(['recovery.damaged-abstains']);
  // it has opened before the term of that history has written anything (dense seed 11 of cynosdb-pcs)
  const [first] = recovery.filter(([, event]) => event.kind === 'mtr.append');
  const early = [...written, ...above, ...recovery.filter((line) => line !== first), opens('s1', 2, 2)];
  const later = first === undefined ? [] : [first, reported('s1', 2, 0)];
  expect(judge([...early, ...later])).toEqual([]);
});

describe('WAL-75 a disk that was put back', () => {
  const found = (lsns: number[], scl: number): Line[] => [opens('s2', scl), durable('s2', lsns, 'reopen')];
  test('begins when it lacks nothing that was reported, and counts with what it holds', () => {
    const back = [...written, rolledBack('s2'), begins('s2', 9, 2), ...found([0, 1, 2], 2), ack('s2', 2)];
    expect(judge(back)).toEqual([]);
    const more: Line[] = [append(3, 3), durable('s2', [3]), durable('s1', [3]), ack('s2', 3), pgcl(3)];
    expect(judge([...back, ...more])).toEqual([]);
  });
  test('is found when a record or a promise is gone, and then deleted', () => {
    expect(judge([...written, rolledBack('s2'), deletes('s2', 9, 1)])).toEqual([]);
    expect(judge([...written, rolledBack('s2'), begins('s2', 9, 1)])).toEqual(['member.rollback-found']);
    expect(judge([...written, rolledBack('s2'), begins('s2', 8, 2)])).toEqual(['member.rollback-found']);
    const serves = [...written, rolledBack('s2'), begins('s2', 8, 2), ack('s2', 2)];
    expect(judge(serves)).toContain('member.lost-is-learner');
  });
  test('HOLE-19 what it reported a recovery counts on until it is no member any more, though it has deleted its copy (seed 281)', () => {
    const recovery: Line[] = [
      ['meta', { kind: 'token.grant', volume: 'v1', token: 2, holder: 'rw' }],
      ...[install('s1', 2), install('s2', 2)],
      recoveryStep('R2', 2),
      ...[reported('s1', 2, 2), reported('s2', 2, 2), computed(2, 2, 13)],
      ...[history('s1', 2, 2, 13, []), history('s2', 2, 2, 13, [])],
    ];
    const gone: Line = ['s2', { kind: 'member.dropped', group, memberEpoch: 1 }];
    const lost = [...written, ...recovery, rolledBack('s2'), deletes('s2', 9, 1), gone];
    expect(judge([...lost, append(13, 13, 2), hole(1, 3, 1)])).toEqual([]);
    expect(judge([...lost, append(13, 13, 2), hole(1, 14, 1)])).toEqual(['hole.below-sgcl']);
  });
  test('may bring back a replica that had deleted itself as no member any more (seed 209)', () => {
    const removed: Line[] = [
      ...[adopt(2, 's1,s2,s3|s1,s2'), adopt(3, 's1,s2')],
      ['s3', { kind: 'member.dropped', group, memberEpoch: 3 }],
    ];
    expect(judge([...written, ...removed, rolledBack('s3'), deletes('s3', 8, 1)])).toEqual([]);
    expect(judge([...written, ...removed, rolledBack('s3'), begins('s3', 8, 1)])).toEqual([
      'member.rollback-found',
    ]);
    const again: Line[] = [begins('s3', 9, 2), opens('s3', 2), durable('s3', [0, 1, 2], 'reopen')];
    expect(judge([...written, ...removed, rolledBack('s3'), ...again, deletes('s3', 9, 2)])).toEqual([
      'member.rollback-found', // what began is as every other from then on
    ]);
    const falsely: RuleSlug[] = ['member.rollback-found'];
    expect(judge([...written, ...removed, lies('s3'), deletes('s3', 9, 2)])).toEqual(falsely);
    expect(judge([...written, ...removed, rolledBack('s3'), wiped('s3'), deletes('s3', 9, 2)])).toEqual(
      falsely,
    );
    const anew: Line[] = [adopt(4, 's1,s2', 's3'), floor(2), image('s3', 2)];
    expect(judge([...written, ...removed, rolledBack('s3'), ...anew, deletes('s3', 9, 2)])).toEqual(falsely);
  });
  test('without it no replica is deleted that holds what it made durable', () => {
    expect(judge([...written, lies('s2'), deletes('s2', 8, 2)])).toEqual(['member.rollback-found']);
    expect(judge([...written, lies('s2'), deletes('s2', 9, 1)])).toEqual([]);
    expect(judge([...written, deletes('s2', 9, 1)])).toEqual(['disk.kept-by-crash']);
    expect(judge([...moved.slice(0, -1), deletes('s2', 9, 1)])).toEqual(['disk.kept-by-crash']); // nor of one that is left out
  });
});
