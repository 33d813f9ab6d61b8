// What a driver keeps: sessions with one request at a time, the route to the writer, and its agenda of things due.

import { present } from '../../base/assert.ts';
import type { NodeId, Time } from '../../base/ids.ts';
import { pushQueue } from '../../base/priority-queue.ts';
import type { ClientResult, StatementResult, StatementTree } from '../kernel/client-calls.ts';
import type { RoleContext } from '../kernel/context.ts';
import type { NodeConfig } from '../kernel/door.ts';
import type { Mutants } from '../kernel/mutants.ts';
import type { ShardCopy } from './driver-map.ts';
import type { VolumeOrder } from './driver-orders.ts';
import type { Routing } from './driver-readers.ts';
import type { Bound } from './driver-shards.ts';
import { makeNumbered, type NumberedStatements } from './driver-statements.ts';
import type { Transaction } from './driver-transaction.ts';
import type { SessionTimeout } from './statement-timeout.ts';
import type { WorkloadsState } from './workload-state.ts';

/** A client of a load: which load of that name in this life of the driver, and which of its clients. */
export interface ClientPlace {
  readonly name: string;
  readonly run: number;
  readonly client: number;
}

/** How many errors a driver keeps for whoever looks at it. */
export const MAX_ERRORS_KEPT = 8;

/** An answer that was an error, or an outcome that nobody knows, as its client got it. */
export interface ClientError {
  readonly at: Time;
  readonly session: string;
  readonly sqlstate: string;
  readonly message: string;
}

/** Who wants the answer: a person at a console (request id), or a client of a workload. */
export type Asker =
  | { readonly kind: 'console'; readonly requestId: string }
  | ({ readonly kind: 'workload' } & ClientPlace);

export interface PendingRequest {
  readonly asker: Asker;
  readonly statements: readonly StatementTree[];
  readonly params: readonly (string | null)[];
  readonly queuedAt: Time;
  /** Since when nobody has said that he is at work on it (FENCE-47). */
  silentSince: Time;
  /** Who was asked last, or has said so since, and how often he was asked after that; null: the next in turn. */
  at: NodeId | null;
  unheard: number;
  /** Who has the last copy of it. */
  lastAsked?: NodeId;
  sequence: number;
  attempt: number;
  /** True when an attempt has left: its effect can no longer be excluded. */
  sent: boolean;
  /** Carried by everything that is sent for it, by whomever: 0 until it is first sent. */
  traceId: number;
  /** Era of the statements' numbers at its last attempt. */
  era: number;
  backoffMs: number;
  /** Where tables are cut into tablets: what it touches, and how it looks for the primary. */
  bound?: Bound;
  /** A tablet of the group that it was last sent to. */
  sentFor?: number;
  /** Statements of the driver's own, before those of the request. */
  told?: number;
  /** Nodes that may have begun its transaction over several groups (PCS-97), by whichever definitions it was bound then. */
  begunAt?: readonly NodeId[];
  /** The session's queue had no place for the next one. */
  isFollowedByRefusal?: true;
  /** A writer that was fenced could not tell its outcome: its successor can (FENCE-44). */
  isUnknown?: boolean;
}

export interface Session {
  readonly name: string;
  /** Where tables are cut: that of its last request. */
  volume: string;
  nextSequence: number;
  current: PendingRequest | null;
  readonly queue: PendingRequest[];
  transaction: Transaction;
  /** In a cluster with readers. */
  readonly routing?: Routing;
  /** Where its gathered reads go (PCS-97): a node, or in turn. */
  target?: string;
  timeout?: SessionTimeout;
  /** Session time, to tell stale entries of `due`. */
  stamp: number;
}

export type DueEntry = { readonly at: Time; readonly order: number } & (
  | { readonly kind: 'attempt' | 'retry'; readonly session: string; readonly stamp: number }
  /** The statement_timeout of a request that is read elsewhere than at the writer. */
  | { readonly kind: 'timeout'; readonly session: string; readonly sequence: number }
  | ({ readonly kind: 'client'; readonly stamp: number } & ClientPlace)
  | { readonly kind: 'route'; readonly volume: string }
  | { readonly kind: 'order'; readonly reqId: number }
  | { readonly kind: 'map' }
);

/** The writer of a volume, as far as it is known, and what it has been sent. */
export interface VolumeRoute {
  readonly volume: string;
  writer: NodeId | null;
  token: number;
  mapVersion: number;
  backoffMs: number;
  /** It was silent where another node may have taken over: it is asked for anew (PCS-53). */
  isDoubted?: boolean;
  /** A question is on the agenda. */
  isDue: boolean;
  readonly statements: NumberedStatements;
}

export interface DriverState {
  config: NodeConfig;
  /** PCS-90: it takes no more requests; what it has it ends. */
  isDrained: boolean;
  /** Where the metadata is asked: the node's membership knows who leads (pcs/node-member.ts). */
  readonly meta: NodeId | null;
  readonly amongDrivers: { readonly place: number; readonly count: number };
  bootEpoch: number;
  /** By volume; that of the first volume is always there. */
  readonly routes: Map<string, VolumeRoute>;
  readonly sessions: Map<string, Session>;
  /** Where a new session's sequence begins: above that of every session closed, which may have had its name. */
  firstSequence: number;
  /** What a new session has seen at least: all that the sessions closed have (READ-40). */
  firstSeen: number;
  /** Orders about volumes that are not answered, by number; and how many there were in this life. */
  readonly orders: Map<number, VolumeOrder>;
  ordered: number;
  readonly due: DueEntry[];
  order: number;
  timerAt: Time | null;
  /** Requests traced in this life. */
  traced: number;
  ok: number;
  /** Errors of the cluster, and those of what was asked (`isOfStatement`). */
  failed: number;
  refused: number;
  unknown: number;
  /** The newest answers that were errors, oldest first, at most `MAX_ERRORS_KEPT`. */
  readonly errors: ClientError[];
  readonly workloads: WorkloadsState;
  /** Where tables are cut into tablets (driver-shards.ts). */
  readonly shards?: ShardCopy;
  /** Of the cluster's volume, by id, as the metadata said last. */
  readers: readonly NodeId[];
  /** Place of the reader whose turn it is. */
  turn: number;
  /** Several nodes may write the volume (FENCE-18). */
  readonly isAppointed: boolean;
  readonly mutants: Mutants;
  /** Answers of this step that still have to be handed to clients of workloads. */
  readonly answered: Answered[];
}

/** The answer to a request of a workload's client. */
export interface ClientDone {
  readonly outcome: ClientResult['outcome'];
  readonly results: readonly StatementResult[];
  readonly scn: number;
  readonly inTransaction: boolean;
}

export interface Answered {
  readonly place: ClientPlace;
  readonly session: string;
  readonly done: ClientDone;
}

/** Traces of one life of a driver; the next life's begin after them. */
const TRACES_PER_LIFE = 10_000_000;

/** Which of how many drivers this is. */
export function placeAmongDrivers({ nodeId, cluster }: NodeConfig): DriverState['amongDrivers'] {
  const drivers = cluster.nodes.filter(({ roles }) => roles.includes('driver')).map(({ id }) => id);
  return { place: Math.max(0, drivers.indexOf(nodeId)), count: Math.max(1, drivers.length) };
}

export const makeRoute = (config: NodeConfig, volume: string): VolumeRoute => ({
  volume,
  writer: null,
  token: 0,
  mapVersion: 0,
  backoffMs: config.params.routeBackoffMs,
  isDue: false,
  statements: makeNumbered(config.params.keptStatements),
});

export const routeOf = (state: DriverState, volume: string): VolumeRoute =>
  present(state.routes.get(volume), 'the route to a volume');

export const firstRoute = (state: DriverState): VolumeRoute => routeOf(state, state.config.cluster.volume);

/** `name@v2` works on volume v2 (WAL-45); a name without one on the volume that the cluster was made with. */
export function volumeOfSession({ cluster }: NodeConfig, name: string): string {
  const at = name.lastIndexOf('@');
  return at === -1 ? cluster.volume : name.slice(at + 1);
}

/** A number that no other request of any driver has. */
export function nextTraceId(state: DriverState): number {
  state.traced++;
  const { place, count } = state.amongDrivers;
  return ((state.bootEpoch - 1) * TRACES_PER_LIFE + state.traced) * count + place;
}

export const byTime = (a: DueEntry, b: DueEntry): number => a.at - b.at || a.order - b.order;

type DueBody = DueEntry extends infer E ? (E extends DueEntry ? Omit<E, 'at' | 'order'> : never) : never;

/** Schedules an entry of the driver's own agenda. */
export function addDue(state: DriverState, at: number, body: DueBody): void {
  pushQueue(state.due, { at: Math.ceil(at) as Time, order: state.order++, ...body } as DueEntry, byTime);
}

/** Who may be followed by another node is asked once more, halfway, whether he is at work. */
export const QUESTIONS_OF_ONE = 2;

/** Who is asked again, because he may be at work; null: nobody. */
export const stayingAt = ({ at, unheard }: PendingRequest): NodeId | null =>
  unheard < QUESTIONS_OF_ONE ? at : null;

export function recordAsked(request: PendingRequest, node: NodeId): void {
  request.unheard = request.at === node ? request.unheard + 1 : 1;
  request.at = node;
  request.lastAsked = node;
}

/** maxRetryMs of silence. */
export const giveUpAt = ({ config: { params } }: DriverState, { silentSince }: PendingRequest): number =>
  silentSince + params.maxRetryMs * 1000;

/** A session, what it works for, and the step in which something is done about it. */
export interface Work {
  readonly state: DriverState;
  readonly ctx: RoleContext;
  readonly session: Session;
  readonly request: PendingRequest;
}

/** Null: the session is idle, or there is none. */
export function workOf(state: DriverState, ctx: RoleContext, session: Session | undefined): Work | null {
  const request = session?.current;
  return session && request ? { state, ctx, session, request } : null;
}

/** What the session works for, if a reply is for that, and for this life of the driver. */
export function repliedTo(
  state: DriverState,
  ctx: RoleContext,
  m: { readonly session: string; readonly incarnation: number; readonly sequence: number },
): Work | null {
  const work = workOf(state, ctx, state.sessions.get(m.session));
  return m.incarnation === state.bootEpoch && m.sequence === work?.request.sequence ? work : null;
}
