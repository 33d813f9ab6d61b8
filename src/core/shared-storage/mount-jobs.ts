// What the writer does on its mount, and what it means when a call has ended. Jobs run side by side: calls that change no metadata have lanes of
// their own (FS-44), the others the mount, one after the other. So a write of WAL waits for the one before it and for nothing else.

import { present, unreachable } from '../../base/assert.ts';
import type { Time } from '../../base/ids.ts';
import { beginOrder, type Ended, issueCall, type MountOrder, traceDone } from '../chunk/mount-host.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import { type RoleContext, wakeAt } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import type { Call, FsError, Outcome } from '../pfs/mount-state.ts';
import { onRemoved, removeJob } from './ddl-work.ts';
import { growJob, onGrown } from './growth.ts';
import { onGrownFirst, onOpeningDone, onRedoRead, onVolumeRead, openingOrder } from './opening.ts';
import {
  checkpointJob,
  onCheckpoint,
  onPageBefore,
  onPageStored,
  onRead,
  pageJob,
  readJob,
  traceHeldBack,
} from './page-writer.ts';
import { onReplayCall, replayJob, walkOn } from './promotion.ts';
import type { Job, Running, SharedAttachment, WriterCall } from './shared-attachment.ts';
import { dropJob, onWalSynced, recycleJob, segmentJob, walJob } from './shared-log.ts';
import { indexJob, onIndexEnd, onIndexWritten, trimJob } from './slot-keeper.ts';

export const REST_TIMER = 'shared.rest';

/** Reads, and writes of pages, that are out at a time. */
const READS_MAX = 8;
const PAGES_MAX = 4;
/** Pages that redo reads ahead: their images find room in the smallest buffer. */
const REDO_READS_MAX = 32;

/** `lost`: the mount is over and only a new one can tell what is there (FS-82). `stale`: a writer above it has begun. */
export type Settled = 'idle' | 'done' | 'lost' | 'stale';

/** Begins what may begin. `done`: something has ended at once, and more may follow. */
export function doNext<E>(
  program: EngineProgram<E>,
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
): Settled {
  const { host } = attachment;
  const isResting = ctx.now < attachment.restUntil;
  if (host.now === null && !isResting) {
    const next = openingOrder(attachment, ctx);
    const outcome = next === null ? null : beginOrder(host, ctx, next.order, next.owner);
    if (next !== null && outcome !== null) return onEnded(attachment, ctx, { ...next, outcome });
    if (next !== null) return 'idle';
  }
  const { kind } = attachment.phase; // the opening may have come to its log without an order
  if (kind === 'replay') takeReads(attachment, isResting);
  else if (kind === 'log' || kind === 'publish' || kind === 'open')
    takeJobs(program, attachment, ctx, isResting);
  else return 'idle';
  for (const running of attachment.jobs) {
    const settled = running.isOut ? null : beginNext(attachment, ctx, running);
    if (settled !== null) return settled;
  }
  return 'idle';
}

/** Null: its call is out, or waits. */
function beginNext<E>(attachment: SharedAttachment<E>, ctx: RoleContext, running: Running): Settled | null {
  const call = callOf(running);
  const owner: WriterCall = { kind: 'job', id: running.id };
  const outcome = issueCall(attachment.host, ctx, call, owner);
  running.isOut = outcome === 'out';
  if (outcome === 'out' || outcome === 'waits') return null;
  return onEnded(attachment, ctx, { order: { kind: 'fsCall', call }, owner, outcome });
}

const callOf = ({ job: { calls, at } }: Running): Call => calls[at] as Call;

/** Redo: what failed first, then further pages. */
function takeReads<E>(attachment: SharedAttachment<E>, isResting: boolean): void {
  const { jobs, later } = attachment;
  while (!isResting && jobs.length < REDO_READS_MAX) {
    const job = later.shift() ?? readJob(attachment);
    if (job === null) return;
    jobs.push({ id: attachment.nextJob++, job, isOut: false });
  }
}

function takeJobs<E>(
  program: EngineProgram<E>,
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  isResting: boolean,
): void {
  const { jobs, later } = attachment;
  const count = (...kinds: Job['kind'][]): number =>
    jobs.filter(({ job }) => kinds.includes(job.kind)).length;
  const take = (job: Job | null): boolean => {
    if (job !== null) jobs.push({ id: attachment.nextJob++, job, isOut: false });
    return job !== null;
  };
  const takePages = (): void => {
    // files that pages need are made one after the other, and none while files go
    const isClear = (): boolean =>
      count('remove') === 0 && jobs.every(({ job }) => job.kind !== 'page' || job.calls.length === 1);
    while (!isResting && count('page', 'before') < PAGES_MAX && isClear())
      if (!take(pageJob(program, attachment, ctx))) return;
  };
  if (!isResting) for (const job of later.splice(0)) take(job);
  if (has(attachment.config.mutants, 'shared.page-before-wal')) takePages();
  if (count('wal') === 0) take(walJob(attachment));
  while (!isResting && take(replayJob(attachment, ctx)));
  while (count('read') < READS_MAX && take(readJob(attachment)));
  if (!isResting && count('grow') === 0) take(growJob(attachment));
  if (!isResting && count('segment', 'recycle', 'drop') === 0)
    take(recycleJob(attachment) ?? segmentJob(attachment) ?? dropJob(attachment));
  if (count('index', 'indexEnd') === 0) take(indexJob(attachment) ?? trimJob(attachment));
  takePages();
  if (count('checkpoint') === 0) take(checkpointJob(attachment));
  if (count('remove', 'page', 'before') === 0) take(removeJob(program, attachment, ctx));
  traceHeldBack(attachment, ctx);
}

/** Who has asked for it gets the outcome. */
export function onEnded<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  { order, owner, outcome }: Ended<WriterCall>,
): Settled {
  const over = traceEnd(attachment, ctx, order, outcome);
  if (over !== null) return over;
  if (!isTaken(attachment, ctx, owner, outcome)) rest(attachment, ctx);
  return 'done';
}

/** False: the same once more, after a pause. */
function isTaken<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  owner: WriterCall,
  outcome: Outcome,
): boolean {
  switch (owner.kind) {
    case 'opening':
      return onOpeningDone(attachment, ctx, outcome) === 'on';
    case 'room':
      return onGrownFirst(attachment, ctx, outcome) === 'on';
    case 'load':
      return onVolumeRead(attachment, ctx, owner.id, outcome) === 'on';
    case 'job':
      return onJobOutcome(attachment, ctx, owner.id, outcome);
    default:
      return unreachable(owner);
  }
}

/** What the end of a call says of the mount, if that is over. */
function traceEnd<E>(
  { host }: SharedAttachment<E>,
  ctx: RoleContext,
  order: MountOrder,
  outcome: Outcome,
): Settled | null {
  const error = outcome.ok ? '' : outcome.error;
  traceDone(host, ctx, order, error);
  if (host.mount?.state === 'fenced' || error === 'TOKEN_STALE') return 'stale';
  return host.mount?.state === 'failed' ? 'lost' : null;
}

/** False: it, or what takes its place, begins again after a pause. */
function onJobOutcome<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  id: number,
  outcome: Outcome,
): boolean {
  const { jobs } = attachment;
  const running = present(
    jobs.find((one) => one.id === id),
    'a job whose call has ended',
  );
  const { job } = running;
  const leave = (): void => void jobs.splice(jobs.indexOf(running), 1);
  const error = outcome.ok ? '' : outcome.error;
  running.isOut = false;
  if (job.kind === 'replay') {
    leave();
    return onReplayCall(attachment, ctx, job.load, outcome);
  }
  if (error !== '' && !isExpected(job, error)) {
    leave();
    attachment.later.push(job);
    return false;
  }
  if (++job.at < job.calls.length) return true;
  leave();
  onJobDone(attachment, ctx, job, outcome);
  return true;
}

/** A call that was made before and whose answer was lost, or a file that nobody has written. */
function isExpected({ kind, calls, at }: Job, error: FsError): boolean {
  if (calls[at]?.kind === 'rename') return error === 'ENOENT';
  if (kind === 'read' || kind === 'before' || kind === 'drop' || kind === 'indexEnd')
    return error === 'ENOENT';
  if (calls[at]?.kind === 'unlink') return error === 'ENOENT';
  return calls[at]?.kind === 'create' && error === 'EEXIST';
}

function rest<E>(attachment: SharedAttachment<E>, ctx: RoleContext): void {
  attachment.restUntil = (ctx.now + attachment.config.params.recoveryRetryMs * 1000) as Time;
  wakeAt(ctx, REST_TIMER, attachment.restUntil);
}

function onJobDone<E>(attachment: SharedAttachment<E>, ctx: RoleContext, job: Job, outcome: Outcome): void {
  const { log, phase } = attachment;
  switch (job.kind) {
    case 'wal':
      onWalSynced(attachment, ctx, job);
      break;
    case 'grow':
      onGrown(attachment, ctx);
      break;
    case 'segment':
      log.segments++;
      break;
    case 'recycle':
      log.segments++;
      log.firstSegment++;
      break;
    case 'read':
      if (phase.kind === 'replay') onRedoRead(attachment, ctx, phase, job.page, outcome);
      else onRead(attachment, ctx, job.page, outcome);
      break;
    case 'before':
      onPageBefore(attachment, ctx, outcome);
      break;
    case 'page':
      onPageStored(attachment, ctx, job);
      break;
    case 'index':
      onIndexWritten(attachment, ctx);
      break;
    case 'indexEnd':
      onIndexEnd(attachment, outcome);
      break;
    case 'checkpoint':
      onCheckpoint(attachment, ctx, job.checkpoint);
      break;
    case 'walk':
      if (outcome.ok && outcome.value instanceof Uint8Array) walkOn(attachment, ctx, outcome.value);
      break;
    case 'replay':
      break;
    case 'remove':
      onRemoved(attachment, ctx);
      break;
    case 'drop':
      log.firstSegment++;
      break;
    default:
      unreachable(job);
  }
}
