// Faults of the file system’s journal: rare events brought about in a run, what is on the tape afterwards, and the effect of each.

import { beforeAll, expect, test } from 'vitest';
import { nodeId } from '../../../base/ids.ts';
import { loadSqlEdge } from '../../../edge/sql-edge.ts';
import type { Edge } from '../../../sim/fabric-state.ts';
import { printAction } from '../../../sim/tape-print.ts';
import { tapes } from '../../../stacks/tapes.ts';
import { entriesFor, type FaultContext, timed } from '../../faults/registry.ts';
import { takeToasts } from '../../kit/toast.ts';
import { shootWorld } from '../../testing/world-frame.ts';
import { makeWorldLab, type WorldLab } from '../../testing/world-lab.ts';
import { isLogging, journalFull, leaderRecordIn, mountsIn, tornLeaderRecord } from './rare-files.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

const load =
  '0.000 workload d1 main kind=transfer clients=2 rows=100 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';
const labAt = (atMs: number): WorldLab =>
  makeWorldLab({ edge, preset: 'polardb', seed: 3, lines: [load], atMs, view: {} });

/** Words of the tape, without times and what they are done to. */
const kindsOf = ({ lines }: WorldLab): string[] => [
  ...new Set(lines.map((line) => line.split(' ').slice(1, 2).join(' '))),
];
const eventsSince = (lab: WorldLab, fromMs: number) =>
  lab.shoot().events.filter(({ at }) => at >= fromMs * 1000);
const lastToast = () => takeToasts().at(-1)?.kind;

test('FS-57 FS-62 the journal goes round while a reader sleeps: it loads the metadata anew', async () => {
  const lab = labAt(400);
  const mounts = mountsIn(lab.shoot().frame);
  expect(mounts).toEqual({ writer: 'rw-1', driver: 'd1', reader: 'ro-1' });
  await journalFull(lab);
  expect(lastToast()).toBe('done');
  expect(kindsOf(lab)).toEqual(['freeze', 'sql', 'resume']);
  const synced = eventsSince(lab, 400).flatMap(({ node, event }) =>
    event.kind === 'fs.synced' && node === 'ro-1' ? [event] : [],
  );
  expect(synced[0]?.mode).toBe('RELOAD');
  // the reader that was awake has followed by replay alone
  const awake = eventsSince(lab, 400).flatMap(({ node, event }) =>
    event.kind === 'fs.synced' && node === 'ro-2' ? [event.mode] : [],
  );
  expect(new Set(awake)).toEqual(new Set(['REPLAY']));
});

test('FS-5 FS-52 FS-70 the leader record is torn on one disk, the majority has it, and the tape makes it happen again', async () => {
  const lab = labAt(400);
  await tornLeaderRecord(lab);
  expect(lastToast()).toBe('done');
  const [create = '', crash = '', drop = ''] = lab.lines;
  expect([create, drop].map((line) => line.split(' ')[1])).toEqual(['sql', 'sql']);
  expect(crash).toMatch(/ crash cs-\d tornLast for 20\.000 ms$/);
  const at = Number.parseFloat(crash);
  const server = nodeId(crash.split(' ')[2] ?? '');
  const again = (atMs: number) =>
    shootWorld({ edge, preset: 'polardb', seed: 3, lines: [load, ...lab.lines], atMs, view: {} });
  const sent = leaderRecordIn(again(at - 0.2).frame, nodeId('rw-1'));
  expect(sent?.to).toBe(server);
  expect(isLogging(again(at - 0.2).frame, server)).toBe(false);
  expect(isLogging(again(at).frame, server)).toBe(true);
  const { events } = again(600);
  // its own copy that is whole, or a peer, gives the record back; the transaction is done once another server leads the chunk
  const after = events.filter((one) => one.at > at * 1000);
  const made = after.find(({ event }) => event.kind === 'fs.done' && event.call === 'fallocate');
  const before = events.findLast(
    (one) => one.at < at * 1000 && one.event.kind === 'fs.done' && one.node === 'rw-1',
  );
  expect(made?.event).toMatchObject({
    error: '',
    headTx: (before?.event.kind === 'fs.done' ? before.event.headTx : -1) + 1,
  });
  expect(after.some(({ node, event }) => event.kind === 'chunk.leads' && node !== server)).toBe(true);
  expect(after.some(({ node, event }) => event.kind === 'chunk.durable' && node === server)).toBe(true);
  expect(after.filter(({ event }) => ['mount.lost', 'chunk.identityLost'].includes(event.kind))).toEqual([]);
});

test('FS-62 FS-64 a reader whose sync is stopped stays behind until it may sync again', () => {
  const read = (atMs: number, name: string): string =>
    `${atMs}.000 sql d1 ${name} "SELECT count(*) FROM accounts"`;
  const table = (atMs: number, name: string): string =>
    `${atMs}.000 sql d1 made "CREATE TABLE ${name} (id int PRIMARY KEY)"`;
  const node = { kind: 'node', id: 'ro-1' } as const;
  const shoot = (lines: readonly string[], atMs: number) =>
    shootWorld({ edge, preset: 'polardb', seed: 3, lines: [load, ...lines], atMs, view: {} });
  const line = (id: string, lines: readonly string[], atMs: number): string => {
    const context: FaultContext = { frame: shoot(lines, atMs).frame, subject: node, selection: [] };
    const entry = entriesFor(context).find((one) => one.id === id);
    const effect = entry?.enabled(context) === true ? entry.effect(context) : null;
    return effect?.kind === 'act' ? `${atMs}.000 ${printAction(tapes, timed(effect.action))}` : '';
  };
  const stopped = line('stopSync', [], 400);
  expect(stopped).toBe('400.000 cut ro-1 | cs-1 cs-2 cs-3');
  expect(line('allowSync', [], 400)).toBe('');
  const behind = [
    stopped,
    '401.000 session d1 there ro-1 session',
    table(402, 'a'),
    table(420, 'b'),
    read(440, 'there'),
  ];
  const allowed = line('allowSync', behind, 480);
  expect(allowed).toBe('480.000 heal ro-1 | cs-1 cs-2 cs-3');
  expect(line('stopSync', behind, 480)).toBe('');
  const { events } = shoot([...behind, allowed], 560);
  const syncs = events.filter(
    ({ at, node: of, event }) => of === 'ro-1' && event.kind === 'fs.synced' && at > 401_000,
  );
  expect(syncs[0]?.at).toBeGreaterThan(480_000);
  expect(syncs[0]?.event).toMatchObject({ mode: 'REPLAY' });
  const replayed = syncs[0]?.event.kind === 'fs.synced' ? syncs[0].event.txs : 0;
  expect(replayed).toBeGreaterThan(1);
  // it has not lost its slot: it is behind, and the writer holds pages back for it
  expect(events.filter(({ at, event }) => at > 400_000 && event.kind === 'slot.dropped')).toEqual([]);
  const held = events.filter(
    ({ at, event }) => at > 400_000 && at < 480_000 && event.kind === 'flush.blocked',
  );
  expect(held.some(({ event }) => event.kind === 'flush.blocked' && event.readers.includes('ro-1'))).toBe(
    true,
  );
});
