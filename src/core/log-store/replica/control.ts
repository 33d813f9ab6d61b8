// The requests that change a replica's superblock (tokens, recovery, membership, base image), one at a time, in order of
// arrival. A reply leaves only when the superblock that it admits is durable (WAL-48), and all but OpenVolume wait until no
// append is in progress: check and write are one step (FENCE-7). Watermarks go along with the next write (WAL-72).

import { assert } from '../../../base/assert.ts';
import type { DiskError } from '../../kernel/door.ts';
import { suspendGroup } from './condition.ts';
import type { StoreContext } from './hooks.ts';
import { MAX_CONTROL_OPS } from './limits.ts';
import {
  type ControlOp,
  type ControlOps,
  type Group,
  PARKED,
  type StoreState,
  type SuperWrite,
} from './state.ts';
import { withMarks, writeSuper } from './super-write.ts';

export function queueControl(state: StoreState, group: Group, ctx: StoreContext, op: ControlOp): void {
  if (group.control.length >= MAX_CONTROL_OPS) return;
  group.control.push(op);
  pumpControl(state, group, ctx);
}

/** True while a token, read or history waits or is being written: no append may begin before it (FENCE-7). */
export const isBarred = (group: Group): boolean => group.control.some((op) => op.kind !== 'open');

/** Starts what may start: a pending failure first, then the oldest request, then the marks. Returns at the first write. */
export function pumpControl(state: StoreState, group: Group, ctx: StoreContext): void {
  if (group.isDropped) return;
  while (!group.superWrite && !group.suspended) {
    if (group.failure !== group.block.failed) {
      writeSuper(state, group, ctx, { ...withMarks(group), failed: group.failure });
      return;
    }
    const op = group.control[0];
    if (!op) break;
    if (op.kind !== 'open' && group.inflight.length > 0) return;
    if (startOp(state, group, { ...ctx, traceId: op.traceId }, op)) return;
    group.control.shift();
  }
  if (group.superWrite || group.suspended || !group.marksWanted) return;
  group.marksWanted = false;
  writeSuper(state, group, ctx, withMarks(group));
}

/** The superblock write is durable, or failed. True when marks became durable. */
export function onSuperDone(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  error: DiskError | null,
): boolean {
  const write = group.superWrite;
  assert(write, 'a superblock write was in progress');
  if (error) {
    group.superWrite = { ...write, id: PARKED };
    suspendGroup(group, ctx, error);
    return false;
  }
  group.superWrite = null;
  group.block = write.next;
  if (write.isProbe) group.suspended = null;
  if (write.isControl) {
    const op = group.control.shift();
    assert(op, 'a request waited for the superblock');
    finishOp(state, group, { ...ctx, traceId: op.traceId }, op, write);
  }
  return true;
}

/** The suspension is over if a fresh write succeeds. */
export function probeDisk(state: StoreState, group: Group, ctx: StoreContext): void {
  if (!group.suspended || group.suspended.until > ctx.now) return;
  const parked = group.superWrite;
  if (parked && parked.id !== PARKED) {
    suspendGroup(group, ctx, group.suspended.code); // begun before the failure, so it proves nothing: probe after it
    return;
  }
  const { isControl = false, removed = [] } = parked ?? {};
  const next = parked ? parked.next : withMarks(group);
  writeSuper(state, group, ctx, next, { isControl, removed, isProbe: true });
}

function startOp<K extends keyof ControlOps>(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  op: ControlOp<K>,
): boolean {
  return ctx.hooks.control[op.kind].start(state, group, ctx, op);
}

function finishOp<K extends keyof ControlOps>(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  op: ControlOp<K>,
  write: SuperWrite,
): void {
  ctx.hooks.control[op.kind].finish(state, group, ctx, op, write);
}
