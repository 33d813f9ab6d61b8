// What the screen shows of the groups' members and of the change that is open (view.ts): pure.

import type { NodeId, Time } from '../../base/ids.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { MembershipView } from '../kernel/membership.ts';
import type { ViewParams } from '../kernel/view-params.ts';
import { nodesOf } from '../placement/membership.ts';
import { agentsView } from './agents-view.ts';
import { computeGroupViews } from './failover-view.ts';
import { standingNodes } from './joined-nodes.ts';
import { logView, versionsView } from './log-view.ts';
import { isHeard, memberView } from './member-view.ts';
import type { VolumeContent } from './meta-content.ts';
import { type MetaState, MISSED_BEATS } from './meta-state.ts';
import { hasInstalled, isStepComplete, type MoveDriver, reportOf } from './move-driver.ts';
import { moveOf } from './moves.ts';
import { holdsPcsAlone, nodeStateOf } from './node-states.ts';
import { isLeading } from './pcs-raft.ts';
import type { MetaGroupView, MetaView } from './pcs-view.ts';
import { planView } from './plan-view.ts';
import { restoreViews } from './restore-standing.ts';
import { shardingView } from './sharding-view.ts';
import { storageView } from './storage-view.ts';
import { mapVersionOf } from './volumes.ts';

const membershipView = ({ memberEpoch, sets, learners, vw, vr }: Descriptor): MembershipView => ({
  memberEpoch,
  sets,
  learners,
  vw,
  vr,
});

export const groupViews = (volume: VolumeContent, driver: MoveDriver, now: Time): MetaGroupView[] =>
  volume.groups.map((descriptor) => {
    const { group } = descriptor;
    const move = moveOf(volume, group);
    const members = membershipView(descriptor);
    if (!move) return { group, members, move: null };
    const { from, to, phase, isLost, since, before } = move;
    const target = driver.targets.get(group);
    const concerned = [...new Set([...before.flat(), ...nodesOf(descriptor)])];
    return {
      group,
      members,
      move: {
        from,
        to,
        phase,
        isLost,
        sinceUs: Math.max(0, now - since),
        before,
        acked: concerned.filter((node) => hasInstalled(driver, descriptor, node)),
        isComplete: isStepComplete(driver, descriptor, move),
        target: target?.memberEpoch === descriptor.memberEpoch ? target.scl : null,
        scl: reportOf(driver, group, to)?.scl ?? null,
      },
    };
  });

/** Before the first tablet is written. */
const NO_VOLUME = { token: 0, holder: null, writer: null, state: 'CREATING' } as const;

export function metaView(
  state: MetaState,
  now: Time,
  { metadata, detail = false }: Partial<Pick<ViewParams, 'metadata' | 'detail'>> = {},
): MetaView {
  const { content } = state;
  const { token, holder, writer, state: volumeState } = content.volumes[0] ?? NO_VOLUME;
  return {
    role: 'meta',
    bootEpoch: state.bootEpoch,
    ...memberView(state, now),
    applied: content.applied,
    token,
    holder,
    writer,
    volumeState,
    mapVersion: mapVersionOf(content),
    nodes: standingNodes(content, state.config.cluster).map(({ id: node }) => ({
      node,
      up: isUp(state, node, now),
      state: nodeStateOf(state, node, now),
    })),
    groups: content.volumes.flatMap((volume) => groupViews(volume, state.moves, now)),
    ...(content.sharding && {
      sharding: {
        ...shardingView(state, content.sharding),
        ...(detail && isLeading(state) && { plan: planView(state, now) }),
      },
    }),
    ...(content.storage && {
      storage: storageView(state, content.storage, now, detail || metadata !== undefined),
    }),
    ...restoreViews(state, now),
    ...(content.computeGroups.length > 0 && { computeGroups: computeGroupViews(state, now) }),
    ...(content.configuration.version > 0 && { configVersion: content.configuration.version }),
    ...(metadata === undefined
      ? {}
      : {
          log: logView(state, now),
          versions: versionsView(state, metadata),
          agents: agentsView(state, now),
        }),
  };
}

export function isUp(state: MetaState, node: NodeId, now: Time): boolean {
  if (holdsPcsAlone(state, node)) return isHeard(state, node, now);
  const beat = state.beats.get(node);
  return beat !== undefined && beat.at + MISSED_BEATS * state.beatUs > now;
}
