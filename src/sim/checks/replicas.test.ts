// C14: the monitors of replicas accept the good life, and each rejects a bad one written by hand.

import { describe, expect, test } from 'vitest';
import { nodeId, time } from '../../base/ids.ts';
import type { TraceEvent, TraceOf } from '../../core/kernel/trace.ts';
import { known } from '../../stacks/known.ts';
import type { RuleSlug } from './monitor.ts';
import {
  append,
  cluster,
  committed,
  computed,
  created,
  durable,
  endRun,
  good,
  group,
  history,
  info,
  install,
  judge,
  type Line,
  pgcl,
  tail,
  vcl,
} from './monitor-fixture.ts';
import { makeMonitors, observe } from './monitors.ts';

const at = (node: string, event: TraceEvent): Line => [node, event];
const scl = (node: string, value: number, term = 1): Line =>
  at(node, { kind: 'mark.scl', group, value, term });
const seen = (token: number, counted: boolean): Line =>
  at('rw', { kind: 'wal.ackSeen', group, from: 's3', scl: 3, token, counted });
const receive = (node: string, token: number): Line =>
  at(node, { kind: 'wal.receive', group, first: 4, end: 6, fresh: 2, token });
const open = (node: string, volumeEpoch: number): Line =>
  at(node, {
    kind: 'store.open',
    group,
    maxToken: 2,
    volumeEpoch,
    memberEpoch: 1,
    scl: 3,
    knownVdl: 3,
    pgmrpl: 3,
    logFloor: -1,
  });
const rebuilt = (nwl: number): Line =>
  at('s1', { kind: 'hole.rebuild', group, ncl: 1, nwl, holes: 0, torn: false });
const boot = (bootEpoch: number): Line => at('s3', { kind: 'node.boot', bootEpoch });
const begins: Line = at('s3', { kind: 'node.open', incarnation: 2 });
const answer = (of: number): Line =>
  at('s3', { kind: 'hole.answer', group, from: 's1', counter: 1, boot: of, parts: 1, done: true });
const later: Line = at('s1', { kind: 'node.boot', bootEpoch: 1 });

const rows: readonly [RuleSlug, string, readonly Line[], readonly Line[]][] = [
  [
    'wal.vcl-exact',
    'WAL-16 VCL below what the PGCLs allow',
    [...committed],
    [...created, append(1, 3), durable('s1', [1, 2, 3]), durable('s2', [1, 2, 3]), pgcl(3), vcl(2)],
  ],
  [
    'wal.scl-true',
    'WAL-14 SCL over a gap',
    [...committed, scl('s1', 3), later],
    [...created, append(1, 3), durable('s1', [3]), scl('s1', 3), later],
  ],
  [
    'wal.own-term-counts',
    'WAL-15 an ack of an earlier term counts',
    [...good, seen(1, false), seen(2, true)],
    [...good, seen(1, true)],
  ],
  [
    'fence.stale-refused',
    'WAL-46 a batch of an earlier writer is taken',
    [...committed, receive('s1', 1)],
    [...committed, install('s1', 2), receive('s1', 1)],
  ],
  [
    'fence.epoch-monotone',
    'WAL-48 a history is forgotten',
    [...good, open('s1', 2)],
    [...good, open('s1', 1)],
  ],
  [
    'hole.rebuild-whole',
    'HOLE-54 the list ends before the log does',
    [...committed, durable('s1', [1, 3], 'reopen'), rebuilt(3)],
    [...committed, durable('s1', [1, 3], 'reopen'), rebuilt(1)],
  ],
  [
    'hole.own-answer',
    'HOLE-28 an answer to an earlier life',
    [...committed, boot(2), answer(2)],
    [...committed, boot(2), answer(1)],
  ],
  [
    'hole.own-answer',
    'WAL-75 the boot epoch rose within a life: what was asked before is still its own, an earlier life is not',
    [...committed, boot(2), boot(3), answer(2)],
    [...committed, boot(2), begins, boot(3), answer(2)],
  ],
  [
    'hole.own-answer',
    'HOLE-28 an answer to a boot that never was',
    [...committed, boot(2), boot(3), answer(3)],
    [...committed, boot(2), boot(3), answer(4)],
  ],
  [
    'recovery.read-quorum',
    'WAL-63 a recovery from one of two',
    [...good],
    [...committed, info('s1', 3), computed(2, 3, 14)],
  ],
  [
    'recovery.highest-term',
    'WAL-51 the history of a lower term is followed',
    [...good, info('s1', 14, 2), info('s2', 14, 2), computed(3, 14, 25)],
    [...good, info('s1', 14, 2), info('s2', 14, 1), computed(3, 3, 14)],
  ],
  [
    'wal.vdl-is-cpl',
    'WAL-52 a recovery keeps half an MTR',
    [...good],
    [...committed, ...tail, info('s1', 5), info('s2', 4), computed(2, 4, 15)],
  ],
];

describe('C14 monitors of replicas', () => {
  test.each(rows)('%s: %s', (rule, _name, sound, broken) => {
    expect(judge(sound)).not.toContain(rule);
    expect(judge(broken)).toContain(rule);
  });

  const lost = (lsns: number[]): TraceOf<'scrub.bad'> => ({
    kind: 'scrub.bad',
    group,
    what: 'log',
    damage: 'rot',
    lsns,
    blockKey: -1,
  });

  test.each([
    ['nothing came back', [at('s1', lost([2, 3]))], false],
    ['one of two came back', [at('s1', lost([2, 3])), durable('s1', [3], 'peer')], false],
    ['both came back', [at('s1', lost([2, 3])), durable('s1', [2, 3], 'peer')], true],
    [
      'the log was dropped',
      [
        at('s1', lost([2, 3])),
        at('s1', {
          kind: 'gc.drop',
          group,
          logFloor: 3,
          records: 3,
          droppedTo: 3,
          versions: 0,
          pgmrpl: 3,
          holdTo: 3,
        }),
      ],
      true,
    ],
    [
      'they were annulled',
      [
        ...tail,
        at('s1', lost([4, 5])),
        info('s1', 3),
        info('s2', 3),
        computed(2, 3, 14),
        history('s1', 2, 3, 14, []),
        append(14, 14, 2),
      ],
      true,
    ],
  ] as const)('WAL-39 scrub.repaired: %s', (_name, lines, holds) => {
    const monitors = makeMonitors(known.monitors, cluster, 10);
    [...committed, ...lines].forEach(([node, event], i) => {
      const traced = { at: time(i), node: nodeId(node), ordinal: i, causeNode: null, causeOrdinal: 0, event };
      observe(known.monitors, monitors, traced);
    });
    expect(endRun(monitors, 'scrub.repaired').map(({ rule }) => rule)).toEqual(
      holds ? [] : ['scrub.repaired'],
    );
  });
});
