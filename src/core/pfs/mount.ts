// The door of a mount (docs/spec/polarfs.md §4 to §6; decision C1): a call begins, asks for one batch of reads or writes of the device
// after the other, and ends with a result. Pure steps over plain data; who reads and writes is the caller's. One call at a time.
// A write that the device refused or lost ends the mount: only a new one, under a new token, can tell what is there (FS-82).

import { assert, present, unreachable } from '../../base/assert.ts';
import { has, type Mutants } from '../kernel/mutants.ts';
import { callTask, stepCall } from './calls.ts';
import { stepCommit, stepTrim } from './commit.ts';
import { stepFallocate, stepRead, stepRelease, stepTruncate, stepWrite } from './file-tasks.ts';
import type { Geometry } from './geometry.ts';
import { load, stepLoad, stepSync } from './load.ts';
import { allObjects } from './metadata.ts';
import { stepGrow, stepMkfs } from './mkfs.ts';
import {
  type Action,
  type Call,
  type Came,
  type DeviceError,
  end,
  fail,
  type Io,
  type LoadMode,
  type Mount,
  makeMount,
  type Outcome,
  ok,
  run,
  type Task,
} from './mount-state.ts';

/** What is to be done next: a batch for the device, or nothing, because the call has ended. */
export type Step = Io | { readonly kind: 'done'; readonly outcome: Outcome };

/** What the device answered: bytes of each place, in order, or that all is durable. */
export type Answer =
  | { readonly kind: 'bytes'; readonly bytes: readonly Uint8Array[] }
  | { readonly kind: 'written' }
  | { readonly kind: 'failed'; readonly error: DeviceError };

/** FS-10, FS-11. The mount is none: it is only what mkfs is carried out with. */
export function beginMkfs(
  g: Geometry,
  options: {
    readonly deviceBytes: number;
    readonly token: number;
    readonly isForced: boolean;
    readonly now: number;
  },
): { readonly mount: Mount; readonly step: Step } {
  const mount = makeMount(g, 'rw', options.token);
  mount.now = options.now;
  const chunks = Math.floor(options.deviceBytes / (g.blocksPerChunk * g.blockBytes));
  const step = start(mount, { kind: 'mkfs', chunks, isForced: options.isForced, phase: 0 });
  return { mount, step };
}

/** FS-60, FS-61. The token of a writer is installed at the device before this. */
export function beginMount(
  g: Geometry,
  options: { readonly mode: LoadMode; readonly token: number; readonly mutants?: Mutants },
): { readonly mount: Mount; readonly step: Step } {
  const { mode, token, mutants = [] } = options;
  const mount = makeMount(g, mode, token, mutants);
  return { mount, step: start(mount, mode === 'rw' ? { kind: 'mount', phase: 0 } : load(mode)) };
}

/** `now` in virtual ms (FS-42). */
export function beginCall(mount: Mount, now: number, call: Call): Step {
  assert(mount.stack.length === 0, 'one call at a time');
  mount.now = now;
  mount.syncs.length = 0;
  if (mount.state === 'fenced') return { kind: 'done', outcome: fail('TOKEN_STALE') };
  if (mount.state !== 'open') return { kind: 'done', outcome: fail('EIO') };
  return start(mount, callTask(call));
}

/** FS-82: after a write that failed nothing more is written under this token, nor once the device has seen a greater one. */
export function resume(mount: Mount, answer: Answer): Step {
  if (answer.kind === 'failed') endMount(mount, answer.error, mount.isWriting);
  return pump(mount, answer);
}

/** What a batch that failed leaves of the mount. */
export function endMount(mount: Mount, error: DeviceError, isWrite: boolean): void {
  if (error === 'TOKEN_STALE') mount.state = 'fenced';
  else if (error !== 'EINVAL' && isWrite && mount.state !== 'fenced') mount.state = 'failed';
}

function start(mount: Mount, task: Task): Step {
  mount.stack.push(task);
  return pump(mount, { kind: 'start' });
}

/** Runs tasks until one of them asks the device, or none is left. */
function pump(mount: Mount, first: Came): Step {
  let came = first;
  while (true) {
    const task = present(mount.stack.at(-1), 'a task that waits');
    const action = stepTask(mount, task, came);
    switch (action.kind) {
      case 'run':
        mount.stack.push(action.task);
        came = { kind: 'start' };
        break;
      case 'end':
        mount.stack.pop();
        if (mount.stack.length === 0) return { kind: 'done', outcome: action.outcome };
        came = { kind: 'ended', outcome: action.outcome };
        break;
      default:
        mount.isWriting = action.kind === 'write';
        return action;
    }
  }
}

function stepTask(mount: Mount, task: Task, came: Came): Action {
  switch (task.kind) {
    case 'load':
      return stepLoad(mount, task, came);
    case 'mount':
      return stepMount(mount, task, came);
    case 'sync':
      return stepSync(mount, task, came);
    case 'commit':
      return stepCommit(mount, task, came);
    case 'trim':
      return stepTrim(mount, task, came);
    case 'call':
      return stepCall(mount, task, came);
    case 'release':
      return stepRelease(mount, task, came);
    case 'write':
      return stepWrite(mount, task, came);
    case 'truncate':
      return stepTruncate(mount, task, came);
    case 'fallocate':
      return stepFallocate(task, came);
    case 'read':
      return stepRead(mount, task, came);
    case 'mkfs':
      return stepMkfs(mount, task, came);
    case 'grow':
      return stepGrow(mount, task, came);
    default:
      return unreachable(task);
  }
}

/** FS-61: a writer loads, then releases every inode without a name, in ascending number. */
function stepMount(mount: Mount, task: Extract<Task, { kind: 'mount' }>, came: Came): Action {
  if (came.kind === 'ended' && !came.outcome.ok) return end(came.outcome);
  if (task.phase === 0) {
    task.phase = 1;
    return run(load('rw'));
  }
  if (has(mount.mutants, 'pfs.keeps-orphans')) return end(ok());
  const orphan = allObjects(mount.meta, 'inode').find(({ used, nlink }) => used && nlink === 0);
  return orphan === undefined ? end(ok()) : run({ kind: 'release', ino: orphan.no, phase: 0 });
}
