// The volumes that the metadata knows (docs/spec/wal.md WAL-45): the one that the cluster was made with, and those restored
// from its archive. Each has its own tokens, writer, members and map version; a group's name belongs to one volume for ever.

import type { GroupId, NodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';
import type { Descriptor } from '../kernel/fields.ts';
import { has, type Mutants } from '../kernel/mutants.ts';
import { hasNode } from '../placement/membership.ts';
import { groupOfVolume } from './compute-groups.ts';
import type { MetaContent, Restore, VolumeContent } from './meta-content.ts';
import { forgetVolume } from './requests.ts';

/** Groups of volumes that are gone that stores are still instructed to delete; beyond it the oldest are forgotten, their keys stay. */
const MAX_DROPPED = 256;

export const volumeNamed = (content: MetaContent, name: string): VolumeContent | null =>
  content.volumes.find((volume) => volume.name === name) ?? null;

/** A group and where its volume lists it. */
export interface GroupPlace {
  readonly volume: VolumeContent;
  readonly at: number;
  readonly descriptor: Descriptor;
}

/**
 * Where a list has each group. A volume never loses a group and never puts another in its place, so a list that is as long as
 * when it was read has them there still. Which lists are known shows in no result.
 */
const knownPlaces = new WeakMap<readonly Descriptor[], ReadonlyMap<GroupId, number>>();

function placesIn(groups: readonly Descriptor[]): ReadonlyMap<GroupId, number> {
  const known = knownPlaces.get(groups);
  if (known?.size === groups.length) return known;
  const places = new Map(groups.map(({ group }, at) => [group, at]));
  knownPlaces.set(groups, places);
  return places;
}

/** What it costs does not grow with the number of groups. */
export function placeOf({ volumes }: MetaContent, group: GroupId): GroupPlace | null {
  for (const volume of volumes) {
    const at = placesIn(volume.groups).get(group);
    if (at !== undefined) return { volume, at, descriptor: volume.groups[at] as Descriptor };
  }
  return null;
}

/** PCS-120: while nobody has opened the volume no replica has acknowledged anything that a client knows of. */
export function mayMake(content: MetaContent, group: GroupId, node: NodeId): boolean {
  const place = placeOf(content, group);
  return place !== null && !place.volume.created && hasNode(place.descriptor, node);
}

/** FS-79: the same of a chunk of the cluster's own volume. */
export function mayMakeChunk(
  content: MetaContent,
  { volume, chunks = [] }: ClusterSpec,
  group: GroupId,
  node: NodeId,
): boolean {
  const isOfVolume = chunks.some(({ id, replicas }) => id === group && replicas.includes(node));
  return isOfVolume && volumeNamed(content, volume)?.created !== true;
}

export const volumeOfGroup = (content: MetaContent, group: GroupId): VolumeContent | null =>
  placeOf(content, group)?.volume ?? null;

/** Restored volumes but this one that the node writes, each from an attachment of its own. */
export const attachmentsTaken = ({ volumes }: MetaContent, node: NodeId, except: string): number =>
  volumes.slice(1).filter(({ name, writers }) => name !== except && writers.includes(node)).length;

/** FENCE-2: the PCS chose the node as writer of the volume. */
export function mayWrite(content: MetaContent, volume: string, node: NodeId, mutants: Mutants = []): boolean {
  const found = volumeNamed(content, volume);
  return found !== null && (found.writers.includes(node) || has(mutants, 'pcs.token-to-any'));
}

/** A7: where several nodes may write the volume nobody is granted a token for asking. */
export const mayAsk = (content: MetaContent, volume: string, node: NodeId, mutants: Mutants = []): boolean =>
  groupOfVolume(content, volume) === null && mayWrite(content, volume, node, mutants);

/** The map version that nodes receive: greater after every change of any volume. */
export const mapVersionOf = ({ volumes, mapBase }: MetaContent): number =>
  volumes.reduce((sum, { mapVersion }) => sum + mapVersion, mapBase);

export const restoreOf = (content: MetaContent, volume: string): Restore | null =>
  content.restores.find((restore) => restore.volume === volume) ?? null;

/** A restore that is being loaded, cancelled or has failed leaves a volume that nobody ever wrote. */
export function removeVolume(content: MetaContent, name: string): void {
  const gone = volumeNamed(content, name);
  if (!gone) return;
  content.volumes = content.volumes.filter((volume) => volume !== gone);
  content.restores = content.restores.filter(({ volume }) => volume !== name);
  const groups = gone.groups.map(({ group }) => ({ volume: name, group }));
  content.dropped = [...content.dropped, ...groups].slice(-MAX_DROPPED);
  content.mapBase += gone.mapVersion + 1;
  content.requests = forgetVolume(content.requests, name);
}
