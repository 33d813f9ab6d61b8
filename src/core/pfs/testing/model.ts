// A plain model of the file system for differential tests: a tree of maps and arrays in memory, which knows nothing of chunks,
// journals or phases. It says what each call answers, by the rules of docs/spec/polarfs.md §4.

import type { Call, FileRef } from '../mount-state.ts';

interface ModelFile {
  readonly kind: 'file';
  bytes: Uint8Array;
  /** Allocated blocks by blkid. */
  readonly blocks: Set<number>;
  isLinked: boolean;
  opens: number;
}
interface ModelDirectory {
  readonly kind: 'dir';
  readonly entries: Map<string, ModelNode>;
}
type ModelNode = ModelFile | ModelDirectory;

export interface Model {
  readonly root: ModelDirectory;
  readonly blockBytes: number;
  freeBlocks: number;
  freeInodes: number;
  freeDirentries: number;
  readonly files: Map<number, { readonly file: ModelFile; at: number }>;
  nextFd: number;
}

type ModelResult = string | number | null | Uint8Array | readonly string[];
class Refused extends Error {}
const refuse = (error: string): never => {
  throw new Refused(error);
};

const newFile = (): ModelFile => ({
  kind: 'file',
  bytes: new Uint8Array(),
  blocks: new Set(),
  isLinked: true,
  opens: 0,
});

export function makeModel(
  blockBytes: number,
  free: { readonly blocks: number; readonly inodes: number; readonly direntries: number },
): Model {
  const internal = ['.pfs-paxos', '.pfs-journal'].map((name) => [name, newFile()] as const);
  return {
    root: { kind: 'dir', entries: new Map(internal) },
    blockBytes,
    freeBlocks: free.blocks,
    freeInodes: free.inodes,
    freeDirentries: free.direntries,
    files: new Map(),
    nextFd: 3,
  };
}

const lengthOf = (text: string): number => new TextEncoder().encode(text).length;

function namesOf(path: string): string[] {
  if (lengthOf(path) > 4095) refuse('ENAMETOOLONG');
  if (path[0] !== '/') refuse('EINVAL');
  const names = path.split('/').filter((name) => name.length > 0 && name !== '.');
  for (const name of names) {
    if (name === '..') refuse('EINVAL');
    if (lengthOf(name) > 63) refuse('ENAMETOOLONG');
  }
  return names;
}

interface Place {
  readonly directory: ModelDirectory;
  readonly name: string;
  readonly node: ModelNode | undefined;
  /** Directories passed on the way, root first. */
  readonly way: readonly ModelNode[];
}

function locate(model: Model, path: string): Place {
  let place: Place = { directory: model.root, name: '', node: model.root, way: [] };
  for (const name of namesOf(path)) {
    const { node, way } = place;
    if (node === undefined) return refuse('ENOENT');
    if (node.kind !== 'dir') return refuse('ENOTDIR');
    place = { directory: node, name, node: node.entries.get(name), way: [...way, node] };
  }
  return place;
}

const isInternal = (model: Model, node: ModelNode): boolean =>
  node === model.root.entries.get('.pfs-paxos') || node === model.root.entries.get('.pfs-journal');

function fileOf(model: Model, ref: FileRef): ModelFile {
  if (typeof ref === 'number') return model.files.get(ref)?.file ?? refuse('EBADF');
  const { node } = locate(model, ref);
  if (node === undefined) return refuse('ENOENT');
  return node.kind === 'dir' ? refuse('EISDIR') : node;
}

function create(model: Model, path: string, node: ModelNode): ModelNode {
  const place = locate(model, path);
  if (place.node !== undefined) refuse('EEXIST');
  if (model.freeInodes === 0 || model.freeDirentries === 0) refuse('EPFS_FILE_2MANY');
  model.freeInodes--;
  model.freeDirentries--;
  place.directory.entries.set(place.name, node);
  return node;
}

/** The name is gone; what it named goes when nobody has it open. */
function drop(model: Model, { directory, name, node }: Place): void {
  directory.entries.delete(name);
  model.freeDirentries++;
  if (node?.kind === 'file') {
    node.isLinked = false;
    settle(model, node);
  } else model.freeInodes++;
}

function settle(model: Model, file: ModelFile): void {
  if (file.isLinked || file.opens > 0) return;
  model.freeInodes++;
  model.freeBlocks += file.blocks.size;
}

function remove(model: Model, path: string, kind: 'file' | 'dir'): null {
  const place = locate(model, path);
  const { node } = place;
  if (node === undefined) return refuse('ENOENT');
  if (node === model.root) return refuse(kind === 'dir' ? 'EBUSY' : 'EISDIR');
  if (isInternal(model, node)) return refuse('EPERM');
  if (node.kind !== kind) return refuse(kind === 'dir' ? 'ENOTDIR' : 'EISDIR');
  if (node.kind === 'dir' && node.entries.size > 0) return refuse('ENOTEMPTY');
  drop(model, place);
  return null;
}

function rename(model: Model, from: string, to: string): null {
  const source = locate(model, from);
  const { node } = source;
  if (node === undefined) return refuse('ENOENT');
  if (node === model.root) return refuse('EBUSY');
  if (isInternal(model, node)) return refuse('EPERM');
  const target = locate(model, to);
  const over = target.node;
  if (over === model.root) return refuse('EBUSY');
  if (over !== undefined && isInternal(model, over)) return refuse('EPERM');
  if (over === node) return null;
  if (over !== undefined && over.kind !== node.kind)
    return refuse(over.kind === 'dir' ? 'EISDIR' : 'ENOTDIR');
  if (target.way.includes(node)) return refuse('EINVAL');
  if (over?.kind === 'dir' && over.entries.size > 0) return refuse('ENOTEMPTY');
  if (over !== undefined) drop(model, target);
  source.directory.entries.delete(source.name);
  target.directory.entries.set(target.name, node);
  return null;
}

function writeAt(model: Model, file: ModelFile, offset: number, bytes: Uint8Array): number {
  if (bytes.length === 0) return 0;
  const missing: number[] = [];
  for (
    let blkid = Math.floor(offset / model.blockBytes);
    blkid * model.blockBytes < offset + bytes.length;
    blkid++
  )
    if (!file.blocks.has(blkid)) missing.push(blkid);
  if (missing.length > model.freeBlocks) return refuse('ENOSPC');
  model.freeBlocks -= missing.length;
  for (const blkid of missing) file.blocks.add(blkid);
  if (offset + bytes.length > file.bytes.length) resize(file, offset + bytes.length);
  file.bytes.set(bytes, offset);
  return bytes.length;
}

function resize(file: ModelFile, length: number): void {
  const bytes = new Uint8Array(length);
  bytes.set(file.bytes.subarray(0, length));
  file.bytes = bytes;
}

function truncate(model: Model, file: ModelFile, length: number): null {
  for (const blkid of [...file.blocks]) {
    if (blkid < Math.ceil(length / model.blockBytes)) continue;
    file.blocks.delete(blkid);
    model.freeBlocks++;
  }
  resize(file, length);
  return null;
}

function open(model: Model, call: Extract<Call, { kind: 'open' }>): number {
  const { node } = locate(model, call.path);
  if (node === undefined && call.create !== true) return refuse('ENOENT');
  if (node !== undefined && call.create === true && call.exclusive === true) return refuse('EEXIST');
  if (node?.kind === 'dir') return refuse('EISDIR');
  const file = (node ?? create(model, call.path, newFile())) as ModelFile;
  file.opens++;
  model.files.set(model.nextFd, { file, at: 0 });
  return model.nextFd++;
}

function close(model: Model, fd: number): null {
  const opened = model.files.get(fd);
  if (opened === undefined) return refuse('EBADF');
  model.files.delete(fd);
  opened.file.opens--;
  settle(model, opened.file);
  return null;
}

function change(
  model: Model,
  call: Extract<Call, { kind: 'write' | 'pwrite' | 'append' | 'truncate' }>,
): number | null {
  const file = fileOf(model, call.kind === 'write' ? call.fd : call.file);
  if (isInternal(model, file)) return refuse('EPERM');
  if (call.kind === 'truncate')
    return call.length < 0 ? refuse('EINVAL') : truncate(model, file, call.length);
  const opened = call.kind === 'write' ? model.files.get(call.fd) : undefined;
  const offset =
    call.kind === 'append' ? file.bytes.length : call.kind === 'pwrite' ? call.offset : (opened?.at ?? 0);
  if (offset < 0) return refuse('EINVAL');
  const written = writeAt(model, file, offset, call.bytes);
  if (opened !== undefined) opened.at += written;
  return written;
}

function fallocate(model: Model, path: string, length: number): null {
  const { node } = locate(model, path);
  const isNew = node === undefined;
  if (isNew && (model.freeInodes === 0 || model.freeDirentries === 0)) return refuse('EPFS_FILE_2MANY');
  if (node?.kind === 'dir') return refuse('EISDIR');
  if (node !== undefined && isInternal(model, node)) return refuse('EPERM');
  if (length < 0) return refuse('EINVAL');
  const wanted = Array.from({ length: Math.ceil(length / model.blockBytes) }, (_, blkid) => blkid);
  const missing = wanted.filter((blkid) => !node?.blocks.has(blkid));
  if (missing.length > model.freeBlocks) return refuse('ENOSPC');
  const file = (node ?? create(model, path, newFile())) as ModelFile;
  for (const blkid of missing) file.blocks.add(blkid);
  model.freeBlocks -= missing.length;
  if (length > file.bytes.length) resize(file, length);
  return null;
}

function look(model: Model, call: Extract<Call, { kind: 'read' | 'pread' }>): Uint8Array {
  const file = fileOf(model, call.kind === 'read' ? call.fd : call.file);
  const opened = call.kind === 'read' ? model.files.get(call.fd) : undefined;
  const offset = call.kind === 'read' ? (opened?.at ?? 0) : call.offset;
  if (offset < 0 || call.length < 0) return refuse('EINVAL');
  const bytes = file.bytes.slice(offset, Math.max(offset, offset + call.length));
  if (opened !== undefined) opened.at += bytes.length;
  return bytes;
}

function answer(model: Model, call: Call): ModelResult {
  switch (call.kind) {
    case 'create':
    case 'mkdir':
      create(model, call.path, call.kind === 'mkdir' ? { kind: 'dir', entries: new Map() } : newFile());
      return null;
    case 'unlink':
      return remove(model, call.path, 'file');
    case 'rmdir':
      return remove(model, call.path, 'dir');
    case 'rename':
      return rename(model, call.from, call.to);
    case 'open':
      return open(model, call);
    case 'close':
      return close(model, call.fd);
    case 'read':
    case 'pread':
      return look(model, call);
    case 'write':
    case 'pwrite':
    case 'append':
    case 'truncate':
      return change(model, call);
    case 'fallocate':
      return fallocate(model, call.path, call.length);
    case 'readdir': {
      const { node } = locate(model, call.path);
      if (node === undefined) return refuse('ENOENT');
      return node.kind === 'dir' ? [...node.entries.keys()] : refuse('ENOTDIR');
    }
    default:
      return refuse('not of the model');
  }
}

/** What the call answers: a value, or the name of an error. */
export function callModel(model: Model, call: Call): ModelResult {
  try {
    return answer(model, call);
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}

/** Every path of the tree, with its bytes; null of a directory. */
export function treeOf(model: Model): Map<string, Uint8Array | null> {
  const found = new Map<string, Uint8Array | null>();
  const visit = (directory: ModelDirectory, path: string): void => {
    for (const [name, node] of directory.entries) {
      const own = `${path}/${name}`;
      found.set(own, node.kind === 'file' ? node.bytes : null);
      if (node.kind === 'dir') visit(node, own);
    }
  };
  visit(model.root, '');
  for (const name of ['/.pfs-paxos', '/.pfs-journal']) found.delete(name);
  return found;
}
