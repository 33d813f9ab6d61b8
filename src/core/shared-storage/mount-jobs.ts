// What the mount of the writer does next, and what it means when a call has ended. One call at a time (decision C1): a write of WAL goes before
// reads of pages, reads before writes of pages; where too much is not stored, pages have every second turn.

import { unreachable } from '../../base/assert.ts';
import type { Time } from '../../base/ids.ts';
import { beginOrder, type MountOrder, traceDone } from '../chunk/mount-host.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import { type RoleContext, wakeAt } from '../kernel/context.ts';
import type { FsError, Outcome } from '../pfs/mount-state.ts';
import { onRemoved, removeJob } from './ddl-work.ts';
import { growJob, onGrown } from './growth.ts';
import { onOpeningDone, openingOrder } from './opening.ts';
import {
  checkpointJob,
  isPressed,
  onCheckpoint,
  onPageBefore,
  onPageStored,
  onRead,
  pageJob,
  readJob,
} from './page-writer.ts';
import { onReplayCall, replayJob, walkOn } from './promotion.ts';
import { dropJob, onWalSynced, segmentJob, walJob } from './shared-log.ts';
import type { Job, SharedSeat } from './shared-seat.ts';
import { indexJob, onIndexEnd, onIndexWritten, trimJob } from './slot-keeper.ts';

export const REST_TIMER = 'shared.rest';

/** `lost`: the mount is over and only a new one can tell what is there (FS-82). `stale`: a writer above it has begun. */
export type Settled = 'idle' | 'busy' | 'done' | 'lost' | 'stale';

/** Begins what is next, if nothing is under way. */
export function doNext<E>(program: EngineProgram<E>, seat: SharedSeat<E>, ctx: RoleContext): Settled {
  if (seat.host.now !== null) return 'busy';
  const order = nextOrder(program, seat, ctx);
  if (order === null) return 'idle';
  const outcome = beginOrder(seat.host, ctx, order);
  return outcome === null ? 'busy' : onOutcome(seat, ctx, order, outcome);
}

function nextOrder<E>(program: EngineProgram<E>, seat: SharedSeat<E>, ctx: RoleContext): MountOrder | null {
  const isResting = ctx.now < seat.restUntil;
  const opening = isResting ? null : openingOrder(seat, ctx);
  if (opening !== null) return opening;
  if (seat.phase !== 'log' && seat.phase !== 'publish' && seat.phase !== 'open') return null;
  seat.job ??= nextJob(program, seat, ctx, isResting);
  const call = seat.job?.calls[seat.job.at];
  return call === undefined ? null : { kind: 'fsCall', call };
}

function nextJob<E>(
  program: EngineProgram<E>,
  seat: SharedSeat<E>,
  ctx: RoleContext,
  isResting: boolean,
): Job | null {
  const pages = (): Job | null => (isResting ? null : (seat.later.shift() ?? pageJob(program, seat, ctx)));
  const isEarly = seat.config.broken.includes('shared.page-before-wal');
  const isTheirTurn = isEarly || (isPressed(seat) && !seat.wasPage);
  const job =
    (isTheirTurn ? pages() : null) ??
    walJob(seat) ??
    (isResting ? null : replayJob(seat, ctx, false)) ??
    readJob(seat) ??
    (isResting ? null : (growJob(seat) ?? segmentJob(seat))) ??
    indexJob(seat) ??
    pages() ??
    (isResting ? null : replayJob(seat, ctx, true)) ??
    trimJob(seat) ??
    checkpointJob(seat) ??
    removeJob(program, seat, ctx) ??
    dropJob(seat);
  seat.wasPage = job?.kind === 'page';
  return job;
}

/** An order has ended. */
export function onOutcome<E>(
  seat: SharedSeat<E>,
  ctx: RoleContext,
  order: MountOrder,
  outcome: Outcome,
): Settled {
  const { mount } = seat.host;
  const error = outcome.ok ? '' : outcome.error;
  traceDone(seat.host, ctx, order, error);
  if (mount?.state === 'fenced' || error === 'TOKEN_STALE') return 'stale';
  if (mount?.state === 'failed') return 'lost';
  const { job } = seat;
  if (job === null) {
    if (onOpeningDone(seat, ctx, outcome) === 'retry') rest(seat, ctx);
    return 'done';
  }
  if (job.kind === 'replay') {
    seat.job = null;
    if (!onReplayCall(seat, ctx, outcome)) rest(seat, ctx);
    return 'done';
  }
  if (error !== '' && !isExpected(job, error)) {
    seat.job = null;
    seat.later.push(job);
    rest(seat, ctx);
    return 'done';
  }
  job.at++;
  if (job.at < job.calls.length) return 'done';
  seat.job = null;
  onJobDone(seat, ctx, job, outcome);
  return 'done';
}

/** A call that was made before and whose answer was lost, or a file that nobody has written. */
function isExpected({ kind, calls, at }: Job, error: FsError): boolean {
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
    case 'read':
      if (job.page !== undefined) onRead(seat, ctx, job.page, outcome);
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
      if (job.checkpoint) onCheckpoint(seat, ctx, job.checkpoint);
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
      unreachable(job.kind);
  }
}
