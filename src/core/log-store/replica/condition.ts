// A replica that may not serve: for good (two contents of one LSN, a broken chain) or for a while (its disk refused a
// write). After a failed write nothing that was in it is ever acknowledged from memory: its records are forgotten and
// come again from writer or peers, the superblock is written afresh, and only its success ends the suspension.

import type { Lsn, NodeId, Time } from '../../../base/ids.ts';
import { trace, wakeAt } from '../../kernel/context.ts';
import type { DiskError } from '../../kernel/door.ts';
import type { Refusal } from '../../kernel/fields.ts';
import { refusal } from './epochs.ts';
import type { StoreContext } from './hooks.ts';
import { SUSPEND_US } from './limits.ts';
import type { Group } from './state.ts';
import type { Failure } from './superblock.ts';

export const resumeTimer = (group: Group): string => `resume/${group.id}`;

/** E_DATA_DIVERGED, E_CHAIN_CONFLICT: the replica stops serving this group and reports (HOLE-16, WAL-31). */
export function failGroup(group: Group, ctx: StoreContext, code: Exclude<Failure, ''>, at: Lsn): void {
  if (group.failure !== '') return;
  group.failure = code;
  trace(ctx, { kind: 'store.failed', group: group.id, code, at });
}

/** A write failed: no batches until a fresh write of the superblock has succeeded. */
export function suspendGroup(group: Group, ctx: StoreContext, code: DiskError): void {
  if (group.service.kind !== 'suspended') trace(ctx, { kind: 'store.suspended', group: group.id, code });
  const until = (ctx.now + SUSPEND_US) as Time;
  group.service = { kind: 'suspended', code, until };
  wakeAt(ctx, resumeTimer(group), until);
}

/** Why the group takes nothing at all, or null. */
export const failureOf = (group: Group): Refusal | null =>
  group.failure === '' ? null : refusal(group.failure, '', 0);

export function traceRefused(group: Group, ctx: StoreContext, from: NodeId, refused: Refusal): void {
  const code = refused.which === '' ? refused.code : `${refused.code}:${refused.which}`;
  trace(ctx, { kind: 'wal.refused', group: group.id, from, code, value: refused.current });
}
