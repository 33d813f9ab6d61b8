// The driver: where clients live. It keeps sessions, finds the writer through the metadata service, sends requests
// with an id that makes a retry apply at most once (session, incarnation, sequence), retries across failovers, and
// reports an outcome that cannot be known as unknown, never guessed. Workloads are clients of their own inside it.

import { assert } from '../../base/assert.ts';
import type { NodeId, Time } from '../../base/ids.ts';
import { popQueue, pushQueue } from '../../base/priority-queue.ts';
import { type RoleContext, reply, send, trace, wakeAt } from '../context.ts';
import type { ClientResult, DiskImage, Input, NodeConfig, StatementResult, StatementTree } from '../door.ts';
import type { Message, MessageOf } from '../protocol/messages.ts';
import type { DriverView } from '../view.ts';
import {
  type ClientDone,
  dueClient,
  onAgentCommand,
  openWorkloads,
  startWorkloads,
  type WorkloadsState,
  workloadResult,
  workloadViews,
} from './workloads.ts';

/** Requests that may wait in one session; one more is refused with 54000. */
const MAX_QUEUED = 64;
/** Sessions a driver keeps; idle ones are closed beyond it. */
const MAX_SESSIONS = 4096;

/** Who wants the answer: a person at a console (request id), or a client of a workload. */
export type Asker =
  | { readonly kind: 'console'; readonly requestId: string }
  | { readonly kind: 'workload'; readonly name: string; readonly client: number };

interface PendingRequest {
  readonly asker: Asker;
  readonly statements: readonly StatementTree[];
  readonly params: readonly (string | null)[];
  readonly queuedAt: Time;
  sequence: number;
  attempt: number;
  /** True when an attempt has left: its effect can no longer be excluded. */
  sent: boolean;
  backoffMs: number;
}

interface Session {
  readonly name: string;
  nextSequence: number;
  current: PendingRequest | null;
  readonly queue: PendingRequest[];
  inTransaction: boolean;
  /** Session time, to tell stale entries of `due`. */
  stamp: number;
}

export type DueEntry = { readonly at: Time; readonly order: number } & (
  | { readonly kind: 'attempt' | 'retry'; readonly session: string; readonly stamp: number }
  | { readonly kind: 'client'; readonly name: string; readonly client: number; readonly stamp: number }
  | { readonly kind: 'route' }
);

export interface DriverState {
  readonly config: NodeConfig;
  readonly metas: readonly NodeId[];
  bootEpoch: number;
  writer: NodeId | null;
  token: number;
  mapVersion: number;
  routeRequest: number;
  routeBackoffMs: number;
  routeDue: boolean;
  readonly sessions: Map<string, Session>;
  readonly due: DueEntry[];
  order: number;
  timerAt: Time | null;
  ok: number;
  failed: number;
  unknown: number;
  readonly workloads: WorkloadsState;
}

export function openDriver(config: NodeConfig, disk: DiskImage): DriverState {
  return {
    config,
    metas: config.cluster.nodes.filter((node) => node.roles.includes('meta')).map((node) => node.id),
    bootEpoch: 0,
    writer: null,
    token: 0,
    mapVersion: 0,
    routeRequest: 0,
    routeBackoffMs: config.params.routeBackoffMs,
    routeDue: false,
    sessions: new Map(),
    due: [],
    order: 0,
    timerAt: null,
    ok: 0,
    failed: 0,
    unknown: 0,
    workloads: openWorkloads(config, disk),
  };
}

export function startDriver(state: DriverState, ctx: RoleContext, bootEpoch: number): void {
  state.bootEpoch = bootEpoch;
  askRoute(state, ctx);
  startWorkloads(state, ctx);
  armTimer(state, ctx);
}

export function stepDriver(state: DriverState, input: Input<Message>, ctx: RoleContext): void {
  switch (input.kind) {
    case 'message':
      if (input.message.kind === 'Route') onRoute(state, ctx, input.message);
      else if (input.message.kind === 'SqlReply') onSqlReply(state, ctx, input.message);
      break;
    case 'wake':
      state.timerAt = null;
      onDue(state, ctx);
      break;
    case 'clientRequest':
      if (input.request.kind === 'cancel') cancelSession(state, ctx, input.request.session);
      else {
        trace(ctx, { kind: 'sql.start', session: input.request.session, request: input.requestId });
        submit(
          state,
          ctx,
          input.request.session,
          { kind: 'console', requestId: input.requestId },
          input.statements,
          input.request.params,
        );
      }
      break;
    case 'agentCommand':
      onAgentCommand(state, ctx, input.command);
      break;
    case 'diskDone':
    case 'readDone':
      break;
  }
  armTimer(state, ctx);
}

const byTime = (a: DueEntry, b: DueEntry): number => a.at - b.at || a.order - b.order;

type DueBody = DueEntry extends infer E ? (E extends DueEntry ? Omit<E, 'at' | 'order'> : never) : never;

/** Schedules an entry of the driver's own agenda. */
export function addDue(state: DriverState, at: number, body: DueBody): void {
  pushQueue(state.due, { at: Math.ceil(at) as Time, order: state.order++, ...body } as DueEntry, byTime);
}

function isStale(state: DriverState, entry: DueEntry): boolean {
  if (entry.kind === 'route') return false;
  if (entry.kind === 'client')
    return dueClient(state.workloads, entry.name, entry.client, entry.stamp) === null;
  return state.sessions.get(entry.session)?.stamp !== entry.stamp;
}

function armTimer(state: DriverState, ctx: RoleContext): void {
  while (state.due[0] !== undefined && isStale(state, state.due[0])) popQueue(state.due, byTime);
  const at = state.due[0]?.at ?? null;
  if (at === state.timerAt) return;
  state.timerAt = at;
  wakeAt(ctx, 'due', at);
}

function onDue(state: DriverState, ctx: RoleContext): void {
  while (state.due[0] !== undefined && state.due[0].at <= ctx.now) {
    const entry = popQueue(state.due, byTime);
    assert(entry !== undefined, 'the agenda has a first entry');
    if (isStale(state, entry)) continue;
    switch (entry.kind) {
      case 'route':
        state.routeDue = false;
        if (state.writer === null) askRoute(state, ctx);
        break;
      case 'client':
        workloadResult(state, ctx, entry.name, entry.client, null);
        break;
      case 'attempt':
      case 'retry':
        retryCurrent(state, ctx, entry.session, entry.kind === 'attempt' ? 'timeout' : 'backoff');
        break;
    }
  }
}

/** Puts a request into a session, which works one at a time in order. */
export function submit(
  state: DriverState,
  ctx: RoleContext,
  sessionName: string,
  asker: Asker,
  statements: readonly StatementTree[],
  params: readonly (string | null)[],
): void {
  let session = state.sessions.get(sessionName);
  if (session === undefined) {
    session = {
      name: sessionName,
      nextSequence: 1,
      current: null,
      queue: [],
      inTransaction: false,
      stamp: 0,
    };
    if (state.sessions.size >= MAX_SESSIONS) dropIdleSession(state, ctx);
    state.sessions.set(sessionName, session);
  }
  const request: PendingRequest = {
    asker,
    statements,
    params,
    queuedAt: ctx.now,
    sequence: 0,
    attempt: 0,
    sent: false,
    backoffMs: state.config.params.routeBackoffMs,
  };
  if (session.current !== null) {
    if (session.queue.length >= MAX_QUEUED) {
      answer(
        state,
        ctx,
        session,
        request,
        failedResult('54000', `session ${sessionName} has ${MAX_QUEUED} requests waiting`),
        'error',
        -1,
      );
      return;
    }
    session.queue.push(request);
    return;
  }
  begin(state, ctx, session, request);
}

function dropIdleSession(state: DriverState, ctx: RoleContext): void {
  for (const session of state.sessions.values()) {
    if (session.current !== null || session.inTransaction) continue;
    if (state.writer !== null)
      send(ctx, state.writer, { kind: 'SqlClose', session: session.name, incarnation: state.bootEpoch });
    state.sessions.delete(session.name);
    return;
  }
}

function begin(state: DriverState, ctx: RoleContext, session: Session, request: PendingRequest): void {
  request.sequence = session.nextSequence++;
  session.current = request;
  attempt(state, ctx, session, request);
}

function attempt(state: DriverState, ctx: RoleContext, session: Session, request: PendingRequest): void {
  session.stamp++;
  const { params } = state.config;
  const giveUpAt = request.queuedAt + params.maxRetryMs * 1000;
  if (ctx.now >= giveUpAt) {
    giveUp(state, ctx, session, request);
    return;
  }
  if (state.writer === null) {
    askRouteSoon(state, ctx);
    addDue(state, Math.min(giveUpAt, ctx.now + params.attemptTimeoutMs * 1000), {
      kind: 'attempt',
      session: session.name,
      stamp: session.stamp,
    });
    return;
  }
  request.attempt++;
  request.sent = true;
  send(ctx, state.writer, {
    kind: 'SqlRequest',
    session: session.name,
    incarnation: state.bootEpoch,
    sequence: request.sequence,
    attempt: request.attempt,
    statements: request.statements as StatementTree[],
    params: request.params as (string | null)[],
    inTransaction: session.inTransaction,
  });
  addDue(state, Math.min(giveUpAt, ctx.now + params.attemptTimeoutMs * 1000), {
    kind: 'attempt',
    session: session.name,
    stamp: session.stamp,
  });
}

function retryCurrent(
  state: DriverState,
  ctx: RoleContext,
  sessionName: string,
  why: 'timeout' | 'backoff',
): void {
  const session = state.sessions.get(sessionName);
  if (session === undefined || session.current === null) return;
  trace(ctx, { kind: 'driver.retry', session: sessionName, attempt: session.current.attempt + 1, why });
  if (why === 'timeout') askRouteSoon(state, ctx);
  attempt(state, ctx, session, session.current);
}

/** Retries are used up: not sent means surely not applied; sent means nobody can tell. */
function giveUp(state: DriverState, ctx: RoleContext, session: Session, request: PendingRequest): void {
  if (request.sent)
    finish(
      state,
      ctx,
      session,
      request,
      failedResult('08007', 'the outcome is unknown: no answer came'),
      'unknown',
      -1,
    );
  else
    finish(
      state,
      ctx,
      session,
      request,
      failedResult('08001', 'no writer could be reached; nothing was sent'),
      'error',
      -1,
    );
}

function onSqlReply(state: DriverState, ctx: RoleContext, m: MessageOf<'SqlReply'>): void {
  const session = state.sessions.get(m.session);
  const request = session?.current;
  if (session === undefined || request === undefined || request === null) return;
  if (m.incarnation !== state.bootEpoch || m.sequence !== request.sequence) return;
  session.inTransaction = m.inTransaction;
  switch (m.code) {
    case '': {
      const failed = m.results.some((result) => result.kind === 'error');
      finish(state, ctx, session, request, m.results, failed ? 'error' : 'ok', m.scn);
      return;
    }
    case 'COMMIT_UNKNOWN':
      session.inTransaction = false;
      finish(
        state,
        ctx,
        session,
        request,
        m.results.length > 0 ? m.results : failedResult('08007', 'the commit may or may not have been made'),
        'unknown',
        -1,
      );
      return;
    case 'TXN_ABORTED_FAILOVER':
      session.inTransaction = false;
      finish(
        state,
        ctx,
        session,
        request,
        failedResult('40001', 'the writer changed; the transaction was rolled back'),
        'error',
        -1,
      );
      return;
    default:
      // RECOVERING, FENCED, NOT_PRIMARY: nothing was applied by this attempt; find the writer and ask again.
      if (m.code === 'FENCED' || m.code === 'NOT_PRIMARY') state.writer = null;
      session.stamp++;
      askRouteSoon(state, ctx);
      addDue(state, ctx.now + request.backoffMs * 1000, {
        kind: 'retry',
        session: session.name,
        stamp: session.stamp,
      });
      request.backoffMs = Math.min(request.backoffMs * 2, state.config.params.routeBackoffCapMs);
  }
}

function finish(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  request: PendingRequest,
  results: readonly StatementResult[],
  outcome: ClientResult['outcome'],
  scn: number,
): void {
  session.current = null;
  session.stamp++;
  answer(state, ctx, session, request, results, outcome, scn);
  const next = session.current === null ? session.queue.shift() : undefined;
  if (next !== undefined) begin(state, ctx, session, next);
}

function answer(
  state: DriverState,
  ctx: RoleContext,
  session: Session,
  request: PendingRequest,
  results: readonly StatementResult[],
  outcome: ClientResult['outcome'],
  scn: number,
): void {
  if (outcome === 'ok') state.ok++;
  else if (outcome === 'error') state.failed++;
  else state.unknown++;
  if (request.asker.kind === 'console') {
    trace(ctx, { kind: 'sql.end', session: session.name, request: request.asker.requestId, outcome });
    reply(ctx, request.asker.requestId, { outcome, statements: results, scn });
    return;
  }
  const done: ClientDone = { outcome, results, scn, inTransaction: session.inTransaction };
  workloadResult(state, ctx, request.asker.name, request.asker.client, done);
}

function cancelSession(state: DriverState, ctx: RoleContext, name: string): void {
  const session = state.sessions.get(name);
  if (session === undefined || session.current === null) return;
  const request = session.current;
  if (request.sent)
    finish(
      state,
      ctx,
      session,
      request,
      failedResult('57014', 'cancelled; the outcome is unknown'),
      'unknown',
      -1,
    );
  else
    finish(state, ctx, session, request, failedResult('57014', 'cancelled before it was sent'), 'error', -1);
}

const failedResult = (sqlstate: string, message: string): StatementResult[] => [
  { kind: 'error', sqlstate, message, position: null },
];

function askRoute(state: DriverState, ctx: RoleContext): void {
  state.routeRequest++;
  const meta = state.metas[state.routeRequest % state.metas.length];
  if (meta !== undefined) send(ctx, meta, { kind: 'GetRoute', reqId: state.routeRequest });
  askRouteSoon(state, ctx);
}

/** One pending question at a time, with growing pauses. */
function askRouteSoon(state: DriverState, ctx: RoleContext): void {
  if (state.routeDue) return;
  state.routeDue = true;
  addDue(state, ctx.now + state.routeBackoffMs * 1000, { kind: 'route' });
  state.routeBackoffMs = Math.min(state.routeBackoffMs * 2, state.config.params.routeBackoffCapMs);
}

function onRoute(state: DriverState, ctx: RoleContext, m: MessageOf<'Route'>): void {
  if (m.mapVersion < state.mapVersion) return;
  const changed = m.writer !== state.writer || m.token !== state.token;
  state.mapVersion = m.mapVersion;
  state.writer = m.writer;
  state.token = m.token;
  if (m.writer === null) {
    askRouteSoon(state, ctx);
    return;
  }
  state.routeBackoffMs = state.config.params.routeBackoffMs;
  if (!changed) return;
  for (const session of state.sessions.values()) {
    if (session.current !== null) attempt(state, ctx, session, session.current);
  }
}

export function driverView(state: DriverState, now: Time): DriverView {
  const waiting: DriverView['waiting'][number][] = [];
  let inFlight = 0;
  let retrying = 0;
  for (const session of state.sessions.values()) {
    const request = session.current;
    if (request === null) continue;
    inFlight++;
    if (request.attempt > 1) retrying++;
    if (waiting.length < 32) {
      waiting.push({
        session: session.name,
        text: request.statements[0]?.text ?? '',
        sinceUs: now - request.queuedAt,
      });
    }
  }
  const workloads = workloadViews(state.workloads);
  return {
    role: 'driver',
    bootEpoch: state.bootEpoch,
    clients: workloads.reduce((sum, workload) => sum + workload.clients, 0),
    ok: state.ok,
    failed: state.failed,
    unknown: state.unknown,
    inFlight,
    retrying,
    waiting,
    mapVersion: state.mapVersion,
    writer: state.writer,
    workloads,
  };
}
