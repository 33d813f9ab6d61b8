// Tasks of a file's content (docs/spec/polarfs.md FS-33 to FS-38, FS-64): a write in its three phases, truncation and release by as
// many transactions as they need, a read that a reader makes again when what it read with has changed meanwhile.

import { has } from '../kernel/mutants.ts';
import { commit } from './commit.ts';
import { changesOf } from './draft.ts';
import {
  dataWrites,
  edgePlaces,
  planAllocation,
  planRelease,
  planTruncation,
  planWritten,
  readPlan,
} from './file-blocks.ts';
import { sync } from './load.ts';
import { findObject } from './metadata.ts';
import {
  type Action,
  type Came,
  end,
  fail,
  type Mount,
  ok,
  read,
  run,
  type Task,
  write,
} from './mount-state.ts';

type Of<K extends Task['kind']> = Extract<Task, { kind: K }>;

/** An error of what a task waited for, which is its own. */
export function errorOf(came: Came): Action | null {
  if (came.kind === 'failed') return end(fail(came.error));
  return came.kind === 'ended' && !came.outcome.ok ? end(came.outcome) : null;
}

export function stepWrite(mount: Mount, task: Of<'write'>, came: Came): Action {
  const { ino, offset, bytes } = task;
  const { meta } = mount;
  const error = errorOf(came);
  if (error !== null) return error;
  switch (task.phase) {
    case 0: {
      if (bytes.length === 0) return end(ok(0));
      const draft = planAllocation(meta, ino, offset, bytes.length);
      if (draft === null) return end(fail('ENOSPC'));
      task.phase = 1;
      return run(commit(changesOf(draft)));
    }
    case 1: {
      task.phase = 2;
      if (has(mount.mutants, 'pfs.size-first')) {
        task.phase = 10;
        return run(commit(changesOf(planWritten(meta, ino, offset, bytes.length, mount.now))));
      }
      const places = edgePlaces(meta, ino, offset, bytes.length);
      return places.length > 0 ? read(places) : stepWrite(mount, task, { kind: 'bytes', bytes: [] });
    }
    case 2: {
      task.phase = 3;
      const parts = came.kind === 'bytes' ? came.bytes : [];
      const places = edgePlaces(meta, ino, offset, bytes.length);
      const edges = parts.flatMap((part, i) =>
        places[i] === undefined ? [] : [{ place: places[i], bytes: part }],
      );
      return write(dataWrites(meta, ino, offset, bytes, edges));
    }
    case 3:
      task.phase = 4;
      return run(commit(changesOf(planWritten(meta, ino, offset, bytes.length, mount.now))));
    case 10: // planted: what is not durable yet is already said to be there
      task.phase = 11;
      return write(dataWrites(meta, ino, offset, bytes, []));
    default:
      return end(ok(bytes.length));
  }
}

export function stepTruncate(mount: Mount, task: Of<'truncate'>, came: Came): Action {
  const error = errorOf(came);
  if (error !== null) return error;
  if (task.phase === 1) return end(ok());
  const { draft, isLast } = planTruncation(mount.meta, task.ino, task.length, mount.now);
  if (isLast) task.phase = 1;
  return run(commit(changesOf(draft)));
}

/** FS-43: zeros into blocks that nobody has yet, then the one transaction by which the file has them. */
export function stepFallocate(task: Of<'fallocate'>, came: Came): Action {
  const error = errorOf(came);
  if (error !== null) return error;
  const phase = task.phase++;
  if (phase === 0 && task.zeros.length > 0) return write(task.zeros.map((place) => ({ place, bytes: null })));
  if (phase <= 1) {
    task.phase = 2;
    return run(commit(task.changes));
  }
  return end(ok());
}

export function stepRelease(mount: Mount, task: Of<'release'>, came: Came): Action {
  const error = errorOf(came);
  if (error !== null) return error;
  if (task.phase === 1) return end(ok());
  const { draft, isLast } = planRelease(mount.meta, task.ino);
  if (isLast) task.phase = 1;
  const changes = changesOf(draft);
  if (has(mount.mutants, 'pfs.leaks-blocks'))
    return run(commit(changes.filter(({ type }) => type !== 'blktag')));
  return run(commit(changes));
}

/** Reads of the device that a reader makes again when they met changes; then EIO. */
const READ_ATTEMPTS_MAX = 100;

export function stepRead(mount: Mount, task: Of<'read'>, came: Came): Action {
  const { ino, offset, length } = task;
  const error = errorOf(came);
  if (error !== null) return error;
  const pollsAgain = mount.mode === 'ro' && !has(mount.mutants, 'pfs.no-poll');
  const again = (): Action => {
    const size = findObject(mount.meta, 'inode', ino)?.size ?? 0;
    const clipped = Math.max(0, Math.min(size, offset + length) - offset);
    const plan = readPlan(mount.meta, ino, offset, clipped);
    task.bytes = new Uint8Array(clipped);
    mount.touched.clear();
    task.phase++;
    if (plan.length === 0) return pollsAgain ? run(sync()) : end(ok(task.bytes));
    return read(plan.map(({ place }) => place));
  };
  if (task.phase === 0) return again();
  if (came.kind === 'bytes') {
    // A clone of this mount may share what has been there so far.
    task.bytes = new Uint8Array(task.bytes.length);
    for (const [i, part] of readPlan(mount.meta, ino, offset, task.bytes.length).entries())
      task.bytes.set((came.bytes[i] as Uint8Array).subarray(part.skip, part.skip + part.length), part.at);
    return pollsAgain ? run(sync()) : end(ok(task.bytes));
  }
  // FS-64: a reader has polled once more
  if (!mount.touched.has(ino)) return end(ok(task.bytes));
  if (findObject(mount.meta, 'inode', ino)?.used !== true) return end(fail('EBADF'));
  return task.phase < READ_ATTEMPTS_MAX ? again() : end(fail('EIO'));
}
