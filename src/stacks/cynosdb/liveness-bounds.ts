// What a cluster of CynosDB owes while faults last (sim/sweep/liveness.ts): a hole is filled when a sound peer can give its
// records (HOLE-29, 30, 37), a page read is answered when a sound replica can serve it (WAL-27), a commit when sound write
// quorums can take its log (WAL-12, WAL-19), PGMRPL never passes an open snapshot (WAL-25), and GC leaves what a pinned image still takes (WAL-36). A harness looks into states and the fabric.

import { present } from '../../base/assert.ts';
import type { NodeId } from '../../base/ids.ts';
import { type Attachment, volumeOf } from '../../core/compute/attachment-state.ts';
import { computeRole } from '../../core/compute/compute-role.ts';
import { engineProgram } from '../../core/engine/engine.ts';
import type { EngineState } from '../../core/engine/engine-state.ts';
import { type NodeState, partOf } from '../../core/kernel/node.ts';
import type { Params } from '../../core/kernel/params.ts';
import { nclOf, nextHole } from '../../core/log-store/holes/hole-list.ts';
import { discoverEnd } from '../../core/log-store/holes/hole-state.ts';
import { lastNotAbove } from '../../core/log-store/replica/blocks.ts';
import { pendingOf } from '../../core/log-store/replica/pages.ts';
import type { Group, StoreState } from '../../core/log-store/replica/state.ts';
import { isOpen } from '../../core/log-store/replica/superblock.ts';
import { storeRole } from '../../core/log-store/store-role.ts';
import { hasQuorumInEverySet } from '../../core/quorum/quorum.ts';
import { RESEND_BATCHES } from '../../core/quorum-log/writer-send.ts';
import type { PendingRead, WriterState } from '../../core/quorum-log/writer-state.ts';
import { roundTripUs, slowestSyncUs } from '../../presets/round-trip.ts';
import type { Fabric } from '../../sim/fabric-state.ts';
import type { LivenessBound } from '../../sim/sweep/liveness.ts';
import { linkOf } from '../../sim/traffic.ts';
import type { World } from '../../sim/world.ts';

const compute = computeRole(engineProgram);

/** Rounds of asking that a due may take: an answer may find its asker at another request, or a queue before it. */
const ROUNDS = 4;
/** Pages of a pinned image that are looked at: those that are copied next. */
const NEXT_PAGES = 16;

interface Look {
  readonly fabric: Fabric;
  readonly params: Params;
  readonly stores: ReadonlyMap<NodeId, StoreState>;
}

export function livenessBoundsOf({ fabric, runners }: World<unknown, unknown>): LivenessBound[] {
  const stores = new Map<NodeId, StoreState>();
  const owed: LivenessBound[] = [];
  for (const [id, { state }] of runners) {
    const store = partOf(state as NodeState, storeRole);
    if (store !== null) stores.set(id, store);
  }
  const look: Look = { fabric, params: fabric.params, stores };
  for (const [id, { state }] of runners)
    for (const attachment of partOf(state as NodeState, compute)?.attachments ?? [])
      if (attachment.status === 'open' && attachment.writer !== null)
        owed.push(...ofWriter(look, id, attachment, attachment.writer));
  for (const [id, store] of stores)
    for (const group of store.groups.values()) {
      const hole = ofHole(look, id, store, group);
      if (hole !== null) owed.push(hole);
      owed.push(...ofPins(id, group));
    }
  return owed;
}

/** Up, not frozen, and with nothing set on it: its clock, its disk and its processor are as they should be. */
function isSound({ nodes, indexOf }: Fabric, id: NodeId): boolean {
  const node = nodes[indexOf.get(id) ?? -1];
  return node !== undefined && node.status === 'up' && !node.isFrozen && node.settings.size === 0;
}

function isClear(fabric: Fabric, a: NodeId, b: NodeId): boolean {
  const from = fabric.indexOf.get(a) ?? -1;
  const to = fabric.indexOf.get(b) ?? -1;
  return isSound(fabric, b) && isUnhurt(fabric, from, to) && isUnhurt(fabric, to, from);
}

function isUnhurt({ traffic, now }: Fabric, from: number, to: number): boolean {
  const link = linkOf(traffic, from, to);
  return (
    !link.isCut &&
    !link.isHeld &&
    link.lossPercent + link.corruptPercent + link.reorderPercent === 0 &&
    link.baseUs === link.presetBaseUs &&
    link.jitterUs === link.presetJitterUs &&
    link.bytesPerMs === 0 &&
    link.next.length === 0 &&
    link.lastArrival <= now + 2 * (link.presetBaseUs + link.presetJitterUs)
  );
}

/** It takes part, and it has lost nothing. One that was found at a start says nothing until the metadata knows of it (WAL-75). */
const isServing = ({ lifecycle, unchecked }: StoreState, group: Group): boolean =>
  lifecycle.kind === 'working' &&
  !unchecked.has(group.id) &&
  group.service.kind === 'serving' &&
  group.failure === '' &&
  isOpen(group.superblock) &&
  group.repair.damaged.length === 0;

/** Nothing of a recovery is on its way either. */
const isAtWork = (store: StoreState, group: Group): boolean =>
  isServing(store, group) && group.control.queue.length === 0 && group.control.write.kind === 'idle';

function ofHole(look: Look, id: NodeId, store: StoreState, group: Group): LivenessBound | null {
  const { holes } = group;
  if (!isAtWork(store, group) || holes.mode !== 'normal' || group.repair.isPaused) return null;
  const hole = nextHole(holes.list, holes.list.init, discoverEnd(holes));
  if (hole === null || hole[0] <= holes.logFloor || !isSound(look.fabric, id)) return null;
  const [first] = hole;
  const giver = holes.peers.find(({ peerId }) => canGive(look, id, group, peerId, first));
  if (giver === undefined) return null;
  const { discoverEvery, backoffBase, backoffMaxExp } = holes.params;
  // Asked of every other peer first, each of which keeps silent for its whole limit, and the giver itself is suspect.
  const silentUs = holes.peers.reduce((sum, { limit }) => sum + limit, 0);
  const round =
    discoverEvery +
    silentUs +
    backoffBase * 2 ** backoffMaxExp +
    2 * roundTripUs(look.params, look.fabric.cluster);
  return {
    rule: 'hole.filled-in-time',
    key: `hole ${id} ${group.id} ${first}`,
    boundUs: ROUNDS * round,
    say: () => `${group.id} on ${id} lacks [${hole[0]}, ${hole[1]}), which ${giver.peerId} can give,`,
  };
}

function canGive({ fabric, stores }: Look, id: NodeId, group: Group, peer: NodeId, first: number): boolean {
  const store = stores.get(peer);
  const other = store?.groups.get(group.id);
  if (store === undefined || other === undefined || !isAtWork(store, other)) return false;
  const { superblock, holes } = other;
  return (
    superblock.volumeEpoch === group.superblock.volumeEpoch &&
    superblock.descriptor.memberEpoch === group.superblock.descriptor.memberEpoch &&
    holes.mode === 'normal' &&
    holes.pgcl >= group.holes.pgcl &&
    nclOf(holes.list) >= first &&
    holes.logFloor < first &&
    isClear(fabric, id, peer)
  );
}

/** An image that somebody copies: each page of it that is still to come can be made (WAL-36), if damage has not taken it. */
function ofPins(id: NodeId, group: Group): LivenessBound[] {
  const owed: LivenessBound[] = [];
  for (const [owner, { base, keys, sent }] of group.gc.pins) {
    const gone = keys.slice(sent, sent + NEXT_PAGES).find((key) => {
      const block = group.pages.blocks.get(key);
      if (block === undefined) return true;
      if (block.lost >= 0) return false;
      return pendingOf(group, block, lastNotAbove(block.versions, base), base) === null;
    });
    if (group.failure !== '' || group.repair.damaged.length > 0) continue;
    owed.push({
      rule: 'page.pinned-kept',
      isKept: gone === undefined,
      say: () => `${group.id} on ${id} cannot make page ${gone} as of ${base}, which ${owner} copies`,
    });
  }
  return owed;
}

function ofWriter(
  look: Look,
  id: NodeId,
  attachment: Attachment<EngineState>,
  writer: WriterState,
): LivenessBound[] {
  const owed: LivenessBound[] = [];
  for (const { key, tx } of attachment.engine.sessions.values()) {
    const readPoint = tx?.snapshot?.readPoint;
    if (readPoint === undefined) continue;
    const say = (): string =>
      `PGMRPL of ${volumeOf(attachment)} is ${writer.pgmrpl}, and session ${key} reads at ${readPoint}`;
    owed.push({ rule: 'read.floor-below-readers', isKept: readPoint >= writer.pgmrpl, say });
  }
  if (writer.fencedBy !== null || !isSound(look.fabric, id)) return owed;
  const commit = ofCommit(look, id, attachment, writer);
  if (commit !== null) owed.push(commit);
  for (const read of writer.reads.values()) {
    const group = writer.groups[read.group];
    const able = group?.replicas.find(
      ({ node, progress }) => progress.kind !== 'probe' && canServe(look, id, writer, read, node),
    );
    if (group === undefined || able === undefined) continue;
    const round =
      group.replicas.length * writer.limits.readTimeoutUs + roundTripUs(look.params, look.fabric.cluster);
    owed.push({
      rule: 'page.read-in-time',
      key: `read ${id} ${writer.volume} ${writer.term} ${read.reqId}`,
      boundUs: ROUNDS * (round + look.params.diskReadUs),
      say: () => `${id} waits for page ${read.blockKey}, which ${able.node} can serve,`,
    });
  }
  return owed;
}

/** Of what is sent again in one round: a store whose room is full drops the rest, which comes with the next. */
export const batchesTaken = (inflightBytes: number, batchBytes: number): number =>
  Math.max(1, Math.min(RESEND_BATCHES, Math.floor(inflightBytes / batchBytes)));

/** The oldest commit that waits, where of each group with records under way every set has a write quorum that can take them. */
function ofCommit(
  look: Look,
  id: NodeId,
  attachment: Attachment<EngineState>,
  writer: WriterState,
): LivenessBound | null {
  const [oldest] = attachment.engine.commits;
  if (oldest === undefined) return null;
  const waiting = writer.groups.filter(({ lsns, head }) => lsns.length > head);
  for (const { descriptor, groupTail, replicas, sets } of waiting) {
    const isAble = (index: number): boolean => {
      const { node } = present(replicas[index], 'a replica of the set');
      const store = look.stores.get(node);
      const replica = store?.groups.get(descriptor.group);
      return (
        store !== undefined &&
        replica !== undefined &&
        isServing(store, replica) &&
        replica.superblock.volumeEpoch === writer.term &&
        replica.superblock.descriptor.memberEpoch === descriptor.memberEpoch &&
        // What it lacks lies above VDL, so the writer keeps it and nobody else has to give it.
        replica.scl >= groupTail &&
        isClear(look.fabric, id, node)
      );
    };
    if (!hasQuorumInEverySet(sets, descriptor.vw, isAble)) return null;
  }
  const { limits } = writer;
  const { params, fabric } = look;
  const bandwidth = Math.min(
    params.diskBandwidth,
    ...fabric.cluster.nodes.map(({ ownDisk }) => ownDisk?.bandwidth ?? params.diskBandwidth),
  );
  const part = RESEND_BATCHES * limits.batchBytes;
  const syncUs = 2 * (slowestSyncUs(params, fabric.cluster) + Math.ceil(part / bandwidth));
  const round =
    limits.groupCommitMaxUs + limits.resendUs + roundTripUs(look.params, look.fabric.cluster) + syncUs;
  const taken = batchesTaken(look.params.inflightBytes, limits.batchBytes);
  const parts = waiting.map(({ batches, batchHead }) => Math.ceil((batches.length - batchHead) / taken));
  const { scn } = oldest;
  return {
    rule: 'commit.acked-in-time',
    key: `commit ${id} ${writer.volume} ${writer.term} ${scn}`,
    boundUs: ROUNDS * round * (1 + Math.max(0, ...parts)),
    say: () =>
      `the commit at ${scn} waits on ${id}, VDL is ${writer.vdl}, and its quorums can take what is under way,`,
  };
}

function canServe(
  { fabric, stores }: Look,
  id: NodeId,
  writer: WriterState,
  read: PendingRead,
  node: NodeId,
) {
  const group = writer.groups[read.group];
  const store = stores.get(node);
  const replica = group && store?.groups.get(group.descriptor.group);
  return (
    store !== undefined &&
    replica !== undefined &&
    isAtWork(store, replica) &&
    replica.superblock.volumeEpoch === writer.term &&
    replica.superblock.descriptor.memberEpoch === group?.descriptor.memberEpoch &&
    replica.scl >= read.groupRp &&
    replica.pages.lost.length === 0 &&
    (replica.pages.blocks.get(read.blockKey as never)?.lost ?? -1) < 0 &&
    isClear(fabric, id, node)
  );
}
