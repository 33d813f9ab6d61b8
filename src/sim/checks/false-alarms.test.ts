// Traces that a sweep took for violations and that are none: each is what a healthy run did, cut down to what the monitor goes by.

import { expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import type { NodeId, Time } from '../../base/ids.ts';
import { noConfiguration, sumOf, withSetting } from '../../core/agent/settings.ts';
import { known } from '../../stacks/known.ts';
import { findPreset } from '../../stacks/presets.ts';
import {
  ack,
  append,
  committed,
  computed,
  down,
  durable,
  feed,
  group,
  history,
  info,
  install,
  judge,
  type Line,
  pgcl,
  recoveryStep,
  vcl,
  vdl,
  watch,
} from './monitor-fixture.ts';
import { finishCatchingUp, finishMonitors, finishUnlessCatchingUp } from './monitors.ts';

test('PCS-91 a disk that is put back brings a person’s edit back (cynosdb-ha seed 113)', () => {
  const setting = { version: 1, scope: 'global', key: 'scrubEveryMs', value: '7' };
  const sum = sumOf(withSetting(noConfiguration, setting));
  const put: Line = ['pcs-1', { kind: 'config.put', ...setting }];
  const applied = (node: string, of: number): Line => [
    node,
    { kind: 'config.applied', version: 1, sum: of, waits: 0 },
  ];
  const edited: Line = ['s1', { kind: 'agent.command', command: 'editConfig', code: '' }];
  const back: Line = ['s1', { kind: 'node.down', incarnation: 1, mode: 'rolledBack' }];
  const healed = [put, applied('s1', sum), edited, applied('s1', sum + 1), applied('s1', sum)];
  expect(judge([...healed, back, applied('s1', sum + 1)])).toEqual([]);
  expect(judge([...healed, applied('s1', sum + 1)])).toEqual(['config.same']);
  expect(judge([...healed, down('s1'), applied('s1', sum + 1)])).toEqual(['config.same']);
});

test('READ-28 FENCE-14 a join of a removed reader that waits at the writer before pins nothing (cynosdb-ha seed 92)', () => {
  const volume = 'v1';
  const reader = 'ro-9' as NodeId;
  const granted = (node: string, token: number): Line => [
    node,
    { kind: 'attachment.mode', volume, mode: 'rw', token, why: 'granted' },
  ];
  const accepted = (node: string, pin: number): Line => [
    node,
    { kind: 'ro.accepted', reader, epoch: 1, vdl: pin, keep: pin, streamFrom: pin + 1, pin, volume },
  ];
  const revoked = (node: string): Line => [
    node,
    { kind: 'ro.revoked', reader, epoch: 0, mrpl: -1, why: 'removed', volume },
  ];
  const floor = (node: string, value: number): Line => [node, { kind: 'mark.pgmrpl', volume, value }];
  const first = [granted('rw', 1), accepted('rw', 4)];
  expect(judge([...first, granted('ha', 2), revoked('ha'), accepted('rw', 4), floor('ha', 9)])).toEqual([]);
  expect(judge([...first, floor('rw', 9)])).toEqual(['store.read-window']);
  expect(judge([...first, granted('ha', 2), accepted('ha', 4), floor('ha', 9)])).toEqual([
    'store.read-window',
  ]);
});

test('WAL-39 WAL-20 FENCE-16 answers to a recovery that a greater token has overtaken are no promise (cynosdb-ha seed 112)', () => {
  const byHa = ([, event]: Line): Line => ['ha', event];
  const recovers = (token: number, of: (line: Line) => Line): Line[] => [
    ...[install('s1', token), install('s2', token)],
    ...[recoveryStep('R2', token)].map(of),
  ];
  const reads = (token: number): Line[] => [info('s1', 3), info('s2', 3), computed(token, 3, 14)];
  const lines = [...committed, ...recovers(2, byHa), ...recovers(3, (line) => line), ...reads(3)];
  const opened: Line[] = [
    ...[history('s1', 3, 3, 14, []), history('s2', 3, 3, 14, []), append(14, 14, 3)],
    ...[durable('s1', [14]), durable('s2', [14]), ack('s1', 14, 3), ack('s2', 14, 3)],
    ...[pgcl(14, 3), vcl(14, 3), vdl(14, 3)],
  ];
  expect(judge([...lines, ...opened])).toEqual([]);
  expect(judge([...lines, ...opened, ...reads(2).map(byHa)])).toEqual([]);
  const later = [...recovers(4, byHa), ...reads(4).map(byHa)];
  expect(judge([...lines, ...opened, ...later])).toContain('wal.acked-survives');
});

test('FENCE-27 WAL-63 a store installs the history, falls before it says so and opens under it (cynosdb-ha seed 198)', () => {
  const opens = (volumeEpoch: number): Line => [
    's2',
    {
      kind: 'store.open',
      group: 'g1',
      maxToken: 2,
      volumeEpoch,
      memberEpoch: 1,
      scl: 3,
      knownVdl: 3,
      pgmrpl: -1,
      logFloor: -1,
    },
  ];
  const recovers = [...committed, install('s1', 2), install('s2', 2), recoveryStep('R2', 2)];
  const read = [...recovers, info('s1', 3), info('s2', 3), computed(2, 3, 14), history('s1', 2, 3, 14, [])];
  const open = (volumeEpoch: number): Line[] => [
    ...read,
    down('s2'),
    opens(volumeEpoch),
    recoveryStep('R7', 2),
  ];
  expect(judge(open(2))).toEqual([]);
  expect(judge(open(1))).toContain('recovery.open-after-history');
});

test('WAL-71 a group whose learner still gets records when the run is judged is judged later in it (cynosdb-ha seed 278)', () => {
  const step = (memberEpoch: number, sets: string, learners = ''): Line => [
    'pcs-1',
    { kind: 'group.members', group, memberEpoch, step: 'step', sets, learners },
  ];
  const learning: Line[] = [
    ...committed,
    step(2, 's1,s2,s3|s1,s2'),
    step(3, 's1,s2'),
    step(4, 's1,s2', 's3'),
    durable('s3', [1]),
  ];
  const joined: Line[] = [durable('s3', [2, 3]), step(5, 's1,s2|s1,s2,s3'), step(6, 's1,s2,s3')];
  const judgedAt = (lines: readonly Line[], silentUs: number, rest: readonly Line[]): readonly string[] => {
    const monitors = watch(lines);
    finishUnlessCatchingUp(known.monitors, monitors, (lines.length + silentUs) as Time);
    feed(monitors, rest);
    finishCatchingUp(known.monitors, monitors, (lines.length + silentUs) as Time);
    return monitors.violations
      .filter(({ rule }) => rule === 'cluster.converges')
      .map(({ message }) => message);
  };
  expect(judgedAt(learning, 0, joined)).toEqual([]);
  expect(judgedAt([...learning, ...joined], 0, [])).toEqual([]);
  const stuck = ['g1 has members s1,s2'];
  expect(judgedAt(learning, 0, [])).toEqual(stuck);
  expect(judgedAt(learning, 1_000_000, joined)).toEqual(stuck);
  expect(judgedAt(learning.slice(0, -2), 0, joined)).toEqual(stuck);
});

test('WAL-18 while a writer writes on, replicas are asked at the end for what was written a second before (cynosdb seed 332)', () => {
  const second = 1_000_000;
  const judgedAt = (tenths: number, last: number): readonly string[] => {
    const monitors = watch([...committed, durable('s3', [1, 2, 3])]);
    for (let lsn = 4; lsn <= 6; lsn++) {
      const holders = lsn <= last ? ['s1', 's2', 's3'] : ['s1', 's2'];
      feed(monitors, [append(lsn, lsn), ...holders.map((node) => durable(node, [lsn]))], (lsn - 3) * second);
    }
    finishMonitors(known.monitors, monitors, ((tenths * second) / 10) as Time);
    return monitors.violations
      .filter(({ rule }) => rule === 'cluster.converges')
      .map(({ message }) => message);
  };
  expect(judgedAt(31, 6)).toEqual([]);
  expect(judgedAt(31, 5)).toEqual([]);
  expect(judgedAt(31, 3)).toEqual(['s3 holds g1 up to 3, its log went to 4']);
  expect(judgedAt(41, 5)).toEqual(['s3 holds g1 up to 5, its log went to 6']);
});

test('PCS-120 WAL-71 a disk that is lost before the volume was opened has nothing to forget (postdb-v4 seed 19)', () => {
  const preset = present(findPreset('postdb-v4'), 'preset');
  const made: Line = [
    'n2',
    {
      kind: 'group.made',
      group: 'g19',
      volume: 'v19',
      keyFirst: 492602147209216,
      keyEnd: 492603220951040,
      voters: 'n1,n2,n3',
      leader: 'n2',
      vw: 2,
      vr: 2,
    },
  ];
  const installed: Line = ['n3', { kind: 'token.install', group: 'g19', token: 1 }];
  const opened: Line = ['n2', { kind: 'meta.writer', volume: 'v19', writer: 'n2', token: 1, state: 'OPEN' }];
  const found = (...lines: Line[]): string[] =>
    watch(lines, preset.cluster).violations.map(({ rule }) => rule);
  expect(found(made, down('n3', 'wiped'), installed)).toEqual([]);
  expect(found(made, opened, down('n3', 'wiped'), installed)).toEqual(['member.lost-is-learner']);
});

const metadataLeader = (node: string, term: number): Line => [
  node,
  { kind: 'raft.leader', term, index: 0, lastTerm: term - 1 },
];

const applied = (node: string, index: number): Line => [node, { kind: 'pcs.apply', index, sum: index }];

test('PCS-37 a deposed leader of the metadata may still trace earlier shards of a group, and no others (postdb-v4 seed 299)', () => {
  const made = (node: string): Line => [
    node,
    {
      kind: 'group.made',
      group: 'g7',
      volume: 'v7',
      keyFirst: 0,
      keyEnd: 100,
      voters: 's1,s2,s3',
      leader: 's1',
      vw: 2,
      vr: 2,
    },
  ];
  const shards = (node: string, ...firsts: number[]): Line => [
    node,
    {
      kind: 'group.shards',
      group: 'g7',
      shards: firsts.map((_, i) => i),
      firsts,
      ends: [...firsts.slice(1), -1],
    },
  ];
  const preset = present(findPreset('postdb-v4'), 'preset');
  const found = (lines: Line[]): string[] => watch(lines, preset.cluster).violations.map(({ rule }) => rule);
  const first = [metadataLeader('n1', 1), made('n1'), shards('n1', 0, 49), applied('n1', 4)];
  const rolled = [
    ...first,
    applied('n2', 5),
    metadataLeader('n2', 2),
    applied('n2', 6),
    made('n2'),
    shards('n2', 0, 49, 97),
  ];
  expect(found([...rolled, shards('n1', 0, 49), shards('n2', 0, 49, 97, 140)])).toEqual([]);
  // who leads lost a shard
  expect(found([...rolled, shards('n2', 0, 49)])).toEqual(['shard.tiling']);
  // what is no earlier state, and an earlier state that makes nobody forget the later one
  expect(found([...rolled, shards('n1', 0, 48)])).toEqual(['shard.tiling']);
  expect(found([...rolled, shards('n1', 0, 49), shards('n2', 0, 49)])).toEqual(['shard.tiling']);
});

test('WAL-62 a deposed leader of the metadata may still trace earlier members of a group, and they change nothing', () => {
  const members = (node: string, memberEpoch: number, step: string, sets: string): Line => [
    node,
    { kind: 'group.members', group, memberEpoch, step, sets, learners: '' },
  ];
  const before = 's1,s2,s3';
  const joint = `${before}|s1,s2,s4`;
  const moved = [
    ...committed,
    metadataLeader('pcs-1', 1),
    applied('pcs-1', 4),
    members('pcs-1', 2, 'learner', before),
    applied('pcs-1', 5),
    applied('pcs-2', 5),
    applied('pcs-2', 6),
    metadataLeader('pcs-2', 2),
    applied('pcs-2', 7),
    members('pcs-2', 3, 'reopened', joint),
  ];
  const late = members('pcs-1', 3, 'joint', joint);
  expect(judge([...moved, late, members('pcs-2', 4, 'learner', joint)])).toEqual([]);
  // the same from who leads
  expect(judge([...moved, members('pcs-2', 3, 'joint', joint)])).toEqual(['member.one-step']);
  // a restarted leader has applied what its snapshot holds
  const reopened: Line = [
    'pcs-2',
    { kind: 'raft.open', as: 'pcs-2', term: 2, first: 8, terms: [], sums: [], base: 2 },
  ];
  expect(judge([...moved, down('pcs-2'), reopened, members('pcs-2', 3, 'joint', joint)])).toEqual([
    'member.one-step',
  ]);
});

test('PCS-120 WAL-28 a store that was away when a tablet opened has lost no replica of it (drawn postdb-v4 seed 24)', () => {
  const made: Line = [
    'n1',
    {
      kind: 'group.made',
      group,
      volume: 'v1',
      keyFirst: 0,
      keyEnd: 10,
      voters: 's1,s2,s3',
      leader: 's3',
      vw: 2,
      vr: 2,
    },
  ];
  const lost: Line = ['n1', { kind: 'disk.lost', group, node: 's3' }];
  expect(judge([made, install('s1', 1), install('s2', 1), made, lost])).toEqual([]);
  expect(judge([made, install('s3', 1), made, lost])).toEqual(['disk.kept-by-crash']);
});
