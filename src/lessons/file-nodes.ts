// What lessons read of the file system that a node has mounted: files of a directory, their inodes and blktags.

import { blockKeyOf } from '../core/page/page-key.ts';
import { chunkOf, geometries } from '../core/pfs/geometry.ts';
import type { Blktag, Inode } from '../core/pfs/objects.ts';
import type { LessonState } from './lesson-state.ts';

const objectsOf = (s: LessonState, node: string) => s.node(node).mount?.objects ?? [];

const inoOf = (s: LessonState, node: string, dirino: number, name: string): number =>
  objectsOf(s, node).flatMap((one) =>
    one.type === 'direntry' && one.dirino === dirino && one.name === name ? [one.ino] : [],
  )[0] ?? -1;

/** Of `/directory/name`, as the node has it; null: there is none. */
export function inodeOf(s: LessonState, node: string, directory: string, name: string): Inode | null {
  const ino = inoOf(s, node, inoOf(s, node, 0, directory), name);
  return (
    objectsOf(s, node).flatMap((one) => (one.type === 'inode' && one.no === ino ? [one] : []))[0] ?? null
  );
}

export const blktagsOf = (s: LessonState, node: string, { no }: Inode): readonly Blktag[] =>
  objectsOf(s, node).flatMap((one) => (one.type === 'blktag' && one.ino === no && no > 0 ? [one] : []));

/** In how many chunks the blocks of a file lie. */
export const chunksOf = (s: LessonState, node: string, inode: Inode): number =>
  new Set(blktagsOf(s, node, inode).map(({ no }) => chunkOf(geometries.demo, 'blktag', no))).size;

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
