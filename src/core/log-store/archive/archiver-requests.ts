// What an archiver asks of the object store, one request at a time, and what no answer means (docs/spec/wal.md F31). Every
// request has a timer and a number (FENCE-59). What is asked again keeps
// its id: a late answer is an answer, or nothing would be archived over a link that is slower than the timer.

import { NONE, type RequestNumber, type Time } from '../../../base/ids.ts';
import { type RoleContext, send, takeRequestNumber, trace, wakeAt } from '../../kernel/context.ts';
import type { Message } from '../../kernel/messages.ts';
import type { StoreContext } from '../replica/hooks.ts';
import type { Group, StoreState } from '../replica/state.ts';
import { endBase } from './archive-base.ts';
import type { Archiver, NamedBytes } from './archiver-state.ts';

/** Unanswered or refused requests in a row that count as an outage. */
const FAILURES_OF_OUTAGE = 3;

export const archiveTimer = (group: Group): string => `archive/${group.id}`;

export const retryUs = ({ params }: StoreState): number =>
  1000 * Math.max(2 * params.reqTimeoutMs, params.readTimeoutMs);
export const pollUs = ({ params }: StoreState): number => 1000 * params.scrubEveryMs;
export const keepUs = (state: StoreState): number => 64 * retryUs(state) + pollUs(state);

export function retire(state: StoreState, group: Group, ctx: StoreContext): void {
  const archiver = state.archivers.get(group.id);
  if (!archiver) return;
  endBase(group, archiver);
  state.archivers.delete(group.id);
  group.uploadedTo = NONE;
  wakeAt(ctx, archiveTimer(group), null);
}

export function request(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  archiver: Archiver,
  message: Message,
): void {
  send(ctx, archiver.store, message);
  wakeAt(ctx, archiveTimer(group), (ctx.now + retryUs(state)) as Time);
}

/** The number of its next request; of what it asks again, the one that it has. */
export function numberOf(ctx: RoleContext, archiver: Archiver, isAgain = false): RequestNumber {
  if (!isAgain || archiver.reqId === null) archiver.reqId = takeRequestNumber(ctx);
  return archiver.reqId;
}

/** Reads which manifest stands. */
export function ask(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  archiver: Archiver,
  isAgain = false,
): void {
  archiver.phase = 'asking';
  const reqId = numberOf(ctx, archiver, isAgain);
  const { volume } = archiver;
  request(state, group, ctx, archiver, { kind: 'GetManifest', reqId, for: 'store', volume });
}

export function fetchPart(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  archiver: Archiver,
  isAgain = false,
): void {
  archiver.phase = 'fetching';
  const reqId = numberOf(ctx, archiver, isAgain);
  const { have: offset } = archiver.fetched;
  const name = archiver.fetchName;
  request(state, group, ctx, archiver, { kind: 'GetObject', reqId, for: 'store', name, offset });
}

export function putPart(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  archiver: Archiver,
  { name, bytes: all }: NamedBytes,
  isAgain = false,
): void {
  const reqId = numberOf(ctx, archiver, isAgain);
  const offset = archiver.have;
  const bytes = all.slice(offset, offset + state.params.objectPartBytes);
  request(state, group, ctx, archiver, { kind: 'PutObject', reqId, name, total: all.length, offset, bytes });
}

/** An answer came: the object store works. */
export function answered(group: Group, ctx: StoreContext, archiver: Archiver): void {
  const wasOut = archiver.failures >= FAILURES_OF_OUTAGE;
  archiver.failures = 0;
  if (!wasOut) return;
  trace(ctx, { kind: 'archive.outage', group: group.id, state: 'end', why: '' });
}

/** F31: the log is kept meanwhile, because archivedTo stands still. */
export function failed(group: Group, ctx: StoreContext, archiver: Archiver, why: string): void {
  if (++archiver.failures !== FAILURES_OF_OUTAGE) return;
  trace(ctx, { kind: 'archive.outage', group: group.id, state: 'begin', why });
}
