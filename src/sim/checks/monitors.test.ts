// C14: each monitor accepts a good trace and rejects a bad one, both written by hand. The good trace is one life of a
// small volume: creation, two MTRs, a quorum, a commit, a crash of the writer, a recovery that annuls the tail.

import { describe, expect, test } from 'vitest';
import type { RuleSlug } from './monitor.ts';
import {
  ack,
  append,
  commitAck,
  committed,
  computed,
  created,
  durable,
  good,
  group,
  history,
  hole,
  install,
  judge,
  type Line,
  pgcl,
  recoveryStep,
  tail,
  vcl,
  vdl,
} from './monitor-fixture.ts';

describe('C14 monitors', () => {
  test('accept a life with a quorum, a commit, a crash and a recovery that annuls the tail', () => {
    expect(judge(good)).toEqual([]);
  });

  const bad: readonly [RuleSlug, string, readonly Line[]][] = [
    [
      'wal.ack-after-durable',
      'WAL-28 ack before the write is durable',
      [...created, append(1, 2), ack('s1', 2)],
    ],
    [
      'wal.ack-after-durable',
      'WAL-14 SCL over a gap',
      [...created, append(1, 1), append(2, 2), durable('s1', [2]), ack('s1', 2)],
    ],
    [
      'wal.pgcl-true',
      'WAL-15 PGCL with one replica of two',
      [...created, append(1, 1), durable('s1', [1]), pgcl(1)],
    ],
    ['wal.quorum-overlap', 'WAL-15 VDL at Vw − 1', [...created, append(1, 1), durable('s1', [1]), vdl(1)]],
    ['wal.quorum-overlap', 'WAL-16 VCL above the quorum', [...created, append(1, 1), vcl(1)]],
    [
      'wal.vdl-is-cpl',
      'WAL-17 VDL inside an MTR',
      [...created, append(1, 2), durable('s1', [1]), durable('s2', [1]), vdl(1)],
    ],
    ['wal.marks-monotone', 'WAL-18 VDL goes back', [...committed, vdl(2)]],
    [
      'wal.acked-at-vdl',
      'WAL-19 acknowledged above VDL',
      [...created, append(1, 1, 1, true), durable('s1', [1]), commitAck(1, 1)],
    ],
    ['wal.acked-survives', 'WAL-20 recovery forgets a commit', [...committed, computed(2, 0, 11)]],
    [
      'wal.lsn-never-reused',
      'WAL-53 an LSN given twice',
      [...committed, ...tail, computed(2, 3, 4), append(4, 4, 2)],
    ],
    ['wal.mtr-contiguous', 'WAL-1 a gap inside a term', [...committed, append(5, 5)]],
    ['wal.back-pressure', 'WAL-7 allocation beyond LAL', [...created, append(1, 11)]],
    [
      'wal.truncated-removed',
      'HOLE-43 an annulled record stays',
      [...committed, ...tail, computed(2, 3, 14), history('s1', 2, 3, 14, [4])],
    ],
    [
      'wal.truncated-never-returned',
      'WAL-56 an annulled record comes back',
      [...good, durable('s1', [5], 'peer')],
    ],
    [
      'recovery.token-before-read',
      'WAL-50 R2 before the token is at Vw',
      [...committed, install('s1', 2), recoveryStep('R2', 2)],
    ],
    [
      'recovery.open-after-history',
      'FENCE-27 WAL-63 R7 before the history is at Vw',
      [...committed, computed(2, 3, 14), history('s1', 2, 3, 14, []), recoveryStep('R7', 2)],
    ],
    ['fence.token-monotone', 'FENCE-4 a token forgotten', [...committed, install('s1', 2), ack('s1', 3, 1)]],
    [
      'fence.token-unique',
      'FENCE-1 a token granted twice',
      [
        ['meta', { kind: 'token.grant', volume: 'v1', token: 2, holder: 'a' }],
        ['meta', { kind: 'token.grant', volume: 'v1', token: 2, holder: 'b' }],
      ],
    ],
    [
      'hole.one-live-request',
      'HOLE-24 two requests for one position',
      [...committed, hole(1, 3, 1), hole(2, 4, 2)],
    ],
    ['hole.below-sgcl', 'HOLE-19 a request above SGCL', [...committed, hole(1, 6, 1)]],
    [
      'buffer.evict-below-vdl',
      'WAL-10 a dirty page leaves above VDL',
      [
        ...committed,
        ['rw', { kind: 'page.evict', volume: 'v1', blockKey: 1, pageLsn: 9, vdl: 9, dirty: true }],
      ],
    ],
    [
      'page.same-bytes',
      'WAL-35 two replicas, two pages',
      [
        ...committed,
        [
          's1',
          {
            kind: 'page.served',
            group,
            blockKey: 1,
            readPoint: 3,
            groupReadPoint: 3,
            pageLsn: 2,
            error: '',
            digest: 1,
          },
        ],
        [
          's2',
          {
            kind: 'page.served',
            group,
            blockKey: 1,
            readPoint: 3,
            groupReadPoint: 3,
            pageLsn: 2,
            error: '',
            digest: 2,
          },
        ],
      ],
    ],
    [
      'page.read-point',
      'WAL-34 a page newer than its read point',
      [
        ...committed,
        [
          's1',
          {
            kind: 'page.served',
            group,
            blockKey: 1,
            readPoint: 2,
            groupReadPoint: 2,
            pageLsn: 3,
            error: '',
            digest: 1,
          },
        ],
      ],
    ],
  ];

  test.each(bad)('%s: %s', (rule, _name, lines) => {
    expect(judge(lines)).toContain(rule);
  });

  test('HOLE-27 a part that arrived frees what it filled for nobody else', () => {
    const fill: Line = ['s3', { kind: 'hole.fill', group, first: 1, end: 2, from: 's1', counter: 1 }];
    expect(judge([...committed, hole(1, 3, 1), fill, hole(1, 2, 2)])).toEqual([]);
    expect(judge([...committed, hole(1, 3, 1), fill, hole(2, 3, 2)])).toEqual(['hole.one-live-request']);
  });

  test('WAL-50 a token that is found on disk at open counts as installed, whatever its sync reported (seed 136)', () => {
    const found = (maxToken: number): Line => [
      's2',
      {
        kind: 'store.open',
        group,
        maxToken,
        volumeEpoch: 1,
        memberEpoch: 1,
        scl: 3,
        knownVdl: 3,
        pgmrpl: 3,
        logFloor: -1,
      },
    ];
    const read: Line = recoveryStep('R2', 2);
    expect(judge([...committed, install('s1', 2), found(2), read])).toEqual([]);
    expect(judge([...committed, install('s1', 2), found(1), read])).toEqual(['recovery.token-before-read']);
  });
});
