// The driver: where clients live. It keeps sessions, finds the writer through the metadata service, sends requests
// with an id that makes a retry apply at most once (session, incarnation, sequence), retries across failovers, and
// reports an outcome that cannot be known as unknown, never guessed. Workloads are clients of their own inside it.

import { assert } from '../../base/assert.ts';
import type { NodeId, Time } from '../../base/ids.ts';
import { popQueue } from '../../base/priority-queue.ts';
import { isAppointed, roGroupOf } from '../kernel/attachments.ts';
import { type RoleContext, trace, wakeAt } from '../kernel/context.ts';
import type { DiskImage, Input, NodeConfig } from '../kernel/door.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import {
  attemptAll,
  cancelSession,
  onAtWork,
  onMapIs,
  onNoVolume,
  onReply,
  onStatementTimeout,
  retryCurrent,
  settle,
} from './driver-attempts.ts';
import { onTableDefined } from './driver-definitions.ts';
import { askMap, copyView, makeShardCopy } from './driver-map.ts';
import { isVolumeCommand, onVolumeAnswer, orderVolume, sendOrder } from './driver-orders.ts';
import { askRoute, takeRoute } from './driver-route.ts';
import { endSession, leaveTransaction, setRouting, submit } from './driver-sessions.ts';
import {
  byTime,
  type DriverState,
  type DueEntry,
  firstRoute,
  makeRoute,
  placeAmongDrivers,
} from './driver-state.ts';
import { forgetTaken } from './driver-statements.ts';
import type { DriverView } from './driver-view.ts';
import { dueClient, openWorkloads, workloadViews } from './workload-state.ts';
import { onAgentCommand, startWorkloads, workloadResult } from './workloads.ts';

export function openDriver(config: NodeConfig, disk: DiskImage): DriverState {
  return {
    config,
    isDrained: false,
    meta: config.cluster.nodes.find((node) => node.roles.includes('meta'))?.id ?? null,
    amongDrivers: placeAmongDrivers(config),
    bootEpoch: 0,
    routes: new Map([[config.cluster.volume, makeRoute(config, config.cluster.volume)]]),
    ...(config.cluster.placement && { shards: makeShardCopy(config.params.routeBackoffMs) }),
    sessions: new Map(),
    firstSequence: 1,
    firstSeen: -1,
    orders: new Map(),
    ordered: 0,
    due: [],
    order: 0,
    timerAt: null,
    traced: 0,
    ok: 0,
    failed: 0,
    refused: 0,
    unknown: 0,
    errors: [],
    workloads: openWorkloads(config, disk),
    readers: roGroupOf(config.cluster).sort(),
    turn: 0,
    isAppointed: isAppointed(config.cluster) || config.cluster.placement !== undefined,
    mutants: config.mutants,
    answered: [],
  };
}

export function startDriver(state: DriverState, ctx: RoleContext, bootEpoch: number): void {
  state.bootEpoch = bootEpoch;
  askRoute(state, ctx, firstRoute(state));
  startWorkloads(state, ctx);
  answerClients(state, ctx);
  armTimer(state, ctx);
}

export function stepDriver(state: DriverState, input: Input<Message>, ctx: RoleContext): void {
  switch (input.kind) {
    case 'message':
      onMessage(state, ctx, input.from, input.message);
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
    case 'operatorCommand':
      if (isVolumeCommand(input.command)) orderVolume(state, ctx, input.command);
      else if (input.command.kind === 'session') setRouting(state, ctx, input.command);
      else if (input.command.kind === 'endSession') endSession(state, ctx, input.command.session);
      else if (!state.isDrained || input.command.kind !== 'workload')
        onAgentCommand(state, ctx, input.command);
      break;
    case 'diskDone':
    case 'readDone':
      break;
  }
  answerClients(state, ctx);
  armTimer(state, ctx);
}

function onMessage(state: DriverState, ctx: RoleContext, from: NodeId, m: Message): void {
  switch (m.kind) {
    case 'SqlReply':
    case 'PointedReply':
    case 'ShardRefused':
    case 'GatherReply':
      onReply(state, ctx, from, m);
      break;
    case 'AtWork':
      onAtWork(state, ctx, from, m);
      break;
    case 'Route':
      onRoute(state, ctx, m);
      break;
    case 'MapIs':
      onMapIs(state, ctx, m);
      break;
    case 'TableDefined': {
      const settled = onTableDefined(state, ctx, m);
      if (settled) settle(...settled);
      break;
    }
    case 'VolumeAnswer':
      onVolumeAnswer(state, ctx, m);
      break;
  }
}

function onRoute(state: DriverState, ctx: RoleContext, m: MessageOf<'Route'>): void {
  const route = state.routes.get(m.volume);
  if (!route) return;
  if (!m.exists) onNoVolume(state, ctx, route);
  else if (takeRoute(state, ctx, route, m)) {
    forgetTaken(route.statements);
    attemptAll(state, ctx, route);
  }
}

/** Hands answers to the workloads' clients; what they ask next may be answered at once, and is handed over here as well. */
function answerClients(state: DriverState, ctx: RoleContext): void {
  for (let next = state.answered.shift(); next !== undefined; next = state.answered.shift()) {
    if (!workloadResult(state, ctx, next.place, next.done)) leaveTransaction(state, ctx, next.session);
  }
}

function isStale(state: DriverState, entry: DueEntry): boolean {
  if (entry.kind === 'route' || entry.kind === 'map') return false;
  if (entry.kind === 'order') return !state.orders.has(entry.reqId);
  if (entry.kind === 'client') return dueClient(state.workloads, entry, entry.stamp) === null;
  if (entry.kind === 'timeout')
    return state.sessions.get(entry.session)?.current?.sequence !== entry.sequence;
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
        onRouteDue(state, ctx, entry.volume);
        break;
      case 'map':
        if (state.shards) state.shards.isDue = false;
        if (state.shards?.isDoubted) askMap(state, ctx);
        break;
      case 'order':
        sendOrder(state, ctx, entry.reqId);
        break;
      case 'client':
        workloadResult(state, ctx, entry, null);
        break;
      case 'timeout':
        onStatementTimeout(state, ctx, entry.session);
        break;
      case 'attempt':
      case 'retry':
        retryCurrent(state, ctx, entry.session, entry.kind === 'attempt' ? 'timeout' : 'backoff');
        break;
    }
  }
}

function onRouteDue(state: DriverState, ctx: RoleContext, volume: string): void {
  const route = state.routes.get(volume);
  if (!route) return;
  route.isDue = false;
  if (route.writer === null || route.isDoubted) askRoute(state, ctx, route);
}

/** PCS-90: loads end, and who asks is refused, except within a transaction; the requests that are still at work. */
export function drainDriver(state: DriverState, ctx: RoleContext): number {
  state.isDrained = true;
  for (const name of state.workloads.byName.keys())
    onAgentCommand(state, ctx, { kind: 'workloadStop', name });
  return [...state.sessions.values()].filter(({ current }) => current !== null).length;
}

/** Statements in a view, those that have waited longest first. */
const MAX_WAITING = 32;

export function driverView(state: DriverState, now: Time): DriverView {
  const waiting: DriverView['waiting'][number][] = [];
  let inFlight = 0;
  let retrying = 0;
  for (const session of state.sessions.values()) {
    const request = session.current;
    if (request === null) continue;
    inFlight++;
    if (request.attempt > 1) retrying++;
    waiting.push({
      session: session.name,
      text: request.statements[0]?.text ?? '',
      sinceUs: now - request.queuedAt,
    });
  }
  waiting.sort((a, b) => b.sinceUs - a.sinceUs);
  const { mapVersion, writer } = firstRoute(state);
  const { shards } = state;
  const workloads = workloadViews(state.workloads);
  return {
    role: 'driver',
    bootEpoch: state.bootEpoch,
    clients: workloads.reduce((sum, workload) => sum + workload.clients, 0),
    ok: state.ok,
    failed: state.failed,
    refused: state.refused,
    unknown: state.unknown,
    inFlight,
    retrying,
    waiting: waiting.slice(0, MAX_WAITING),
    errors: state.errors.map(({ at, ...error }) => ({ ...error, agoUs: now - at })).reverse(),
    mapVersion: shards?.copy.version ?? mapVersion,
    writer,
    ...(shards && { shards: copyView(shards) }),
    workloads,
  };
}
