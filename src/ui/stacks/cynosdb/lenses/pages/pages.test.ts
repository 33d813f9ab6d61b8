// Lens 4.4 and row provenance on pictures of real runs: versions and states, MVCC chains, replayed reads, causes.

import { expect, test } from 'vitest';
import { pageKey, relationOf } from '../../../../../core/page/page-key.ts';
import { OP_SEQUENCE_SET, sequenceSetPayload } from '../../../../../core/page/redo-ops.ts';
import { readChange } from '../../../../../core/page/redo-read.ts';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import { setSettings } from '../../../../../state/settings-store.ts';
import { t } from '../../../../i18n/i18n.ts';
import { readPage, versionChain } from '../../../../model/page-content.ts';
import { shootWorld, type WorldShot } from '../../../../testing/world-frame.ts';
import { changeText, describePages, hindranceText, pageMatches, previewText, readText } from './describe.ts';
import type { PageRow } from './page-list.ts';
import { type PagesModel, type PagesParams, projectPages } from './project.ts';
import { findProvenance, textOfRequest } from './provenance.ts';
import { replaySteps } from './replay.ts';
import { holdsRoot, treeLevels } from './tree-project.ts';

// As the field says.
setSettings({ wording: 'expert' });

const edge = await loadSqlEdge();
const heap = pageKey(65_544, 0, 1);

const lines = [
  '10.000 sql d1 "create table t (id int primary key, v int)"',
  '14.000 sql d1 "insert into t values (1, 500), (2, 9)"',
  '18.000 sql d1 "update t set v = 600 where id = 1"',
  '22.000 sql d1 reader "begin isolation level repeatable read; select v from t where id = 1"',
  '26.000 sql d1 "update t set v = 700 where id = 1"',
  '30.000 sql d1 "select v from t where id = 1"',
];

function shoot(atMs: number, at: number | null = null, blockKey = heap, commitOf = 0): WorldShot {
  const view = {
    pages: true,
    log: true,
    wanted: [{ blockKey, at }],
    ...(commitOf === 0 ? {} : { commitOf }),
  };
  return shootWorld({ edge, lines, atMs, view });
}

/** The same run with these lines of its tape besides. */
const shootMore = (
  atMs: number,
  more: readonly string[],
  wanted = [{ blockKey: heap, at: null as number | null }],
) => shootWorld({ edge, lines: [...lines, ...more], atMs, view: { pages: true, log: true, wanted } });

const sourceOf = ({ frame, nodes }: WorldShot) => ({ cluster: frame.cluster, nodes });

function project(shot: WorldShot, params: Partial<PagesParams> = {}): PagesModel {
  return projectPages(sourceOf(shot), { blockKey: null, at: null, store: null, ...params });
}

/** Origin of the rows of the last SELECT that was answered. */
function lastOrigin({ replies }: WorldShot, skip = 0) {
  const results = replies.flatMap(({ result }) => result.statements);
  const rows = results.flatMap((result) => (result.kind === 'rows' && result.origin ? [result.origin] : []));
  const origin = rows.at(-1 - skip);
  if (origin === undefined) throw new Error('no row was read');
  return origin;
}

const askedOf = (origin: ReturnType<typeof lastOrigin>, value: string) => ({
  column: 'v',
  value,
  blockKey: heap,
  slot: (origin.tids[0] ?? 0) % 65_536,
  readPoint: origin.readPoint,
});

test('that there are no pages is known only when a node has reported its own', () => {
  const bare = shootWorld({ edge, lines: [], atMs: 8, view: {} });
  expect(project(bare)).toMatchObject({ pages: [], arePagesLoaded: false });
  const full = project(shoot(12));
  expect(full.arePagesLoaded).toBe(true);
  expect(full.pages.length).toBeGreaterThan(0);
  const down = ['store-1', 'store-2', 'store-3'].map((node) => `6.000 crash ${node}`);
  expect(project(shootWorld({ edge, lines: down, atMs: 8, view: {} })).arePagesLoaded).toBe(true);
});

test('the newest page of a table is looked at, by its name, on every holder', () => {
  const model = project(shoot(44));
  expect(model.blockKey).toBe(heap);
  expect(model.table?.name).toBe('t');
  expect(model.holders.map(({ node }) => node)).toEqual(['rw-1', 'store-1', 'store-2', 'store-3']);
  expect(describePages(model, t)).toContain('Page t#1 of g2');
});

test('WAL-10 a page above VDL is pinned; once it is durable it is dirty, and never written back', () => {
  const states = (atMs: number) => project(shoot(atMs)).holders[0]?.copies.map(({ state }) => state);
  expect(states(26.9)).toEqual(['pinned']);
  expect(states(44)).toEqual(['dirty']);
});

test('a writer that is down has no page any more, and the pages keep the names of their tables', () => {
  const shot = shoot(44);
  const { 'rw-1': writer, ...stores } = shot.nodes;
  if (writer === undefined) throw new Error('there is no writer');
  const source = {
    cluster: shot.frame.cluster,
    nodes: { ...stores, 'rw-1': { ...writer, status: 'down' as const } },
  };
  const asked = { blockKey: heap, at: null, store: null } as const;
  const model = projectPages(source, asked);
  expect(model.holders[0]).toMatchObject({ role: 'writer', standing: 'lost', copies: [], content: null });
  expect(model.buffer).toBeNull();
  // What the dead writer knew of VDL is gone with it: only what a store knows can be read there.
  expect(model.vdl).toBe(-1);
  expect(model.asked.at).toBeGreaterThan(0);
  expect(model.pages.find(({ blockKey }) => blockKey === heap)?.cells.has('rw-1')).toBe(false);
  expect(describePages(model, t)).toContain('Page t#1 of g2');
  expect(describePages(model, t)).toContain('rw-1: lost with its memory.');
  // No writer has opened: the names are those that were known.
  const named = projectPages({ ...source, nodes: stores }, { ...asked, known: model.tables });
  expect(named.table?.name).toBe('t');
});

test('a read of a store is said with its version and its records (WAL-35)', () => {
  const before = project(shoot(27.6), { blockKey: heap });
  const [base, ...records] = before.steps.map(({ lsn }) => lsn);
  expect(records.length).toBeGreaterThan(0);
  expect(readText(before, t)).toMatch(
    new RegExp(`A read of store-1 at ${before.read?.at} gets .* ${base}, with .*${records.at(-1)}\\.$`),
  );
  const after = project(shoot(44), { blockKey: heap });
  expect(readText(after, t)).toContain(`${after.steps[0]?.lsn}, with no record to apply.`);
  const stale = project(shoot(44, 1), { blockKey: heap, at: 1 });
  expect(readText(stale, t)).toContain('STALE_READ_POINT');
  expect(stale).toMatchObject({ reading: 'refused', steps: [] });
});

test('a store that is down keeps its pages on its disk: it shows no version and no read, and another is chosen', () => {
  const lines = ['40.000 crash store-1'];
  const asked = { blockKey: heap, at: null, store: null } as const;
  const look = (store: string | null): PagesModel => {
    const shot = shootMore(44, lines);
    return projectPages(sourceOf(shot), { ...asked, store });
  };
  const model = look(null);
  expect(model.store).toBe('store-2');
  const down = model.holders.find(({ node }) => node === 'store-1');
  expect(down).toMatchObject({ standing: 'onDisk', copies: [], records: [], reads: { from: -1, to: -1 } });
  expect(describePages(model, t)).toContain('store-1: on its disk, cannot answer.');
  const chosen = look('store-1');
  expect(chosen).toMatchObject({ store: 'store-1', reading: 'down', steps: [] });
  expect(readText(chosen, t)).toContain('store-1 does not run');
  expect(hindranceText(chosen, t)).toBe(readText(chosen, t));
});

test('R1–R7 while no writer is open a read is made at the last VDL that a store knows, and no window goes beyond', () => {
  const lines = ['40.000 crash rw-1', '41.000 crash store-2', '41.000 crash store-3', '42.000 restart rw-1'];
  const first = projectPages(sourceOf(shootMore(60, lines)), { blockKey: heap, at: null, store: null });
  expect(first).toMatchObject({ vdl: -1, store: 'store-1' });
  expect(first.asked.at).toBeGreaterThan(0);
  const wanted = [{ blockKey: heap, ...first.asked }];
  const model = projectPages(sourceOf(shootMore(60, lines, wanted)), {
    blockKey: heap,
    at: null,
    store: null,
  });
  expect(model.reading).toBe('made');
  expect(readText(model, t)).toMatch(
    new RegExp(`^No writer is open.* ${first.asked.at}, .* A read of store-1 at ${first.asked.at} gets`),
  );
  const above = (first.asked.at ?? 0) + 1;
  const ahead = projectPages(sourceOf(shootMore(60, lines)), { blockKey: heap, at: above, store: null });
  expect(ahead).toMatchObject({ reading: 'aboveVdl', steps: [] });
  expect(readText(ahead, t)).toContain(`nobody reads at ${above}, which lies above ${first.asked.at}`);
  const [store] = model.holders.filter(({ role, standing }) => role === 'store' && standing === 'up');
  expect(store?.reads.to).toBe(first.asked.at);
});

test('a writer that has just opened has no page in memory: a statement that needs one reads it', () => {
  const shot = shootMore(70, ['40.000 crash rw-1', '42.000 restart rw-1']);
  const model = projectPages(sourceOf(shot), { blockKey: heap, at: null, store: null });
  expect(model.holders[0]).toMatchObject({ role: 'writer', standing: 'up', copies: [] });
  expect(describePages(model, t)).toContain('rw-1: not read into memory yet.');
  expect(project(shoot(26.9)).vdl).toBeLessThan(project(shoot(26.9)).holders[0]?.copies[0]?.lsn ?? -1);
  expect(readText(project(shoot(26.9)), t)).toMatch(
    /^A statement at rw-1 reads the copy in its memory, \d+, .*MVCC.*A read of store-1 at/,
  );
});

test('READ-22 WAL-34 a store that has all of its group answers up to VDL, one that has more no further', () => {
  const shot = shoot(44);
  const model = project(shot, { blockKey: heap });
  const stores = model.holders.filter(({ role }) => role === 'store');
  expect(stores.map(({ reads }) => reads.to)).toEqual([model.vdl, model.vdl, model.vdl]);
  expect(stores.every(({ reads }) => reads.from <= reads.to)).toBe(true);
  // They are asked at VDL, which the group's last record lies below.
  expect(model.asked.at).toBe(model.vdl);
  expect(model.asked.groupAt).toBeLessThan(model.vdl);
  const view = { pages: true, log: true, wanted: [{ blockKey: heap, ...model.asked }] };
  const asked = project(shootWorld({ edge, lines, atMs: 44, view }), { blockKey: heap });
  expect(asked.read).toMatchObject({ at: model.vdl, refused: null });
  expect(readText(asked, t)).toContain(`A read of store-1 at ${model.vdl} gets`);
  const ahead = project(shot, { blockKey: heap, at: model.vdl + 1 });
  expect(ahead).toMatchObject({ reading: 'aboveVdl', steps: [] });
  expect(readText(ahead, t)).toBe(`Nobody reads at ${model.vdl + 1} yet: it lies above VDL ${model.vdl}.`);
});

test('WAL-32 a store’s version is past while there are records above it, current once they are in one', () => {
  const before = project(shoot(27.6)).holders[1];
  expect(before?.records.length).toBeGreaterThan(0);
  expect(before?.copies.at(-1)?.state).toBe('past');
  const after = project(shoot(44)).holders[1];
  expect(after?.records).toEqual([]);
  expect(after?.copies.at(-1)?.state).toBe('current');
});

test('WAL-35 a read at the held point replays base and records to the value its reader saw', () => {
  const { readPoint } = lastOrigin(shoot(44), 1);
  const shot = shoot(27.6, readPoint);
  const model = project(shot, { blockKey: heap, at: readPoint });
  expect(model.read?.refused).toBeNull();
  expect(model.steps.at(-1)?.kind).toBe('stop');
  expect(model.steps.at(-1)?.lsn).toBeGreaterThan(readPoint);
  const page = model.steps.at(-1)?.page;
  const content = page ? readPage(page, model.table) : null;
  const values =
    content?.kind === 'heap' ? content.slots.filter(({ xmax }) => xmax === 0).map((s) => s.values) : [];
  expect(values).toContainEqual(['1', '600']);
});

test('every store replays the same bytes for the same read point (WAL-35)', () => {
  const shot = shoot(44, null);
  const contents = project(shot)
    .holders.filter(({ role }) => role === 'store')
    .map(({ content }) => content);
  expect(contents[0]).not.toBeNull();
  expect(contents[1]).toEqual(contents[0]);
  expect(contents[2]).toEqual(contents[0]);
});

test('parts of large values are on pages of their own name, and the row says where its value is', () => {
  const sql = [
    '10.000 sql d1 "create table t (id int primary key, v text)"',
    `14.000 sql d1 "insert into t values (1, repeat('x', 3000))"`,
  ];
  const look = (blockKey: number) =>
    project(
      shootWorld({
        edge,
        lines: sql,
        atMs: 60,
        view: { pages: true, log: true, wanted: [{ blockKey, at: null }] },
      }),
      { blockKey },
    );
  const parts = look(pageKey(relationOf(heap), 2, 1));
  expect(describePages(parts, t)).toContain('Page t.large#1 of g2');
  const content = parts.holders[0]?.content;
  if (content?.kind !== 'heap') throw new Error('the writer has no page of parts');
  expect(content.isParts).toBe(true);
  const [name, part, length] = content.slots[0]?.values ?? [];
  expect([part, length]).toEqual(['0', '951 B']);
  expect(previewText({ content }, null, t)).toBe('1 part of a large value');
  const row = look(heap).holders[0]?.content;
  expect(row?.kind === 'heap' ? row.slots[0]?.values : null).toEqual(['1', `→ ${name} (3002 B)`]);
});

test('the versions of a row hang together, oldest first, whichever of them is asked for', () => {
  const model = project(shoot(44));
  const content = model.holders[0]?.content;
  if (content?.kind !== 'heap') throw new Error('the writer has no heap page');
  const newest = content.slots.find(({ values }) => values?.[1] === '700');
  const chain = versionChain(content.slots, newest?.slot ?? -1, heap);
  expect(chain.map(({ values }) => values?.[1]).slice(-2)).toEqual(['600', '700']);
  const again = versionChain(content.slots, chain[0]?.slot ?? -1, heap);
  expect(again).toEqual(chain);
  const holder = model.holders[0];
  expect(holder === undefined ? '' : previewText(holder, newest?.slot ?? null, t)).toBe('1, 700');
});

test('a read point that GC has passed, or that is ahead, is refused by name (WAL-34)', () => {
  const stale = project(shoot(44, 1), { blockKey: heap, at: 1 });
  expect(stale.read?.refused).toBe('STALE_READ_POINT');
  const ahead = project(shoot(44, 9999), { blockKey: heap, at: 9999 });
  expect(ahead.read?.refused).toBe('READ_POINT_AHEAD');
});

test('the grid has every page of every node, system pages included', () => {
  const model = project(shoot(44));
  expect(model.pages.length).toBeGreaterThan(6);
  const row = model.pages.find(({ blockKey }) => blockKey === heap);
  expect([...(row?.cells.keys() ?? [])].sort()).toEqual(['rw-1', 'store-1', 'store-2', 'store-3']);
  expect(row?.newest).toBe(row?.cells.get('rw-1')?.lsn);
});

test('the key’s tree is drawn from its pages in the buffer', () => {
  const root = pageKey(9, 0, 1);
  const shot = shoot(44, null, root);
  const model = project(shot, { blockKey: root });
  const role = shot.nodes['rw-1']?.view?.roles.find((one) => one.role === 'compute');
  const images = new Map(
    (role?.role === 'compute' ? role.pages?.images : [])?.map((i) => [i.blockKey, i.bytes]),
  );
  const table = model.tables.find(({ name }) => name === 't');
  if (table === undefined) throw new Error('the table is not known');
  const levels = treeLevels(model, images, table);
  expect(levels).toHaveLength(1);
  expect(levels[0]?.[0]).toMatchObject({ block: 1, entries: 2, state: 'dirty' });
  expect(treeLevels(model, new Map(), table)).toEqual([]);
  // Not reported yet is not the same as not there.
  expect(holdsRoot(model, table)).toBe(true);
  expect(holdsRoot({ ...model, pages: [] }, table)).toBe(false);
});

test('E32 a value leads back over row, page, record, MTR and transaction to its statement', () => {
  const origin = lastOrigin(shoot(44));
  const first = shoot(44, origin.readPoint);
  const found = findProvenance(sourceOf(first), askedOf(origin, '700'), first.events);
  expect(found).toMatchObject({ table: 't', group: 'g2' });
  expect(found?.row?.values).toEqual(['1', '700']);
  const shot = shoot(44, origin.readPoint, heap, found?.tx);
  const all = findProvenance(sourceOf(shot), askedOf(origin, '700'), shot.events);
  expect(all?.pageLsn).toBeLessThanOrEqual(origin.readPoint);
  expect(all?.mtr?.groups).toContain('g2');
  const ack = shot.events.find(({ event }) => event.kind === 'commit.ack' && event.tx === all?.tx)?.event;
  expect(ack?.kind === 'commit.ack' ? ack.scn : -1).toBe(all?.scn);
  expect(all?.statement).toMatchObject({
    session: 'main',
    listed: { at: 26_000 },
    request: 'q26000.0',
  });
});

test('the value a reader saw at its older read point leads to the older statement', () => {
  const origin = lastOrigin(shoot(44), 1);
  const shot = shoot(44, origin.readPoint);
  const found = findProvenance(sourceOf(shot), askedOf(origin, '600'), shot.events);
  expect(found?.statement).toMatchObject({ listed: { at: 18_000 } });
});

test('the record that made a version is found in the chain while GC has left it, and says what it did', () => {
  const origin = lastOrigin(shoot(44));
  const shot = shoot(44, origin.readPoint);
  const found = findProvenance(sourceOf(shot), askedOf(origin, '700'), shot.events);
  expect(found?.record?.kind).toBe('heapUpdate');
  const step = found?.view ? replaySteps(found.view, 1024).at(-1) : undefined;
  expect(step === undefined ? '' : step.kind).toMatch(/base|apply/);
  const slot = found?.row?.slot ?? -1;
  expect(changeText({ kind: 'update', from: 1, slot, tx: found?.tx ?? 0 }, t)).toContain(`→ ${slot}`);
});

test('the text of a request is on the tape, by its time', () => {
  const tape = ['18.000 sql d1 "update t set v = 600"', '18.000 sql d1 r2 "select \\"x\\""'].join('\n');
  expect(textOfRequest(tape, 'q18000.0')).toBe('update t set v = 600');
  expect(textOfRequest(tape, 'q18000.1')).toBe('select "x"');
  expect(textOfRequest(tape, 'q99.0')).toBeNull();
  expect(textOfRequest(tape, 'w-main')).toBeNull();
});

test('without views there is a model without pages, not a failure', () => {
  const { frame } = shoot(1);
  const model = projectPages(
    { cluster: frame.cluster, nodes: {} },
    { blockKey: null, at: null, store: null },
  );
  expect(model).toMatchObject({ pages: [], blockKey: -1, steps: [] });
  expect(describePages(model, t)).toBe('No page is known yet. Create a table to make some.');
});

test.each([
  ['', true],
  ['accounts', true],
  ['ACCOUNTS#2', true],
  ['accounts#3', false],
  ['pinned', true],
  ['above vdl', true],
  ['past', true],
  ['current', false],
  ['350', true],
  ['351', false],
])(
  'a page is found by its name, its LSN, and a state by the word that the screen has for it: %j',
  (filter, isFound) => {
    const cell = (lsn: number, state: string) => ({ lsn, state });
    const cells = new Map([
      ['rw-1', cell(378, 'pinned')],
      ['store-1', cell(350, 'past')],
    ]);
    const row = { blockKey: 1, group: 'g2', newest: 378, cells } as unknown as PageRow;
    expect(pageMatches(row, 'accounts#2', filter, t)).toBe(isFound);
  },
);

test('where nobody shows the page or its row, no record is said to lie in a version', () => {
  const origin = lastOrigin(shoot(44));
  const shot = shoot(44, origin.readPoint);
  const asked = askedOf(origin, '700');
  expect(findProvenance(sourceOf(shot), asked, shot.events)).toMatchObject({ isInBase: false });
  // A row of another cluster: neither its page nor its slot is here.
  for (const one of [
    { ...asked, slot: asked.slot + 99 },
    { ...asked, readPoint: asked.readPoint + 999 },
  ]) {
    const found = findProvenance(sourceOf(shot), one, []);
    expect(found).toMatchObject({ record: null, isInBase: false });
  }
});

test('the page of a sequence says how far its values are drawn ahead, and its record the same', () => {
  const own = ['10.000 sql d1 "create sequence s"', '16.000 sql d1 "select nextval(\'s\')"'];
  const shot = (blockKey: number): WorldShot =>
    shootWorld({
      edge,
      lines: own,
      atMs: 30,
      view: { pages: true, log: true, wanted: [{ blockKey, at: null }] },
    });
  const models = project(shot(heap)).pages.map(({ blockKey }) => project(shot(blockKey), { blockKey }));
  const [model] = models.filter(({ holders }) => holders.some(({ content }) => content?.kind === 'sequence'));
  const texts = model?.holders.map((holder) => previewText(holder, null, t));
  expect(new Set(texts)).toEqual(new Set(['sequence, drawn ahead to 33']));
  const payload = sequenceSetPayload({ value: 33n, isCalled: true });
  expect(changeText(readChange({ op: OP_SEQUENCE_SET, payload }), t)).toBe(
    'values of the sequence up to 33 may be given out',
  );
});
