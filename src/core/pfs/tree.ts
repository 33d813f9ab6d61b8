// The directory tree: paths, and what a call that changes it makes of the metadata (docs/spec/polarfs.md §4, FS-30 to FS-32, FS-38
// to FS-42). Each planner checks in the order of FS-31 and returns either an error, having changed nothing, or its one transaction.

import {
  allocate,
  type Draft,
  freeLeft,
  get,
  linkLast,
  makeDraft,
  membersOf,
  put,
  release,
  unlinkMember,
} from './draft.ts';
import { OBJECT_BYTES } from './geometry.ts';
import type { Metadata } from './metadata.ts';
import type { FsError } from './mount-state.ts';
import { type Direntry, freeObject, type Inode, NAME_BYTES_MAX, nameBytes } from './objects.ts';

const PATH_BYTES_MAX = 4095;
export const ROOT = 0;
/** Root, `.pfs-paxos`, `.pfs-journal` (FS-10). */
const INTERNAL = 3;
export const isInternalFile = (ino: number): boolean => ino > ROOT && ino < INTERNAL;

type Found<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: FsError };
const refuse = (error: FsError): { readonly ok: false; readonly error: FsError } => ({ ok: false, error });

/** FS-30: the components of an absolute path. */
function splitPath(path: string): Found<string[]> {
  if (nameBytes(path).length > PATH_BYTES_MAX) return refuse('ENAMETOOLONG');
  if (!path.startsWith('/')) return refuse('EINVAL');
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  for (const name of names) {
    if (name === '..') return refuse('EINVAL');
    if (nameBytes(name).length > NAME_BYTES_MAX) return refuse('ENAMETOOLONG');
  }
  return { ok: true, value: names };
}

const entryOf = (draft: Draft, directory: Inode, name: string): Direntry | undefined =>
  membersOf(draft, 'direntry', directory).find((entry) => entry.name === name);

interface Target {
  /** Its directory; of root root itself. */
  readonly parent: number;
  readonly name: string;
  /** Null: there is none of that name. */
  readonly inode: Inode | null;
}

/** Walks to the last component, which need not exist. */
function walk(draft: Draft, path: string): Found<Target> {
  const names = splitPath(path);
  if (!names.ok) return names;
  let target: Target = { parent: ROOT, name: '', inode: get(draft, 'inode', ROOT) };
  for (const name of names.value) {
    const { inode: directory } = target;
    if (directory === null) return refuse('ENOENT');
    if (directory.kind !== 'dir') return refuse('ENOTDIR');
    const entry = entryOf(draft, directory, name);
    const inode = entry === undefined ? null : get(draft, 'inode', entry.ino);
    target = { parent: directory.no, name, inode };
  }
  return { ok: true, value: target };
}

/** The inode that a path names. */
export function findPath(meta: Metadata, path: string): Found<Inode> {
  const target = walk(makeDraft(meta), path);
  if (!target.ok) return target;
  const { inode } = target.value;
  return inode === null ? refuse('ENOENT') : { ok: true, value: inode };
}

/** FS-40: in list order. */
export function namesIn(meta: Metadata, path: string): Found<string[]> {
  const found = findPath(meta, path);
  if (!found.ok) return found;
  if (found.value.kind !== 'dir') return refuse('ENOTDIR');
  return { ok: true, value: membersOf(makeDraft(meta), 'direntry', found.value).map(({ name }) => name) };
}

/** FS-42: a change of its list. */
const touchDirectory = (draft: Draft, ino: number, entries: number, now: number): void => {
  const inode = get(draft, 'inode', ino);
  put(draft, { ...inode, size: inode.size + entries * OBJECT_BYTES, mtime: now, ctime: now });
};

export interface Planned {
  readonly draft: Draft;
  /** The inode that it is about. */
  readonly ino: number;
  /** Inode without a name now, to be released; −1: none. */
  readonly orphan: number;
}

export function planCreate(meta: Metadata, path: string, kind: Inode['kind'], now: number): Found<Planned> {
  const draft = makeDraft(meta);
  const target = walk(draft, path);
  if (!target.ok) return target;
  const { parent, name, inode } = target.value;
  if (inode !== null) return refuse('EEXIST');
  if (freeLeft(draft, 'inode') === 0 || freeLeft(draft, 'direntry') === 0) return refuse('EPFS_FILE_2MANY');
  const deno = allocate(draft, 'direntry') as number;
  const ino = allocate(draft, 'inode') as number;
  linkLast(draft, parent, { ...freeObject('direntry', deno), used: true, name, ino, dirino: parent });
  const times = { atime: now, mtime: now, ctime: now, btime: now };
  put(draft, { ...freeObject('inode', ino), ...times, used: true, kind, deno, nlink: 1 });
  touchDirectory(draft, parent, 1, now);
  return { ok: true, value: { draft, ino, orphan: -1 } };
}

/** FS-38, transaction 1: the name goes, the inode is an orphan. */
function dropName(draft: Draft, inode: Inode, now: number): void {
  const entry = get(draft, 'direntry', inode.deno);
  unlinkMember(draft, entry.dirino, entry);
  release(draft, 'direntry', entry.no);
  touchDirectory(draft, entry.dirino, -1, now);
  put(draft, { ...get(draft, 'inode', inode.no), deno: -1, nlink: 0, ctime: now });
}

const isEmpty = ({ head }: Inode): boolean => head === 0;

export function planRemove(meta: Metadata, path: string, kind: Inode['kind'], now: number): Found<Planned> {
  const draft = makeDraft(meta);
  const target = walk(draft, path);
  if (!target.ok) return target;
  const { inode } = target.value;
  if (inode === null) return refuse('ENOENT');
  if (inode.no === ROOT) return refuse(kind === 'dir' ? 'EBUSY' : 'EISDIR');
  if (isInternalFile(inode.no)) return refuse('EPERM');
  if (inode.kind !== kind) return refuse(kind === 'dir' ? 'ENOTDIR' : 'EISDIR');
  if (kind === 'dir' && !isEmpty(inode)) return refuse('ENOTEMPTY');
  dropName(draft, inode, now);
  return { ok: true, value: { draft, ino: inode.no, orphan: inode.no } };
}

/** Root, and what mkfs made, stay where they are. */
const whyFixed = (inode: Inode | null): FsError | null => {
  if (inode === null) return null;
  if (inode.no === ROOT) return 'EBUSY';
  return isInternalFile(inode.no) ? 'EPERM' : null;
};

/** Whether a directory lies in the other, or is it. */
function isWithin(draft: Draft, ino: number, directory: number): boolean {
  for (let at = ino; ; at = get(draft, 'direntry', get(draft, 'inode', at).deno).dirino) {
    if (at === directory) return true;
    if (at === ROOT) return false;
  }
}

/** Null when both names are of one inode: nothing is to be done (FS-39). */
export function planRename(meta: Metadata, from: string, to: string, now: number): Found<Planned | null> {
  const draft = makeDraft(meta);
  const source = walk(draft, from);
  if (!source.ok) return source;
  const moved = source.value.inode;
  if (moved === null) return refuse('ENOENT');
  const whyNot = whyFixed(moved);
  if (whyNot !== null) return refuse(whyNot);
  const target = walk(draft, to);
  if (!target.ok) return target;
  const { parent, name, inode: existing } = target.value;
  const whyNotOver = whyFixed(existing);
  if (whyNotOver !== null) return refuse(whyNotOver);
  if (existing?.no === moved.no) return { ok: true, value: null };
  if (existing !== null && existing.kind !== moved.kind)
    return refuse(existing.kind === 'dir' ? 'EISDIR' : 'ENOTDIR');
  if (moved.kind === 'dir' && isWithin(draft, parent, moved.no)) return refuse('EINVAL');
  if (existing !== null && existing.kind === 'dir' && !isEmpty(existing)) return refuse('ENOTEMPTY');
  if (existing !== null) dropName(draft, existing, now);
  const entry = get(draft, 'direntry', moved.deno);
  unlinkMember(draft, entry.dirino, entry);
  touchDirectory(draft, entry.dirino, -1, now);
  linkLast(draft, parent, { ...entry, name, dirino: parent });
  touchDirectory(draft, parent, 1, now);
  put(draft, { ...get(draft, 'inode', moved.no), ctime: now });
  return { ok: true, value: { draft, ino: moved.no, orphan: existing?.no ?? -1 } };
}
