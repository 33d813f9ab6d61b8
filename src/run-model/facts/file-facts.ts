// What is asked of the file system that a node has mounted: files of a directory, their inodes and blktags.

import { chunkOf, geometries } from '../../core/pfs/geometry.ts';
import type { Blktag, Inode } from '../../core/pfs/objects.ts';
import type { RunState } from './run-state.ts';

const objectsOf = (s: RunState, node: string) => s.node(node).mount?.objects ?? [];

const inoOf = (s: RunState, node: string, dirino: number, name: string): number =>
  objectsOf(s, node).flatMap((one) =>
    one.type === 'direntry' && one.dirino === dirino && one.name === name ? [one.ino] : [],
  )[0] ?? -1;

/** Of `/directory/name`, as the node has it; null: there is none. */
export function inodeOf(s: RunState, node: string, directory: string, name: string): Inode | null {
  const ino = inoOf(s, node, inoOf(s, node, 0, directory), name);
  return (
    objectsOf(s, node).flatMap((one) => (one.type === 'inode' && one.no === ino ? [one] : []))[0] ?? null
  );
}

export const blktagsOf = (s: RunState, node: string, { no }: Inode): readonly Blktag[] =>
  objectsOf(s, node).flatMap((one) => (one.type === 'blktag' && one.ino === no && no > 0 ? [one] : []));

/** In how many chunks the blocks of a file lie. */
export const chunksOf = (s: RunState, node: string, inode: Inode): number =>
  new Set(blktagsOf(s, node, inode).map(({ no }) => chunkOf(geometries.demo, 'blktag', no))).size;
