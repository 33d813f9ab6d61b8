// Readers on the screen by pictures of real runs: the journal's pipeline, versions of one page at writer, readers and stores,
// lag and pins of a reader that is frozen, cut off or revoked (docs/spec/readers.md).

import { describe, expect, test } from 'vitest';
import { present } from '../../../../../base/assert.ts';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import { setSettings } from '../../../../../state/settings-store.ts';
import { t } from '../../../../i18n/i18n.ts';
import { computeOf, healthOf } from '../../../../model/node-facts.ts';
import { tableOf } from '../../../../model/page-content.ts';
import { shootWorld, type WorldShot } from '../../../../testing/world-frame.ts';
import { readPointsOf } from '../../reader-details.tsx';
import { describePages, windowText } from '../pages/describe.ts';
import { type PagesModel, projectPages } from '../pages/project.ts';
import { findWriter } from '../wal/project.ts';
import { describeJournal } from './describe.ts';
import { journalPages, pageJournal } from './page-journal.ts';
import { projectJournal, releasedSpans } from './project.ts';

// As the field says.
setSettings({ wording: 'expert' });

const edge = await loadSqlEdge();
const load =
  '0.000 workload d1 pages kind=ycsb-a rows=60 clients=4 thinkUs=800 ratePerSecond=0 readPercent=40 hotPercent=60 valueBytes=40 load=true';

const shoot = (atMs: number, lines: readonly string[] = [], wanted: readonly number[] = []): WorldShot =>
  shootWorld({
    edge,
    preset: 'cynosdb-ro',
    lines: [load, ...lines],
    atMs,
    view: { pages: true, log: true, wanted: wanted.map((blockKey) => ({ blockKey, at: null })) },
  });
const sourceOf = ({ frame, nodes }: WorldShot) => ({ cluster: frame.cluster, nodes });
const journalOf = (shot: WorldShot, reader: string | null = null) =>
  projectJournal(sourceOf(shot), reader, shot.events);
const viewOf = ({ nodes }: WorldShot, node: string) => present(computeOf(nodes[node]) ?? undefined, node);
/** The first page of the load's table that both readers have in their pools. */
function pagesOf(shot: WorldShot): PagesModel {
  const all = projectPages(sourceOf(shot), { blockKey: null, at: null, store: null });
  const shared = all.pages.filter(({ cells }) => cells.has('ro-1') && cells.has('ro-2') && cells.has('rw-1'));
  const own = shared.filter(({ blockKey }) => tableOf(blockKey, all.tables)?.name === 'usertable');
  const best = own.reduce((a, b) => (a.blockKey < b.blockKey ? a : b));
  return projectPages(sourceOf(shot), { blockKey: best.blockKey, at: null, store: null });
}

test('a reader is no writer, whatever the writer does', () => {
  const shot = shoot(120, ['100.000 crash rw-1']);
  expect(findWriter(sourceOf(shot))).toBeNull();
  expect(healthOf(present(shot.nodes['ro-1'], 'ro-1'))).toBe('up');
});

test('READ-12 READ-24 a reader shows VDL as it knows it, its visible LSN and its least read point, in this order', () => {
  const shot = shoot(300);
  for (const node of ['ro-1', 'ro-2']) {
    const { reader } = viewOf(shot, node);
    expect(reader).toBeDefined();
    if (reader === undefined) continue;
    expect(reader.session).toBe('joined');
    expect(reader.mrpl).toBeLessThanOrEqual(reader.applyLsn);
    expect(reader.applyLsn).toBeLessThanOrEqual(reader.releasedTo);
    expect(reader.releasedTo).toBeLessThanOrEqual(reader.vdl);
    expect(reader.vdl).toBeLessThanOrEqual(viewOf(shot, 'rw-1').vdl);
    expect(reader.counts.received).toBe(
      reader.counts.applied + reader.counts.skipped + reader.counts.discarded + reader.records,
    );
    expect(reader.counts.skipped).toBeGreaterThan(0);
    expect(reader.counts.applied).toBeGreaterThan(0);
  }
  const links = viewOf(shot, 'rw-1').readers ?? [];
  expect(links.map(({ reader }) => reader).sort()).toEqual(['ro-1', 'ro-2']);
});

describe('the journal lens', () => {
  test('READ-10 READ-4 held records are those of the lists that no CPL has released', () => {
    const shot = shoot(300, ['299.000 cut store-1 store-2 | rw-1']);
    const model = journalOf(shot);
    expect(model.held.length).toBeGreaterThan(0);
    expect(Math.min(...model.held.map(({ lsn }) => lsn))).toBeGreaterThan(
      present(model.chosen?.view, 'ro-1').releasedTo,
    );
    const listed = model.lanes.flatMap(({ blocks }) => blocks.flatMap(({ lsns }) => lsns));
    for (const { lsn } of model.held) expect(listed).toContain(lsn);
  });

  test('READ-14 a page is in the lane of its applier', () => {
    const model = journalOf(shoot(300, ['299.000 cut store-1 store-2 | rw-1']));
    expect(model.lanes).toHaveLength(4);
    for (const { applier, blocks } of model.lanes)
      for (const { blockKey } of blocks) expect(blockKey % 4).toBe(applier);
  });

  test('READ-11 releases follow each other without a gap, with what they skipped', () => {
    const shot = shoot(300);
    const spans = releasedSpans(shot.events, 'ro-2');
    expect(spans.length).toBeGreaterThan(20);
    expect(spans.slice(1).map(({ first }) => first)).toEqual(spans.slice(0, -1).map(({ last }) => last + 1));
    expect(spans.some(({ skipped }) => skipped > 0)).toBe(true);
    expect(spans.at(-1)?.last).toBe(viewOf(shot, 'ro-2').reader?.releasedTo);
  });

  test('READ-24 a frozen reader lags and holds PGMRPL; the other goes on', () => {
    const shot = shoot(520, ['300.000 freeze ro-1']);
    const model = journalOf(shot, 'ro-2');
    const [first, second] = model.rows;
    expect(first?.isUp).toBe(false);
    expect(first?.lag).toBeGreaterThan(50);
    expect(first?.isFloor).toBe(true);
    expect(model.pgmrpl).toBe(first?.link?.mrpl);
    expect(second?.lag).toBeLessThan(first?.lag ?? 0);
    expect(describeJournal(model, t)).toContain('ro-1 holds PGMRPL back.');
  });

  test('READ-28 once its session is revoked it holds nothing any more', () => {
    const before = journalOf(shoot(520, ['300.000 freeze ro-1']));
    const after = journalOf(shoot(560, ['300.000 freeze ro-1', '521.000 revokeReader rw-1 ro-1']));
    expect(after.rows[0]?.link).toBeNull();
    expect(after.pgmrpl).toBeGreaterThan(before.pgmrpl);
  });

  test('READ-41 a read that waits for its LSN says which, and how long it will at most', () => {
    const lines = [
      '200.000 session d1 me ro-1 session 1000000',
      '210.000 sql d1 me "select count(*) from usertable"',
    ];
    const shot = shoot(230, lines);
    const waits = present(viewOf(shot, 'ro-1').reader, 'ro-1').lsnWaits;
    expect(waits).toMatchObject([{ session: 'me', bound: 1_000_000 }]);
    expect(waits[0]?.leftUs).toBeLessThanOrEqual(200_000);
    expect(describeJournal(journalOf(shot), t)).toMatch(
      /1 read waits for LSN 1000000, 0\.\d+ s longer at most\./,
    );
  });

  test('a cluster without readers says so', () => {
    const shot = shootWorld({ edge, preset: 'cynosdb', lines: [], atMs: 20, view: {} });
    const model = journalOf(shot);
    expect(model.chosen).toBeNull();
    expect(describeJournal(model, t)).toContain('no reader');
  });
});

describe('versions of one page', () => {
  test('READ-20 READ-22 each holder says at which read points it answers', () => {
    const shot = shoot(300);
    const { holders, vdl, pgmrpl } = pagesOf(shot);
    expect(holders.map(({ node }) => node)).toEqual([
      'rw-1',
      'ro-1',
      'ro-2',
      'store-1',
      'store-2',
      'store-3',
    ]);
    for (const { node, role, reads } of holders) {
      expect(reads.from, node).toBeLessThanOrEqual(reads.to);
      expect(reads.from, node).toBeGreaterThanOrEqual(role === 'store' ? -1 : pgmrpl);
      if (role === 'reader') expect(reads.to).toBe(viewOf(shot, node).reader?.applyLsn);
      if (role === 'writer') expect(reads.to).toBe(vdl);
    }
  });

  test('READ-13 READ-17 a view that stays open keeps its version in the pool, and says the old value', () => {
    const lines = [
      '200.000 session d1 old ro-1 session',
      '210.000 sql d1 old "begin isolation level repeatable read; select count(*) from usertable"',
    ];
    // Not long: a page has 16 older versions at most.
    const at = 236;
    const bare = pagesOf(shoot(at, lines));
    const shot = shoot(at, lines, [bare.blockKey]);
    const model = projectPages(sourceOf(shot), { blockKey: bare.blockKey, at: null, store: null });
    const own = present(
      model.holders.find(({ node }) => node === 'ro-1'),
      'ro-1',
    );
    const [point] = readPointsOf(viewOf(shot, 'ro-1'));
    expect(own.reads.points[0]).toBe(point?.at);
    expect(own.reads.from).toBe(point?.at);
    const kept = own.copies.filter(({ upTo }) => upTo !== undefined);
    expect(kept.length).toBeGreaterThan(0);
    const good = kept.find(({ lsn, upTo = -1 }) => lsn <= own.reads.from && own.reads.from <= upTo);
    expect(good?.content).toBeDefined();
    expect(good?.content).not.toEqual(own.content);
    expect(windowText(own)).toContain(`${own.reads.from}–${own.reads.to}`);
    expect(describePages(model, t)).toMatch(/ro-1 answers at read points from \d+ to \d+\./);
  });

  test('READ-23 the newest copy of a page is the same on every compute node that has it', () => {
    const bare = pagesOf(shoot(300));
    const shot = shoot(300, ['240.000 workloadStop d1 pages'], [bare.blockKey]);
    const { holders } = projectPages(sourceOf(shot), { blockKey: bare.blockKey, at: null, store: null });
    const contents = holders.filter(({ role, content }) => role !== 'store' && content !== null);
    expect(contents.length).toBeGreaterThanOrEqual(2);
    for (const { content } of contents) expect(content).toEqual(contents[0]?.content);
  });
});

test('READ-4 READ-10 of one page each reader has an image, and above it the records that it has not applied', () => {
  let listed = 0;
  for (const at of [300, 301.5, 303, 304.5, 306]) {
    const source = sourceOf(shoot(at));
    const pages = journalPages(source);
    expect(pages.length).toBeGreaterThan(0);
    for (const page of pages) {
      const rows = pageJournal(source, page);
      expect(rows.map(({ node, role }) => [node, role])).toEqual([
        ['rw-1', 'writer'],
        ['ro-1', 'reader'],
        ['ro-2', 'reader'],
      ]);
      for (const { records, image, applier, role } of rows) {
        if (records.length === 0) continue;
        listed += records.length;
        expect(role).toBe('reader');
        expect(applier).toBeGreaterThan(0);
        for (const { lsn } of records) expect(lsn).toBeGreaterThan(image ?? -1);
      }
    }
  }
  // Not vacuous: some were seen on their way.
  expect(listed).toBeGreaterThan(0);
});
