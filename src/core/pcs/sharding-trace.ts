// What entries about tables, tablets and shards tell the trace.

import { MAX } from '../../base/ids.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import type { MetaResult } from './apply-meta.ts';
import type { MetaContent, MetaOperation, VolumeContent } from './meta-content.ts';
import { type ShardingResult, shardGroups } from './sharding.ts';
import { volumeOfGroup } from './volumes.ts';

export const isShardingResult = (result: MetaResult): result is ShardingResult =>
  result.kind === 'tableStep' ||
  result.kind === 'tableRefused' ||
  result.kind === 'groupMade' ||
  result.kind === 'sharded' ||
  result.kind === 'splitBegun' ||
  result.kind === 'splitCut' ||
  result.kind === 'mergeCut' ||
  result.kind === 'splitEnded' ||
  result.kind === 'splitRefused';

export function traceSharding(
  content: MetaContent,
  ctx: RoleContext,
  operation: MetaOperation,
  result: ShardingResult,
): void {
  if (result.kind === 'tableStep') {
    const { table } = result;
    const isGone = !content.sharding?.tables.some(({ id }) => id === table.id);
    trace(ctx, {
      kind: 'table.step',
      table: table.name,
      version: table.version,
      state: isGone ? 'dropped' : table.state,
      tablets: table.tablets.map(({ relation }) => relation),
    });
  } else if (result.kind === 'splitBegun') {
    const { id, volume, childVolume, key, why, other } = result.split;
    if (other === null) trace(ctx, { kind: 'split.begin', split: id, volume, child: childVolume, key, why });
    else trace(ctx, { kind: 'merge.begin', merge: id, volume, other: other.volume, child: childVolume, why });
    traceMade(content, ctx, result.volume);
  } else if (result.kind === 'splitCut' && operation.kind === 'cutSplit') {
    const { id, volume, childVolume } = result.split;
    const { version, tablets } = result.table;
    const relations = tablets.map(({ relation }) => relation);
    const { key, lsn, token } = operation;
    trace(ctx, {
      kind: 'split.cut',
      split: id,
      volume,
      child: childVolume,
      key,
      lsn,
      token,
      version,
      tablets: relations,
    });
  } else if (result.kind === 'mergeCut' && operation.kind === 'cutMerge') {
    const { id, volume, childVolume, other } = result.split;
    const { lsn, otherLsn, token, otherToken } = operation;
    trace(ctx, {
      kind: 'merge.cut',
      merge: id,
      volume,
      other: other?.volume ?? '',
      child: childVolume,
      lsn,
      token,
      otherLsn,
      otherToken,
      version: result.table.version,
    });
  } else if (operation.kind === 'endSplit' && result.kind === 'splitEnded') {
    const { id, volume, childVolume, other } = result.split;
    const { code } = operation;
    if (other === null) trace(ctx, { kind: 'split.end', split: id, volume, child: childVolume, code });
    else trace(ctx, { kind: 'merge.end', merge: id, volume, other: other.volume, child: childVolume, code });
  } else if (operation.kind === 'beginMerge' && result.kind === 'splitRefused') {
    const [volume, other] = [operation.group, operation.other].map(
      (group) => volumeOfGroup(content, group)?.name ?? group,
    );
    trace(ctx, {
      kind: 'merge.end',
      merge: 0,
      volume: volume ?? '',
      other: other ?? '',
      child: '',
      code: result.code,
    });
  } else if (operation.kind === 'beginSplit' && result.kind === 'splitRefused') {
    const volume = volumeOfGroup(content, operation.group)?.name ?? operation.group;
    trace(ctx, { kind: 'split.end', split: 0, volume, child: '', code: result.code });
  } else if (result.kind === 'groupMade' && !result.isRepeated) traceMade(content, ctx, result.volume);
  else if (result.kind === 'sharded' && result.error === null && 'group' in operation)
    traceShards(content, ctx, operation.group);
}

/** A leadership begins: the one before it may not have lived to tell what it committed last. */
export function traceTablets(content: MetaContent, ctx: RoleContext): void {
  if (content.sharding) for (const volume of content.volumes) traceMade(content, ctx, volume);
}

function traceMade(content: MetaContent, ctx: RoleContext, volume: VolumeContent): void {
  const { name, groups } = volume;
  const leader =
    content.computeGroups.find((one) => one.volume === name)?.members.find(({ priority }) => priority > 1)
      ?.node ?? '';
  for (const { group, keyFirst, keyEnd, sets, vw, vr } of groups) {
    const voters = (sets.at(-1) ?? []).join(',');
    trace(ctx, { kind: 'group.made', group, volume: name, keyFirst, keyEnd, voters, leader, vw, vr });
    traceShards(content, ctx, group);
  }
}

function traceShards(content: MetaContent, ctx: RoleContext, group: string | null): void {
  const found = shardGroups(content).find((one) => one.group === group);
  if (!found) return;
  const { shards } = found;
  trace(ctx, {
    kind: 'group.shards',
    group: found.group,
    shards: shards.map(({ id }) => id),
    firsts: shards.map(({ first }) => first),
    ends: shards.map(({ end }) => (end === MAX ? -1 : end)),
  });
}
