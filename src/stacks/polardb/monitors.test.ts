// Monitors of shared storage in a run that began before what they see: a lab that was reopened from its disks.

import { expect, test } from 'vitest';
import type { NodeId, Time } from '../../base/ids.ts';
import type { TraceEvent } from '../../core/kernel/trace.ts';
import { makeMonitors, observe } from '../../sim/checks/monitors.ts';
import { known } from '../known.ts';
import { findPreset } from '../presets.ts';

const volume = 'v1';
const blockKey = 16_777_216;

function judged(lastLsn: number, events: readonly (readonly [node: string, event: TraceEvent])[]): string[] {
  const preset = findPreset('polardb');
  if (preset === null) throw new Error('no preset polardb');
  const monitors = makeMonitors(known.monitors, preset.cluster, 100);
  const begun: TraceEvent = { kind: 'redo.done', volume, token: 1, redoLsn: 1, lastLsn, pages: 0 };
  const all = [['rw-1', begun] as const, ...events];
  for (const [i, [node, event]] of all.entries())
    observe(known.monitors, monitors, {
      node: node as NodeId,
      at: (i * 1000) as Time,
      ordinal: i,
      event,
    } as Parameters<typeof observe>[2]);
  return monitors.violations.map(({ rule }) => rule);
}

const changed = (first: number): readonly [string, TraceEvent] => [
  'rw-1',
  { kind: 'wal.pages', volume, lsns: [first], pages: [blockKey] },
];
const replayed = (from: number, records: number): readonly [string, TraceEvent] => [
  'ro-1',
  {
    kind: 'ro.replayed',
    volume,
    blockKey,
    from,
    pageLsn: 390,
    applyLsn: 400,
    records,
    source: 'STORAGE',
  },
];
const read = (pageLsn: number): readonly [string, TraceEvent] => [
  'ro-1',
  { kind: 'ro.pageRead', volume, blockKey, readPoint: 400, groupReadPoint: 400, pageLsn, digest: 0 },
];

test('LI-5 LI-20 records from before a lab was reopened are not known: they count neither as missing nor as too many', () => {
  expect(judged(380, [changed(390), replayed(0, 37), read(390)])).toEqual([]);
  expect(judged(380, [replayed(0, 36), read(370)])).toEqual([]);
});

test('LI-5 LI-6 LI-20 what was written since is held against each read', () => {
  expect(judged(380, [changed(390), replayed(0, 0)])).toEqual(['logidx.complete']);
  expect(judged(380, [changed(390), replayed(385, 2)])).toEqual(['logidx.complete']);
  expect(judged(380, [changed(390), read(370)])).toEqual(['ro.never-behind']);
  expect(judged(380, [changed(390), changed(405), read(405)])).toEqual(['ro.never-ahead']);
  // a run from its start knows every record
  expect(judged(0, [changed(390), replayed(0, 2), read(370)])).toEqual([
    'logidx.complete',
    'ro.never-behind',
  ]);
});

test('FENCE-17 LI-46 what an overtaken writer hears late is not held against its successor (polardb sweep seed 3)', () => {
  const checkpoint = (node: string, token: number): readonly [string, TraceEvent] => [
    node,
    { kind: 'checkpoint.done', volume, token, redoLsn: 395 },
  ];
  const succeeded: readonly [string, TraceEvent] = [
    'ro-1',
    { kind: 'redo.done', volume, token: 2, redoLsn: 1, lastLsn: 400, pages: 1 },
  ];
  const before = [changed(390), succeeded];
  expect(judged(380, [...before, checkpoint('rw-1', 1)])).toEqual([]);
  expect(judged(380, [...before, checkpoint('ro-1', 2)])).toEqual(['checkpoint.covers']);
});

test('FENCE-17 LI-46 P4 that an overtaken writer hears late is not held against its successor (polardb sweep seed 234)', () => {
  const opened = (
    node: string,
    token: number,
    redoLsn: number,
  ): readonly (readonly [string, TraceEvent])[] => [
    [node, { kind: 'redo.done', volume, token, redoLsn, lastLsn: 400, pages: 0 }],
    [node, { kind: 'promote.step', volume, token, step: 'P4', lsn: redoLsn }],
  ];
  const [begun, ended] = opened('rw-1', 1, 385) as [
    readonly [string, TraceEvent],
    readonly [string, TraceEvent],
  ];
  expect(judged(380, [begun, ...opened('ro-1', 2, 390), ended])).toEqual([]);
  expect(judged(380, [...opened('ro-1', 2, 390), ...opened('ro-1', 3, 385)])).toEqual(['checkpoint.covers']);
});

const stored = (pageLsn: number): readonly [string, TraceEvent] => [
  'rw-1',
  { kind: 'page.stored', volume, token: 1, blockKey, pageLsn, durableLsn: 395, gate: -1, how: 'buffer' },
];

test('LI-47 what a writer that opens has read, and hears after its successor has begun, takes no stored page back (polardb sweep seed 3)', () => {
  const late: readonly [string, TraceEvent] = [
    'ro-2',
    { kind: 'redo.page', volume, blockKey, pageLsn: 385, records: 1 },
  ];
  const checkpoint: readonly [string, TraceEvent] = [
    'rw-1',
    { kind: 'checkpoint.done', volume, token: 1, redoLsn: 395 },
  ];
  const synced: readonly [string, TraceEvent] = [
    'rw-1',
    { kind: 'wal.synced', volume, token: 1, first: 390, last: 395, bytes: 512 },
  ];
  expect(judged(380, [changed(390), synced, stored(390), late, checkpoint])).toEqual([]);
  expect(judged(380, [changed(390), synced, late, checkpoint])).toEqual(['checkpoint.covers']);
});

test('LI-42 LI-54 a page that the writer reads in its file has every change of the page (polardb sweep seed 11)', () => {
  const fetched = (node: string, pageLsn: number): readonly [string, TraceEvent] => [
    node,
    { kind: 'page.fetched', volume, blockKey, pageLsn },
  ];
  expect(judged(380, [changed(390), fetched('rw-1', 390)])).toEqual([]);
  expect(judged(380, [changed(390), fetched('rw-1', 370)])).toEqual(['page.newest-fetched']);
  // an overtaken writer may read what its successor has not stored yet
  expect(judged(380, [changed(390), fetched('ro-1', 370)])).toEqual([]);
});

test('LI-64 LI-66 what a writer grants and removes after its successor has begun is not held against its readers (polardb sweep seed 2)', () => {
  const slot: readonly [string, TraceEvent] = [
    'rw-1',
    { kind: 'slot.given', volume, reader: 'ro-2', epoch: 1, readyLsn: 380 },
  ];
  const granted = (node: string): readonly [string, TraceEvent] => [
    node,
    { kind: 'ddl.granted', volume, relation: 81, lockLsn: 390 },
  ];
  expect(judged(380, [slot, granted('ro-1')])).toEqual([]);
  expect(judged(380, [slot, granted('rw-1')])).toEqual(['ddl.readers-first']);
});

test('LI-51 what a writer before stored, and never said, is what a snapshot has (polardb sweep seed 12)', () => {
  const logged = (imageLsn: number): readonly [string, TraceEvent] => [
    'rw-1',
    { kind: 'snapshot.logged', volume, blockKey, lsn: 391, imageLsn },
  ];
  const synced: readonly [string, TraceEvent] = [
    'rw-1',
    { kind: 'wal.synced', volume, token: 1, first: 381, last: 395, bytes: 512 },
  ];
  const beyond = (pageLsn: number): readonly [string, TraceEvent] => [
    'rw-1',
    { kind: 'page.stored', volume, token: 1, blockKey, pageLsn, durableLsn: 395, gate: 380, how: 'snapshot' },
  ];
  expect(judged(380, [changed(390), synced, logged(370), beyond(390)])).toEqual([]);
  // beyond what was there to be stored
  expect(judged(380, [changed(390), synced, logged(390), beyond(390)])).toEqual(['snapshot.first']);
  // this writer has stored the page itself: nobody else has
  const twice = [changed(385), synced, stored(385), changed(390), logged(370), beyond(390)];
  expect(judged(380, twice)).toEqual(['snapshot.first']);
});

test('FS-70 FS-71 what was on its way when a disk was lost was acknowledged of what the disk had (polardb sweep seed 28)', () => {
  const durable = (node: string, last: number): readonly [string, TraceEvent] => [
    node,
    { kind: 'chunk.durable', group: 'c1', first: 1, last },
  ];
  const acked = (index: number): readonly [string, TraceEvent] => [
    'cs-3',
    { kind: 'chunk.acked', group: 'c1', token: 1, seq: 1, index },
  ];
  const lost: readonly [string, TraceEvent] = [
    'cs-1',
    { kind: 'node.down', incarnation: 1, mode: 'rolledBack' },
  ];
  expect(judged(380, [durable('cs-3', 7), durable('cs-1', 7), lost, acked(7)])).toEqual([]);
  expect(judged(380, [durable('cs-3', 8), durable('cs-1', 7), lost, acked(8)])).toEqual(['chunk.majority']);
});

test('FS-70 FS-76 a server that left and came back leads by what decides then (polardb sweep seed 4 × 2 min)', () => {
  const [one, two, three, other] = ['cs-1', 'cs-2', 'cs-3', 'cs-4'];
  const durable = (node: string): readonly [string, TraceEvent] => [
    node,
    { kind: 'chunk.durable', group: 'c1', first: 1, last: 9 },
  ];
  const members = (
    node: string,
    index: number,
    voters: string,
    outgoing: string,
    learners: string,
  ): readonly [string, TraceEvent] => [
    node,
    { kind: 'chunk.members', group: 'c1', index, voters, outgoing, learners },
  ];
  const leads = (node: string, term: number): readonly [string, TraceEvent] => [
    node,
    { kind: 'chunk.leads', group: 'c1', term },
  ];
  const [first, second] = [`${one},${two},${three}`, `${two},${three},${other}`];
  const left: readonly [string, TraceEvent] = [one, { kind: 'chunk.left', group: 'c1', through: 5 }];
  const acked: readonly [string, TraceEvent] = [
    one,
    { kind: 'chunk.acked', group: 'c1', token: 1, seq: 1, index: 9 },
  ];
  const there = [
    leads(one, 1),
    members(one, 2, first, '', other),
    members(one, 3, second, first, ''),
    members(one, 4, second, '', ''),
  ];
  // under another leader it came back, and leads the servers of the layout: it says nothing of them
  const back = [leads(one, 3), durable(one), durable(two), acked];
  expect(judged(380, [...there, left, ...back])).toEqual([]);
  expect(judged(380, [...there, ...back])).toEqual(['chunk.majority']);
});

test('FS-81 FENCE-17 a deposed leader acknowledges late what is before the token in the log, and nothing else (polardb seed 123)', () => {
  const [frozen, next] = ['cs-2', 'cs-3'];
  const leads = (node: string, term: number): readonly [string, TraceEvent] => [
    node,
    { kind: 'chunk.leads', group: 'c1', term },
  ];
  const acked = (node: string, token: number, seq: number, index: number): readonly [string, TraceEvent] => [
    node,
    { kind: 'chunk.acked', group: 'c1', token, seq, index },
  ];
  const durable = [frozen, next].map((node): readonly [string, TraceEvent] => [
    node,
    { kind: 'chunk.durable', group: 'c1', first: 1, last: 195 },
  ]);
  const installed = [leads(next, 4), acked(next, 6, 0, 190)];
  const there = [...durable, leads(frozen, 3), ...installed];
  expect(judged(380, [...there, acked(frozen, 5, 36, 184)])).toEqual([]);
  expect(judged(380, [...there, acked(frozen, 5, 37, 191)])).toEqual(['chunk.token-order']);
  // before a later token, but behind this one
  expect(judged(380, [...there, acked(next, 7, 0, 195), acked(frozen, 5, 37, 191)])).toEqual([
    'chunk.token-order',
  ]);
  // whoever installed it, or leads since, has it
  expect(judged(380, [...there, acked(next, 5, 36, 184)])).toEqual(['chunk.token-order']);
  expect(judged(380, [...there, leads(frozen, 5), acked(frozen, 5, 36, 184)])).toEqual(['chunk.token-order']);
});

test('FS-77 PCS-72 a server without power whose replicas are elsewhere is taken away, whatever its disk has (polardb sweep seed 160 × 2 min)', () => {
  const members = (voters: string): (readonly [string, TraceEvent])[] =>
    ['c0', 'c1', 'c2', 'c3', 'c4', 'c5'].map((group) => [
      'cs-3',
      { kind: 'chunk.members', group, index: 9, voters, outgoing: 'cs-1,cs-2,cs-3', learners: '' },
    ]);
  const down: readonly [string, TraceEvent] = [
    'cs-2',
    { kind: 'node.down', incarnation: 1, mode: 'loseAll' },
  ];
  const open: readonly [string, TraceEvent] = ['cs-2', { kind: 'node.open', incarnation: 2 }];
  const removed: readonly [string, TraceEvent] = ['pcs-1', { kind: 'node.removed', node: 'cs-2', volume }];
  const others: (readonly [string, TraceEvent])[] = [
    ...members('cs-1,cs-3,cs-4'),
    ...['c0', 'c1', 'c2', 'c3', 'c4', 'c5'].map((group): readonly [string, TraceEvent] => [
      'cs-3',
      { kind: 'chunk.members', group, index: 10, voters: 'cs-1,cs-3,cs-4', outgoing: '', learners: '' },
    ]),
  ];
  expect(judged(380, [...others, down, removed])).toEqual([]);
  expect(judged(380, [...others, down, open, removed])).toEqual(['chunk.drained']);
  expect(judged(380, [down, removed])).toEqual(['chunk.drained']);
});

test('FENCE-17 FS-66 a writer that was overtaken while it mounted has read what was there then (polardb sweep seed 3 × 2 min)', () => {
  const renamed: readonly [string, TraceEvent] = [
    'ro-1',
    { kind: 'fs.done', mode: 'rw', call: 'rename', error: '', headTx: 161, tailTx: 122 },
  ];
  const succeeded: readonly [string, TraceEvent] = [
    'ro-1',
    { kind: 'redo.done', volume, token: 3, redoLsn: 1, lastLsn: 400, pages: 1 },
  ];
  const mounted = (token: number): readonly [string, TraceEvent] => [
    'rw-1',
    { kind: 'fs.mounted', mode: 'rw', token, headTx: 160, error: '' },
  ];
  expect(judged(380, [succeeded, renamed, mounted(2)])).toEqual([]);
  expect(judged(380, [succeeded, renamed, mounted(4)])).toEqual(['pfs.journal-atomic']);
});

test('FENCE-17 LI-73 a candidate that was overtaken, and replays late what it had read, is not the writer (polardb sweep seed 44)', () => {
  const replayedLog = (node: string, token: number): readonly [string, TraceEvent] => [
    node,
    { kind: 'redo.done', volume, token, redoLsn: 1, lastLsn: 380, pages: 0 },
  ];
  const synced: readonly [string, TraceEvent] = [
    'ro-2',
    { kind: 'wal.synced', volume, token: 3, first: 381, last: 395, bytes: 512 },
  ];
  const acked: readonly [string, TraceEvent] = [
    'ro-2',
    { kind: 'commit.ack', volume, tx: 7, scn: 390, vdl: 390, term: 3 },
  ];
  const before = [replayedLog('ro-2', 3), synced, acked];
  expect(judged(380, [...before, replayedLog('ro-1', 2)])).toEqual([]);
  expect(judged(380, [...before, replayedLog('ro-1', 4)])).toEqual(['redo.whole']);
});

test('FS-79 PCS-120 a server that never had a replica of a chunk that runs may be given its first; one that had one may not make it anew', () => {
  const made = (server: string): readonly [string, TraceEvent] => [
    server,
    { kind: 'chunk.made', group: 'c0', member: 1 },
  ];
  const leads: readonly [string, TraceEvent] = ['cs-2', { kind: 'chunk.leads', group: 'c0', term: 2 }];
  expect(judged(380, [made('cs-2'), leads, made('cs-1')])).toEqual([]);
  expect(judged(380, [made('cs-1'), made('cs-2'), leads, made('cs-1')])).toEqual(['chunk.made-once']);
});
