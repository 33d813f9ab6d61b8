// Questions to the metadata are answered by the log's leader as of a state that was committed when they came (ReadIndex, docs/spec/pcs.md
// PCS-20, PCS-21): a leader that has been deposed, and does not know, answers nothing. Who does not lead says who does.

import type { NodeId, Time } from '../../base/ids.ts';
import { drive, type LogResult } from '../consensus/node-log.ts';
import { forTrace, type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { Message, MessageKind, MessageOf } from '../kernel/messages.ts';
import { isWithoutIdentity } from './member-driver.ts';
import { mapIs, metaState, routeOf, watchVolume } from './meta-route.ts';
import type { MetaState } from './meta-state.ts';
import { isReplicated, metaPort, nodeThatLeads } from './pcs-raft.ts';
import { traceFacts } from './raft-trace.ts';
import { answerReport } from './schema-driver.ts';
import { viewsOf } from './sql-views.ts';
import { mayMake, mayMakeChunk, mayWrite, volumeNamed } from './volumes.ts';

export type Question = MessageOf<
  'GetMeta' | 'GetRoute' | 'GetVolume' | 'GetMap' | 'GetViews' | 'GetCreation' | 'SchemaReport'
>;

/** A stale question that waits until this node has applied what it asks for at least (PCS-61). */
export interface Behind {
  readonly from: NodeId;
  readonly question: MessageOf<'GetViews'>;
  readonly traceId: number;
  readonly until: Time;
}

export const BEHIND_TIMER = 'meta.behind';
/** Questions that wait for entries; one more is answered PCS_LOADING at once. */
const MAX_BEHIND = 64;

/** What others ask of the metadata, so that they wait for an answer. */
const asking: ReadonlySet<MessageKind> = new Set<MessageKind>([
  'NodeBeat',
  'Join',
  'GetMeta',
  'GetRoute',
  'GetVolume',
  'GetViews',
  'GetMap',
  'GetCreation',
  'DefineTable',
  'GrantToken',
  'SetWriter',
  'RestoreOrder',
  'VolumeOrder',
  'RestoreReport',
]);

/** It does not lead: who asked is sent on, to the leader that is known, or to look for itself. */
export function sendOn(state: MetaState, ctx: RoleContext, from: NodeId, { kind }: Message): void {
  const { raft } = state.log;
  if ((raft === null && !state.isSpare) || !isReplicated(state) || !asking.has(kind)) return;
  const leader = nodeThatLeads(state) ?? knownHolder(state);
  send(ctx, from, { kind: 'NotLeader', leader, term: raft?.term ?? 0 });
}

/** PCS-103: it has no place in the log, and hears who has by its heartbeats as any node does. */
const knownHolder = (state: MetaState): NodeId | null =>
  isWithoutIdentity(state) ? (state.pcsNodes.find((node) => node !== state.nodeId) ?? null) : null;

export function ask(state: MetaState, ctx: RoleContext, from: NodeId, question: Question): void {
  const id = ++state.asked;
  const result = drive(state.log, metaPort(state, ctx), { kind: 'read', id });
  if (result.refused !== null) return; // it comes again
  if (isReplicated(state)) trace(ctx, { kind: 'pcs.ask', id });
  state.queries.set(id, { from, question, traceId: ctx.traceId, index: null });
  traceFacts(state, ctx, result);
  takeReads(state, ctx, result);
}

/** Questions whose round is over are answered once the state is as new as they need it. */
export function takeReads(state: MetaState, ctx: RoleContext, { reads, lostReads }: LogResult): void {
  for (const id of lostReads) state.queries.delete(id);
  for (const { id, index } of reads) {
    const query = state.queries.get(id);
    if (query) query.index = index;
  }
  for (const [id, query] of state.queries) {
    if (query.index === null || query.index > state.content.applied) continue;
    state.queries.delete(id);
    if (isReplicated(state)) trace(ctx, { kind: 'pcs.answer', id, applied: state.content.applied });
    answer(state, forTrace(ctx, query.traceId), query.from, query.question);
  }
}

/**
 * PCS-21: a stale question is answered by whoever holds the log under an identity; a node that does not is silent. PCS-61: one whose copy
 * is older than what the node that asks has been shown waits for the entries, and says in the end that they have not come.
 */
export function answerStale(
  state: MetaState,
  ctx: RoleContext,
  from: NodeId,
  question: MessageOf<'GetViews'>,
): void {
  const { log, content, behind } = state;
  if (log.raft === null || log.raft.amnesia !== null || state.isCorrupt) return;
  if (question.atLeast <= content.applied) {
    answer(state, ctx, from, question);
    return;
  }
  if (behind.some((one) => one.from === from && one.question.reqId === question.reqId)) return; // asked again
  if (behind.length >= MAX_BEHIND) {
    sendLoading(state, ctx, from, question);
    return;
  }
  const until = (ctx.now + log.config.timing.electionMaxUs) as Time;
  behind.push({ from, question, traceId: ctx.traceId, until });
  wakeAt(ctx, BEHIND_TIMER, until);
}

/** Of the questions that wait for entries those are answered whose entries have come, and those that have waited long enough. */
export function takeBehind(state: MetaState, ctx: RoleContext): void {
  if (state.behind.length === 0) return;
  const { applied } = state.content;
  const isOver = ({ question, until }: Behind): boolean => question.atLeast <= applied || until <= ctx.now;
  const over = state.behind.filter(isOver);
  state.behind = state.behind.filter((one) => !isOver(one));
  for (const { from, question, traceId } of over) {
    const own = forTrace(ctx, traceId);
    if (question.atLeast <= applied) answer(state, own, from, question);
    else sendLoading(state, own, from, question);
  }
}

const sendLoading = (
  { content: { applied } }: MetaState,
  ctx: RoleContext,
  to: NodeId,
  { reqId, volume }: MessageOf<'GetViews'>,
): void => send(ctx, to, { kind: 'Views', reqId, volume, code: 'PCS_LOADING', applied, tables: [] });

function answer(state: MetaState, ctx: RoleContext, from: NodeId, question: Question): void {
  const { content, watchers, config } = state;
  const { mutants, cluster } = config;
  switch (question.kind) {
    case 'GetRoute':
      watchVolume(watchers, question.volume, from);
      send(ctx, from, routeOf(content, cluster, question.volume));
      break;
    case 'GetMap':
      send(ctx, from, mapIs(content, cluster, question.reqId, question.asker));
      break;
    case 'GetMeta': {
      const volume = volumeNamed(content, question.volume);
      if (volume) send(ctx, from, metaState(content, volume));
      break;
    }
    case 'GetViews':
      send(ctx, from, viewsOf(state, question, ctx.now));
      break;
    case 'GetCreation': {
      const { group, at } = question;
      const isOpen = mayMake(content, group, from) || mayMakeChunk(content, cluster, group, from);
      send(ctx, from, { kind: 'CreationIs', group, at, isOpen });
      break;
    }
    case 'SchemaReport':
      answerReport(state, ctx, from, question);
      break;
    case 'GetVolume': {
      const mine = content.volumes.filter(
        ({ name }) => mayWrite(content, name, from, mutants) && !question.held.includes(name),
      );
      const given = mine.find(({ created }) => created) ?? null;
      const first = given?.groups[0]?.group ?? '';
      send(ctx, from, { kind: 'VolumeGiven', volume: given?.name ?? '', first });
    }
  }
}
