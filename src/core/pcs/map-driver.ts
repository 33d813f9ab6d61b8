// The shard map as the leader of the metadata gives it out, and what makes it grow (docs/spec/placement.md PCS-39 to PCS-43, pcs.md PCS-58, PCS-60):
// a tablet gets its group when somebody is about to write it, on nodes that the planner's rules choose; a shard ends when its
// writer says that it is long enough. Drivers that have asked get each new version whole.

import type { NodeId } from '../../base/ids.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { placeGroup } from '../placement/choose-node.ts';
import { openShard } from '../placement/shard-map.ts';
import type { MetaResult } from './apply-meta.ts';
import type { MetaContent, MetaOperation } from './meta-content.ts';
import { proposeOwn } from './meta-propose.ts';
import { ask } from './meta-queries.ts';
import { mapIs } from './meta-route.ts';
import type { MetaState } from './meta-state.ts';
import { placementOf } from './placement-driver.ts';
import { shardGroups, tableOfTablet, volumeOfTablet } from './sharding.ts';
import { mapVersionOf, placeOf } from './volumes.ts';

/** Drivers and compute nodes that watch. */
const MAX_WATCHERS = 1024;

export function onGetMap(
  state: MetaState,
  ctx: RoleContext,
  from: NodeId,
  message: MessageOf<'GetMap'>,
): void {
  const { watchers } = state.map;
  if (watchers.size < MAX_WATCHERS || watchers.has(from)) watchers.set(from, message.asker);
  if (message.make > 0) wantGroup(state, ctx, message.make);
  ask(state, ctx, from, message);
}

/** PCS-39. Where too few nodes are up nothing is made, and the driver asks again. */
function wantGroup(state: MetaState, ctx: RoleContext, relation: number): void {
  const { content, pending, config } = state;
  const { placement } = config.cluster;
  const isUnderWay = pending.some(
    ({ operation }) => operation.kind === 'makeGroup' && operation.relation === relation,
  );
  const isMade = isUnderWay || volumeOfTablet(content, relation) !== null;
  if (!placement || (isMade && !has(config.mutants, 'pcs.makes-shard-twice'))) return;
  if (tableOfTablet(content, relation)?.state !== 'active') return;
  const place = placeGroup(placementOf(state, ctx), 0);
  if (place.error !== null || place.leader === null) return;
  const { vw, vr } = placement;
  const voters = [...place.picked].sort();
  if (voters.length < placement.n) return; // completing a short group is repair, which is not there yet
  proposeOwn(state, ctx, { kind: 'makeGroup', relation, voters, leader: place.leader, vw, vr });
}

/** PCS-42. Asked again it is the shard that there is. */
export function onRollShard(
  state: MetaState,
  ctx: RoleContext,
  from: NodeId,
  { group, end, term }: MessageOf<'RollShard'>,
): void {
  const isUnderWay = state.pending.some(
    ({ operation }) => operation.kind === 'rollShard' && operation.group === group,
  );
  const volume = placeOf(state.content, group)?.volume;
  if (volume?.writer === from && volume.token === term && !isUnderWay)
    proposeOwn(state, ctx, { kind: 'rollShard', group, end, term });
}

export function followMap(
  state: MetaState,
  ctx: RoleContext,
  operation: MetaOperation,
  result: MetaResult,
): void {
  const { content, map } = state;
  if (!content.sharding) return;
  if (result.kind === 'sharded' && operation.kind === 'rollShard') sendShard(content, ctx, operation.group);
  if (operation.kind === 'setWriter' && operation.state === 'OPEN')
    for (const { group, volume } of shardGroups(content))
      if (volume === operation.volume) sendShard(content, ctx, group);
  const { schemaVersion, open } = content.sharding;
  const now = `${mapVersionOf(content)}/${schemaVersion}/${open === null}`;
  if (now === map.given) return;
  map.given = now;
  const { cluster } = state.config;
  for (const [node, asker] of map.watchers) send(ctx, node, mapIs(content, cluster, 0, asker));
}

function sendShard(content: MetaContent, ctx: RoleContext, group: string): void {
  const found = shardGroups(content).find((one) => one.group === group);
  const open = found && openShard(found);
  if (!found?.leader || !open) return;
  const { volume } = found;
  send(ctx, found.leader, { kind: 'ShardIs', volume, group: found.group, shard: open.id, first: open.first });
}
