// Workloads as clients inside the driver: closed loop (a client asks, waits, thinks) and open loop (arrivals at a rate,
// latency counted from the intended start). Every operation is traced at call and return: histories and the durability
// ledger come from there. Their state and what a disk keeps of them: workload-state.ts.

import { present } from '../../base/assert.ts';
import { nextBelow } from '../../base/prng.ts';
import { REPLAYED, type StatementResult } from '../kernel/client-calls.ts';
import type { OperatorCommand } from '../kernel/commands.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import { submit } from './driver-sessions.ts';
import { addDue, type ClientDone, type ClientPlace, type DriverState } from './driver-state.ts';
import { withinTablet } from './within-tablet.ts';
import type { ClientPlan, Operation, PlannedRequest } from './workload-kind.ts';
import { endIndex, loadRequest, loadRequests, nextRequest, readTargetOf } from './workload-kinds.ts';
import {
  ARRIVAL,
  begin,
  type Client,
  end,
  LOADER,
  makeClient,
  saveWorkloads,
  type Workload,
  workloadAt,
} from './workload-state.ts';

/** Clients of one workload. */
const MAX_CLIENTS = 4096;
/** Arrivals of an open loop that may wait for a free client; more are shed and counted. */
const MAX_ARRIVALS = 10_000;
const LOAD_RETRY_US = 5000;

export function startWorkloads(state: DriverState, ctx: RoleContext): void {
  for (const workload of state.workloads.byName.values()) startWorkload(state, ctx, workload);
}

function startWorkload(state: DriverState, ctx: RoleContext, workload: Workload): void {
  if (workload.phase === 'loading') {
    loadNext(state, ctx, workload);
    return;
  }
  if (workload.phase !== 'running') return;
  fitClients(state, ctx, workload);
  if (workload.spec.ratePerSecond > 0) scheduleArrival(state, ctx, workload);
}

/** Starts missing clients; surplus ones stop after their transaction. */
function fitClients(state: DriverState, ctx: RoleContext, workload: Workload): void {
  const wanted = Math.min(MAX_CLIENTS, workload.spec.clients);
  const begun = Math.max(state.bootEpoch * 1_000_000, state.workloads.begun);
  while (workload.clients.length < wanted) {
    workload.clients.push(makeClient(state.workloads.prng, workload.name, workload.clients.length, begun));
  }
  workload.clients.forEach((client, ordinal) => {
    if (ordinal >= wanted || (client.state !== 'idle' && client.state !== 'stopped')) return;
    client.state = 'idle';
    if (workload.spec.ratePerSecond > 0) return;
    think(state, ctx, workload, client, nextBelow(client.prng, workload.spec.thinkUs + 1));
  });
}

function think(state: DriverState, ctx: RoleContext, workload: Workload, client: Client, us: number): void {
  client.state = 'thinking';
  client.stamp++;
  addDue(state, ctx.now + us, {
    kind: 'client',
    name: workload.name,
    run: workload.run,
    client: client.plan.ordinal,
    stamp: client.stamp,
  });
}

/** A client's pause is over (`done` null), or its request was answered; false: its load has ended. */
export function workloadResult(
  state: DriverState,
  ctx: RoleContext,
  place: ClientPlace,
  done: ClientDone | null,
): boolean {
  const workload = workloadAt(state.workloads, place);
  if (workload === null) return false;
  onResult(state, ctx, workload, place.client, done);
  return true;
}

function onResult(
  state: DriverState,
  ctx: RoleContext,
  workload: Workload,
  ordinal: number,
  done: ClientDone | null,
): void {
  if (ordinal === ARRIVAL) {
    onArrival(state, ctx, workload);
    return;
  }
  if (ordinal === LOADER) {
    onLoaded(state, ctx, workload, done);
    return;
  }
  const client = present(workload.clients[ordinal], 'client of a workload', ordinal);
  if (done === null) beginTransaction(state, ctx, workload, client);
  else onAnswer(state, ctx, workload, client, done);
}

function loadNext(state: DriverState, ctx: RoleContext, workload: Workload): void {
  if (workload.loadIndex >= loadRequests(workload.spec)) {
    workload.loaded = true;
    workload.phase = 'running';
    saveWorkloads(state.workloads, ctx);
    startWorkload(state, ctx, workload);
    return;
  }
  const { statements, params } = loadRequest(workload.spec, workload.loadIndex);
  ask(state, ctx, workload, 'load', LOADER, statements, params);
}

/** A part that is there already (23505, 42P07) was loaded before a restart. */
function onLoaded(state: DriverState, ctx: RoleContext, workload: Workload, done: ClientDone | null): void {
  if (done !== null) {
    const failure = done.results.find((result) => result.kind === 'error');
    const there = failure?.kind === 'error' && (failure.sqlstate === '23505' || failure.sqlstate === '42P07');
    if (done.outcome !== 'ok' && !there) {
      workload.loader.stamp++;
      addDue(state, ctx.now + LOAD_RETRY_US, {
        kind: 'client',
        name: workload.name,
        run: workload.run,
        client: LOADER,
        stamp: workload.loader.stamp,
      });
      return;
    }
    workload.loadIndex++;
  }
  loadNext(state, ctx, workload);
}

function ask(
  state: DriverState,
  ctx: RoleContext,
  workload: Workload,
  place: string,
  client: number,
  statements: readonly number[],
  params: readonly (string | null)[],
): void {
  const trees = statements.map((index) =>
    present(workload.statements[index], 'statement of a workload', index),
  );
  const { name, run } = workload;
  // Sessions of its own: in those of the load before, a request or a transaction may be open still.
  const session = run === 1 ? `${name}/${place}` : `${name}#${run}/${place}`;
  submit(
    state,
    ctx,
    session,
    { kind: 'workload', name, run, client },
    trees,
    params,
    readTargetOf(workload.spec.kind),
  );
}

function beginTransaction(state: DriverState, ctx: RoleContext, workload: Workload, client: Client): void {
  if (client.plan.ordinal >= workload.spec.clients) {
    client.state = 'stopped';
    return;
  }
  client.plan.begun++;
  client.plan.step = 0;
  const request = withinTablet(state, workload.spec, nextRequest(workload.spec, client.plan, client.prng));
  invoke(ctx, workload, client.plan.ordinal, workload.nextOperation, request);
  startRequest(state, ctx, workload, client, request, workload.nextOperation++);
}

function invoke(
  ctx: RoleContext,
  workload: Workload,
  ordinal: number,
  operation: number,
  request: PlannedRequest,
): void {
  const { kind, key, value } = request.operation;
  trace(ctx, {
    kind: 'op.invoke',
    client: `${workload.name}/${ordinal}`,
    op: operation,
    operation: kind,
    key,
    value,
  });
}

function startRequest(
  state: DriverState,
  ctx: RoleContext,
  workload: Workload,
  client: Client,
  request: PlannedRequest,
  operation: number,
): void {
  client.state = 'asking';
  client.request = request;
  client.operation = operation;
  askFor(state, ctx, workload, client, request);
}

/** In the client's own session. */
function askFor(
  state: DriverState,
  ctx: RoleContext,
  workload: Workload,
  client: Client,
  { statements, params }: Pick<PlannedRequest, 'statements' | 'params'>,
): void {
  ask(state, ctx, workload, `${client.plan.ordinal}`, client.plan.ordinal, statements, params);
}

function onAnswer(
  state: DriverState,
  ctx: RoleContext,
  workload: Workload,
  client: Client,
  done: ClientDone,
): void {
  if (client.state === 'rollback') {
    rest(state, ctx, workload, client);
    return;
  }
  const request = present(client.request, 'the request that was answered');
  if (done.outcome === 'ok' && request.more) {
    client.plan.step++;
    const next = nextRequest(workload.spec, client.plan, client.prng);
    client.request = next;
    askFor(state, ctx, workload, client, next);
    return;
  }
  trace(ctx, {
    kind: 'op.return',
    client: `${workload.name}/${client.plan.ordinal}`,
    op: client.operation,
    outcome: done.outcome,
    value: answerValue(request.operation.kind, done.results),
    scn: done.scn,
  });
  if (done.outcome !== 'ok' && done.inTransaction) {
    client.state = 'rollback';
    askFor(state, ctx, workload, client, { statements: [endIndex(workload.spec, client.plan)], params: [] });
    return;
  }
  rest(state, ctx, workload, client);
}

/** What a history notes of an answer: the values read, the number of rows touched, or the error's SQLSTATE; or REPLAYED; of `appends` how many statements were carried out. */
function answerValue(kind: Operation['kind'], results: readonly StatementResult[]): string {
  const failure = results.find((result) => result.kind === 'error');
  if (kind === 'appends') return String(failure === undefined ? results.length : results.indexOf(failure));
  if (failure?.kind === 'error') return failure.sqlstate;
  if (kind === 'txn' && results.some((result) => result.kind === 'done' && result.tag === REPLAYED))
    return REPLAYED;
  if (kind === 'txn' || kind === 'audit')
    return results.flatMap((result) => (result.kind === 'rows' ? [result.rows[0]?.[0] ?? ''] : [])).join(' ');
  const last = results[results.length - 1];
  if (last?.kind === 'rows') return last.rows[0]?.[0] ?? '';
  return last?.kind === 'done' ? last.tag : '';
}

function rest(state: DriverState, ctx: RoleContext, workload: Workload, client: Client): void {
  client.request = null;
  if (client.plan.ordinal >= workload.spec.clients || workload.phase !== 'running') {
    client.state = 'stopped';
    return;
  }
  if (workload.spec.ratePerSecond > 0) {
    client.state = 'idle';
    const waiting = workload.arrivals.shift();
    if (waiting !== undefined) startRequest(state, ctx, workload, client, waiting.request, waiting.operation);
    return;
  }
  if (workload.spec.thinkUs === 0) {
    client.stamp++;
    beginTransaction(state, ctx, workload, client);
  } else think(state, ctx, workload, client, workload.spec.thinkUs);
}

function scheduleArrival(state: DriverState, ctx: RoleContext, workload: Workload): void {
  const mean = Math.max(1, Math.round(1_000_000 / workload.spec.ratePerSecond));
  workload.loader.stamp++;
  addDue(state, ctx.now + 1 + nextBelow(workload.arrivalPrng, 2 * mean), {
    kind: 'client',
    name: workload.name,
    run: workload.run,
    client: ARRIVAL,
    stamp: workload.loader.stamp,
  });
}

/** Open loop: the operation is called at its intended start, whether or not a client is free. Multi-request kinds run on a free client only. */
function onArrival(state: DriverState, ctx: RoleContext, workload: Workload): void {
  if (workload.spec.ratePerSecond === 0) {
    fitClients(state, ctx, workload);
    return;
  }
  scheduleArrival(state, ctx, workload);
  const free = workload.clients.find(
    (client) => client.state === 'idle' && client.plan.ordinal < workload.spec.clients,
  );
  if (free !== undefined) {
    beginTransaction(state, ctx, workload, free);
    return;
  }
  const first = workload.clients[0];
  if (first === undefined || workload.arrivals.length >= MAX_ARRIVALS) {
    workload.shed++;
    return;
  }
  const plan: ClientPlan = { ordinal: first.plan.ordinal, begun: ++first.plan.begun, step: 0, drawn: [] };
  const request = nextRequest(workload.spec, plan, workload.arrivalPrng);
  if (request.more) {
    workload.shed++;
    return;
  }
  invoke(ctx, workload, 0, workload.nextOperation, request);
  workload.arrivals.push({ at: ctx.now, operation: workload.nextOperation++, request });
}

export function onAgentCommand(state: DriverState, ctx: RoleContext, command: OperatorCommand): void {
  const { byName } = state.workloads;
  if (command.kind === 'workload') {
    const { name, spec, statements } = command;
    startWorkload(state, ctx, begin(state.workloads, name, spec, statements, false));
  } else if (command.kind === 'workloadSet') {
    const workload = byName.get(command.name);
    if (workload === undefined) return;
    const wasOpen = workload.spec.ratePerSecond > 0;
    // The kind and the rows belong to the tables that were loaded; another kind is another workload.
    workload.spec = { ...workload.spec, ...command.spec, kind: workload.spec.kind, rows: workload.spec.rows };
    if (workload.phase === 'running') {
      fitClients(state, ctx, workload);
      if (!wasOpen && workload.spec.ratePerSecond > 0) scheduleArrival(state, ctx, workload);
    }
  } else if (command.kind === 'workloadStop') {
    end(state.workloads, command.name);
  }
  saveWorkloads(state.workloads, ctx);
}
