// Monitors of membership, lost disks and base images (docs/spec/wal.md §10, WAL-39, WAL-71): what the metadata commits,
// what replicas install, and what a recovery is told, held against the log as it truly is.

import type { NodeId, Time } from '../../base/ids.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import type { TracedEvent } from '../types.ts';
import {
  adoptTruth,
  baseTruth,
  dropTruth,
  groupTruth,
  isLostTruth,
  loseTruth,
  parseMembers,
  thinlyHeld,
  trueScl,
} from './log-truth.ts';
import { expectRule, type Monitors } from './monitor-state.ts';

/** Takes an event if it is about members, disks that were lost, or base images. */
export function observeMembers(m: Monitors, { event, node, at }: TracedEvent): void {
  switch (event.kind) {
    case 'node.down':
      if (event.mode === 'wiped' || event.mode === 'rolledBack') onDiskLost(m, node, event.mode);
      return;
    case 'disk.checked':
      onDiskChecked(m, at, node, event);
      return;
    case 'disk.rolledBack':
      onRollbackFound(m, at, node, event);
      return;
    case 'mark.known':
      m.highestPgmrpl = Math.max(m.highestPgmrpl, event.pgmrpl);
      return;
    case 'mark.pgmrpl':
      m.highestPgmrpl = Math.max(m.highestPgmrpl, event.value);
      return;
    case 'recovery.info':
      onRecoveryInfo(m, at, node, event);
      return;
    case 'group.members':
      onGroupMembers(m, at, node, event);
      return;
    case 'member.adopt':
      adoptTruth(m.truth, event.term, event.group, parseMembers(event.sets, event.learners));
      return;
    case 'member.install':
      onMemberInstall(m, at, node, event.group, event.memberEpoch);
      return;
    case 'member.dropped': {
      const group = groupTruth(m.truth, event.group);
      if (group) dropTruth(group, node);
      forgetReplica(m, node, event.group);
      return;
    }
    case 'base.chunk':
      if (event.pages === event.total) m.loadedImages.set(`${node}/${event.group}`, event.base);
      return;
    case 'base.installed':
      onBaseInstalled(m, at, node, event);
      return;
    default:
  }
}

/** Everything the replica had told or been asked is of a copy that is gone. */
function forgetReplica(m: Monitors, node: NodeId, group: string): void {
  const key = `${node}/${group}`;
  for (const map of [m.requests, m.acked, m.tokens, m.lostTokens, m.epochs, m.memberEpochs]) map.delete(key);
}

function onDiskLost(m: Monitors, node: NodeId, mode: 'wiped' | 'rolledBack', only?: string): void {
  for (const group of m.truth.groups) {
    if ((only ?? group.id) !== group.id) continue;
    const key = `${node}/${group.id}`;
    // An earlier disk may bring back a replica that has deleted itself since, as no member any more (seed 209).
    if (mode === 'rolledBack') m.rolledBack.add(key);
    else m.rolledBack.delete(key);
    if (!group.replicas.has(node)) continue;
    const token = Math.max(m.tokens.get(key) ?? 0, m.lostTokens.get(key) ?? 0);
    loseTruth(group, node);
    forgetReplica(m, node, group.id);
    m.lostTokens.set(key, token);
    m.lost.add(key);
  }
}

/**
 * WAL-75: a replica begins to serve. If its disk was put back, nothing that the metadata had heard of it may be missing;
 * it then goes on from what it has, as any replica does.
 */
function onDiskChecked(m: Monitors, at: Time, node: NodeId, e: TraceOf<'disk.checked'>): void {
  const key = `${node}/${e.group}`;
  if (!m.rolledBack.has(key)) return;
  const isBehind = e.memberEpoch < e.knownEpoch || e.sequence < e.knownSequence || e.scl < e.knownScl;
  expectRule(
    m,
    'member.rollback-found',
    !isBehind,
    at,
    node,
    () =>
      `${e.group} begins at memberEpoch ${e.memberEpoch}, superblock ${e.sequence}, SCL ${e.scl}; it had told ` +
      `${e.knownEpoch}, ${e.knownSequence}, ${e.knownScl}`,
  );
  if (!isBehind) m.lost.delete(key);
}

/** No false alarm: the disk was put back, or it has lost something that it had made durable. */
function onRollbackFound(m: Monitors, at: Time, node: NodeId, e: TraceOf<'disk.rolledBack'>): void {
  const key = `${node}/${e.group}`;
  const group = groupTruth(m.truth, e.group);
  const isTrue =
    m.truth.isLearning ||
    m.rolledBack.has(key) ||
    (group !== undefined && trueScl(group, node) > e.scl) ||
    (m.memberEpochs.get(key) ?? 0) > e.memberEpoch;
  const say = (): string => `${e.group} is deleted as rolled back, but its disk has lost nothing`;
  expectRule(m, 'member.rollback-found', isTrue, at, node, say);
  if (!m.rolledBack.has(key)) onDiskLost(m, node, 'rolledBack', e.group);
}

export function expectNotLost(m: Monitors, at: Time, node: NodeId, group: string, what: string): void {
  expectRule(
    m,
    'member.lost-is-learner',
    !m.lost.has(`${node}/${group}`),
    at,
    node,
    () => `${group} ${what} after its disk was lost, without a base image`,
  );
}

export function onMemberInstall(
  m: Monitors,
  at: Time,
  node: NodeId,
  group: string,
  memberEpoch: number,
): void {
  const key = `${node}/${group}`;
  const before = m.memberEpochs.get(key) ?? 0;
  expectRule(
    m,
    'member.epoch-monotone',
    memberEpoch >= before,
    at,
    node,
    () => `${group} has memberEpoch ${memberEpoch} after ${before}`,
  );
  m.memberEpochs.set(key, Math.max(before, memberEpoch));
}

function onBaseInstalled(m: Monitors, at: Time, node: NodeId, e: TraceOf<'base.installed'>): void {
  const group = groupTruth(m.truth, e.group);
  expectRule(
    m,
    'base.in-bounds',
    m.truth.isLearning || e.base <= Math.min(m.truth.vdl, m.highestPgmrpl),
    at,
    node,
    () => `${e.group} image at ${e.base}; VDL ${m.truth.vdl}, PGMRPL ${m.highestPgmrpl}`,
  );
  if (e.why === 'learner') {
    forgetReplica(m, node, e.group);
    m.lost.delete(`${node}/${e.group}`);
    m.rolledBack.delete(`${node}/${e.group}`);
  }
  m.requests.delete(`${node}/${e.group}`);
  m.loadedImages.delete(`${node}/${e.group}`);
  if (group) baseTruth(m.truth, group, node, e.base);
}

/** A superblock whose log begins at an image that was loaded whole is what that image made. */
export function onOpenedImage(m: Monitors, node: NodeId, e: TraceOf<'store.open'>): void {
  const key = `${node}/${e.group}`;
  const group = groupTruth(m.truth, e.group);
  if (group && m.rolledBack.delete(key) && !m.lost.has(key)) baseTruth(m.truth, group, node, e.logFloor);
  if (!group || m.loadedImages.get(key) !== e.logFloor) return;
  m.loadedImages.delete(key);
  m.lost.delete(key);
  baseTruth(m.truth, group, node, e.logFloor);
}

/**
 * WAL-39: a replica that has lost what it acknowledged keeps silent; only a truncation may take something back. What lies
 * at or below the VDL it knows is at a write quorum, and the recovery begins there.
 */
function onRecoveryInfo(m: Monitors, at: Time, node: NodeId, e: TraceOf<'recovery.info'>): void {
  const acked = m.acked.get(`${e.replica}/${e.group}`) ?? -1;
  expectRule(
    m,
    'recovery.damaged-abstains',
    Math.max(e.scl, e.knownVdl) >= acked,
    at,
    node,
    () => `${e.replica} tells SCL ${e.scl} of ${e.group}; it has acknowledged ${acked}`,
  );
}

/** WAL-21: two write quorums of a set meet, and a read quorum meets each of them. */
function onSets(m: Monitors, at: Time, node: NodeId, id: string, sets: readonly string[]): void {
  const group = groupTruth(m.truth, id);
  if (group === undefined) return;
  const most = Math.max(...sets.map((set) => set.split(',').length));
  expectRule(
    m,
    'member.quorums-meet',
    most < group.vr + group.vw && most < 2 * group.vw,
    at,
    node,
    () => `${id} has ${most} members: quorums of ${group.vw} and ${group.vr} of them need not meet`,
  );
}

function onGroupMembers(m: Monitors, at: Time, node: NodeId, e: TraceOf<'group.members'>): void {
  const before = m.members.get(e.group);
  m.members.set(e.group, { memberEpoch: e.memberEpoch, sets: e.sets });
  const now = e.sets.split('|');
  onSets(m, at, node, e.group, now);
  if (before === undefined) return;
  const isReopened = e.step === 'reopened';
  if (isReopened && e.memberEpoch === before.memberEpoch && e.sets === before.sets) return; // nothing new
  const old = before.sets.split('|');
  const isSame = before.sets === e.sets;
  const isBegun = old.length === 1 && now.length === 2 && now[0] === old[0];
  const isEnded = old.length === 2 && now.length === 1 && old.includes(e.sets);
  expectRule(
    m,
    'member.one-step',
    e.memberEpoch === before.memberEpoch + 1 && (isSame || isBegun || isEnded),
    at,
    node,
    () => `${e.group} went from ${before.sets} (${before.memberEpoch}) to ${e.sets} (${e.memberEpoch})`,
  );
  const group = groupTruth(m.truth, e.group);
  if (group === undefined || m.truth.isLearning || now.length > 1) return;
  const [members = []] = parseMembers(e.sets, '').sets;
  const able = members.filter((member) => !isLostTruth(group, member));
  const least = able.length - group.vr + 1; // one that has lost its disk answers no read
  const thin = thinlyHeld(group, members, least, m.truth.vdl);
  expectRule(
    m,
    'member.commit-safe',
    thin === null,
    at,
    node,
    () => `${e.group} is ${e.sets}: fewer than ${least} of them hold LSN ${thin}, which is durable`,
  );
}
