// What keeps the metadata's work going (docs/spec/wal.md): a heartbeat or a timer becomes the next
// entry of a move, of an archiver's appointment or of a restore.

import type { GroupId, NodeId } from '../../base/ids.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { instructArchiver, wantedArchivers } from './archivers.ts';
import { driveFailover } from './failover-driver.ts';
import { driveMembers } from './member-driver.ts';
import type { MetaContent } from './meta-content.ts';
import { propose, want, wantRestore } from './meta-propose.ts';
import type { MetaState } from './meta-state.ts';
import { nextStep, onStoreReport } from './move-driver.ts';
import { moveOf } from './moves.ts';
import { refuseRemoved, remindOfReaders } from './nodes-driver.ts';
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
  const bootFloor = Math.max(moves.boots.get(from) ?? 0, beat.boot);
  moves.boots.set(from, bootFloor);
  const mapVersion = mapVersionOf(content);
  const known = beat.asks === 0 ? [] : [...(state.known.get(from) ?? [])];
  const created = isCreated(content);
  send(ctx, from, { kind: 'NodeBeatOk', mapVersion, bootFloor, created, answers: beat.asks, known });
  if (beat.boot < bootFloor) return; // of an earlier life, or of a disk that was lost (PCS-2)
  state.beats.set(from, { boot: beat.boot, at: ctx.now });
  remindOfReaders(state, ctx, from);
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
  const next = move && nextStep(state.moves, place.volume, ctx, place.descriptor, move);
  if (next) want(state, ctx, next);
}
