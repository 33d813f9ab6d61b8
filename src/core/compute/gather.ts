// Gathered reads (docs/spec/pcs.md §4, PCS-56, PCS-58, PCS-97): a statement that reads several groups goes to any compute node, which asks
// the primary of each for its part (gather-parts.ts), puts the rows together and carries the statement out over them. Each volume is
// read at one read point, which the first part's reply fixes, for the statement or, at repeatable read, for the transaction: the
// primary keeps a transaction open for that. Between volumes nothing is promised, so the answer says where each was read.

import { unreachable } from '../../base/assert.ts';
import type { NodeId, Time } from '../../base/ids.ts';
import { backendNumber } from '../engine/backend-number.ts';
import { IDLE_TRANSACTION_US } from '../engine/engine-state.ts';
import type { StatementResult } from '../kernel/client-calls.ts';
import { forTrace, type RoleContext, send, takeRequestNumber, trace, wakeAt } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { Row } from '../sql/access.ts';
import { cutCatalog } from '../sql/cut-catalog.ts';
import { runExecution, startExecution } from '../sql/execute.ts';
import { IN_FAILED, SqlFailure } from '../sql/failure.ts';
import { gatheredAccess, inKeyOrder } from '../sql/gathered-access.ts';
import { analyseKept } from '../sql/kept-analyses.ts';
import { randomNumber, randomUuid } from '../sql/random-uuid.ts';
import {
  askMapSoon,
  cancelParts,
  closeTx,
  isAtWork,
  makeParts,
  onPartDue,
  readPartSession,
  sendPart,
  takeAtWork,
  takeMap,
  takePart,
} from './gather-parts.ts';
import { type Gatherer, type GatherHost, type Gathering, MAX_GATHERINGS, pointId } from './gather-state.ts';

export const GATHER_TIMER = 'gather';
/** Between two turns of a statement that computes for long. */
const TURN_US = 100;
/** Rows from which an answer is not kept for a repeat: the statement is done again. */
const KEPT_ROWS = 256;

type Reply = Pick<MessageOf<'GatherReply'>, 'code' | 'results' | 'points'>;

export type GatherInput =
  | { readonly kind: 'wake' }
  | {
      readonly kind: 'message';
      readonly from: NodeId;
      readonly message: MessageOf<'GatherRequest' | 'PartReply' | 'AtWork' | 'MapIs'>;
    };

/** A step of the gatherer; afterwards its timer is armed. */
export function stepGatherer(
  gatherer: Gatherer,
  host: GatherHost,
  ctx: RoleContext,
  input: GatherInput,
): void {
  if (input.kind === 'wake') {
    gatherer.timerAt = null;
    onDue(gatherer, host, ctx);
  } else if (input.message.kind === 'GatherRequest')
    onRequest(gatherer, host, ctx, input.from, input.message);
  else if (input.message.kind === 'PartReply') {
    const session = gatherer.sessions.get(readPartSession(input.message.session).key);
    if (session) onPart(gatherer, host, ctx, session, input.from, input.message);
  } else if (input.message.kind === 'AtWork') {
    const session = gatherer.sessions.get(readPartSession(input.message.session).key);
    if (session && takeAtWork(host, ctx, session, input.from, input.message)) sayAtWork(ctx, session);
  } else if (takeMap(gatherer, input.message))
    for (const session of [...gatherer.sessions.values()]) resume(gatherer, host, ctx, session, 'map');
  arm(gatherer, ctx);
}

function onRequest(
  gatherer: Gatherer,
  host: GatherHost,
  ctx: RoleContext,
  from: NodeId,
  m: MessageOf<'GatherRequest'>,
): void {
  const session = sessionFor(gatherer, host, ctx, from, m);
  if (session === null || m.sequence < session.sequence) return;
  if (m.block === 'end') {
    closeTx(host, ctx, session);
    session.read = null;
    session.reply = null;
    // the session stays, so that a request which the end has overtaken begins nothing
    session.sequence = m.sequence + 1;
    return;
  }
  if (m.block === 'cancel') {
    cancelParts(host, ctx, session);
    if (session.tx) session.tx.isFailed = true;
    session.read = null;
    session.reply = null;
    session.sequence = m.sequence + 1;
    return;
  }
  if (m.sequence === session.sequence) {
    if (session.reply) send(ctx, from, session.reply);
    else if (isAtWork(host, ctx, session)) sayAtWork(ctx, session);
    if (session.reply || session.read) return;
  }
  session.sequence = m.sequence;
  session.traceId = ctx.traceId;
  session.reply = null;
  // PCS-56: who begins a transaction again, for want of an answer, keeps its read points
  const isBegun = m.block === 'begin' && session.tx?.sequence === m.sequence;
  if (m.block !== 'in' && !isBegun) closeTx(host, ctx, session);
  session.read = null;
  if (!host.isServing) refuse(host, ctx, session, 'SCHEMA_LEASE_EXPIRED');
  else if (m.block === 'in' && session.tx === null) refuse(host, ctx, session, 'TXN_ABORTED_FAILOVER');
  else {
    if (m.block === 'begin' && !isBegun)
      session.tx = {
        id: takeRequestNumber(ctx),
        sequence: m.sequence,
        startedAt: ctx.now,
        isRepeatable: m.isRepeatable,
        isFailed: false,
        volumes: new Map(),
        asked: new Map(),
      };
    startRead(gatherer, host, ctx, session, m);
  }
}

/** FENCE-47: to its driver. */
function sayAtWork(
  ctx: RoleContext,
  { driver, session, incarnation, sequence, traceId, read }: Gathering,
): void {
  if (read) read.heardAt = ctx.now;
  send(forTrace(ctx, traceId), driver, { kind: 'AtWork', to: 'driver', session, incarnation, sequence });
}

/** The driver's session; null: the request is of an earlier life of the driver, or there is no room, and it comes again. */
function sessionFor(
  gatherer: Gatherer,
  host: GatherHost,
  ctx: RoleContext,
  from: NodeId,
  m: MessageOf<'GatherRequest'>,
): Gathering | null {
  const key = `${from}/${m.session}`;
  const known = gatherer.sessions.get(key);
  if (known && m.incarnation <= known.incarnation) return m.incarnation < known.incarnation ? null : known;
  if (known) {
    closeTx(host, ctx, known);
    gatherer.sessions.delete(key);
  }
  return makeGathering(gatherer, ctx, key, from, m);
}

function makeGathering(
  gatherer: Gatherer,
  { now }: RoleContext,
  key: string,
  driver: NodeId,
  { session, incarnation }: MessageOf<'GatherRequest'>,
): Gathering | null {
  const { sessions } = gatherer;
  if (sessions.size >= MAX_GATHERINGS) {
    const idle = [...sessions.values()].find(({ tx, read }) => tx === null && read === null);
    if (!idle) return null;
    sessions.delete(idle.key);
  }
  const made: Gathering = {
    key,
    driver,
    sent: new Map(),
    firstSent: gatherer.sequence,
    session,
    incarnation,
    sequence: 0,
    reply: null,
    traceId: 0,
    lastUsed: now,
    tx: null,
    read: null,
  };
  sessions.set(key, made);
  return made;
}

const errorOf = (sqlstate: string, message: string): StatementResult => ({
  kind: 'error',
  sqlstate,
  message,
  position: null,
});

function startRead(
  gatherer: Gatherer,
  host: GatherHost,
  ctx: RoleContext,
  session: Gathering,
  { statements, params }: MessageOf<'GatherRequest'>,
): void {
  const id = takeRequestNumber(ctx);
  const end = (result: StatementResult): void => finish(host, ctx, session, id, result);
  if (session.tx?.isFailed) {
    end(errorOf('25P02', IN_FAILED));
    return;
  }
  const [statement] = statements;
  if (!statement || statements.length > 1) {
    end(errorOf('0A000', 'a read of several shard groups stands alone in its request'));
    return;
  }
  const result = analyseKept(statement.text, statement.tree, params, cutCatalog(host.tables));
  if (!result.ok) {
    // the driver knows other definitions than this node, or learns them at the next try
    if (result.error.sqlstate === '42P01') refuse(host, ctx, session, 'WRONG_SCHEMA');
    else end({ kind: 'error', ...result.error });
    return;
  }
  const { analysed } = result;
  if (analysed.kind !== 'plan' || analysed.writes || analysed.tables.some(({ metadata }) => metadata)) {
    end(errorOf('0A000', 'only rows of tables are read from several shard groups'));
    return;
  }
  try {
    const parts = makeParts(gatherer, host, ctx, analysed.plan, params);
    session.read = {
      id,
      startedAt: ctx.now,
      heardAt: ctx.now,
      plan: analysed.plan,
      params,
      mapAsked: gatherer.asked,
      parts,
      rows: null,
      execution: null,
    };
  } catch (failure) {
    if (!(failure instanceof SqlFailure)) throw failure;
    end(errorOf(failure.sqlstate, failure.message));
    return;
  }
  const { parts } = session.read;
  trace(ctx, {
    kind: 'gather.begin',
    client: session.key,
    read: id,
    tx: pointId(session, id),
    tablets: parts.map(({ relation }) => relation),
  });
  resume(gatherer, host, ctx, session, 'begin');
}

/** Parts that are to be asked, or wait for a map, are looked at; when all are here the statement is carried out. */
function resume(
  gatherer: Gatherer,
  host: GatherHost,
  given: RoleContext,
  session: Gathering,
  why: 'begin' | 'map' | 'due',
): void {
  const { read } = session;
  if (!read) return;
  const ctx = forTrace(given, session.traceId);
  for (const part of read.parts) {
    if (part.rows !== null || session.read !== read) continue;
    const isWanted = why === 'begin' || (why === 'map' ? part.awaitsMap : part.dueAt <= ctx.now);
    if (!isWanted) continue;
    const outcome =
      why === 'due'
        ? onPartDue(gatherer, host, ctx, session, part)
        : sendPart(gatherer, host, ctx, session, part, why);
    if (outcome === 'lost') lose(host, ctx, session);
  }
  if (session.read === read && read.parts.every(({ rows }) => rows !== null))
    carryOut(gatherer, host, ctx, session);
}

function onPart(
  gatherer: Gatherer,
  host: GatherHost,
  given: RoleContext,
  session: Gathering,
  from: NodeId,
  m: MessageOf<'PartReply'>,
): void {
  const ctx = forTrace(given, session.traceId);
  const taken = takePart(gatherer, host, ctx, session, from, m);
  switch (taken.kind) {
    case 'none':
      break;
    case 'lost':
      lose(host, ctx, session);
      break;
    case 'failed':
      finish(host, ctx, session, session.read?.id ?? 0, taken.result);
      break;
    case 'refused':
      refuse(host, ctx, session, taken.code);
      break;
    case 'went on':
      if (session.read?.parts.every(({ rows }) => rows !== null)) carryOut(gatherer, host, ctx, session);
      break;
    default:
      unreachable(taken);
  }
}

/** The statement over the rows that are here; in turns, so that one statement cannot hold the node. */
function carryOut(gatherer: Gatherer, host: GatherHost, ctx: RoleContext, session: Gathering): void {
  const { read, tx } = session;
  if (!read) return;
  read.rows ??= rowsByTable(read.parts);
  read.execution ??= startExecution(read.plan, read.params);
  const access = gatheredAccess({
    rows: read.rows,
    now: ctx.now,
    startedAt: (tx ?? read).startedAt,
    backend: backendNumber(session.key),
    drawUuid: () => randomUuid(ctx.now, `gathered ${session.key} ${session.incarnation}`, gatherer.drawn++),
    drawRandom: () =>
      randomNumber(ctx.now, `gathered ${session.key} ${session.incarnation}`, gatherer.drawn++),
  });
  const { step } = runExecution(read.execution, access, host.params);
  if (step.kind === 'yield') return;
  if (step.kind === 'done') {
    const { result } = step;
    finish(host, ctx, session, read.id, result.kind === 'rows' ? { ...result, origin: null } : result);
  } else if (step.kind === 'failed') finish(host, ctx, session, read.id, { kind: 'error', ...step.error });
}

function rowsByTable(parts: NonNullable<Gathering['read']>['parts']): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, Row[]>();
  for (const { table, rows } of parts)
    found.set(table.name, [...(found.get(table.name) ?? []), ...(rows ?? [])]);
  return new Map(
    [...found].map(([name, rows]) => {
      const table = parts.find((part) => part.table.name === name)?.table;
      return [name, table ? inKeyOrder(table, rows) : rows];
    }),
  );
}

/** The statement's answer; one that failed takes its transaction along. */
function finish(
  host: GatherHost,
  ctx: RoleContext,
  session: Gathering,
  id: number,
  result: StatementResult,
): void {
  const { read } = session;
  const tx = pointId(session, id);
  const points = (read?.parts ?? []).flatMap(({ volume, readPoint, rows }) =>
    rows === null || volume === '' ? [] : [{ volume, readPoint }],
  );
  if (session.tx && result.kind === 'error') {
    const failed = { ...session.tx, isFailed: true, volumes: new Map(), asked: new Map() };
    closeTx(host, ctx, session);
    session.tx = failed;
  }
  if (read)
    trace(ctx, {
      kind: 'gather.end',
      client: session.key,
      read: id,
      tx,
      volumes: points.map(({ volume }) => volume).join(','),
      readPoints: points.map(({ readPoint }) => readPoint),
      code: result.kind === 'error' ? result.sqlstate : '',
    });
  session.read = null;
  const reply = answer(ctx, session, { code: '', results: [result as Reply['results'][number]], points });
  if (result.kind !== 'rows' || result.rows.length < KEPT_ROWS) session.reply = reply;
}

/** Nothing was done, and the same request may come again. */
function refuse(host: GatherHost, ctx: RoleContext, session: Gathering, code: string): void {
  const { read } = session;
  if (read)
    trace(ctx, {
      kind: 'gather.end',
      client: session.key,
      read: read.id,
      tx: pointId(session, read.id),
      volumes: '',
      readPoints: [],
      code,
    });
  if (code === 'TXN_ABORTED_FAILOVER') closeTx(host, ctx, session);
  session.read = null;
  answer(ctx, session, { code, results: [], points: [] });
}

/** A read point of the transaction is gone with the primary that held it. */
const lose = (host: GatherHost, ctx: RoleContext, session: Gathering): void =>
  refuse(host, ctx, session, 'TXN_ABORTED_FAILOVER');

function answer(ctx: RoleContext, session: Gathering, reply: Reply): MessageOf<'GatherReply'> {
  const { driver, session: name, incarnation, sequence, tx } = session;
  const message: MessageOf<'GatherReply'> = {
    kind: 'GatherReply',
    session: name,
    incarnation,
    sequence,
    inTransaction: tx !== null,
    ...reply,
  };
  session.lastUsed = ctx.now;
  send(forTrace(ctx, session.traceId), driver, message);
  return message;
}

function onDue(gatherer: Gatherer, host: GatherHost, ctx: RoleContext): void {
  for (const session of [...gatherer.sessions.values()]) {
    const { read } = session;
    if (!read) {
      if (session.tx && idleAt(session) <= ctx.now) closeTx(host, ctx, session);
      continue;
    }
    // its driver has given it up
    if (!read.rows && ctx.now >= read.heardAt + host.params.maxRetryMs * 1000) {
      closeTx(host, ctx, session);
      gatherer.sessions.delete(session.key);
    } else resume(gatherer, host, ctx, session, 'due');
  }
  if (gatherer.askAt !== null && gatherer.askAt <= ctx.now) {
    gatherer.askAt = null;
    const isAwaited = [...gatherer.sessions.values()].some(({ read }) =>
      read?.parts.some(({ awaitsMap }) => awaitsMap),
    );
    if (isAwaited) askMapSoon(gatherer, host, ctx);
  }
}

/** Its client has said nothing for as long as a primary waits. */
const idleAt = ({ lastUsed }: Gathering): Time => (lastUsed + IDLE_TRANSACTION_US) as Time;

function arm(gatherer: Gatherer, ctx: RoleContext): void {
  let at = gatherer.askAt;
  const until = (time: Time): void => {
    if (at === null || time < at) at = time;
  };
  for (const session of gatherer.sessions.values()) {
    const { read, tx } = session;
    if (tx && !read) until(idleAt(session));
    if (!read) continue;
    if (read.execution) until((ctx.now + TURN_US) as Time);
    for (const { rows, dueAt } of read.parts) if (rows === null) until(dueAt);
  }
  if (at === gatherer.timerAt) return;
  gatherer.timerAt = at;
  wakeAt(ctx, GATHER_TIMER, at);
}
