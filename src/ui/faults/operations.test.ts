// What an operator may order, by pictures of real runs of each architecture: every operation is in the menu and in the palette, says in both
// languages what it would do, or why it is refused now, and is an action of the tape (docs/limits.md).

import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { parseAction } from '../../sim/tape-parse.ts';
import { printAction } from '../../sim/tape-print.ts';
import { tapes } from '../../stacks/tapes.ts';
import { loadChinese, setLanguage, t } from '../i18n/i18n.ts';
import { shootWorld } from '../testing/world-frame.ts';
import { faultLabel, faultNote } from './fault-label.ts';
import type { MenuSubject } from './menu-store.ts';
import { entriesFor, faultSubjects, timed } from './registry.ts';

// `setLanguage` writes the document's language; tests have none.
Object.assign(globalThis, { document: { documentElement: {} } });
afterEach(() => setLanguage('en'));
beforeAll(loadChinese);

const edge = await loadSqlEdge();
const LOAD =
  'kind=tablet-transfer clients=2 rows=100 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';

const shoot = (preset: string, lines: readonly string[], atMs: number): WorldFrame =>
  shootWorld({ edge, preset, seed: 3, lines, atMs, view: { detail: true } }).frame;

/** The operations of a subject: their line, with the note in brackets behind it where they are refused. */
function operations(frame: WorldFrame, subject: MenuSubject): readonly string[] {
  const context = { frame, subject, selection: [] };
  return entriesFor(context)
    .filter(({ does }) => does !== undefined)
    .map((entry) => {
      setLanguage('zh-CN');
      for (const words of [faultLabel(entry, context, t), faultNote(entry, context) ?? ''])
        expect(words, entry.id).toMatch(/\p{Script=Han}/u);
      setLanguage('en');
      const note = faultNote(entry, context) ?? '';
      for (const words of [faultLabel(entry, context, t), note])
        expect(words, entry.id).not.toMatch(/^fault\.|^operation\.|\{|\p{Script=Han}|^$/u);
      const effect = entry.effect(context);
      const line = effect.kind === 'act' ? printAction(tapes, timed(effect.action)) : entry.id;
      expect(entry.enabled(context), entry.id).toBe(entry.refusal?.(context) == null);
      if (!entry.enabled(context)) return `${line.trim()} (${note})`;
      const read = parseAction(tapes, `0.000 ${line}`);
      expect('error' in read ? read.error : printAction(tapes, read), entry.id).toBe(line);
      return line;
    });
}

const node = (id: string): MenuSubject => ({ kind: 'node', id });
const group = (id: string): MenuSubject => ({ kind: 'group', id });

describe('cynosdb', () => {
  test('PCS-78 FENCE-33 FENCE-18 PCS-27 a reader is promoted, or says that it is in no HA group; a voter leads', () => {
    const frame = shoot('cynosdb-ha', [], 150);
    expect(operations(frame, { kind: 'zone', id: 'c' })).toEqual([
      'addNode ro-2 reader c',
      'addNode store-4 store c',
      'addNode classic-1 classic c',
    ]);
    expect(operations(frame, node('ha-1'))).toEqual(['revokeReader rw-1 ha-1', 'switchover ha-1']);
    expect(operations(frame, node('ro-1'))).toEqual([
      'revokeReader rw-1 ro-1',
      'switchover ro-1 (ro-1 is in no HA group. Take it in first.)',
      'moveToHa ro-1 1',
      'removeNode ro-1',
    ]);
    const voters = ['pcs-1', 'pcs-2', 'pcs-3'].map((id) => operations(frame, node(id)).at(-1));
    expect(voters.filter((one) => one?.endsWith('(It leads already.)'))).toHaveLength(1);
    expect(voters.filter((one) => /^transferPcs pcs-\d$/.test(one ?? ''))).toHaveLength(2);
  });

  test('WAL-64 PCS-80 PCS-100 PCS-106 without a spare store nothing moves, and it is said; beside one each replica may', () => {
    expect(operations(shoot('cynosdb', [], 60), node('store-1')).slice(0, 2)).toEqual([
      'offline store-1 (Its replicas need 3 other nodes that are up, and there are 2. Add a node first.)',
      'moveReplica store-1 (No store is without replicas. Add a store first.)',
    ]);
    const frame = shoot('cynosdb-pcs', ['60.000 addNode store-5 store a'], 200);
    expect(operations(frame, node('store-1'))).toEqual([
      'offline store-1',
      'moveReplica store-1 store-4',
      'moveReplica store-1 store-5',
      'moveReplica store-1 store-1',
    ]);
    expect(operations(frame, group('g2'))).toEqual(
      expect.arrayContaining(['moveReplica store-3 store-4 g2', 'moveReplica store-2 store-5 g2']),
    );
    expect(operations(frame, node('pcs-4'))).toEqual([
      'addPcs pcs-4',
      'transferPcs pcs-4 (It has no vote. Add it to the metadata first.)',
    ]);
  });

  test('WAL-62 PCS-106 while members are changed no other change begins', () => {
    const frame = shoot('cynosdb-pcs', ['60.000 moveReplica store-3 store-4', '60.000 addPcs pcs-4'], 62);
    expect(operations(frame, node('store-2')).at(-1)).toBe(
      'moveReplica store-2 store-2 (The members of g1 are being changed. Wait, or take the change back.)',
    );
    expect(operations(frame, node('pcs-5'))[0]).toBe(
      'addPcs pcs-5 (The metadata is changing its members for pcs-4, one at a time.)',
    );
    expect(operations(frame, group('g1'))).toContain('rollbackMove g1');
  });

  test('WAL-40 a store of a cluster with a backup archives, unless it is down', () => {
    const frame = shoot('cynosdb-backup', ['55.000 crash store-2'], 60);
    expect(operations(frame, node('store-1'))).toContain('nameArchiver store-1');
    expect(operations(frame, node('store-2'))).toContain('nameArchiver store-2 (store-2 is down.)');
  });
});

describe('postdb-v4', () => {
  const load = `0.000 workload d1 main ${LOAD}`;
  test('PCS-46 PCS-121 PCS-122 the groups of tablets are split, merged, moved and led by another', () => {
    const frame = shoot('postdb-v4', [load, '300.000 addNode n4 node c', '310.000 crash n3'], 312);
    const groups = faultSubjects(frame).filter(({ kind }) => kind === 'group');
    expect(groups).toHaveLength(4);
    const all = groups.flatMap((one) => operations(frame, one));
    expect(all).toEqual(expect.arrayContaining(['splitGroup g1']));
    expect(all.join('\n')).toMatch(/^mergeGroups g\d g\d$/m);
    expect(all).toContain('mergeGroups (No tablet comes after it in its table.)');
    expect(all.join('\n')).toMatch(/^transferGroup g1 n[12]$/m);
    expect(all.join('\n')).toMatch(/^transferGroup g1 n3 \(n3 is down\.\)$/m);
    expect(all).toEqual(expect.arrayContaining(['moveReplica n1 n4 g1']));
  });

  test('PCS-78 PCS-80 PCS-106 a node comes in a zone, is drained, votes', () => {
    const frame = shoot('postdb-v4', ['60.000 addNode n4 node a'], 200);
    expect(operations(frame, { kind: 'zone', id: 'b' })).toEqual(['addNode n5 node b']);
    expect(operations(frame, node('n4'))).toEqual([
      'offline n4',
      'addPcs n4',
      'transferPcs n4 (It has no vote. Add it to the metadata first.)',
    ]);
  });
});

test('FS-77 FENCE-33 in polardb chunk servers and readers come in a zone, and a reader is promoted', () => {
  const frame = shoot('polardb', [], 230);
  expect(operations(frame, { kind: 'zone', id: 'c' })).toEqual([
    'addNode ro-3 reader c',
    'addNode cs-4 chunk c',
  ]);
  expect(operations(frame, node('ro-1'))).toEqual(['switchover ro-1']);
  expect(operations(frame, node('cs-2'))).toEqual([
    'offline cs-2 (Its replicas need 3 other nodes that are up, and there are 2. Add a node first.)',
  ]);
});
