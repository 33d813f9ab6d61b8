// Election of a group's primary by the leader of the metadata (docs/spec/pcs.md PCS-48, PCS-49; failover.md FENCE-21; A2): a token is
// granted that nobody has, the replicas make it durable and say what they hold under it, and the best of them gets it. The
// appointed primary recovers the volume with it from the beginning (R1 to R7), so a wrong choice would cost time and never a record.

import type { Lsn, NodeId, Term, Time } from '../../base/ids.ts';
import { type RoleContext, send, trace } from '../kernel/context.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { electPrimary } from '../placement/elect-primary.ts';
import { nodesOf } from '../placement/membership.ts';
import { hasQuorumInEverySet } from '../quorum-log/watermarks.ts';
import type { Election } from './failover-state.ts';
import type { VolumeContent } from './meta-content.ts';
import { proposeSwitch } from './meta-propose.ts';
import type { MetaState } from './meta-state.ts';
import { isCandidateUp } from './node-up.ts';
import { placeOf } from './volumes.ts';

/** At every heartbeat while the volume's token has no holder. */
export function driveElection(state: MetaState, ctx: RoleContext, volume: VolumeContent): void {
  const election = electionOf(state, volume);
  const [descriptor] = volume.groups;
  if (!descriptor) return;
  const leader = hasQuorumInEverySet(descriptor.sets, descriptor.vw, (node) => election.answers.has(node))
    ? chooseLeader(state, ctx, descriptor, election)
    : null;
  if (leader !== null) {
    const leaderBoot = state.beats.get(leader)?.boot ?? 0;
    const { name, token: term } = volume;
    proposeSwitch(state, ctx, { kind: 'setLeader', volume: name, leader, leaderBoot, term });
    return;
  }
  if (election.askedAt >= 0 && ctx.now - election.askedAt < state.beatUs) return;
  election.askedAt = ctx.now;
  for (const node of nodesOf(descriptor))
    if (!election.answers.has(node))
      send(ctx, node, { kind: 'FenceReplica', volume: volume.name, token: volume.token, descriptor });
}

/** Named deviation (M133): the lowest id, whatever it holds. */
function chooseLeader(
  state: MetaState,
  ctx: RoleContext,
  descriptor: Descriptor,
  { answers }: Election,
): NodeId | null {
  const alike = state.config.broken.includes('pcs.elects-lowest');
  const candidates = [...answers.values()].map((one) =>
    alike ? { ...one, tailTerm: 0 as Term, ncl: 0 as Lsn } : one,
  );
  return electPrimary(descriptor, candidates, (node) => isCandidateUp(state, ctx, node));
}

function electionOf({ failover: { elections } }: MetaState, { name, token }: VolumeContent): Election {
  const known = elections.get(name);
  if (known?.token === token) return known;
  const made: Election = { token, askedAt: -1 as Time, answers: new Map() };
  elections.set(name, made);
  return made;
}

/** Who drives failovers goes on from here. */
export function onReplicaFenced(
  state: MetaState,
  ctx: RoleContext,
  from: NodeId,
  { group, maxToken, tailTerm, ncl, refused }: MessageOf<'ReplicaFenced'>,
): void {
  const volume = placeOf(state.content, group)?.volume;
  if (!volume || volume.holder !== null || maxToken !== volume.token || refused !== null) return;
  const { answers } = electionOf(state, volume);
  if (answers.has(from)) return;
  answers.set(from, { node: from, tailTerm, ncl });
  trace(ctx, { kind: 'leader.answer', volume: volume.name, token: maxToken, replica: from, tailTerm, ncl });
}
