// The parts of a gathered read (docs/spec/pcs.md §4, PCS-53 to PCS-58): a request to the primary of each group, found in the node's own
// copy of the map, with what a refusal or silence means for it. All that a statement reads of a tablet is one request in one
// transaction of the primary, so it has one read point.

import type { Lsn, NodeId, Time } from '../../base/ids.ts';
import type { StatementResult } from '../kernel/client-calls.ts';
import { forTrace, type RoleContext, send, takeRequestNumber, trace } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { pageKey } from '../page/page-key.ts';
import {
  makeRouting,
  nextRouteStep,
  onRefreshed,
  onRefused,
  ROUTE_MAX_ATTEMPTS,
  type RouteStep,
} from '../placement/route-request.ts';
import { toRefusal } from '../placement/serve-check.ts';
import { copyOfMap } from '../placement/shard-map.ts';
import type { Row } from '../sql/access.ts';
import { compareValues } from '../sql/compare.ts';
import { BEGIN_READING, COMMIT, needsOf, partStatement, ROLLBACK } from '../sql/part-statement.ts';
import type { PlanNode } from '../sql/statement.ts';
import { rangeOf, tabletsOf } from '../sql/tablets.ts';
import { parseValue } from '../sql/text-form.ts';
import { type Gatherer, type GatherHost, type Gathering, type GatherPart, pointId } from './gather-state.ts';

/** `lost`: a read point of the transaction is gone with it. */
type Sent = 'sent' | 'lost';

export type Taken =
  | { readonly kind: 'none' | 'lost' | 'went on' }
  | { readonly kind: 'failed'; readonly result: StatementResult }
  | { readonly kind: 'refused'; readonly code: string };

const NONE: Taken = { kind: 'none' };
const LOST: Taken = { kind: 'lost' };
const WENT_ON: Taken = { kind: 'went on' };

/** What the statement reads of each tablet; may throw SqlFailure. */
export function makeParts(
  gatherer: Gatherer,
  { tables }: GatherHost,
  ctx: RoleContext,
  plan: PlanNode,
  params: readonly (string | null)[],
): GatherPart[] {
  const needs = needsOf(plan, params);
  const used = [...tabletsOf(plan, params, tables).keys()].sort((a, b) => a - b);
  return used.flatMap((relation) => {
    const cut = tables.find(({ tablets }) => tablets.some((one) => one.relation === relation));
    const need = cut && needs.get(cut.name);
    if (!need) return [];
    const { from, below } = rangeOf(cut, relation);
    const isAbove = from === null || (need.least !== null && compareValues(need.least, from) >= 0);
    return [
      {
        relation,
        table: need.table,
        columns: need.columns,
        versions: [{ id: cut.id, version: cut.version }],
        geoEpoch: cut.tablets.find((one) => one.relation === relation)?.geoEpoch ?? 1,
        ...partStatement({ ...need, least: isAbove ? need.least : from, below }),
        routing: routingOf(gatherer, relation),
        group: null,
        asked: null,
        awaitsMap: false,
        heardAt: null,
        unheard: 0,
        dueAt: ctx.now,
        rows: null,
        volume: '',
        readPoint: -1 as Lsn,
      },
    ];
  });
}

const routingOf = ({ copy }: Gatherer, relation: number) =>
  makeRouting(copy, pageKey(relation, 0, 0), ROUTE_MAX_ATTEMPTS);

/** By the map that the node has, or has just got. */
export function sendPart(
  gatherer: Gatherer,
  host: GatherHost,
  ctx: RoleContext,
  session: Gathering,
  part: GatherPart,
  why: 'begin' | 'map',
): Sent {
  const { routing } = part;
  const step = why === 'map' ? onRefreshed(routing, gatherer.copy) : nextRouteStep(routing);
  // a tablet without a group was never written only by a map that was asked for since the statement began
  const isOld = gatherer.answered <= (session.read?.mapAsked ?? 0);
  if (step.kind === 'end' && step.outcome === 'NO_GROUP' && isOld)
    return follow(gatherer, host, ctx, session, part, { kind: 'refresh' });
  return follow(gatherer, host, ctx, session, part, step);
}

/**
 * Who was asked is asked once more, halfway, whether he is at work. Where he has not answered that either the map is asked for, and
 * meanwhile who may lead is asked again (PCS-55).
 */
export function onPartDue(
  gatherer: Gatherer,
  host: GatherHost,
  ctx: RoleContext,
  session: Gathering,
  part: GatherPart,
): Sent {
  const { asked, group } = part;
  if (asked && group && !part.awaitsMap && part.unheard < QUESTIONS) {
    part.dueAt = dueAfterQuestion(host, ctx);
    return request(gatherer, host, ctx, session, part, { kind: 'send', to: asked.to, group });
  }
  part.heardAt = null;
  askMapSoon(gatherer, host, ctx);
  part.routing = routingOf(gatherer, part.relation);
  return follow(gatherer, host, ctx, session, part, nextRouteStep(part.routing));
}

function follow(
  gatherer: Gatherer,
  host: GatherHost,
  ctx: RoleContext,
  session: Gathering,
  part: GatherPart,
  step: RouteStep,
): Sent {
  part.awaitsMap = step.kind !== 'send' || step.group.leader === null;
  part.unheard = 0;
  part.dueAt = part.awaitsMap
    ? ((ctx.now + host.params.attemptTimeoutMs * 1000) as Time)
    : dueAfterQuestion(host, ctx);
  if (step.kind === 'end' && step.outcome === 'NO_GROUP') {
    take(ctx, session, part, [], '', '' as NodeId, -1 as Lsn);
    return 'sent';
  }
  if (step.kind === 'send' && !part.awaitsMap) return request(gatherer, host, ctx, session, part, step);
  if (step.kind === 'send') part.routing.attemptsLeft++;
  askMapSoon(gatherer, host, ctx);
  return 'sent';
}

/** Questions to one primary in an attempt. */
const QUESTIONS = 2;

const dueAfterQuestion = ({ params }: GatherHost, { now }: RoleContext): Time =>
  (now + Math.ceil((params.attemptTimeoutMs * 1000) / QUESTIONS)) as Time;

/** FENCE-47: true where all that the read still waits for is being worked on. */
export function takeAtWork(
  host: GatherHost,
  ctx: RoleContext,
  session: Gathering,
  from: NodeId,
  m: MessageOf<'AtWork'>,
): boolean {
  const part = awaitedPart(host, session, from, m);
  if (part === null) return false;
  part.heardAt = ctx.now;
  part.unheard = 0;
  part.dueAt = dueAfterQuestion(host, ctx);
  return isAtWork(host, ctx, session);
}

/** Each primary that is waited for has said so within an attempt; once all parts are here the node itself is at work. */
export const isAtWork = ({ params }: GatherHost, { now }: RoleContext, { read }: Gathering): boolean =>
  read?.parts.every(
    ({ rows, heardAt }) =>
      rows !== null || (heardAt !== null && now < heardAt + params.attemptTimeoutMs * 1000),
  ) === true;

/** A request that was sent there before is repeated under its number, so that it is not begun anew. */
function request(
  gatherer: Gatherer,
  host: GatherHost,
  ctx: RoleContext,
  session: Gathering,
  part: GatherPart,
  { to, group }: Extract<RouteStep, { kind: 'send' }>,
): Sent {
  const { tx } = session;
  const { volume, term, memberEpoch } = group;
  const held = tx?.volumes.get(volume);
  if (held && (held.to !== to || held.term !== term)) return 'lost';
  const isHeld = held !== undefined && !has(host.mutants, 'compute.gathers-anew');
  const { asked } = part;
  const isRepeated = asked !== null && asked.to === to && asked.term === term;
  const sequence = isRepeated ? asked.sequence : (session.sent.get(volume) ?? session.firstSent) + 1;
  session.sent.set(volume, sequence);
  gatherer.sequence = Math.max(gatherer.sequence, sequence);
  part.asked = { to, term, sequence };
  part.unheard++;
  part.group = group;
  if (tx?.isRepeatable) tx.asked.set(volume, [...new Set(tx.asked.get(volume)).add(to)]);
  const before = isHeld ? [] : [ROLLBACK, BEGIN_READING];
  const after = tx?.isRepeatable ? [] : [COMMIT];
  send(ctx, to, {
    kind: 'ReadPart',
    volume,
    session: partSession(session, volume),
    incarnation: host.incarnation,
    sequence,
    attempt: 1,
    statements: [...before, part.statement, ...after].map(({ text, tree }) => ({ id: 0, text, tree })),
    params: [...part.params],
    inTransaction: isHeld,
    group: group.group,
    term,
    memberEpoch,
    // of the definitions that the statement was planned by, which may be older than the map
    geoEpoch: part.geoEpoch,
    tables: part.versions.map((one) => ({ ...one })),
  });
  return 'sent';
}

/** Of the gathering node at a primary: no driver's session has such a name. Numbers count by volume, so it names that. */
export const PART_MARK = '#';
const partSession = ({ key }: Gathering, volume: string): string => `${PART_MARK}${volume}/${key}`;

/** Of a part: its volume, and the key of who gathers it. */
export function readPartSession(name: string): { readonly volume: string; readonly key: string } {
  const at = name.indexOf('/');
  return { volume: name.slice(PART_MARK.length, at), key: name.slice(at + 1) };
}

/** The part that a primary says something of, if it is awaited. */
function awaitedPart(
  { incarnation }: GatherHost,
  { read }: Gathering,
  from: NodeId,
  m: MessageOf<'PartReply' | 'AtWork'>,
): GatherPart | null {
  const { volume } = readPartSession(m.session);
  const part = read?.parts.find(
    ({ asked, group }) => group?.volume === volume && asked?.sequence === m.sequence && asked.to === from,
  );
  return part && part.rows === null && m.incarnation === incarnation ? part : null;
}

/** FENCE-47: primaries that have not answered their part need not. */
export function cancelParts({ incarnation }: GatherHost, ctx: RoleContext, session: Gathering): void {
  for (const { rows, asked, group } of session.read?.parts ?? [])
    if (rows === null && asked !== null && group !== null)
      send(ctx, asked.to, {
        kind: 'SqlCancel',
        volume: group.volume,
        session: partSession(session, group.volume),
        incarnation,
        sequence: asked.sequence,
      });
}

/** What primaries keep open for its transaction, or were asked to, ends. */
export function closeTx({ incarnation }: GatherHost, ctx: RoleContext, session: Gathering): void {
  for (const [volume, nodes] of session.tx?.asked ?? [])
    for (const to of nodes)
      send(ctx, to, { kind: 'SqlClose', volume, session: partSession(session, volume), incarnation });
  session.tx = null;
}

export function takePart(
  gatherer: Gatherer,
  host: GatherHost,
  ctx: RoleContext,
  session: Gathering,
  from: NodeId,
  m: MessageOf<'PartReply'>,
): Taken {
  const { tx } = session;
  const part = awaitedPart(host, session, from, m);
  if (!part?.group) return NONE;
  const { volume } = part.group;
  if (m.code === '') return takeAnswer(ctx, session, part, from, m);
  if (has(host.mutants, 'compute.gathers-partly')) {
    part.rows = [];
    return WENT_ON;
  }
  const refusal = toRefusal(m);
  const isLax = has(host.mutants, 'compute.gathers-part-anew');
  if (isLax && (refusal?.kind === 'WRONG_EPOCH' || (refusal?.kind === 'WRONG_SCHEMA' && m.current > 0))) {
    if (refusal.kind === 'WRONG_EPOCH') part.geoEpoch = refusal.geoEpoch;
    else part.versions = part.versions.map(({ id }) => ({ id, version: refusal.version }));
    part.asked = null;
    const step = { kind: 'send', to: from, group: part.group } as const;
    return request(gatherer, host, ctx, session, part, step) === 'lost' ? LOST : WENT_ON;
  }
  if (refusal?.kind === 'WRONG_SCHEMA' || m.code === 'SCHEMA_LEASE_EXPIRED')
    return { kind: 'refused', code: m.code };
  if (refusal?.kind === 'WRONG_EPOCH') return planAnew(gatherer, host, ctx);
  if (tx?.volumes.has(volume)) return LOST;
  if (refusal === null) {
    part.asked = null;
    part.dueAt = (ctx.now + host.params.routeBackoffMs * 1000) as Time;
    askMapSoon(gatherer, host, ctx);
    return WENT_ON;
  }
  const step = onRefused(part.routing, part.group, refusal);
  return follow(gatherer, host, ctx, session, part, step) === 'lost' ? LOST : WENT_ON;
}

/** PCS-58: a group is not what it was: the whole statement is planned again, by newer definitions, and no part of it stands. */
function planAnew(gatherer: Gatherer, host: GatherHost, ctx: RoleContext): Taken {
  askMap(gatherer, host, ctx);
  return { kind: 'refused', code: 'WRONG_SCHEMA' };
}

function takeAnswer(
  ctx: RoleContext,
  session: Gathering,
  part: GatherPart,
  from: NodeId,
  { results }: MessageOf<'PartReply'>,
): Taken {
  const error = results.find(({ kind }) => kind === 'error');
  if (error) return { kind: 'failed', result: error };
  const found = results.find((result) => result.kind === 'rows');
  if (!part.group || found?.kind !== 'rows' || !found.origin) return LOST;
  const { volume, term } = part.group;
  if (session.tx?.isRepeatable) session.tx.volumes.set(volume, { to: from, term });
  take(ctx, session, part, readRows(part, found.rows), volume, from, found.origin.readPoint as Lsn);
  return WENT_ON;
}

/** Values by the types of their columns; of columns that were not asked for null. */
function readRows(
  { table, columns }: GatherPart,
  rows: readonly (readonly (string | null)[])[],
): readonly Row[] {
  return rows.map((texts) => {
    let at = 0;
    return table.columns.map(({ type }, i) => {
      const text = columns[i] ? (texts[at++] ?? null) : null;
      return text === null ? null : parseValue(type, text);
    });
  });
}

function take(
  ctx: RoleContext,
  session: Gathering,
  part: GatherPart,
  rows: readonly Row[],
  volume: string,
  from: NodeId,
  readPoint: Lsn,
): void {
  part.rows = rows;
  part.volume = volume;
  part.readPoint = readPoint;
  part.awaitsMap = false;
  const id = session.read?.id ?? 0;
  trace(ctx, {
    kind: 'gather.part',
    client: session.key,
    read: id,
    tx: pointId(session, id),
    relation: part.relation,
    volume,
    from,
    readPoint,
    rows: rows.length,
  });
}

/** PCS-97: the node's own copy of the map, from the metadata. */
export function askMap(gatherer: Gatherer, { meta }: GatherHost, ctx: RoleContext): void {
  gatherer.asked = takeRequestNumber(ctx);
  send(forTrace(ctx, 0), meta, { kind: 'GetMap', reqId: gatherer.asked, make: 0, asker: 'compute' });
}

/**
 * One question on its way at a time, repeated with growing pauses until an answer says something new. One that does not leaves the
 * pause as it is: the metadata may be on this node, where an answer takes no time.
 */
export function askMapSoon(gatherer: Gatherer, host: GatherHost, ctx: RoleContext): void {
  if (gatherer.askAt !== null) return;
  askMap(gatherer, host, ctx);
  const { routeBackoffMs, routeBackoffCapMs } = host.params;
  const pause = Math.max(gatherer.backoffMs, routeBackoffMs);
  gatherer.askAt = (ctx.now + pause * 1000) as Time;
  gatherer.backoffMs = Math.min(pause * 2, routeBackoffCapMs);
}

/** False: it is older than what is known (PCS-58). */
export function takeMap(gatherer: Gatherer, m: MessageOf<'MapIs'>): boolean {
  if (m.mapVersion < gatherer.copy.version) return false;
  if (m.mapVersion > gatherer.copy.version) {
    gatherer.askAt = null;
    gatherer.backoffMs = 0;
  }
  gatherer.copy = copyOfMap(m);
  gatherer.answered = Math.max(gatherer.answered, m.reqId);
  return true;
}
