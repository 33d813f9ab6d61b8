// Election of a group's primary by the leader of the metadata (docs/spec/placement.md PCS-48, PCS-49; failover.md FENCE-21): a token is
// granted that nobody has, the replicas make it durable and say what they hold under it, and the best of them gets it. The
// appointed primary recovers the volume with it from the beginning (R1 to R7), so a wrong choice would cost time and never a record.

import type { Lsn, NodeId, Term, Time } from '../../base/ids.ts';
import { type RoleContext, send, trace } from '../kernel/context.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { electPrimary } from '../placement/elect-primary.ts';
import { nodesOf } from '../placement/membership.ts';
import { hasQuorumInEverySet } from '../quorum/quorum.ts';
import { groupOfVolume } from './compute-groups.ts';
import type { Election } from './failover-state.ts';
import type { VolumeContent } from './meta-content.ts';
import { proposeSwitch } from './meta-propose.ts';
import type { MetaState } from './meta-state.ts';
import { isCandidateUp } from './node-up.ts';
import { placeOf } from './volumes.ts';

/** At every heartbeat while the volume's token has no holder. */
export function driveElection(state: MetaState, ctx: RoleContext, volume: VolumeContent): void {
  const election = electionOf(state, ctx, volume);
  const [descriptor] = volume.groups;
  if (!descriptor) return;
  const leader = chosenOf(state, ctx, volume, descriptor, election);
  if (leader !== null) {
    appoint(state, ctx, volume, leader, election);
    return;
  }
  if (election.askedAt >= 0 && ctx.now - election.askedAt < state.beatUs) return;
  election.askedAt = ctx.now;
  for (const node of nodesOf(descriptor))
    if (!election.answers.has(node))
      send(ctx, node, { kind: 'FenceReplica', volume: volume.name, token: volume.token, descriptor });
}

/**
 * PCS-49. Where the log has no room for the entry nobody is appointed: the leader chooses anew at the next heartbeat, and a replica that was
 * not up may be up then. So it traces whom it passes over only for an entry that the log has taken.
 */
function appoint(
  state: MetaState,
  ctx: RoleContext,
  { name: volume, token: term }: VolumeContent,
  leader: NodeId,
  { answers }: Election,
): void {
  const leaderBoot = state.beats.get(leader)?.boot ?? 0;
  if (!proposeSwitch(state, ctx, { kind: 'setLeader', volume, leader, leaderBoot, term })) return;
  for (const { node } of answers.values())
    if (!isCandidateUp(state, ctx, node) || (node !== leader && isPassedOver(state, volume, term, node)))
      trace(ctx, { kind: 'leader.passed', volume, token: term, replica: node });
}

/** Once a quorum has answered; who is wanted is waited for a little. */
function chosenOf(
  state: MetaState,
  ctx: RoleContext,
  { name }: VolumeContent,
  descriptor: Descriptor,
  election: Election,
): NodeId | null {
  const { answers, since } = election;
  const [first] = answers.keys();
  if (has(state.config.mutants, 'pcs.elects-at-one')) return first ?? null;
  const wanted = groupOfVolume(state.content, name)?.target ?? null;
  const isAwaited =
    wanted !== null &&
    !answers.has(wanted) &&
    isCandidateUp(state, ctx, wanted) &&
    ctx.now >= since &&
    ctx.now - since < state.beatUs * WANTED_BEATS;
  const isHeard = hasQuorumInEverySet(descriptor.sets, descriptor.vw, (node) => answers.has(node));
  if (!isHeard || isAwaited) return null;
  const isPassed = (node: NodeId): boolean => isPassedOver(state, name, election.token, node);
  return (
    chooseLeader(state, ctx, descriptor, election, wanted, isPassed) ??
    chooseLeader(state, ctx, descriptor, election, wanted, () => false)
  );
}

/** FENCE-57: whose token was taken from it because its peers did not answer it. */
function isPassedOver({ failover }: MetaState, volume: string, token: Term, node: NodeId): boolean {
  const over = failover.passedOver.get(volume);
  return over?.token === token && over.node === node;
}

/** So long, in heartbeats, the answer of the replica that is meant to lead is waited for after the question (PCS-121). */
const WANTED_BEATS = 2;

function chooseLeader(
  state: MetaState,
  ctx: RoleContext,
  descriptor: Descriptor,
  { answers }: Election,
  wanted: NodeId | null,
  isPassed: (node: NodeId) => boolean,
): NodeId | null {
  const alike = has(state.config.mutants, 'pcs.elects-lowest');
  const candidates = [...answers.values()].map((one) =>
    alike ? { ...one, tailTerm: 0 as Term, ncl: 0 as Lsn } : one,
  );
  return electPrimary(
    descriptor,
    candidates,
    (node) => !isPassed(node) && isCandidateUp(state, ctx, node),
    wanted,
  );
}

function electionOf(
  { failover: { elections } }: MetaState,
  { now: since }: RoleContext,
  { name, token }: VolumeContent,
): Election {
  const known = elections.get(name);
  if (known?.token === token) return known;
  const made: Election = { token, since, askedAt: -1 as Time, answers: new Map() };
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
  const { answers } = electionOf(state, ctx, volume);
  // one that comes when somebody is chosen changes nothing
  const isChosen = state.pending.some(
    ({ operation }) => operation.kind === 'setLeader' && operation.volume === volume.name,
  );
  if (isChosen || answers.has(from)) return;
  answers.set(from, { node: from, tailTerm, ncl });
  trace(ctx, { kind: 'leader.answer', volume: volume.name, token: maxToken, replica: from, tailTerm, ncl });
}
