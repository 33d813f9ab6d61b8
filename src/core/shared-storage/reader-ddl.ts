// The writer's locks of definitions at a reader (docs/spec/logindex.md LI-64 to LI-66). applyLsn moves on; only lockReplayLsn waits until no
// statement here holds the relation. What waits for longer than ddlTimeoutMs is let through, where readers are to give way.

import type { Lsn, Time } from '../../base/ids.ts';
import { trace } from '../kernel/context.ts';
import type { WalRecord } from './messages.ts';
import { bindReader } from './reader-ports.ts';
import type { ReaderStep } from './reader-step.ts';
import { type ReadyReader, slotOf } from './shared-reader.ts';

/** A record above readyLsn is parsed. */
export function noteLock({ slot, unlocked }: ReadyReader, now: Time, { lsn, ddl }: WalRecord): void {
  if (ddl === null) return;
  if (ddl.kind === 'lock')
    for (const relation of ddl.of)
      slot.locks.set(lsn, { relation, since: now, isReplayed: false, isHeld: false });
  if (ddl.kind === 'unlock') unlocked.push(...(ddl.of as Lsn[]));
}

/** True: lockReplayLsn has moved beyond a lock, which the writer waits to hear. */
export function replayLocks<E>(step: ReaderStep<E>, ready: ReadyReader): boolean {
  const { attachment, reader, ctx } = step;
  const { locks } = ready.slot;
  let hasMoved = false;
  const ports = bindReader(attachment);
  for (const [lockLsn, lock] of locks) {
    if (lock.isReplayed) continue;
    lock.isReplayed = reader.lockForWriter(attachment.engine, ctx, ports, lockLsn, lock.relation);
    if (lock.isReplayed) traceLock(step, lockLsn, lock.relation, 'replayed');
    else if (!lock.isHeld) traceLock(step, lockLsn, lock.relation, 'held');
    lock.isHeld = !lock.isReplayed;
    hasMoved ||= lock.isReplayed;
  }
  for (const lockLsn of ready.unlocked.splice(0)) {
    const lock = locks.get(lockLsn);
    if (lock === undefined) continue;
    locks.delete(lockLsn);
    traceLock(step, lockLsn, lock.relation, 'released');
    reader.unlockForWriter(attachment.engine, ctx, ports, lockLsn);
  }
  const first = [...locks].find(([, { isReplayed }]) => !isReplayed);
  const upTo = first === undefined ? ready.replay.parser.applyLsn : first[0] - 1;
  ready.lockReplayLsn = Math.max(ready.lockReplayLsn, upTo) as Lsn;
  return hasMoved;
}

/** LI-65: statements that a lock has waited for so long are cancelled. */
export function cancelLate<E>(step: ReaderStep<E>, { slot }: ReadyReader): void {
  const { attachment, reader, ctx } = step;
  const { ddlCancels, ddlTimeoutMs } = attachment.config.params;
  if (ddlCancels === 0) return;
  for (const [lockLsn, { relation, since, isReplayed }] of slot.locks) {
    if (isReplayed || ctx.now < since + ddlTimeoutMs * 1000) continue;
    const count = reader.cancelUsers(attachment.engine, ctx, bindReader(attachment), lockLsn, relation);
    if (count > 0) traceLock(step, lockLsn, relation, 'cancelled');
  }
}

function traceLock<E>(
  { attachment, ctx }: ReaderStep<E>,
  lockLsn: Lsn,
  relation: number,
  state: string,
): void {
  trace(ctx, { kind: 'ro.lock', volume: attachment.config.cluster.volume, relation, lockLsn, state });
}

/** What it held of the writer's locks goes with its slot. */
export function dropLocks<E>({ attachment, reader, ctx }: ReaderStep<E>): void {
  if (!attachment.isOpened) return;
  for (const lockLsn of slotOf(attachment)?.locks.keys() ?? [])
    reader.unlockForWriter(attachment.engine, ctx, bindReader(attachment), lockLsn);
}
