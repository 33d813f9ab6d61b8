// What each message asks of the metadata: a question is answered from applied state, a request becomes an entry, the
// rest goes to those who drive moves, archivers and restores.

import type { NodeId } from '../../base/ids.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { archiverOf, recordDeclined } from './archivers.ts';
import { onAgentAnswer } from './ask-driver.ts';
import { recordChunks } from './chunk-driver.ts';
import { onAgentMetrics, onConfigState } from './config-driver.ts';
import { driveFailover, onAttachmentReport, onHandoff } from './failover-driver.ts';
import { recordSizes } from './group-figures.ts';
import { onReplicaFenced } from './leader-driver.ts';
import { onGetMap, onRollShard } from './map-driver.ts';
import { driveArchivers, driveMove, onBeat } from './meta-drive.ts';
import { driveOrders } from './meta-orders.ts';
import { propose, wantRestore } from './meta-propose.ts';
import { ask } from './meta-queries.ts';
import type { MetaState } from './meta-state.ts';
import { recordCopied, recordCopiedChunks } from './move-copied.ts';
import { onMembersAck } from './move-driver.ts';
import { onJoin } from './nodes-driver.ts';
import { isSameRequest, resultOf } from './requests.ts';
import { onArchiveAnswer, onPinned, orderedEntry } from './restore-ask.ts';
import { onRestoreReport } from './restore-driver.ts';
import { onObjectsPinned } from './restore-pins.ts';
import { answerReport, driveSchema, onDefineTable, recordReport } from './schema-driver.ts';
import { onSplitReport } from './split-driver.ts';
import { mayAsk, mayWrite } from './volumes.ts';

export function onMessage(state: MetaState, ctx: RoleContext, from: NodeId, message: Message): void {
  switch (message.kind) {
    case 'GrantToken': {
      const { boot, reqId, volume, expect } = message;
      if (mayAsk(state.content, volume, from, state.config.mutants))
        propose(state, ctx, { kind: 'grantToken', from, boot, reqId, volume, expect });
      break;
    }
    case 'SetWriter': {
      const { boot, reqId, volume, term, state: to } = message;
      if (mayWrite(state.content, volume, from, state.config.mutants))
        propose(state, ctx, { kind: 'setWriter', from, boot, reqId, volume, term, state: to });
      break;
    }
    case 'NodeBeat':
      onBeat(state, ctx, from, message);
      break;
    case 'MembersAck':
      onMembersAck(state.moves, from, message);
      driveMove(state, ctx, message.group);
      break;
    case 'ArchiverDeclined':
      if (archiverOf(state.content, message.group)?.appointment !== message.appointment) break;
      recordDeclined(state.archivers, message, from, ctx.now);
      driveArchivers(state, ctx);
      break;
    case 'Join':
      onJoin(state, ctx, from, message);
      break;
    case 'AttachmentReport':
      onAttachmentReport(state, ctx, from, message);
      break;
    case 'Handoff':
      onHandoff(state, ctx, from, message);
      break;
    case 'ReplicaFenced':
      onReplicaFenced(state, ctx, from, message);
      driveFailover(state, ctx);
      break;
    case 'SchemaReport':
      if (!recordReport(state, from, message)) break;
      if (has(state.config.mutants, 'pcs.leases-unconfirmed')) answerReport(state, ctx, from, message);
      else ask(state, ctx, from, message);
      driveSchema(state, ctx);
      break;
    case 'SplitStep':
      onSplitReport(state, ctx, from, message);
      break;
    case 'ChunkReport':
      recordChunks(state, from, message);
      recordCopiedChunks(state, ctx.now, from, message);
      break;
    case 'GroupSizes':
      recordSizes(state, from, message);
      recordCopied(state, ctx.now, from, message);
      break;
    case 'DefineTable':
      onDefineTable(state, ctx, from, message);
      break;
    case 'GetMap':
      onGetMap(state, ctx, from, message);
      break;
    case 'RollShard':
      onRollShard(state, ctx, from, message);
      break;
    case 'ConfigState':
      onConfigState(state, ctx, from, message);
      break;
    case 'AgentMetrics':
      onAgentMetrics(state, ctx, from, message);
      break;
    case 'AgentAnswer':
      onAgentAnswer(state, ctx, from, message);
      driveOrders(state, ctx);
      break;
    case 'GetRoute':
    case 'GetMeta':
    case 'GetVolume':
    case 'GetViews':
    case 'GetCreation':
      ask(state, ctx, from, message);
      break;
    default:
      onRestoreMessage(state, ctx, from, message);
  }
}

/** Volumes beside the first one, and the restores that make them. */
function onRestoreMessage(state: MetaState, ctx: RoleContext, from: NodeId, message: Message): void {
  const { content, restores } = state;
  switch (message.kind) {
    case 'ManifestIs':
    case 'ObjectPart': {
      const entry = onArchiveAnswer(restores, content, ctx, message);
      if (entry) propose(state, ctx, entry);
      break;
    }
    case 'ObjectsPinned':
      if (!onObjectsPinned(restores, ctx, message)) break;
      for (const entry of onPinned(restores, ctx, new Set(message.missing))) propose(state, ctx, entry);
      break;
    case 'RestoreOrder':
    case 'VolumeOrder':
      onOrder(state, ctx, from, message);
      break;
    case 'RestoreReport': {
      const entry = onRestoreReport(restores, content, ctx, from, message);
      if (entry) wantRestore(state, ctx, entry);
      break;
    }
    default:
  }
}

/** An operator's order comes until it is answered; what it came to is an entry, and the answer is sent once that is applied. */
function onOrder(
  state: MetaState,
  ctx: RoleContext,
  from: NodeId,
  message: MessageOf<'RestoreOrder' | 'VolumeOrder'>,
): void {
  const { boot, reqId } = message;
  const id = { from, boot, reqId };
  const answer = resultOf(state.content, from, id);
  if (state.pending.some(({ operation }) => isSameRequest(operation, id))) return;
  if (answer) {
    if (answer.code !== 'LATE') send(ctx, from, { kind: 'VolumeAnswer', boot, reqId, code: answer.code });
    return;
  }
  const entry = orderedEntry(state.restores, state.content, ctx, id, message);
  if (entry) propose(state, ctx, entry);
}
