// What keeps the metadata's work going (docs/spec/wal.md): a heartbeat or a timer becomes the next
// entry of a move, of an archiver's appointment or of a restore.

import type { GroupId, NodeId } from '../../base/ids.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { isOfTablets } from '../page/page-key.ts';
import { votersOf } from '../placement/membership.ts';
import { instructArchiver, wantedArchivers } from './archivers.ts';
import { orderChunks } from './chunk-placement.ts';
import { driveFailover, isDeciding } from './failover-driver.ts';
import { movedPcs } from './leaving-voters.ts';
import { driveMembers } from './member-driver.ts';
import type { MetaContent, VolumeContent } from './meta-content.ts';
import { propose, want, wantRestore } from './meta-propose.ts';
import type { MetaState } from './meta-state.ts';
import { isOverdue } from './move-copied.ts';
import { nextStep, onStoreReport } from './move-driver.ts';
import { moveOf } from './moves.ts';
import { refuseRemoved, remindOfReaders } from './nodes-driver.ts';
import { transfer } from './placement-driver.ts';
import { recordReports } from './replica-known.ts';
import { retryAsking } from './restore-ask.ts';
import { onRestoreBeat } from './restore-driver.ts';
import { sendPins } from './restore-pins.ts';
import { mapVersionOf, placeOf } from './volumes.ts';

/** What the object store has not answered is asked again. */
export function onRestoreTimer(state: MetaState, ctx: RoleContext): void {
  sendPins(state.restores, ctx);
  for (const entry of retryAsking(state.restores, ctx)) propose(state, ctx, entry);
}

export function onBeat(state: MetaState, ctx: RoleContext, from: NodeId, beat: MessageOf<'NodeBeat'>): void {
  const { content, moves } = state;
  if (refuseRemoved(state, ctx, from)) return;
  const bootFloor = Math.max(moves.boots.get(from) ?? 0, beat.boot, bootsKnown(content, from));
  moves.boots.set(from, bootFloor);
  const mapVersion = mapVersionOf(content);
  const known = beat.asks === 0 ? [] : [...(state.known.get(from) ?? [])];
  const created = isCreated(content);
  send(ctx, from, { kind: 'NodeBeatOk', mapVersion, bootFloor, created, answers: beat.asks, known });
  const moved = movedPcs(content, state.config.cluster);
  if (moved !== null) send(ctx, from, { kind: 'PcsNodes', nodes: moved });
  if (beat.boot < bootFloor) return; // of an earlier life, or of a disk that was lost (PCS-2)
  state.beats.set(from, { boot: beat.boot, at: ctx.now });
  remindOfReaders(state, ctx, from);
  orderChunks(state, ctx, from);
  if (beat.asks !== 0) return; // its replicas are not spoken for yet (WAL-75)
  recordReports(state.known, from, beat.groups);
  const knewAll = beat.mapVersion === mapVersion;
  for (const volume of content.volumes)
    for (const entry of onStoreReport(moves, volume, ctx, from, beat, knewAll)) want(state, ctx, entry);
  driveMoves(state, ctx);
  driveMembers(state, ctx);
  driveFailover(state, ctx);
  for (const entry of onRestoreBeat(state.restores, content, ctx, from, beat)) wantRestore(state, ctx, entry);
  driveArchivers(state, ctx);
  instructArchiver(state.archivers, content, ctx, from);
}

/**
 * PCS-2, where a node that writes may lose its disk: boots that stand in the replicated state. A leader that was elected since has heard
 * of no earlier life of the node, and a grant to one is not to be taken for a grant to this one.
 */
function bootsKnown({ sharding, volumes, computeGroups, requests }: MetaContent, node: NodeId): number {
  if (!sharding) return 0;
  let known = 0;
  for (const { volume, holderBoot } of computeGroups)
    if (volumes.some(({ name, holder }) => name === volume && holder === node))
      known = Math.max(known, holderBoot);
  for (const { client, boot } of requests) if (client.startsWith(`${node}/`)) known = Math.max(known, boot);
  return known;
}

export function driveArchivers(state: MetaState, ctx: RoleContext): void {
  const { archivers, content, beats } = state;
  for (const entry of wantedArchivers(archivers, content, { beats, now: ctx.now })) want(state, ctx, entry);
}

/** The volume that the cluster was made with exists: no store makes a replica from nothing any more (WAL-4). */
const isCreated = ({ volumes, sharding }: MetaContent): boolean =>
  sharding === undefined && (volumes[0]?.created ?? false);

function driveMoves(state: MetaState, ctx: RoleContext): void {
  for (const volume of state.content.volumes)
    for (const move of volume.moves) driveMove(state, ctx, move.group);
}

export function driveMove(state: MetaState, ctx: RoleContext, group: GroupId): void {
  const place = placeOf(state.content, group);
  const move = place && moveOf(place.volume, group);
  const next = move && nextStep(state.moves, ctx, place, move, isOverdue(state, ctx.now, move));
  if (!next) return;
  const { volume, descriptor } = place;
  const isCommit = next.kind === 'memberStep' && next.step === 'leaveJoint';
  const isLeft = leadsLeaving(volume, descriptor) && !has(state.config.mutants, 'pcs.leaves-leader-out');
  if (!isCommit || !isLeft) want(state, ctx, next);
  else if (!isDeciding(state, volume.name)) transfer(state, ctx, volume, null);
}

/** §10, phase LEADER: the leader is one that the change takes away. */
const leadsLeaving = ({ writer }: VolumeContent, descriptor: Descriptor): boolean =>
  writer !== null && isOfTablets(descriptor) && !votersOf(descriptor).includes(writer);
