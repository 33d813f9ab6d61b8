// What lessons of shared storage write alike: its first table's file and pages, and tapes that make many tables.

import { blockKeyOf } from '../core/page/page-key.ts';

/** Heap of the first table that is made: relations below are the system's own, and the views'. */
export const firstTable = { directory: 'base', name: '9.0' } as const;
export const FIRST_FILE = `/${firstTable.directory}/${firstTable.name}`;
/** Page `block` of that heap. */
export const firstTablePage = (block: number): number => blockKeyOf(9, block);

/** Tables made one after the other: each has files of its own, so metadata of the file system changes all the time. */
export const manyTables = (count: number, from: number, step: number): readonly string[] =>
  Array.from(
    { length: count },
    (_, i) => `${(from + i * step).toFixed(3)} sql d1 "create table t${i} (id int primary key)"`,
  );
