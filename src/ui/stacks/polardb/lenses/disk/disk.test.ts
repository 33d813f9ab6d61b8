// The lens "Shared disk" by pictures of a real run: whose each block is, the tree, the journal's heads, LogIndex, and the file shell, whose
// bytes are those of the chunk servers (docs/spec/polarfs.md §1, §4, §5, §6).

import { describe, expect, test } from 'vitest';
import { present } from '../../../../../base/assert.ts';
import type { DevicePlace } from '../../../../../core/kernel/view-params.ts';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import { t } from '../../../../i18n/i18n.ts';
import { shootWorld } from '../../../../testing/world-frame.ts';
import { chainText, classOf, describeDisk, nextSync } from './describe.ts';
import { type DiskModel, isOnItsWay, projectDisk, ringUse } from './project.ts';
import { runShell, type ShellSource } from './shell.ts';

const edge = await loadSqlEdge();
const LOAD =
  '0.000 workload d1 main kind=transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';

const shoot = (files: readonly DevicePlace[]) => {
  const shot = shootWorld({ edge, preset: 'polardb', seed: 3, lines: [LOAD], atMs: 900, view: { files } });
  const source = { cluster: shot.frame.cluster, nodes: shot.nodes };
  return { ...source, model: present(projectDisk(source, null) ?? undefined, 'a mount') };
};

const shellOf = ({ cluster, nodes, model }: ReturnType<typeof shoot>): ShellSource => ({
  cluster,
  nodes,
  mount: model.mount,
});
const text = (source: ShellSource, line: string): string => {
  const answer = runShell(source, line);
  return answer.kind === 'done' ? answer.lines.join('\n') : JSON.stringify(answer);
};

const first = shoot([]);

test('until the mount is in the picture nobody says that there is none', () => {
  const shot = shootWorld({ edge, preset: 'polardb', seed: 3, lines: [], atMs: 200, view: {} });
  const source = { cluster: shot.frame.cluster, nodes: shot.nodes };
  expect([projectDisk(source, null), isOnItsWay(shot.nodes)]).toEqual([null, true]);
  expect(isOnItsWay(first.nodes)).toBe(false);
});

test('FS-77 replicas that move are shown once a server was added and another is drained', () => {
  expect(first.model.placement).toBe(null);
  const lines = [LOAD, '300.000 addNode cs-4 chunk a', '600.000 offline cs-1'];
  const shot = shootWorld({ edge, preset: 'polardb', seed: 3, lines, atMs: 606, view: { files: [] } });
  const model = projectDisk({ cluster: shot.frame.cluster, nodes: shot.nodes }, null);
  const { offline, moves } = present(model?.placement ?? undefined, 'the placement of chunks');
  expect(offline).toEqual(['cs-1']);
  expect(moves.length).toBeGreaterThan(0);
  for (const { from, to, phase } of moves) {
    expect([from, to]).toEqual(['cs-1', expect.stringMatching(/^cs-[234]$/)]);
    expect(t(`disk.phase.${phase}`)).not.toBe('');
  }
});

test('FS-77 PCS-75 what the leader of the metadata plans besides stands below what moves', () => {
  const lines = [LOAD, '300.000 addNode cs-4 chunk a', '600.000 offline cs-1'];
  const view = { files: [], detail: true };
  const shot = shootWorld({ edge, preset: 'polardb', seed: 3, lines, atMs: 602, view });
  const model = projectDisk({ cluster: shot.frame.cluster, nodes: shot.nodes }, null);
  const { plan, moves } = present(model?.placement ?? undefined, 'the placement of chunks');
  expect(plan.length).toBeGreaterThan(0);
  const drained = plan.filter(({ from, to }) => from === 'cs-1' && to !== null);
  expect(drained.length).toBeGreaterThan(0);
  const moving = new Set(moves.map(({ group }) => group));
  for (const { group } of plan) expect(moving.has(group)).toBe(false);
});

describe('whose the device is', () => {
  const { model } = first;
  const row = (path: string): DiskModel['tree'][number] =>
    present(
      model.tree.find((one) => one.path === path),
      path,
    );

  test('FS-1 FS-10 every chunk begins with its superblock; leader record and journal have the first blocks', () => {
    expect(model.chunks.length).toBe(6);
    for (const { blocks, leader, token } of model.chunks) {
      expect(blocks[0]?.kind).toBe('superblock');
      expect(leader).toMatch(/^cs-/);
      expect(token).toBeGreaterThan(0);
    }
    expect(row('/.pfs-paxos').chain.length).toBe(1);
    expect(row('/.pfs-journal').chain.length).toBe(4);
  });

  test('LI-9 FS-4 FS-7 WAL, pages and LogIndex are files; each block of a chain is theirs on the map', () => {
    for (const path of ['/wal', '/base', '/logindex', '/control']) expect(row(path).path, path).toBe(path);
    const files = model.tree.filter(({ chain }) => chain.length > 0);
    expect(files.length).toBeGreaterThan(5);
    const owned = model.chunks.flatMap(({ blocks }) => blocks.filter(({ ino }) => ino > 0));
    expect(owned.length).toBe(files.reduce((sum, { chain }) => sum + chain.length, 0));
    expect(new Set(owned.map(classOf))).toEqual(new Set(['internal', 'wal', 'base', 'logindex', 'other']));
    expect(chainText(row('/.pfs-paxos'), model)).toBe('0:1');
  });

  test('FS-50 FS-62 the ring has the transactions above its tail; readers are at most at the head', () => {
    const { used, all } = ringUse(model.leader);
    expect(used).toBeGreaterThan(0);
    expect(used).toBeLessThan(all);
    expect(model.heads.map(({ node }) => node).sort()).toEqual(['ro-1', 'ro-2', 'rw-1']);
    for (const head of model.heads) expect(head.headTx).toBeLessThanOrEqual(model.leader.headTx);
    const reader = present(
      model.heads.find(({ isWriter }) => !isWriter),
      'a reader',
    );
    expect(nextSync({ ...reader, headTx: model.leader.headTx - 2 }, model, t)).toBe('replays 2');
    expect(nextSync({ ...reader, headTx: -1 }, model, t)).toMatch(/^loads anew/);
  });

  test('LI-25 one table of LogIndex is active, and it is the newest', () => {
    const tables = model.index?.tables ?? [];
    expect(tables.filter(({ state }) => state === 'ACTIVE').map(({ id }) => id)).toEqual([tables.at(-1)?.id]);
    expect(tables.at(-1)?.entries).toBeGreaterThan(0);
    expect(describeDisk(model, t)).toContain('on 6 chunks');
  });

  test('a reader’s mount lists the same files', () => {
    const reader = present(projectDisk(first, 'ro-1') ?? undefined, 'a mount');
    expect(reader.node).toBe('ro-1');
    expect(reader.tree.map(({ path }) => path)).toEqual(expect.arrayContaining(['/control', '/base']));
  });
});

describe('the file shell', () => {
  const source = shellOf(first);

  test('ls, stat, fmap and df are calls of the mount', () => {
    expect(text(source, 'ls /')).toContain('.pfs-journal');
    expect(text(source, 'ls')).toContain('base');
    expect(text(source, 'stat /control')).toMatch(/^- +\d+ +512 B/);
    expect(text(source, 'fmap /.pfs-journal').split('\n')).toHaveLength(4);
    expect(text(source, 'df')).toMatch(/^chunks 6 +blocks \d+ +free \d+/);
    expect(text(source, 'journal')).toContain('headTx');
  });

  test('FS-90 fsck of what is mounted finds nothing', () => {
    expect(text(source, 'fsck')).toBe('clean');
  });

  test('FS-5 cat asks the device, and has the bytes of the chunk servers once they are shown', () => {
    const asked = runShell(source, 'cat /control');
    const places = asked.kind === 'waits' ? asked.places : [];
    expect(places).toHaveLength(1);
    const shown = text(shellOf(shoot(places)), 'cat /control');
    expect(shown.split('\n')[0]).toMatch(/^000000 {2}([0-9a-f]{2} ){15}[0-9a-f]{2} {2}/);
    expect(shown).not.toMatch(/^(?:[0-9a-f]{6} {2}(?:00 ){15}00 .*\n?)+$/);
  });

  test('errors have the names of the specification, and nothing is changed', () => {
    expect(runShell(source, 'stat /no')).toEqual({ kind: 'error', error: 'stat: ENOENT' });
    expect(runShell(source, 'ls /control')).toEqual({ kind: 'error', error: 'readdir: ENOTDIR' });
    expect(runShell(source, 'rm /control')).toEqual({ kind: 'error', error: 'rm: EROFS', isChange: true });
    expect(runShell(source, 'stat control')).toEqual(runShell(source, 'stat /control'));
    expect(runShell(source, 'cat /control -3').kind).toBe('error');
  });
});
