// What is due for definitions at the writer, between its other work (docs/spec/logindex.md LI-64, LI-66): releases are logged, who waits for
// readers looks again, and the files of relations that nobody reads go.

import type { EngineProgram } from '../engine/engine-program.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import { isLockReplayed, oldestApplyLsn } from '../logindex/reader-slots.ts';
import { OP_DDL_UNLOCK } from '../page/redo-ops.ts';
import type { Call } from '../pfs/mount-state.ts';
import { namesIn } from '../pfs/tree.ts';
import { logDdl } from './ddl-locks.ts';
import { PAGE_DIRECTORY } from './page-file.ts';
import { type Job, type SharedAttachment, volumeOf } from './shared-attachment.ts';
import { mayAppend } from './shared-log.ts';
import { bindShared } from './shared-ports.ts';

/** Logs releases that are due; a session that waits for readers looks again. */
export function tendLocks<E>(
  program: EngineProgram<E>,
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
): void {
  const { sharing } = attachment;
  if (sharing === null || sharing.locks.length === 0) return;
  const due = sharing.locks.some(
    ({ isGranted, isOver, lsn }) =>
      !isGranted && !isOver && lsn <= attachment.log.durable && isLockReplayed(sharing.slots, lsn),
  );
  if (due || sharing.isLate) program.onVdl(attachment.engine, ctx, bindShared(attachment, ctx));
  sharing.isLate = false;
  for (const one of sharing.locks)
    if (one.isOver && one.endLsn === null && mayAppend(attachment, ctx, 1))
      one.endLsn = logDdl(attachment, ctx, OP_DDL_UNLOCK, one.lsn);
  sharing.locks = sharing.locks.filter(({ endLsn }) => endLsn === null || endLsn > attachment.log.durable);
}

/** The files of the oldest relation that nobody reads: no recovery begins below its end, and no view is open there. */
export function removeJob<E>(
  program: EngineProgram<E>,
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
): Job | null {
  const { sharing, checkpoint, host, gone, engine } = attachment;
  const [first] = gone;
  if (first === undefined || sharing === null || host.mount === null || checkpoint.redoLsn < first.lsn)
    return null;
  const view = Math.min(
    oldestApplyLsn(sharing.slots),
    program.engineMinReadPoint(engine, bindShared(attachment, ctx)),
  );
  if (view < first.lsn) return null;
  const names = namesIn(host.mount.meta, PAGE_DIRECTORY);
  const own = (names.ok ? names.value : []).filter((name) => name.split('.')[0] === String(first.relation));
  const calls = own.map((name): Call => ({ kind: 'unlink', path: `${PAGE_DIRECTORY}/${name}` }));
  if (calls.length > 0) return { kind: 'remove', calls, at: 0 };
  gone.shift();
  return removeJob(program, attachment, ctx);
}

export function onRemoved<E>(attachment: SharedAttachment<E>, ctx: RoleContext): void {
  const first = attachment.gone.shift();
  if (first === undefined) return;
  const { relation, lsn } = first;
  trace(ctx, { kind: 'relation.removed', volume: volumeOf(attachment), relation, lsn });
}
