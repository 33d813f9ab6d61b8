// Failover and switchover as the leader of the metadata drives them (docs/spec/failover.md §2 to §6): it alone decides that a volume needs
// another writer, by heartbeats that are missing or of a later life of the holder's node (A7), chooses the candidate (FENCE-20), and has
// the grant committed before it tells anybody. Every decision is an entry, so a leader that follows goes on from what is committed.

import type { NodeId, Term, Time } from '../../base/ids.ts';
import { type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { isOfTablets } from '../page/page-key.ts';
import { hasQuorumInEverySet } from '../quorum/quorum.ts';
import type { MetaResult } from './apply-meta.ts';
import { driveChunks } from './chunk-placement.ts';
import { type ComputeGroup, groupOfVolume, isSwitch } from './compute-groups.ts';
import type { AttachmentHeard, SwitchHeard } from './failover-state.ts';
import { receiversOf } from './joined-nodes.ts';
import { driveElection } from './leader-driver.ts';
import { driveCold } from './merge-cold.ts';
import type { MetaOperation, VolumeContent } from './meta-content.ts';
import { proposeSwitch } from './meta-propose.ts';
import type { MetaState } from './meta-state.ts';
import { isCandidateUp } from './node-up.ts';
import { isLeading } from './pcs-raft.ts';
import { drivePlacement, transfer } from './placement-driver.ts';
import { tickSchema } from './schema-driver.ts';
import { driveSplits, knowsKeys } from './split-driver.ts';
import { driveHot } from './split-hot.ts';
import { volumeNamed } from './volumes.ts';

export const FAILOVER_TIMER = 'failover';

/** failoverAfterMs of pcs.md §1, in halves of a heartbeat. */
const FAILOVER_HALF_BEATS = 15;
/** drainMs of W2; the drain timeout of W3 and the Ready timeout of W4: in heartbeats. */
const DRAIN_BEATS = 1;
const SWITCH_BEATS = 5;
/** FENCE-57: for so long no write quorum may have answered before the standbys are asked, and so new is an answer that counts. */
const REACH_BEATS = 3;

export const failoverAfterUs = ({ beatUs }: MetaState): number => (beatUs * FAILOVER_HALF_BEATS) >> 1;

export function leadFailover(state: MetaState, ctx: RoleContext): void {
  const { computeGroups, sharding, storage } = state.content;
  if (computeGroups.length > 0 || sharding !== undefined || storage !== undefined)
    onFailoverTimer(state, ctx);
}

/** A drain is ordered. Where the metadata chooses writers, or cuts tables, it plans with every heartbeat's time already. */
export function followDrain(state: MetaState, ctx: RoleContext): void {
  const { computeGroups, sharding } = state.content;
  if (computeGroups.length === 0 && sharding === undefined) onFailoverTimer(state, ctx);
}

export function onFailoverTimer(state: MetaState, ctx: RoleContext): void {
  if (!isLeading(state)) return;
  followClock(state, ctx.now);
  for (const group of state.content.computeGroups) checkReach(state, ctx, group);
  driveFailover(state, ctx);
  tickSchema(state, ctx);
  drivePlacement(state, ctx);
  driveChunks(state, ctx);
  driveSplits(state, ctx);
  driveHot(state, ctx);
  driveCold(state, ctx);
  wakeAt(ctx, FAILOVER_TIMER, (ctx.now + state.beatUs) as Time);
}

/** After the clock was set back, times of heartbeats that lie ahead become the present. */
function followClock({ beats, failover }: MetaState, now: Time): void {
  if (failover.since > now) failover.since = now;
  for (const beat of beats.values()) if (beat.at > now) beat.at = now;
}

/** At every heartbeat that changes something, and at least once in a heartbeat's time. */
export function driveFailover(state: MetaState, ctx: RoleContext): void {
  for (const group of state.content.computeGroups) {
    const volume = volumeNamed(state.content, group.volume);
    if (volume !== null && !isDeciding(state, group.volume)) driveVolume(state, ctx, volume, group);
  }
}

/** FENCE-57: what the holder itself says of its stores, in this life and under its token; null: nothing. */
function holderReport(
  { failover }: MetaState,
  { name, holder, token }: VolumeContent,
  { holderBoot }: ComputeGroup,
): AttachmentHeard | null {
  const report = holder === null ? undefined : failover.reports.get(name)?.get(holder);
  return report?.boot === holderBoot && report.mode === 'rw' && report.token === token ? report : null;
}

/** For how long no write quorum has answered the holder, as it says; 0 where it says nothing. */
function silenceOf(state: MetaState, volume: VolumeContent, group: ComputeGroup): number {
  if (!volume.groups.some(isOfTablets)) return holderReport(state, volume, group)?.quorumUs ?? 0;
  const [descriptor] = volume.groups;
  const loads = volume.holder === null ? undefined : state.placement.figures.loads.get(volume.holder);
  return descriptor === undefined || volume.state !== 'OPEN'
    ? 0
    : (loads?.get(descriptor.group)?.silentUs ?? 0);
}

/** FENCE-57: the holder may be cut off from its stores, or does not come to the end of its recovery: who reaches them? */
function checkReach(state: MetaState, ctx: RoleContext, group: ComputeGroup): void {
  const volume = volumeNamed(state.content, group.volume);
  if (volume === null || volume.holder === null || volume.groups.length === 0) return;
  const { name, holder, token, groups } = volume;
  const granted = state.failover.granted.get(name);
  if (granted?.token !== token) state.failover.granted.set(name, { token, at: ctx.now });
  const writes = volume.state === 'OPEN' || volume.state === 'FREEZING';
  const isLate = !writes && granted?.token === token && ctx.now - granted.at >= failoverAfterUs(state);
  const silentUs = silenceOf(state, volume, group);
  if (!isLate && silentUs < REACH_BEATS * state.beatUs) return;
  if (!groups.some(isOfTablets))
    for (const { node } of candidates(state, group))
      if (node !== holder || isLate) send(ctx, node, { kind: 'CheckReach', volume: name, token, groups });
  const standby = whoReaches(state, ctx, volume, group);
  if (standby !== undefined && silentUs >= failoverAfterUs(state))
    trace(ctx, { kind: 'ha.cutOff', volume: name, token, writer: holder, silentUs, standby });
}

/** FENCE-57: a standby that is up, and that a write quorum of every group has just answered. */
const reachesStores = (state: MetaState, ctx: RoleContext, volume: string, node: NodeId): boolean => {
  const report = state.failover.reports.get(volume)?.get(node);
  const silence = report?.boot === state.beats.get(node)?.boot ? (report?.quorumUs ?? null) : null;
  return silence !== null && silence < REACH_BEATS * state.beatUs && isCandidateUp(state, ctx, node);
};

/** Of a tablet: a peer, where a write quorum is up without the holder; the election asks them all (PCS-49). */
function whoReaches(
  state: MetaState,
  ctx: RoleContext,
  { name, holder, groups }: VolumeContent,
  group: ComputeGroup,
): NodeId | undefined {
  const [tablet] = groups;
  if (tablet === undefined || !isOfTablets(tablet))
    return candidates(state, group).find(
      ({ node }) => node !== holder && reachesStores(state, ctx, name, node),
    )?.node;
  const isPeerUp = (node: NodeId): boolean => node !== holder && isCandidateUp(state, ctx, node);
  return hasQuorumInEverySet(tablet.sets, tablet.vw, isPeerUp)
    ? tablet.sets.flat().find(isPeerUp)
    : undefined;
}

/** An entry about who writes the volume is on its way. */
export const isDeciding = ({ pending }: MetaState, volume: string): boolean =>
  pending.some(({ operation }) => isSwitch(operation) && operation.volume === volume);

function driveVolume(state: MetaState, ctx: RoleContext, volume: VolumeContent, group: ComputeGroup): void {
  if (volume.token > 0 && volume.holder === null) {
    driveElection(state, ctx, volume);
    return;
  }
  const why = lostWriter(state, ctx, volume, group);
  if (why !== null && volume.created && volume.groups.some(isOfTablets)) {
    // An entry that the log does not take is proposed again at the next heartbeat: traced once, when it is taken.
    const { name, holder, token } = volume;
    if (!transfer(state, ctx, volume, null)) return;
    if (why === 'cut off' && holder !== null)
      state.failover.passedOver.set(name, { token: (token + 1) as Term, node: holder });
    trace(ctx, { kind: 'leader.lost', volume: name, leader: holder ?? '', why });
  } else if (why !== null) {
    choose(state, ctx, volume, group, why);
  } else if (volume.state === 'FREEZING') driveSwitch(state, ctx, volume, group);
  else {
    state.failover.switches.delete(group.volume);
    if (volume.state !== 'OPEN' && volume.holder !== null) sendPromote(state, ctx, volume, group);
  }
}

const heardAt = ({ beats, failover }: MetaState, node: NodeId): number =>
  Math.max(beats.get(node)?.at ?? failover.since, failover.since);

/** Why the volume needs another holder; null: it does not. */
function lostWriter(
  state: MetaState,
  ctx: RoleContext,
  volume: VolumeContent,
  group: ComputeGroup,
): string | null {
  const { holder } = volume;
  const { holderBoot } = group;
  if (holder === null) return 'first';
  if ((state.beats.get(holder)?.boot ?? 0) > holderBoot) return 'restarted';
  if (hasGivenUp(state, volume, holderBoot)) return 'gave up';
  if (ctx.now - heardAt(state, holder) >= failoverAfterUs(state)) return 'silent';
  return isCutOff(state, ctx, volume, group) ? 'cut off' : null;
}

/** FENCE-57: it lives, but its stores do not answer it, and would answer another. */
function isCutOff(state: MetaState, ctx: RoleContext, volume: VolumeContent, group: ComputeGroup): boolean {
  if (has(state.config.mutants, 'pcs.keeps-cut-off')) return false;
  if (silenceOf(state, volume, group) < failoverAfterUs(state)) return false;
  return whoReaches(state, ctx, volume, group) !== undefined;
}

/** FS-82: it lives, and says under the token that it holds that it writes no more: its mount is over. */
function hasGivenUp(
  { failover }: MetaState,
  { name, holder, token }: VolumeContent,
  holderBoot: number,
): boolean {
  const report = holder === null ? undefined : failover.reports.get(name)?.get(holder);
  return report?.mode === 'ro' && report.boot === holderBoot && report.token === token;
}

/** FENCE-20: the greatest priority, then the greatest apply LSN, then the lowest id, among those that are up and (FENCE-22) not far behind. */
function choose(
  state: MetaState,
  ctx: RoleContext,
  volume: VolumeContent,
  group: ComputeGroup,
  why: string,
): void {
  const { name, holder } = volume;
  const up = inOrder(
    candidates(state, group)
      .filter(({ node }) =>
        why === 'cut off'
          ? node !== holder && reachesStores(state, ctx, name, node)
          : isCandidateUp(state, ctx, node),
      )
      .map((member) => ({ ...member, applyLsn: appliedBy(state, name, member.node) })),
  );
  const first = why === 'first' ? firstMember(state, ctx, group) : null;
  const near = first === null ? passOver(state, ctx, name, up) : up;
  const candidate = first === null ? near[0] : up.find(({ node }) => node === first);
  if (candidate === undefined) {
    const said = state.failover.vain.get(name);
    if (first !== null || (said !== undefined && ctx.now - said < failoverAfterUs(state))) return;
    state.failover.vain.set(name, ctx.now);
    trace(ctx, { kind: 'ha.noCandidate', volume: name, why });
    return;
  }
  state.failover.vain.delete(name);
  const { node, priority, applyLsn } = candidate;
  const from = holder ?? '';
  trace(ctx, { kind: 'ha.candidate', volume: name, candidate: node, priority, applyLsn, why, from });
  grant(state, ctx, volume, node);
}

interface Applied {
  readonly node: NodeId;
  readonly applyLsn: number;
}

/**
 * FENCE-22, on shared storage: whoever is promoted reads metadata of WAL from its apply LSN on, so one that lags far would take long. Those that
 * do not, unless all do.
 */
function passOver<C extends Applied>(
  { config, failover }: MetaState,
  ctx: RoleContext,
  volume: string,
  up: readonly C[],
): readonly C[] {
  const { cluster, params, mutants } = config;
  if (cluster.chunks === undefined) return up;
  const reports = [...(failover.reports.get(volume)?.values() ?? [])];
  const vdl = Math.max(-1, ...reports.map(({ applyLsn }) => applyLsn));
  const lags = ({ applyLsn }: C): boolean => vdl - applyLsn > params.candidateMaxLagLsns;
  const near = up.filter((one) => !lags(one));
  for (const { node: candidate, applyLsn } of up.filter(lags))
    trace(ctx, { kind: 'ha.lags', volume, candidate, applyLsn, vdl, others: near.length });
  return near.length === 0 || has(mutants, 'pcs.ignores-lag') ? up : near;
}

const candidates = ({ config }: MetaState, { members, readers }: ComputeGroup): ComputeGroup['members'] =>
  has(config.mutants, 'pcs.promotes-reader')
    ? [...members, ...readers.map((node) => ({ node, priority: 0 }))]
    : members;

/** A volume that nobody has written: its first member makes it, if it is up within failoverAfterMs. */
function firstMember(state: MetaState, ctx: RoleContext, { members }: ComputeGroup): NodeId | null {
  const isLate = ctx.now - state.failover.since >= failoverAfterUs(state);
  return isLate ? null : (members[0]?.node ?? null);
}

/** The order of FENCE-20. */
export const inOrder = <M extends { node: NodeId; priority: number; applyLsn: number }>(
  members: readonly M[],
): M[] =>
  [...members].sort(
    (a, b) => b.priority - a.priority || b.applyLsn - a.applyLsn || (a.node < b.node ? -1 : 1),
  );

/** −1: this life of the node has reported nothing. */
export function appliedBy({ beats, failover }: MetaState, volume: string, node: NodeId): number {
  const report = failover.reports.get(volume)?.get(node);
  return report !== undefined && report.boot === beats.get(node)?.boot ? report.applyLsn : -1;
}

/** H1. */
function grant(state: MetaState, ctx: RoleContext, volume: VolumeContent, holder: NodeId): void {
  const { name, token } = volume;
  const holderBoot = state.beats.get(holder)?.boot ?? 0;
  if (has(state.config.mutants, 'pcs.promotes-early')) {
    const { created, groups } = volume;
    const early = (token + 1) as Term;
    const receivers = receiversOf(state.content, name, state.config.cluster);
    const grant = { volume: name, boot: holderBoot, token: early, created, groups, receivers };
    send(ctx, holder, { kind: 'Promote', ...grant });
  }
  proposeSwitch(state, ctx, { kind: 'promote', volume: name, holder, holderBoot, expect: token });
}

function sendPromote(
  state: MetaState,
  ctx: RoleContext,
  volume: VolumeContent,
  { holderBoot }: ComputeGroup,
): void {
  const { content, config } = state;
  const { name, token, holder, created, groups } = volume;
  if (holder === null || !knowsKeys(state, volume, holderBoot)) return;
  const receivers = receiversOf(content, name, config.cluster);
  send(ctx, holder, { kind: 'Promote', volume: name, boot: holderBoot, token, created, groups, receivers });
}

/** FENCE-20, and W4: what a node of the HA group is and has. */
export function onAttachmentReport(
  state: MetaState,
  ctx: RoleContext,
  from: NodeId,
  { volume: name, boot, mode, token, applyLsn, isFrozen, quorumUs }: MessageOf<'AttachmentReport'>,
): void {
  const volume = volumeNamed(state.content, name);
  const group = groupOfVolume(state.content, name);
  if (volume === null || group === null) return;
  const reports = state.failover.reports.get(name) ?? new Map();
  state.failover.reports.set(name, reports);
  if ((reports.get(from)?.boot ?? 0) > boot) return;
  reports.set(from, { boot, mode, token, applyLsn, isFrozen, quorumUs });
  if (volume.state === 'FREEZING') driveFailover(state, ctx);
  if (volume.state !== 'OPEN' || volume.writer === null) return;
  if (from !== volume.writer && token < volume.token)
    send(ctx, from, { kind: 'WriterIs', volume: name, writer: volume.writer, token: volume.token });
  else if (from === volume.writer && isFrozen) sendFreeze(ctx, volume, 'thaw', 0);
}

const sendFreeze = (
  ctx: RoleContext,
  { name, token, writer }: VolumeContent,
  what: 'freeze' | 'thaw',
  drainMs: number,
): void => {
  if (writer !== null) send(ctx, writer, { kind: 'Freeze', volume: name, token, what, drainMs });
};

/** W2 to W5; what takes too long is given up (FENCE-34). */
function driveSwitch(state: MetaState, ctx: RoleContext, volume: VolumeContent, group: ComputeGroup): void {
  const { name } = volume;
  const { target } = group;
  const known = state.failover.switches.get(name);
  const isOwn = known !== undefined && known.term === volume.token;
  // another leader began it: what it knew is lost (vector F12)
  if (!isOwn || target === null) {
    thaw(state, ctx, volume, 'leader');
    return;
  }
  const { since, vdl, handedAt } = known;
  const limitUs = SWITCH_BEATS * state.beatUs;
  if (vdl === null) {
    // FENCE-57: a writer that its stores do not answer cannot drain; it goes on only if nobody can take its place
    const isWaiting = silenceOf(state, volume, group) >= REACH_BEATS * state.beatUs;
    const limit = isWaiting ? limitUs + failoverAfterUs(state) : limitUs;
    if (ctx.now - since >= limit) thaw(state, ctx, volume, 'drain');
    else sendFreeze(ctx, volume, 'freeze', drainMs(state));
  } else if (isCandidateUp(state, ctx, target) && appliedBy(state, name, target) >= vdl)
    grant(state, ctx, volume, target);
  else if (ctx.now - handedAt >= limitUs) thaw(state, ctx, volume, 'ready');
}

const drainMs = ({ beatUs }: MetaState): number => Math.ceil((DRAIN_BEATS * beatUs) / 1000);

function thaw(state: MetaState, ctx: RoleContext, { name, token }: VolumeContent, why: string): void {
  const target = groupOfVolume(state.content, name)?.target ?? '';
  trace(ctx, { kind: 'ha.switch', volume: name, target, state: why });
  proposeSwitch(state, ctx, { kind: 'setState', volume: name, term: token, state: 'OPEN' });
}

/** W3. */
export function onHandoff(
  state: MetaState,
  ctx: RoleContext,
  from: NodeId,
  { volume: name, token, vdl }: MessageOf<'Handoff'>,
): void {
  const volume = volumeNamed(state.content, name);
  const known = state.failover.switches.get(name);
  if (volume?.state !== 'FREEZING' || volume.writer !== from || volume.token !== token) return;
  if (known === undefined || known.term !== token || known.vdl !== null) return;
  known.vdl = vdl;
  known.handedAt = ctx.now;
  driveFailover(state, ctx);
}

/** What an entry brings about at the leader that proposed it. */
export function followSwitch(
  state: MetaState,
  ctx: RoleContext,
  operation: MetaOperation,
  result: MetaResult,
): void {
  if (!isSwitch(operation) && operation.kind !== 'setWriter') return;
  const volume = volumeNamed(state.content, operation.volume);
  const group = groupOfVolume(state.content, operation.volume);
  if (volume === null || group === null) return;
  const { name } = volume;
  if ((operation.kind === 'promote' || operation.kind === 'setLeader') && result.kind === 'granted') {
    state.failover.switches.delete(name);
    sendPromote(state, ctx, volume, group);
  } else if (operation.kind === 'switchover' && result.kind === 'stateSet') {
    const known: SwitchHeard = { term: volume.token, since: ctx.now, vdl: null, handedAt: ctx.now };
    state.failover.switches.set(name, known);
    trace(ctx, { kind: 'ha.switch', volume: name, target: operation.target, state: 'begin' });
    sendFreeze(ctx, volume, 'freeze', drainMs(state));
  } else if (operation.kind === 'switchover' && result.kind === 'switchRefused')
    trace(ctx, { kind: 'ha.switch', volume: name, target: operation.target, state: result.code });
  else if (operation.kind === 'setState' && result.kind === 'stateSet') sendFreeze(ctx, volume, 'thaw', 0);
  else if (operation.kind === 'moveToHa' && result.kind === 'groupSet')
    trace(ctx, { kind: 'ha.member', volume: name, node: operation.node, priority: operation.priority });
  else if (operation.kind === 'setWriter' && volume.state === 'OPEN') announce(ctx, volume, group);
}

/** H8: readers join the new writer; one that wrote before and is still there learns that it does no more (W7). */
function announce(ctx: RoleContext, { name, writer, token }: VolumeContent, group: ComputeGroup): void {
  if (writer === null) return;
  for (const node of [...group.members.map(({ node: id }) => id), ...group.readers])
    if (node !== writer) send(ctx, node, { kind: 'WriterIs', volume: name, writer, token });
}
