// What a role is given while a step runs: the time, the effects it adds to, ids that say whose answer it is.
// Transient; never kept in state.

import type { NodeId, RequestNumber, Time } from '../../base/ids.ts';
import type { ClientResult } from './client-calls.ts';
import type { Effect, Room, Write } from './door.ts';
import type { Message } from './messages.ts';
import type { TraceEvent } from './trace.ts';
import type { Role } from './view.ts';

/** In the node's state: ids of stores and reads, numbers of requests, and which limits were reached in this life (limits.ts). */
export interface IdCounter {
  next: number;
  /** Of the next request to another node. */
  requests: RequestNumber;
  reached?: Set<string>;
}

export interface RoleContext {
  readonly now: Time;
  readonly role: Role | 'agent';
  /** The role's tag (role.ts). */
  readonly tag: number;
  readonly ids: IdCounter;
  readonly effects: Effect<Message>[];
  /** Part of the names of its timers when a role has several of a kind (`#1`), else empty. */
  readonly scope: string;
  /** Trace id of the request that is being worked for, 0 when none. */
  readonly traceId: number;
}

/**
 * The same for another request. A literal in the order of every other context: spreads at many places make an object of a
 * hidden class of its own at each, and whatever reads a context pays for it.
 */
export const forTrace = (ctx: RoleContext, traceId: number): RoleContext => ({
  now: ctx.now,
  role: ctx.role,
  tag: ctx.tag,
  scope: ctx.scope,
  ids: ctx.ids,
  effects: ctx.effects,
  traceId,
});

/** Roles have the tags 0 to 63. */
const TAGS = 64;

/** Tag of the role that an id of `storeWrites` or `readKeys` belongs to. */
export const roleTagOfId = (id: number): number => id % TAGS;

const takeId = (ctx: RoleContext): number => ctx.ids.next++ * TAGS + ctx.tag;

/** Requests of one life of a node: so many numbers, and 2^21 lives, fit in an exact integer. */
const REQUESTS_PER_LIFE = 2 ** 32;

/** The first number of a life. */
export const firstRequest = (bootEpoch: number): RequestNumber =>
  ((bootEpoch - 1) * REQUESTS_PER_LIFE + 1) as RequestNumber;

/** Do both numbers belong to one life? */
export const isOfOneLife = (a: RequestNumber, b: RequestNumber): boolean =>
  Math.floor(a / REQUESTS_PER_LIFE) === Math.floor(b / REQUESTS_PER_LIFE);

/**
 * The number of a request whose answer repeats it (FENCE-59). No two requests of a node have one number, whichever of its roles and
 * attachments asks and in whichever of its lives: an answer that was held on the way is never taken for that to a later request.
 */
export const takeRequestNumber = ({ ids }: RoleContext): RequestNumber => ids.requests++ as RequestNumber;

export function send(ctx: RoleContext, to: NodeId, message: Message): void {
  ctx.effects.push({ kind: 'send', to, message, traceId: ctx.traceId });
}

/** Writes in order, durable together; `diskDone` with the returned id follows, then `then`. */
export function storeWrites(
  ctx: RoleContext,
  writes: readonly Write[],
  then: readonly Effect<Message>[] = [],
): number {
  const id = takeId(ctx);
  ctx.effects.push({ kind: 'store', id, writes, then, traceId: ctx.traceId });
  return id;
}

/** As `storeWrites`, and it may take room that is kept for this (WAL-77). */
export function storeInto(ctx: RoleContext, room: Exclude<Room, 'data'>, writes: readonly Write[]): number {
  const id = takeId(ctx);
  const then: readonly Effect<Message>[] = [];
  ctx.effects.push({ kind: 'store', id, writes, then, room, traceId: ctx.traceId });
  return id;
}

export function readKeys(ctx: RoleContext, keys: readonly string[]): number {
  const id = takeId(ctx);
  ctx.effects.push({ kind: 'read', id, keys, traceId: ctx.traceId });
  return id;
}

/**
 * Names made of others, each made once: a string that is put together anew has to be flattened, hashed and compared
 * wherever it is looked up. Which names are kept shows in no result.
 */
export function keptByName<T>(make: (of: string) => T): (of: string) => T {
  const kept = new Map<string, T>();
  return (of) => {
    let name = kept.get(of);
    if (name === undefined) {
      if (kept.size >= KEPT_NAMES) kept.clear();
      name = make(of);
      kept.set(of, name);
    }
    return name;
  };
}
const KEPT_NAMES = 4096;

const timersOf = keptByName((prefix) => keptByName((timer) => `${prefix}:${timer}`));

/** Timers are named `<role>:<name><scope>`; role and scope are added here, the role is taken off before it is woken. */
export function wakeAt(ctx: RoleContext, timer: string, at: Time | null): void {
  const name = timersOf(ctx.role)(timer);
  ctx.effects.push({ kind: 'wakeAt', timer: ctx.scope === '' ? name : name + ctx.scope, at });
}

export function trace(ctx: RoleContext, event: TraceEvent): void {
  ctx.effects.push({ kind: 'trace', event, traceId: ctx.traceId });
}

export function reply(ctx: RoleContext, requestId: string, result: ClientResult): void {
  ctx.effects.push({ kind: 'reply', requestId, result });
}
