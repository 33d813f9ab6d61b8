// What a volume in files keeps on its device (docs/spec/polarfs.md FS-5, docs/spec/logindex.md LI-28): metadata of the file system and its
// journal, and the tables of LogIndex. They lie in blocks of chunks, under no key of a disk.

import type { Decoded } from '../../base/codec.ts';
import type { Lsn } from '../../base/ids.ts';
import { type Meta, openMeta, sealMeta } from '../../core/logindex/meta.ts';
import { appendEntry, type Geometry, makeTable, type Table } from '../../core/logindex/table.ts';
import { decodeBloom, decodeTable, encodeBloom, encodeTable } from '../../core/logindex/table-image.ts';
import { pageKey } from '../../core/page/page-key.ts';
import { decodeHeader, encodeHeader } from '../../core/pfs/chunk-header.ts';
import { geometries } from '../../core/pfs/geometry.ts';
import { decodeEntry, decodeLeader, encodeEntry, encodeLeader, firstLeader } from '../../core/pfs/journal.ts';
import { decodeObject, encodeObject, freeObject, type PfsObject } from '../../core/pfs/objects.ts';
import type { FuzzRead, FuzzTarget } from './targets.ts';

const g = geometries.mini;
const index: Geometry = { segments: 16, slots: 8, tablesPerFile: 4, memTables: 2, keptTables: 2 };

const objects: readonly PfsObject[] = [
  { ...freeObject('inode', 3), used: true, head: 7, tail: 9, nlink: 1, nblock: 12, size: 70_000, mtime: 5 },
  { ...freeObject('direntry', 5), used: true, next: 6, prev: 4, name: 'rel_40', ino: 3, dirino: 9 },
  { ...freeObject('blktag', 20), used: true, next: 1, prev: 2, ino: 3, blkid: 99, holeoff: 8191, holelen: 1 },
];
const entries = objects.map((object, i) => ({ lsn: 40 + i, txid: 12, more: i < 2, object }));
const leader = { ...firstLeader(g, 3), headTx: 12, headOff: 768, headLsn: 42 };

/** So that the table is full, or that it has one entry. */
function filled(most: number): Table {
  const table = makeTable(index, 7);
  let lsn = 3 * 2 ** 32 + 9;
  for (let i = 0; i < most && appendEntry(index, table, pageKey(8, 0, i % 5), lsn as Lsn); i++)
    lsn += 1 + (i % 3);
  return table;
}
const tables = [filled(1), filled(1000)];
const meta: Meta = { maxTableId: 9, startLsn: 700 as Lsn, maxLsn: 700 as Lsn, minFile: 1 };

const taken = <T>(opened: Decoded<T>): FuzzRead =>
  opened.ok ? { error: null, again: null, content: opened.value } : opened;

export function deviceTargets(reseal: FuzzTarget['reseal']): readonly FuzzTarget[] {
  const images = objects.map(encodeObject);
  const target = (name: string, corpus: readonly Uint8Array[], read: FuzzTarget['read']): FuzzTarget => ({
    name,
    corpus,
    reseal,
    read,
  });
  return [
    target('file system: object', images, (bytes, good) => {
      const { type, no } = objects[images.indexOf(good)] ?? freeObject('inode', 0);
      return taken<PfsObject>(decodeObject(type, no, bytes));
    }),
    target('file system: header of a chunk', [encodeHeader(g, { chunk: 0, chunks: 2 })], (bytes) =>
      taken(decodeHeader(g, 0, bytes)),
    ),
    target('journal: leader', [encodeLeader(g, leader)], (bytes) => taken(decodeLeader(g, bytes))),
    target(
      'journal: entry',
      entries.map((entry) => encodeEntry(g, entry)),
      (bytes) => taken(decodeEntry(g, bytes)),
    ),
    target(
      'LogIndex: table',
      tables.map((table) => encodeTable(index, table)),
      (bytes) => taken(decodeTable(index, 7, bytes)),
    ),
    target(
      'LogIndex: bloom filter',
      tables.map((table) => encodeBloom(index, table)),
      (bytes) => taken(decodeBloom(7, bytes)),
    ),
    target('LogIndex: meta', [sealMeta(index, meta)], (bytes) => taken(openMeta(index, bytes))),
  ];
}
