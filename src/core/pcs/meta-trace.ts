// What an entry of the metadata's log tells the trace once it is applied.

import { memberName } from '../consensus/identities.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import type { Descriptor } from '../kernel/fields.ts';
import { setsText } from '../placement/membership.ts';
import type { MetaResult } from './apply-meta.ts';
import type { MetaContent, MetaOperation } from './meta-content.ts';
import { traceRestore } from './restore-standing.ts';
import type { RestoreDriver } from './restore-state.ts';
import { isShardingResult, traceSharding } from './sharding-trace.ts';
import { placeOf } from './volumes.ts';

export function traceResult(
  {
    content,
    restores,
  }: {
    readonly content: MetaContent;
    readonly restores: RestoreDriver;
  },
  ctx: RoleContext,
  operation: MetaOperation,
  result: MetaResult,
): void {
  if (operation.kind === 'grantToken' && result.kind === 'granted')
    trace(ctx, {
      kind: 'token.grant',
      volume: operation.volume,
      token: result.token,
      holder: operation.from,
    });
  else if (operation.kind === 'promote' && result.kind === 'granted') {
    const { volume, holder } = operation;
    trace(ctx, { kind: 'token.grant', volume, token: result.token, holder });
  } else if (operation.kind === 'setLeader' && result.kind === 'granted') {
    const { volume, leader: holder } = operation;
    trace(ctx, { kind: 'token.grant', volume, token: result.token, holder });
  } else if (operation.kind === 'fenceVolume' && result.kind === 'fenced')
    trace(ctx, { kind: 'volume.fence', volume: operation.volume, token: result.token });
  else if (isShardingResult(result)) traceSharding(content, ctx, operation, result);
  else if (operation.kind === 'setWriter' && result.kind === 'writerSet' && !result.repeated) {
    const { volume, term: token, state } = operation;
    trace(ctx, { kind: 'meta.writer', volume, writer: operation.from, token, state });
  } else if (
    result.kind === 'restoreBegun' ||
    result.kind === 'restoreEnded' ||
    result.kind === 'restoreRefused' ||
    result.kind === 'orderRefused' ||
    result.kind === 'volumeDropped'
  )
    traceRestore(ctx, restores, result);
  else if (result.kind === 'pcsChange')
    trace(ctx, { kind: 'pcs.change.begin', node: result.node, want: result.want });
  else if (result.kind === 'pcsDone')
    trace(ctx, { kind: 'pcs.change.done', node: result.node, want: result.want });
  else if (result.kind === 'pcsAdmitted')
    trace(ctx, { kind: 'pcs.admitted', node: result.node, as: memberName(result.node, result.member) });
  else if (result.kind === 'nodeDrain')
    trace(ctx, { kind: 'node.offline', node: result.node, isOffline: result.isOffline });
  else if (result.kind === 'chunkMove') {
    const { group, from, to, why } = result.move;
    const nodes = { from: from ?? '', to: to ?? '' };
    trace(ctx, { kind: 'chunk.move', group, ...nodes, why, outcome: result.outcome });
  } else if (result.kind === 'configSet') trace(ctx, { kind: 'config.put', ...result.setting });
  else if (result.kind === 'STALE_VERSION' && operation.kind === 'putConfig') {
    const { key, value } = operation;
    const range = String(result.version);
    trace(ctx, { kind: 'config.refused', key, value, code: result.kind, range });
  } else traceMembers(content, ctx, operation, result);
}

function traceMembers(
  content: MetaContent,
  ctx: RoleContext,
  operation: MetaOperation,
  result: MetaResult,
): void {
  if (result.kind === 'memberRefused') {
    if (operation.kind !== 'beginMove') return;
    const { group, source, to } = operation;
    trace(ctx, { kind: 'group.move.done', group, from: source, to, outcome: result.error });
    return;
  }
  if (result.kind !== 'moveBegun' && result.kind !== 'memberStep' && result.kind !== 'moveDone') return;
  const { group, from, to, isLost, phase } = result.move;
  if (result.kind === 'moveDone') {
    trace(ctx, { kind: 'group.move.done', group, from, to, outcome: result.outcome });
    return;
  }
  if (result.kind === 'moveBegun' && isLost) trace(ctx, { kind: 'disk.lost', group, node: from });
  if (result.kind === 'moveBegun') trace(ctx, { kind: 'group.move.begin', group, from, to, lost: isLost });
  const place = placeOf(content, group);
  if (place) traceDescriptor(ctx, place.descriptor, phase);
}

export function traceDescriptor(ctx: RoleContext, descriptor: Descriptor, step: string): void {
  const { group, memberEpoch, sets, learners } = descriptor;
  trace(ctx, {
    kind: 'group.members',
    group,
    memberEpoch,
    step,
    sets: setsText(sets),
    learners: learners.join(','),
  });
}
