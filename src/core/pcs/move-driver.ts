// Drives the open membership changes from the reports of stores (docs/spec/wal.md §10, placement.md §4): who has installed a step,
// how far the new member has come, who has lost its disk. Everything here is memory of the metadata's leader and is
// reported anew after a restart: heartbeats repeat it, so no step needs a timer of its own. A step is proposed only when the one
// before it is complete (WAL-62) and, but for a rollback, while the volume is OPEN (WAL-69).

import type { GroupId, Lsn, NodeId, Term, Time } from '../../base/ids.ts';
import { NONE } from '../../base/ids.ts';
import { type RoleContext, send, trace } from '../kernel/context.ts';
import type { Descriptor, ReplicaReport } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has, type Mutants } from '../kernel/mutants.ts';
import { hasNode, nodesOf, votersOf } from '../placement/membership.ts';
import { hasQuorumInEverySet } from '../quorum/quorum.ts';
import { pgclOf } from '../quorum-log/watermarks.ts';
import type { MetaOperation, Move, VolumeContent } from './meta-content.ts';
import type { CopiedByGroup } from './move-copied.ts';
import { moveOf } from './moves.ts';
import type { GroupPlace } from './volumes.ts';

/** Last report of a replica under its present membership. */
interface Reported {
  readonly memberEpoch: number;
  readonly volumeEpoch: Term;
  readonly scl: Lsn;
}

export interface MoveDriver {
  readonly learnerLag: number;
  readonly moveTimeoutUs: number;
  readonly mutants: Mutants;
  /** Highest boot epoch received of each node (PCS-2). */
  readonly boots: Map<NodeId, number>;
  /** By group, then node: the last report or ack. */
  readonly reported: Map<GroupId, Map<NodeId, Reported>>;
  readonly copied: CopiedByGroup;
  /** SCL that the new member must reach, by group; known once its DUAL step is complete (WAL-64). */
  readonly targets: Map<
    GroupId,
    { readonly memberEpoch: number; readonly token: Term; readonly scl: number }
  >;
}

export const makeMoveDriver = (learnerLag: number, moveTimeoutUs: number, mutants: Mutants): MoveDriver => ({
  learnerLag,
  moveTimeoutUs,
  mutants,
  boots: new Map(),
  reported: new Map(),
  copied: new Map(),
  targets: new Map(),
});

/** An entry to propose; its request id is the metadata's own business. */
type Wanted<K extends MetaOperation['kind']> = Omit<
  Extract<MetaOperation, { kind: K }>,
  'from' | 'boot' | 'reqId'
>;
export type WantedEntry = Wanted<'beginMove'> | Wanted<'memberStep'>;

export const reportOf = (driver: MoveDriver, group: GroupId, node: NodeId): Reported | null =>
  driver.reported.get(group)?.get(node) ?? null;

function recordReport(driver: MoveDriver, group: GroupId, node: NodeId, report: Reported): void {
  let replicas = driver.reported.get(group);
  if (!replicas) {
    replicas = new Map();
    driver.reported.set(group, replicas);
  }
  replicas.set(node, report);
}

export function installMembers(ctx: RoleContext, volume: string, descriptor: Descriptor, to: NodeId): void {
  send(ctx, to, { kind: 'InstallMembers', volume, descriptor, origin: 'meta' });
}

/** A step was committed: everyone it concerns is instructed at once; later their heartbeats show who did not receive it. */
export function announceStep(ctx: RoleContext, volume: string, move: Move, descriptor: Descriptor): void {
  const concerned = new Set([...move.before.flat(), ...nodesOf(descriptor)]);
  for (const node of concerned) installMembers(ctx, volume, descriptor, node);
}

export function onMembersAck(driver: MoveDriver, from: NodeId, ack: MessageOf<'MembersAck'>): void {
  const { group, memberEpoch, volumeEpoch, scl } = ack;
  const known = reportOf(driver, group, from);
  if (ack.refused || (known && known.memberEpoch > memberEpoch)) return;
  recordReport(driver, group, from, { memberEpoch, volumeEpoch, scl });
}

/**
 * A heartbeat of a store: reports count like acks, a replica that is behind is instructed, and a member that does not host its
 * group although it knew the present map (`knewAll`) has lost its disk (F24). Returns what is to be proposed.
 */
export function onStoreReport(
  driver: MoveDriver,
  volume: VolumeContent,
  ctx: RoleContext,
  from: NodeId,
  { groups }: MessageOf<'NodeBeat'>,
  knewAll: boolean,
): WantedEntry[] {
  const wanted: WantedEntry[] = [];
  if (!volume.created) return wanted;
  // Of several on one group the last counts.
  const reports = new Map(groups.map((report) => [report.group, report]));
  for (const descriptor of volume.groups) {
    const report = reports.get(descriptor.group) ?? null;
    const isMember = hasNode(descriptor, from);
    if (report) takeReport(driver, from, report);
    else if (isMember) driver.reported.get(descriptor.group)?.delete(from);
    else if (knewAll) recordGone(driver, descriptor, from);
    const isBehind = report !== null && report.memberEpoch < descriptor.memberEpoch;
    const isNew = report === null && descriptor.learners.includes(from);
    if (isBehind || isNew || (report !== null && !isMember))
      installMembers(ctx, volume.name, descriptor, from);
    const isVoter = descriptor.sets.some((set) => set.includes(from));
    if (!isVoter || !knewAll || (report !== null && !report.failed)) continue;
    const lost = onLost(driver, volume, descriptor, from, ctx.now);
    if (lost !== null) wanted.push(lost);
  }
  return wanted;
}

/** A node that is no member and hosts nothing can acknowledge nothing under older members: it counts as having the step. */
function recordGone(driver: MoveDriver, { group, memberEpoch }: Descriptor, node: NodeId): void {
  recordReport(driver, group, node, { memberEpoch, volumeEpoch: 0 as Term, scl: NONE });
}

function takeReport(driver: MoveDriver, from: NodeId, report: ReplicaReport): void {
  const { group, memberEpoch, volumeEpoch, scl, failed } = report;
  if (failed) driver.reported.get(group)?.delete(from);
  else recordReport(driver, group, from, { memberEpoch, volumeEpoch, scl });
}

/** A lost member is replaced on its own node; a new member that is lost in DUAL ends the change (WAL-67, WAL-71). */
function onLost(
  driver: MoveDriver,
  volume: VolumeContent,
  descriptor: Descriptor,
  node: NodeId,
  now: Time,
): WantedEntry | null {
  const { group, memberEpoch } = descriptor;
  const move = moveOf(volume, group);
  if (move?.phase === 'joint' && move.to === node)
    return { kind: 'memberStep', group, step: 'abort', memberEpoch };
  const isTooFew = votersOf(descriptor).length <= descriptor.vw;
  if (move || volume.state !== 'OPEN' || isTooFew) return null;
  const deadline = now + driver.moveTimeoutUs;
  return { kind: 'beginMove', group, source: node, to: node, isLost: true, at: now, deadline };
}

/** WAL-62: vw of every set before and after the step have it. */
export function isStepComplete(driver: MoveDriver, descriptor: Descriptor, move: Move): boolean {
  const hasStep = (node: NodeId): boolean => hasInstalled(driver, descriptor, node);
  return hasQuorumInEverySet([...move.before, ...descriptor.sets], descriptor.vw, hasStep);
}

export function hasInstalled(driver: MoveDriver, { group, memberEpoch }: Descriptor, node: NodeId): boolean {
  return (reportOf(driver, group, node)?.memberEpoch ?? 0) >= memberEpoch;
}

type StepName = Wanted<'memberStep'>['step'];

/** The next step of the group's open change, or null while something is waited for; what is overdue is taken back while it can be. */
export function nextStep(
  driver: MoveDriver,
  ctx: RoleContext,
  place: GroupPlace,
  move: Move,
  isOverdue: boolean,
): WantedEntry | null {
  const { group, memberEpoch } = place.descriptor;
  const step = chooseStep(driver, ctx, place, move, isOverdue);
  return step === null ? null : { kind: 'memberStep', group, step, memberEpoch };
}

function chooseStep(
  driver: MoveDriver,
  ctx: RoleContext,
  { volume, descriptor }: GroupPlace,
  move: Move,
  isOverdue: boolean,
): StepName | null {
  const isComplete = isStepComplete(driver, descriptor, move);
  // what was removed to be made anew cannot be taken back: it is waited for
  const isWaitedFor = move.isLost || (move.from === move.to && move.phase !== 'removing');
  const giveUp: StepName | null = isOverdue && !isWaitedFor ? 'abort' : null;
  if (move.phase === 'leaving' || move.phase === 'aborting') return isComplete ? 'finish' : null;
  if (volume.state !== 'OPEN') return giveUp;
  switch (move.phase) {
    case 'removing':
      return isComplete ? 'leaveJoint' : giveUp;
    case 'removed':
      return isComplete ? 'addLearner' : null;
    case 'learner':
      if (has(driver.mutants, 'meta.no-dual') && reportOf(driver, move.group, move.to)) return 'switch';
      return isComplete && isNear(driver, volume, descriptor, move.to) ? 'enterJoint' : giveUp;
    case 'joint':
      return isComplete && mayCommit(driver, volume, ctx, descriptor, move) ? 'leaveJoint' : giveUp;
  }
}

/** placement.md §4 phase 1: the learner holds its base image and is close behind what the voters have complete. */
function isNear(driver: MoveDriver, volume: VolumeContent, descriptor: Descriptor, node: NodeId): boolean {
  const report = currentReport(driver, volume, descriptor, node);
  if (!report) return false;
  const voters = votersOf(descriptor);
  const scls = voters.map((voter) => reportOf(driver, descriptor.group, voter)?.scl ?? -1);
  const pgcl = pgclOf([voters.map((_, i) => i)], descriptor.vw, (i) => scls[i] ?? -1);
  return pgcl >= 0 && report.scl >= pgcl - driver.learnerLag;
}

/** What a node reported under the present membership and the volume's present history. */
function currentReport(
  driver: MoveDriver,
  volume: VolumeContent,
  { group, memberEpoch }: Descriptor,
  node: NodeId,
): Reported | null {
  const report = reportOf(driver, group, node);
  return report && report.memberEpoch === memberEpoch && report.volumeEpoch === volume.token ? report : null;
}

/** WAL-64: the new member holds all that the old set may have committed before DUAL, or a recovery passed R6 in it. */
function mayCommit(
  driver: MoveDriver,
  volume: VolumeContent,
  ctx: RoleContext,
  descriptor: Descriptor,
  move: Move,
): boolean {
  if (volume.token > move.token) return true;
  const { group, memberEpoch } = descriptor;
  const report = currentReport(driver, volume, descriptor, move.to);
  let target = driver.targets.get(group);
  if (target?.memberEpoch !== memberEpoch || target.token !== volume.token) {
    target = { memberEpoch, token: volume.token, scl: targetScl(driver, volume, descriptor) };
    driver.targets.set(group, target);
    const scl = report?.scl ?? -1;
    trace(ctx, { kind: 'group.move.catchup', group, to: move.to, scl, target: target.scl });
  }
  return report !== null && report.scl >= target.scl;
}

/** The largest SCL of the old set's answers; one under an older history counts as −1. */
function targetScl(driver: MoveDriver, volume: VolumeContent, descriptor: Descriptor): number {
  let target = -1;
  for (const node of descriptor.sets[0] ?? []) {
    const report = reportOf(driver, descriptor.group, node);
    if (report && report.memberEpoch >= descriptor.memberEpoch && report.volumeEpoch >= volume.token)
      target = Math.max(target, report.scl);
  }
  return target;
}
