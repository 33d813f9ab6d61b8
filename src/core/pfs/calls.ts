// The calls of a mount (docs/spec/polarfs.md §4): what each checks, in the order of FS-31, and which tasks it is made of.

import { commit } from './commit.ts';
import { changesOf, makeDraft } from './draft.ts';
import { blocksOf, planFallocation } from './file-blocks.ts';
import { errorOf } from './file-tasks.ts';
import { load, sync } from './load.ts';
import { freeCount, objectAt } from './metadata.ts';
import {
  type Action,
  type Call,
  type Came,
  end,
  type FileRef,
  type FsError,
  fail,
  type Mount,
  ok,
  run,
  type Stat,
  type StatFs,
  type Task,
} from './mount-state.ts';
import type { Inode } from './objects.ts';
import {
  findPath,
  isInternalFile,
  namesIn,
  type Planned,
  planCreate,
  planRemove,
  planRename,
} from './tree.ts';

type CallTask = Extract<Task, { kind: 'call' }>;

const OPEN_FILES_MAX = 204_800;
/** Bytes that one call may read or write; more is EINVAL. */
const IO_BYTES_MAX = 64 * 2 ** 20;
/** Greatest size of a file; a range beyond it is EINVAL. */
const SIZE_MAX = 2 ** 48;

/** Calls that a reader's mount refuses (EROFS). */
const changing: ReadonlySet<Call['kind']> = new Set<Call['kind']>([
  'create',
  'mkdir',
  'unlink',
  'rmdir',
  'rename',
  'write',
  'pwrite',
  'append',
  'truncate',
  'fallocate',
  'flushlog',
  'growfs',
]);

export const callTask = (call: Call): CallTask => ({
  kind: 'call',
  call,
  phase: 0,
  release: -1,
  result: null,
  fd: 0,
});

/** Phases: 0 a reader polls first (FS-64), 1 the call itself, 2 after its transaction, 3 after what it waited for. */
export function stepCall(mount: Mount, task: CallTask, came: Came): Action {
  const { call } = task;
  const error = errorOf(came);
  if (error !== null) {
    const isFreed = came.kind === 'ended' && !came.outcome.ok && came.outcome.error === 'EBADF';
    if (isFreed && isNamedRead(mount, call)) return begin(mount, task); // the name may be another file's by now
    if (call.kind === 'open' && task.result !== null) mount.files.delete(task.result as number);
    return error;
  }
  switch (task.phase) {
    case 0: {
      task.phase = 1;
      const isChange = changing.has(call.kind) || (call.kind === 'open' && call.create === true);
      if (mount.mode === 'ro' && isChange) return end(fail('EROFS'));
      if (mount.mode !== 'ro') return begin(mount, task);
      // FS-64: the poll behind a data read says whether what it was read with still held
      if (isNamedRead(mount, call) && findFile(mount, call.file).ok) return begin(mount, task);
      if (call.kind === 'sync') return finishWith(task, sync());
      return run(call.kind === 'reload' ? load('ro') : sync());
    }
    case 1:
      return begin(mount, task);
    case 2: {
      const ino = task.release;
      const isOpen = [...mount.files.values()].some((file) => file.ino === ino);
      if (ino >= 0) mount.orphans.push(ino);
      if (ino >= 0 && !isOpen) return finishWith(task, { kind: 'release', ino, phase: 0 });
      return end(ok(task.result));
    }
    default:
      return finish(mount, task, came);
  }
}

/** Of a reader, by a path: the file that it names may be another one when the read has ended. */
const isNamedRead = (mount: Mount, call: Call): call is Extract<Call, { kind: 'pread' }> =>
  mount.mode === 'ro' && call.kind === 'pread' && typeof call.file === 'string';

/** The call's result is that of this task. */
function finishWith(task: CallTask, next: Task): Action {
  task.phase = 3;
  return run(next);
}

function finish(mount: Mount, task: CallTask, came: Came): Action {
  const { call, fd, result } = task;
  const outcome = came.kind === 'ended' ? came.outcome : ok();
  const { kind } = call;
  const isOwn = kind === 'unlink' || kind === 'rmdir' || kind === 'rename' || kind === 'close';
  const file = mount.files.get(fd);
  if (outcome.ok && isNamedRead(mount, call)) {
    const named = findFile(mount, call.file);
    if (!named.ok) return end(fail(named.error));
    if (named.value.no !== result) return begin(mount, task);
  }
  if (file !== undefined && outcome.ok) {
    if (kind === 'read' && outcome.value instanceof Uint8Array) file.at += outcome.value.length;
    if (kind === 'write') file.at += call.bytes.length;
  }
  return end(isOwn || kind === 'truncate' ? ok(result) : outcome);
}

function changeTree(
  task: CallTask,
  planned: { ok: true; value: Planned | null } | { ok: false; error: FsError },
): Action {
  if (!planned.ok) return end(fail(planned.error));
  if (planned.value === null) return end(ok());
  const { draft, orphan } = planned.value;
  task.phase = 2;
  task.release = orphan;
  return run(commit(changesOf(draft)));
}

function begin(mount: Mount, task: CallTask): Action {
  const { call } = task;
  const { meta, now } = mount;
  switch (call.kind) {
    case 'create':
      return changeTree(task, planCreate(meta, call.path, 'file', now));
    case 'mkdir':
      return changeTree(task, planCreate(meta, call.path, 'dir', now));
    case 'unlink':
      return changeTree(task, planRemove(meta, call.path, 'file', now));
    case 'rmdir':
      return changeTree(task, planRemove(meta, call.path, 'dir', now));
    case 'rename':
      return changeTree(task, planRename(meta, call.from, call.to, now));
    case 'open':
      return open(mount, task, call);
    case 'close':
      return close(mount, task, call.fd);
    case 'read':
    case 'pread':
    case 'write':
    case 'pwrite':
    case 'append':
    case 'truncate':
      return content(mount, task, call);
    case 'fallocate':
      return fallocate(mount, task, call);
    case 'growfs':
      return finishWith(task, { kind: 'grow', chunks: call.chunks, phase: 0 });
    case 'flushlog':
      return finishWith(task, { kind: 'trim', isForced: true, phase: 0 });
    case 'sync':
    case 'reload':
      return end(call.kind === 'sync' && mount.mode !== 'ro' ? fail('EINVAL') : ok());
    default:
      return end(look(mount, call));
  }
}

type Looking = Extract<
  Call,
  { kind: 'readdir' | 'stat' | 'fmap' | 'fstat' | 'fsync' | 'statfs' | 'journal' }
>;

/** What the metadata answers by itself. */
function look(mount: Mount, call: Looking): ReturnType<typeof ok> {
  const { meta } = mount;
  switch (call.kind) {
    case 'readdir': {
      const names = namesIn(meta, call.path);
      return names.ok ? ok(names.value) : fail(names.error);
    }
    case 'stat': {
      const inode = findPath(meta, call.path);
      return inode.ok ? ok(statOf(inode.value)) : fail(inode.error);
    }
    case 'fmap': {
      const inode = findPath(meta, call.path);
      if (!inode.ok) return fail(inode.error);
      if (inode.value.kind === 'dir') return fail('EISDIR');
      const blocks = [...blocksOf(meta, inode.value.no).values()];
      return ok(blocks.map(({ blkid, no, holeoff }) => [blkid, no, holeoff] as const));
    }
    case 'fstat': {
      const inode = findFile(mount, call.fd);
      return inode.ok ? ok(statOf(inode.value)) : fail(inode.error);
    }
    case 'fsync': {
      const inode = findFile(mount, call.fd); // every write has ended durable
      return inode.ok ? ok() : fail(inode.error);
    }
    case 'statfs':
      return ok(statFsOf(mount));
    default:
      return ok(mount.leader);
  }
}

const statOf = ({ no, kind, size, nlink, nblock, atime, mtime, ctime, btime }: Inode): Stat => ({
  ino: no,
  kind,
  size,
  nlink,
  nblock,
  atime,
  mtime,
  ctime,
  btime,
});

const statFsOf = ({ meta, geometry: g }: Mount): StatFs => ({
  chunks: meta.chunks.length,
  blocks: meta.chunks.length * (g.blocksPerChunk - 1),
  freeBlocks: freeCount(meta, 'blktag'),
  freeInodes: freeCount(meta, 'inode'),
  freeDirentries: freeCount(meta, 'direntry'),
});

/** The inode of a path or of a descriptor. */
function findFile(mount: Mount, file: FileRef): ReturnType<typeof findPath> {
  if (typeof file === 'string') return findPath(mount.meta, file);
  const opened = mount.files.get(file);
  if (opened === undefined || opened.isStale) return { ok: false, error: 'EBADF' };
  return { ok: true, value: objectAt(mount.meta, 'inode', opened.ino) };
}

function open(mount: Mount, task: CallTask, call: Extract<Call, { kind: 'open' }>): Action {
  const found = findPath(mount.meta, call.path);
  const isNew = !found.ok && found.error === 'ENOENT' && call.create === true;
  if (!found.ok && !isNew) return end(fail(found.error));
  if (found.ok && call.create === true && call.exclusive === true) return end(fail('EEXIST'));
  if (found.ok && found.value.kind === 'dir') return end(fail('EISDIR'));
  if (mount.files.size >= OPEN_FILES_MAX) return end(fail('EMFILE'));
  const fd = mount.nextFd;
  const assign = (ino: number): void => {
    mount.nextFd++;
    mount.files.set(fd, { ino, at: 0, isStale: false });
  };
  if (found.ok) {
    assign(found.value.no);
    return end(ok(fd));
  }
  const planned = planCreate(mount.meta, call.path, 'file', mount.now);
  if (!planned.ok) return end(fail(planned.error));
  task.result = fd;
  assign(planned.value.ino);
  return changeTree(task, planned);
}

function close(mount: Mount, task: CallTask, fd: number): Action {
  const file = mount.files.get(fd);
  if (file === undefined) return end(fail('EBADF'));
  mount.files.delete(fd);
  if (mount.mode === 'ro' || objectAt(mount.meta, 'inode', file.ino).nlink > 0) return end(ok());
  task.phase = 2;
  task.release = file.ino;
  return stepCall(mount, task, { kind: 'start' });
}

function fallocate(mount: Mount, task: CallTask, call: Extract<Call, { kind: 'fallocate' }>): Action {
  const { meta, now } = mount;
  const { path, length } = call;
  const found = findPath(meta, path);
  if (!found.ok && found.error !== 'ENOENT') return end(fail(found.error));
  const created = found.ok ? null : planCreate(meta, path, 'file', now);
  if (created?.ok === false) return end(fail(created.error));
  if (found.ok && found.value.kind === 'dir') return end(fail('EISDIR'));
  if (found.ok && isInternalFile(found.value.no)) return end(fail('EPERM'));
  if (!isRange(0, length) || length > IO_BYTES_MAX) return end(fail('EINVAL'));
  const ino = found.ok ? found.value.no : (created?.value.ino as number);
  const plan = planFallocation(created?.value.draft ?? makeDraft(meta), ino, length, now);
  return plan === null ? end(fail('ENOSPC')) : finishWith(task, { kind: 'fallocate', ...plan, phase: 0 });
}

type Content = Extract<Call, { kind: 'read' | 'pread' | 'write' | 'pwrite' | 'append' | 'truncate' }>;

const isRange = (offset: number, length: number): boolean =>
  Number.isSafeInteger(offset) &&
  Number.isSafeInteger(length) &&
  offset >= 0 &&
  length >= 0 &&
  offset + length <= SIZE_MAX;

function content(mount: Mount, task: CallTask, call: Content): Action {
  const ref = call.kind === 'read' || call.kind === 'write' ? call.fd : call.file;
  const found = findFile(mount, ref);
  if (!found.ok) return end(fail(found.error));
  const inode = found.value;
  if (inode.kind === 'dir') return end(fail('EISDIR'));
  const isRead = call.kind === 'read' || call.kind === 'pread';
  if (!isRead && isInternalFile(inode.no)) return end(fail('EPERM'));
  const at = typeof ref === 'number' ? (mount.files.get(ref)?.at ?? 0) : 0;
  if (call.kind === 'read' || call.kind === 'write') task.fd = call.fd;
  switch (call.kind) {
    case 'read':
    case 'pread': {
      const offset = call.kind === 'read' ? at : call.offset;
      if (!isRange(offset, call.length) || call.length > IO_BYTES_MAX) return end(fail('EINVAL'));
      if (call.kind === 'pread') task.result = inode.no;
      const bytes = new Uint8Array();
      return finishWith(task, { kind: 'read', ino: inode.no, offset, length: call.length, phase: 0, bytes });
    }
    case 'truncate':
      if (!isRange(0, call.length)) return end(fail('EINVAL'));
      return finishWith(task, { kind: 'truncate', ino: inode.no, length: call.length, phase: 0 });
    default: {
      const { bytes } = call;
      const offset = call.kind === 'pwrite' ? call.offset : call.kind === 'append' ? inode.size : at;
      if (!isRange(offset, bytes.length) || bytes.length > IO_BYTES_MAX) return end(fail('EINVAL'));
      return finishWith(task, { kind: 'write', ino: inode.no, offset, bytes, phase: 0 });
    }
  }
}
