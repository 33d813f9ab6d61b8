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
import { onGrownFirst, onOpeningDone, onVolumeRead, openingOrder } from './opening.ts';
import {
  checkpointJob,
  onCheckpoint,
  onPageBefore,
  onPageStored,
  onRead,
  pageJob,
  readJob,
} from './page-writer.ts';
import { onReplayCall, replayJob, walkOn } from './promotion.ts';
import { dropJob, onWalSynced, recycleJob, segmentJob, walJob } from './shared-log.ts';
import type { Job, Running, SharedSeat, WriterCall } from './shared-seat.ts';
import { indexJob, onIndexEnd, onIndexWritten, trimJob } from './slot-keeper.ts';

export const REST_TIMER = 'shared.rest';

/** Reads, and writes of pages, that are out at a time. */
const READS_MAX = 8;
const PAGES_MAX = 4;

/** `lost`: the mount is over and only a new one can tell what is there (FS-82). `stale`: a writer above it has begun. */
export type Settled = 'idle' | 'done' | 'lost' | 'stale';

/** Begins what may begin. `done`: something has ended at once, and more may follow. */
export function doNext<E>(program: EngineProgram<E>, seat: SharedSeat<E>, ctx: RoleContext): Settled {
  const { host } = seat;
  const isResting = ctx.now < seat.restUntil;
  if (host.now === null && !isResting) {
    const next = openingOrder(seat, ctx);
    const outcome = next === null ? null : beginOrder(host, ctx, next.order, next.owner);
    if (next !== null && outcome !== null) return onEnded(seat, ctx, { ...next, outcome });
    if (next !== null) return 'idle';
  }
  const { kind } = seat.phase; // the opening may have come to its log without an order
  if (kind !== 'log' && kind !== 'publish' && kind !== 'open') return 'idle';
  takeJobs(program, seat, ctx, isResting);
  for (const running of seat.jobs) {
    const settled = running.isOut ? null : beginNext(seat, ctx, running);
    if (settled !== null) return settled;
  }
  return 'idle';
}

/** Null: its call is out, or waits. */
function beginNext<E>(seat: SharedSeat<E>, ctx: RoleContext, running: Running): Settled | null {
  const call = callOf(running);
  const owner: WriterCall = { kind: 'job', id: running.id };
  const outcome = issueCall(seat.host, ctx, call, owner);
  running.isOut = outcome === 'out';
  if (outcome === 'out' || outcome === 'waits') return null;
  return onEnded(seat, ctx, { order: { kind: 'fsCall', call }, owner, outcome });
}

const callOf = ({ job: { calls, at } }: Running): Call => calls[at] as Call;

function takeJobs<E>(
  program: EngineProgram<E>,
  seat: SharedSeat<E>,
  ctx: RoleContext,
  isResting: boolean,
): void {
  const { jobs, later } = seat;
  const count = (...kinds: Job['kind'][]): number =>
    jobs.filter(({ job }) => kinds.includes(job.kind)).length;
  const take = (job: Job | null): boolean => {
    if (job !== null) jobs.push({ id: seat.nextJob++, job, isOut: false });
    return job !== null;
  };
  const takePages = (): void => {
    // files that pages need are made one after the other, and none while files go
    const isClear = (): boolean =>
      count('remove') === 0 && jobs.every(({ job }) => job.kind !== 'page' || job.calls.length === 1);
    while (!isResting && count('page', 'before') < PAGES_MAX && isClear())
      if (!take(pageJob(program, seat, ctx))) return;
  };
  if (!isResting) for (const job of later.splice(0)) take(job);
  if (has(seat.config.mutants, 'shared.page-before-wal')) takePages();
  if (count('wal') === 0) take(walJob(seat));
  while (!isResting && take(replayJob(seat, ctx)));
  while (count('read') < READS_MAX && take(readJob(seat)));
  if (!isResting && count('grow') === 0) take(growJob(seat));
  if (!isResting && count('segment', 'recycle', 'drop') === 0)
    take(recycleJob(seat) ?? segmentJob(seat) ?? dropJob(seat));
  if (count('index', 'indexEnd') === 0) take(indexJob(seat) ?? trimJob(seat));
  takePages();
  if (count('checkpoint') === 0) take(checkpointJob(seat));
  if (count('remove', 'page', 'before') === 0) take(removeJob(program, seat, ctx));
}

/** Who has asked for it gets the outcome. */
export function onEnded<E>(
  seat: SharedSeat<E>,
  ctx: RoleContext,
  { order, owner, outcome }: Ended<WriterCall>,
): Settled {
  const over = traceEnd(seat, ctx, order, outcome);
  if (over !== null) return over;
  if (!isTaken(seat, ctx, owner, outcome)) rest(seat, ctx);
  return 'done';
}

/** False: the same once more, after a pause. */
function isTaken<E>(seat: SharedSeat<E>, ctx: RoleContext, owner: WriterCall, outcome: Outcome): boolean {
  switch (owner.kind) {
    case 'opening':
      return onOpeningDone(seat, ctx, outcome) === 'on';
    case 'room':
      return onGrownFirst(seat, ctx, outcome) === 'on';
    case 'load':
      return onVolumeRead(seat, ctx, owner.id, outcome) === 'on';
    case 'job':
      return onJobOutcome(seat, ctx, owner.id, outcome);
    default:
      return unreachable(owner);
  }
}

/** What the end of a call says of the mount, if that is over. */
function traceEnd<E>(
  { host }: SharedSeat<E>,
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
function onJobOutcome<E>(seat: SharedSeat<E>, ctx: RoleContext, id: number, outcome: Outcome): boolean {
  const { jobs } = seat;
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
    return onReplayCall(seat, ctx, job.load, outcome);
  }
  if (error !== '' && !isExpected(job, error)) {
    leave();
    seat.later.push(job);
    return false;
  }
  if (++job.at < job.calls.length) return true;
  leave();
  onJobDone(seat, ctx, job, outcome);
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

function rest<E>(seat: SharedSeat<E>, ctx: RoleContext): void {
  seat.restUntil = (ctx.now + seat.config.params.recoveryRetryMs * 1000) as Time;
  wakeAt(ctx, REST_TIMER, seat.restUntil);
}

function onJobDone<E>(seat: SharedSeat<E>, ctx: RoleContext, job: Job, outcome: Outcome): void {
  const { log } = seat;
  switch (job.kind) {
    case 'wal':
      onWalSynced(seat, ctx, job);
      break;
    case 'grow':
      onGrown(seat, ctx);
      break;
    case 'segment':
      log.segments++;
      break;
    case 'recycle':
      log.segments++;
      log.firstSegment++;
      break;
    case 'read':
      onRead(seat, ctx, job.page, outcome);
      break;
    case 'before':
      onPageBefore(seat, ctx, outcome);
      break;
    case 'page':
      onPageStored(seat, ctx, job);
      break;
    case 'index':
      onIndexWritten(seat, ctx);
      break;
    case 'indexEnd':
      onIndexEnd(seat, outcome);
      break;
    case 'checkpoint':
      onCheckpoint(seat, ctx, job.checkpoint);
      break;
    case 'walk':
      if (outcome.ok && outcome.value instanceof Uint8Array) walkOn(seat, ctx, outcome.value);
      break;
    case 'replay':
      break;
    case 'remove':
      onRemoved(seat, ctx);
      break;
    case 'drop':
      log.firstSegment++;
      break;
    default:
      unreachable(job);
  }
}
