// fsck (docs/spec/polarfs.md FS-90, decision D-31): what is wrong with a metadata state that nobody changes, as sorted lines
// `CODE type:number`. It reads a mount that was loaded with mode `fsck`, which keeps what fails its check instead of refusing it.

import { indexOf, OBJECT_BYTES, type ObjectType } from './geometry.ts';
import { allObjects, badObjects, findObject, type Metadata } from './metadata.ts';
import type { Mount } from './mount-state.ts';
import type { Blktag, Direntry, Inode, Objects } from './objects.ts';
import { isInternalFile, ROOT } from './tree.ts';

interface Check {
  readonly meta: Metadata;
  readonly lines: string[];
  readonly listed: { readonly direntry: Set<number>; readonly blktag: Set<number> };
}

/** Every issue there is; a clean file system has none. */
export function fsck({ meta, badChunks }: Pick<Mount, 'meta' | 'badChunks'>): string[] {
  const check: Check = { meta, lines: [], listed: { direntry: new Set(), blktag: new Set() } };
  for (const chunk of badChunks) check.lines.push(`BAD_MAGIC chunk:${chunk}`);
  for (const { type, no } of badObjects(meta)) report(check, 'BAD_CHECKSUM', type, no);
  for (const inode of allObjects(meta, 'inode').filter(({ used }) => used)) checkInode(check, inode);
  for (const { no } of lost(check, 'direntry')) if (no !== 0) report(check, 'LOST_DIRENT', 'direntry', no);
  for (const { no } of lost(check, 'blktag'))
    if (indexOf(meta.geometry, 'blktag', no) !== 0) report(check, 'LOST_BLOCK', 'blktag', no);
  return [...new Set(check.lines)].sort();
}

const report = ({ lines }: Check, code: string, type: ObjectType, no: number): void =>
  void lines.push(`${code} ${type}:${no}`);

const lost = <T extends 'direntry' | 'blktag'>({ meta, listed }: Check, type: T): Objects[T][] =>
  allObjects(meta, type).filter(({ used, no }) => used && !listed[type].has(no));

/** Members of its list as far as the list is whole. */
function walkList<T extends 'direntry' | 'blktag'>(check: Check, type: T, inode: Inode): Objects[T][] {
  const members: Objects[T][] = [];
  const seen = new Set<number>();
  let prev = 0;
  for (let no = inode.head; no !== 0; ) {
    const member: Objects[T] | null = findObject(check.meta, type, no);
    if (member === null || !member.used || seen.has(no) || member.prev !== prev) {
      report(check, 'LIST_BROKEN', 'inode', inode.no);
      return members;
    }
    seen.add(no);
    members.push(member);
    prev = no;
    no = member.next;
  }
  if (inode.tail !== prev) report(check, 'LIST_BROKEN', 'inode', inode.no);
  return members;
}

function checkInode(check: Check, inode: Inode): void {
  const { no, nlink, deno, kind } = inode;
  if (kind === 'dir') checkDirectory(check, inode, walkList(check, 'direntry', inode));
  else checkFile(check, inode, walkList(check, 'blktag', inode));
  const entry = findObject(check.meta, 'direntry', deno);
  if (nlink === 0) report(check, 'ORPHAN_INODE', 'inode', no);
  else if (entry === null || !entry.used || entry.ino !== no) report(check, 'LOST_INODE', 'inode', no);
}

function checkDirectory(check: Check, directory: Inode, entries: readonly Direntry[]): void {
  const names = new Set<string>();
  for (const { no, name, ino, dirino } of entries) {
    check.listed.direntry.add(no);
    if (dirino !== directory.no) report(check, 'BAD_PARENT', 'direntry', no);
    if (names.has(name)) report(check, 'DUP_NAME', 'direntry', no);
    names.add(name);
    const inode = findObject(check.meta, 'inode', ino);
    if (inode === null || !inode.used) report(check, 'DANGLING_DIRENT', 'direntry', no);
    else if (inode.deno !== no) report(check, 'BAD_LINK', 'direntry', no);
  }
  const own = entries.filter(({ ino }) => directory.no !== ROOT || !isInternalFile(ino)).length;
  if (directory.size !== own * OBJECT_BYTES) report(check, 'NBLOCK_MISMATCH', 'inode', directory.no);
}

function checkFile(check: Check, file: Inode, blocks: readonly Blktag[]): void {
  const { blockBytes } = check.meta.geometry;
  const blkids = new Set<number>();
  for (const { no, ino, blkid, holeoff, holelen } of blocks) {
    if (check.listed.blktag.has(no)) report(check, 'DOUBLE_BLOCK', 'blktag', no);
    check.listed.blktag.add(no);
    if (ino !== file.no) report(check, 'BAD_OWNER', 'blktag', no);
    if (blkids.has(blkid)) report(check, 'DUP_BLKID', 'blktag', no);
    blkids.add(blkid);
    if (holeoff + holelen !== blockBytes) report(check, 'BAD_HOLE', 'blktag', no);
  }
  if (file.nblock !== blocks.length) report(check, 'NBLOCK_MISMATCH', 'inode', file.no);
}
