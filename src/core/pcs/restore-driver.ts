// Drives restores to a point in time once they are entries (docs/spec/wal.md WAL-45): has every replica loaded, and gives the
// volume to its writer. What is under way at the stores is memory only and sent anew with every heartbeat; the job itself is
// in the log, so a restart of the metadata goes on with it. What the object store has lost stops the job, which says which
// object of which group. A replica that makes no progress is not waited for for ever: the volume opens with a write quorum
// of every group, and the rest are made anew from it, as members that have lost their disks are (WAL-71).

import type { GroupId, NodeId, Time } from '../../base/ids.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { nodesOf, votersOf } from '../placement/membership.ts';
import { hasQuorumInEverySet } from '../quorum/quorum.ts';
import type { MetaContent, MetaOperation, Restore, VolumeContent } from './meta-content.ts';
import type { RestoreDriver, RestoreProgress } from './restore-state.ts';
import type { RestoreResult } from './restores.ts';
import { volumeNamed, volumeOfGroup } from './volumes.ts';

/** Groups of volumes that are gone that a spare node receives with its heartbeats. */
const MAX_TAKEN = 32;

export type EndEntry = Omit<Extract<MetaOperation, { kind: 'endRestore' }>, 'from' | 'boot' | 'reqId'>;

const endOf = (volume: string, outcome: EndEntry['outcome'], why: Partial<EndEntry> = {}): EndEntry => ({
  kind: 'endRestore',
  volume,
  outcome,
  code: '',
  object: '',
  group: '',
  ...why,
});

export const cancelEntry = (volume: string): EndEntry => endOf(volume, 'cancelled');

// Load: every replica of every group, from what the entry says.

function orderReplica(
  d: RestoreDriver,
  ctx: RoleContext,
  restore: Restore,
  descriptor: Descriptor,
  to: NodeId,
  boot: number,
): void {
  const own = restore.groups.find(({ group }) => group === descriptor.group);
  if (!own || d.archive === null) return;
  const { volume, source, lsn, history } = restore;
  const { source: sourceGroup, base, parts, logs } = own;
  send(ctx, to, {
    kind: 'RestoreReplica',
    volume,
    source,
    sourceGroup,
    descriptor,
    lsn,
    history,
    base,
    parts,
    logs,
    archive: d.archive,
    boot,
  });
}

/** What a store hosts, and what it does not yet: it is instructed again, or instructed that it is not wanted any more. */
export function onRestoreBeat(
  d: RestoreDriver,
  content: MetaContent,
  ctx: RoleContext,
  from: NodeId,
  { groups, boot }: MessageOf<'NodeBeat'>,
): EndEntry[] {
  const hosted = new Set(groups.map(({ group }) => group));
  for (const { volume, group } of content.dropped)
    if (hosted.has(group)) dropReplica(ctx, from, volume, group);
  if (d.spares.has(from) && content.dropped.length > 0) {
    const newest = content.dropped.slice(-MAX_TAKEN).map(({ group }) => group);
    send(ctx, from, { kind: 'VolumeTaken', groups: newest });
  }
  const wanted: EndEntry[] = [];
  for (const restore of content.restores) {
    const volume = volumeNamed(content, restore.volume);
    if (restore.state !== 'loading' || !volume) continue;
    if (!d.since.has(volume.name)) d.since.set(volume.name, ctx.now);
    for (const descriptor of volume.groups) {
      if (!votersOf(descriptor).includes(from)) continue;
      recordLoaded(d, descriptor.group, from, hosted.has(descriptor.group));
      if (!hosted.has(descriptor.group)) orderReplica(d, ctx, restore, descriptor, from, boot);
    }
    if (mayOpen(d, volume, ctx.now)) wanted.push(endOf(restore.volume, 'done'));
  }
  return wanted;
}

function recordLoaded(d: RestoreDriver, group: GroupId, node: NodeId, isHosted: boolean): void {
  const loaded = d.loaded.get(group) ?? new Set<NodeId>();
  if (isHosted) loaded.add(node);
  else loaded.delete(node);
  d.loaded.set(group, loaded);
}

/** Members that are not known to be loaded. */
export const lackingOf = (d: RestoreDriver, descriptor: Descriptor): NodeId[] =>
  votersOf(descriptor).filter((node) => !d.loaded.get(descriptor.group)?.has(node));

/** Every replica is loaded; or each group has its write quorum, and the others have long made no progress. */
function mayOpen(d: RestoreDriver, { name, groups }: VolumeContent, now: Time): boolean {
  return groups.every((descriptor) => {
    const lacking = lackingOf(d, descriptor);
    if (lacking.length === 0 || has(d.mutants, 'restore.opens-early')) return true;
    const isLoaded = (node: NodeId): boolean => !lacking.includes(node);
    const isEnough = hasQuorumInEverySet([votersOf(descriptor)], descriptor.vw, isLoaded);
    const movedAt = (node: NodeId): Time =>
      d.progress.get(descriptor.group)?.get(node)?.at ?? d.since.get(name) ?? now;
    return isEnough && lacking.every((node) => movedAt(node) + d.waitUs <= now);
  });
}

/** How far a replica is; one that cannot go on stops the restore. */
export function onRestoreReport(
  d: RestoreDriver,
  content: MetaContent,
  ctx: RoleContext,
  from: NodeId,
  report: MessageOf<'RestoreReport'>,
): EndEntry | null {
  const { group, volume: name, phase, done, total, bytes, code, object } = report;
  const volume = volumeOfGroup(content, group);
  const restore = content.restores.find((one) => one.volume === volume?.name);
  if (!volume || !restore || restore.state === 'done') {
    // over, or open without this replica, which is made anew from the others
    send(ctx, from, { kind: 'DropReplica', volume: name, group, isMade: false });
    return null;
  }
  const byNode = d.progress.get(group) ?? new Map<NodeId, RestoreProgress>();
  const before = byNode.get(from);
  const at = before && before.done >= done ? before.at : ctx.now;
  if (phase !== 'waiting') byNode.set(from, { phase, done, total, bytes, at });
  d.progress.set(group, byNode);
  if (phase !== 'failed' || restore.state !== 'loading') return null;
  return endOf(name, 'failed', { code, object, group });
}

const dropReplica = (ctx: RoleContext, to: NodeId, volume: string, group: GroupId): void =>
  send(ctx, to, { kind: 'DropReplica', volume, group, isMade: true });

/** A volume is gone: its stores and its writer are notified at once, and those who miss it with their next heartbeat. */
export function followDrop(ctx: RoleContext, { name, groups, writers }: VolumeContent): void {
  for (const descriptor of groups)
    for (const node of nodesOf(descriptor)) dropReplica(ctx, node, name, descriptor.group);
  const gone = groups.map(({ group }) => group);
  for (const writer of writers) send(ctx, writer, { kind: 'VolumeTaken', groups: gone });
}

/** A restore's entry is applied: sent to the stores, and to the writer when the volume is its own. */
export function followRestore(
  d: RestoreDriver,
  ctx: RoleContext,
  result: Extract<RestoreResult, { kind: 'restoreBegun' | 'restoreEnded' }>,
  boots: ReadonlyMap<NodeId, number>,
): void {
  const { restore, volume } = result;
  for (const descriptor of volume.groups)
    for (const node of votersOf(descriptor)) {
      const boot = boots.get(node);
      if (result.kind === 'restoreBegun') {
        if (boot !== undefined) orderReplica(d, ctx, restore, descriptor, node, boot);
      } else if (result.outcome === 'cancelled') dropReplica(ctx, node, volume.name, descriptor.group);
    }
  if (result.kind === 'restoreBegun') return;
  for (const { group } of volume.groups) {
    d.loaded.delete(group);
    d.progress.delete(group);
  }
  d.since.delete(volume.name);
  if (result.outcome !== 'done') return;
  const first = volume.groups[0]?.group ?? '';
  for (const writer of volume.writers) send(ctx, writer, { kind: 'VolumeGiven', volume: volume.name, first });
}
