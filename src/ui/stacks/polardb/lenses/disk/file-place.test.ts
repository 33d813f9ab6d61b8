// From a path and an offset to chunk, block and servers, and LogIndex by table, by pictures of a real run (docs/spec/polarfs.md FS-4, FS-70; logindex.md LI-20, LI-27).

import { expect, test } from 'vitest';
import { present } from '../../../../../base/assert.ts';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import { shootWorld } from '../../../../testing/world-frame.ts';
import { headRows } from './disk-plot.tsx';
import { findPlace, readPlace } from './file-place.ts';
import { indexPages, lsnsIn, onlyInFiles, projectDisk } from './project.ts';

const edge = await loadSqlEdge();
const LOAD =
  '0.000 workload d1 main kind=transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';
const firstAccounts = 603979777;
const shot = shootWorld({
  edge,
  preset: 'polardb',
  seed: 7,
  lines: [LOAD],
  atMs: 480,
  view: { pages: true, files: [], detail: true, wanted: [{ blockKey: firstAccounts, at: null }] },
});
const source = { cluster: shot.frame.cluster, nodes: shot.nodes };
const model = present(projectDisk(source, null) ?? undefined, 'a mounted disk');

test('FS-4 FS-22 every byte of a file lies in the block that its blktag names, on the servers of its chunk', () => {
  const g = model.geometry;
  for (const row of model.tree.filter(({ inode }) => inode.kind === 'file' && inode.size > 0))
    for (const offset of [0, Math.min(g.blockBytes, row.inode.size - 1), row.inode.size - 1]) {
      const found = findPlace(model, row.path, offset);
      if (found.kind !== 'place') throw new Error(`${row.path} ${offset}: ${found.kind}`);
      const { chunk, block, blkid, within } = found.place;
      expect(blkid * g.blockBytes + within).toBe(offset);
      const there = model.chunks[chunk.index]?.blocks[block];
      expect(there).toMatchObject({ ino: row.inode.no, blkid });
      expect(chunk.servers.length).toBe(3);
      expect(found.place.byte).toBe((chunk.index * g.blocksPerChunk + block) * g.blockBytes + within);
    }
});

test('FS-20 what is asked for and is not there is said', () => {
  expect(findPlace(model, '/none', 0)).toMatchObject({ kind: 'none' });
  expect(findPlace(model, '/base', 0)).toMatchObject({ kind: 'directory' });
  const file = present(
    model.tree.find(({ path }) => path.startsWith('/base/')),
    'a file of pages',
  );
  expect(findPlace(model, file.path, file.inode.size)).toMatchObject({
    kind: 'beyond',
    size: file.inode.size,
  });
  expect(readPlace(' base/8.0  4096 ')).toEqual({ path: '/base/8.0', offset: 4096 });
  expect(readPlace('/base -1')).toEqual({ path: '/base', offset: 0 });
});

test('LI-20 LI-27 the LSNs of a page lie in the tables of their range, and a full table is saved within the first 480 ms', () => {
  const index = present(model.index ?? undefined, 'LogIndex');
  expect(index.tables.map(({ state }) => state)).toContain('FLUSHED');
  expect(index.tables.at(-1)?.state).toBe('ACTIVE');
  expect(indexPages(model, shot.nodes)).toContain(firstAccounts);
  const lists = index.tables.map(({ id, minLsn, maxLsn }) => ({
    lsns: lsnsIn(index, id, firstAccounts),
    minLsn,
    maxLsn,
  }));
  expect(lists.some(({ lsns }) => lsns.length > 0)).toBe(true);
  for (const { lsns, minLsn, maxLsn } of lists)
    for (const lsn of lsns) expect([lsn >= minLsn, lsn <= maxLsn]).toEqual([true, true]);
  const files = onlyInFiles(index);
  expect(files === null || files[1] < (index.tables[0]?.id ?? 0)).toBe(true);
});

test('names of heads that stand close to each other on the ring have a line each', () => {
  const rows = headRows([110, 112, 30, 112], 256).toSorted((a, b) => a - b);
  for (const [i, row] of rows.entries())
    if (i > 0) expect(row - (rows[i - 1] ?? 0)).toBeGreaterThanOrEqual(14);
});
