// The requests that change a replica's superblock (tokens, recovery, membership, base image), one at a time, in order of
// arrival. A reply leaves only when the superblock that it admits is durable (WAL-48), and all but OpenVolume wait until no
// append is in progress: check and write are one step (FENCE-7). Watermarks go along with the next write (WAL-72).

import { assert } from '../../../base/assert.ts';
import type { DiskError } from '../../kernel/door.ts';
import { reach } from '../../kernel/limits.ts';
import { suspendGroup } from './condition.ts';
import type { SuperblockChange } from './group-state.ts';
import { forStoreTrace, type StoreContext } from './hooks.ts';
import type { ControlOp, ControlOps, Group, StoreState } from './state.ts';
import { withWatermarks, writeSuper } from './super-write.ts';

export function queueControl(state: StoreState, group: Group, ctx: StoreContext, op: ControlOp): void {
  if (group.control.queue.length >= state.params.controlOps) {
    reach(ctx, state.params, 'controlOps');
    return;
  }
  group.control.queue.push(op);
  pumpControl(state, group, ctx);
}

/** True while a token, read or history waits or is being written: no append may begin before it (FENCE-7). */
export const appendsBlocked = (group: Group): boolean => group.control.queue.some((op) => op.kind !== 'open');

/** Starts what may start: a pending failure first, then the oldest request, then the watermarks. Returns at the first write. */
export function pumpControl(state: StoreState, group: Group, ctx: StoreContext): void {
  const { control } = group;
  while (canWrite(group)) {
    if (group.failure !== group.superblock.failed) {
      writeSuper(state, group, ctx, { ...withWatermarks(group), failed: group.failure });
      return;
    }
    const op = control.queue[0];
    if (!op) break;
    if (op.kind !== 'open' && group.ingest.appends.length > 0) return;
    if (startOp(state, group, forStoreTrace(ctx, op.traceId), op)) return;
    control.queue.shift();
  }
  if (!canWrite(group) || !control.watermarksDue) return;
  control.watermarksDue = false;
  writeSuper(state, group, ctx, withWatermarks(group));
}

const canWrite = ({ control, service }: Group): boolean =>
  control.write.kind === 'idle' && service.kind === 'serving';

/** The superblock write is durable, or failed. True when watermarks became durable. */
export function onSuperDone(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  error: DiskError | null,
): boolean {
  const { control } = group;
  const { write } = control;
  assert(write.kind === 'writing', 'a superblock write was in progress');
  const { change, isProbe } = write;
  if (error) {
    control.write = { kind: 'parked', change };
    suspendGroup(group, ctx, error);
    return false;
  }
  control.write = { kind: 'idle' };
  group.superblock = change.next;
  if (isProbe) group.service = { kind: 'serving' };
  if (change.isControl) {
    const op = control.queue.shift();
    assert(op, 'a request waited for the superblock');
    finishOp(state, group, forStoreTrace(ctx, op.traceId), op, change);
  }
  return true;
}

/** The suspension is over if a fresh write succeeds. */
export function probeDisk(state: StoreState, group: Group, ctx: StoreContext): void {
  const { service, control } = group;
  if (service.kind !== 'suspended' || service.until > ctx.now) return;
  const { write } = control;
  if (write.kind === 'writing') {
    suspendGroup(group, ctx, service.code); // begun before the failure, so it proves nothing: probe after it
    return;
  }
  if (write.kind === 'idle') writeSuper(state, group, ctx, withWatermarks(group), { isProbe: true });
  else writeSuper(state, group, ctx, write.change.next, { ...write.change, isProbe: true });
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
  change: SuperblockChange,
): void {
  ctx.hooks.control[op.kind].finish(state, group, ctx, op, change);
}
