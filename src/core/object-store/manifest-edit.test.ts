// WAL-40…42, WAL-45: what an archiver may make of the manifest, and what an edit that comes too late gives.

import { describe, expect, test } from 'vitest';
import { groupId, type Lsn, nodeId, type Term } from '../../base/ids.ts';
import { type Editor, editManifest, emptyManifest, type ManifestEdit } from './manifest-edit.ts';
import type { Manifest, ManifestBase, ManifestCpl, ManifestLog } from './objects.ts';

const editor = (changes: Partial<Editor> = {}): Editor => ({
  volume: 'v1',
  group: groupId('g1'),
  archiver: nodeId('store-1'),
  appointment: 1,
  token: 1 as Term,
  history: [{ term: 1 as Term, startLsn: 0 as Lsn, prevEnd: -1 as Lsn }],
  retentionUs: 1_000_000,
  mutants: [],
  ...changes,
});

const base = (lsn: number): ManifestBase => ({ base: lsn as Lsn, pages: 0, parts: [] });
const log = (first: number, end: number): ManifestLog => ({
  first: first as Lsn,
  end: end as Lsn,
  token: 1 as Term,
  name: `log ${first}`,
  bytes: 1,
  records: 1,
});
const cpl = (lsn: number, time: number): ManifestCpl => ({ lsn: lsn as Lsn, time, commit: true });
const segments = (logs: ManifestLog[], cpls: ManifestCpl[] = []): ManifestEdit => ({
  kind: 'segments',
  logs,
  cpls,
});
const appoint: ManifestEdit = { kind: 'appoint', base: base(-1) };

function run(edits: readonly (readonly [ManifestEdit, Partial<Editor>?])[]): Manifest {
  let manifest = emptyManifest('v1');
  for (const [edit, changes] of edits) {
    const next = editManifest(manifest, editor(changes), edit);
    if (next === null) throw new Error(`no place for ${edit.kind}`);
    manifest = next;
  }
  return manifest;
}

describe('WAL-41 segments', () => {
  test('they follow each other; one that does not has no place', () => {
    const manifest = run([[appoint], [segments([log(0, 30)])], [segments([log(30, 61), log(61, 70)])]]);
    expect(manifest).toMatchObject({
      version: 3,
      groups: [{ archivedTo: 69, logs: [{ first: 0 }, {}, {}] }],
    });
    for (const late of [log(30, 61), log(69, 80), log(71, 80)])
      expect(editManifest(manifest, editor(), segments([late]))).toBeNull();
  });

  test('points of both groups stand in one ascending list', () => {
    const other = { group: groupId('g2') };
    const manifest = run([
      [appoint],
      [appoint, other],
      [segments([log(0, 9)], [cpl(2, 20), cpl(7, 70)])],
      [segments([log(0, 9)], [cpl(0, 0), cpl(4, 40), cpl(8, 80)]), other],
    ]);
    expect(manifest.cpls.map(({ lsn }) => lsn)).toEqual([0, 2, 4, 7, 8]);
  });
});

describe('WAL-40 appointments', () => {
  test('a new archiver writes its appointment first and goes on from archivedTo; the one before it has no place', () => {
    const second = { archiver: nodeId('store-2'), appointment: 2 };
    const manifest = run([[appoint], [segments([log(0, 30)])], [appoint, second]]);
    expect(manifest.groups[0]).toMatchObject({ archiver: 'store-2', appointment: 2, archivedTo: 29 });
    expect(editManifest(manifest, editor(), segments([log(30, 40)]))).toBeNull();
    expect(editManifest(manifest, editor(), appoint)).toBeNull();
    expect(editManifest(manifest, editor(second), segments([log(30, 40)]))).not.toBeNull();
  });

  test('one that has not yet written its appointment changes nothing, nor one of a lower token', () => {
    const manifest = run([[appoint, { token: 3 as Term }]]);
    expect(
      editManifest(manifest, editor({ appointment: 2, token: 3 as Term }), segments([log(0, 9)])),
    ).toBeNull();
    expect(editManifest(manifest, editor({ token: 2 as Term }), segments([log(0, 9)]))).toBeNull();
  });
});

describe('F31 what is lost', () => {
  test('a lost segment leaves for the gaps, under its name', () => {
    const manifest = run([
      [appoint],
      [segments([log(0, 30), log(30, 61)])],
      [{ kind: 'lost', names: ['log 0'] }],
    ]);
    expect(manifest.groups[0]?.gaps).toEqual([{ first: 0, end: 30, name: 'log 0' }]);
    expect(manifest.groups[0]?.logs.map(({ first }) => first)).toEqual([30]);
    expect(editManifest(manifest, editor(), { kind: 'lost', names: ['log 0'] })).toBeNull();
  });

  test('log that is gone everywhere is a gap without a name, and the archive goes on from the base above it', () => {
    const manifest = run([[appoint], [segments([log(0, 30)])], [{ kind: 'restart', base: base(80) }]]);
    expect(manifest.groups[0]).toMatchObject({ archivedTo: 80, gaps: [{ first: 30, end: 81, name: '' }] });
    expect(editManifest(manifest, editor(), { kind: 'restart', base: base(80) })).toBeNull();
    expect(editManifest(manifest, editor(), segments([log(81, 90)]))).not.toBeNull();
  });

  test('WAL-41 a base above archivedTo, or not above the newest one, has no place', () => {
    const manifest = run([[appoint], [segments([log(0, 30)])], [{ kind: 'base', base: base(20) }]]);
    for (const lsn of [20, 19, 30])
      expect(editManifest(manifest, editor(), { kind: 'base', base: base(lsn) })).toBeNull();
  });
});

test('WAL-76 a full object store: every second base goes, the oldest and the newest stay', () => {
  const bases = [9, 19, 29, 39, 49].map((lsn): [ManifestEdit] => [{ kind: 'base', base: base(lsn) }]);
  const manifest = run([[appoint], [segments([log(0, 60)])], ...bases]);
  const left = (edited: Manifest | null) => edited?.groups[0]?.bases.map((one) => one.base);
  const once = editManifest(manifest, editor(), { kind: 'thin' });
  expect(left(manifest)).toEqual([-1, 9, 19, 29, 39, 49]);
  expect(left(once)).toEqual([-1, 19, 39, 49]);
  expect(once?.groups[0]?.logs).toHaveLength(1);
  const twice = once && editManifest(once, editor(), { kind: 'thin' });
  const thrice = twice && editManifest(twice, editor(), { kind: 'thin' });
  expect(left(thrice)).toEqual([-1, 49]);
  expect(thrice && editManifest(thrice, editor(), { kind: 'thin' })).toBeNull();
});

test('WAL-45 a base goes when a newer one is at or below the retention point, with log and points below it', () => {
  const keep = { retentionUs: 100 };
  const before: (readonly [ManifestEdit, Partial<Editor>?])[] = [
    [appoint, keep],
    [segments([log(0, 30), log(30, 61)], [cpl(5, 50), cpl(25, 250), cpl(60, 600)]), keep],
    [{ kind: 'base', base: base(20) }, keep],
    [{ kind: 'base', base: base(58) }, keep],
  ];
  const held = run(before).groups[0];
  expect(held?.bases.map((one) => one.base)).toEqual([20, 58]); // points at or below 25 are past retention
  const after = run([...before, [segments([log(61, 90)], [cpl(80, 710)]), keep]]);
  expect(after.groups[0]?.bases.map((one) => one.base)).toEqual([58]);
  expect(after.groups[0]?.logs.map(({ first }) => first)).toEqual([30, 61]);
  expect(after.cpls.map(({ lsn }) => lsn)).toEqual([60, 80]);
});
