// What the metadata tells of a volume to those who ask: its writer to drivers, its members and token to who writes it.

import type { NodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { readGroupOf } from './joined-nodes.ts';
import type { MetaContent, VolumeContent } from './meta-content.ts';
import { hostsOf, tabletEpoch } from './sharding.ts';
import { mapVersionOf, volumeNamed } from './volumes.ts';

/** Clients are served by the writer of an OPEN volume only (H8); one that is FREEZING still ends what it has begun. */
export function routeOf(content: MetaContent, cluster: ClusterSpec, name: string): MessageOf<'Route'> {
  const volume = volumeNamed(content, name);
  return {
    kind: 'Route',
    volume: name,
    exists: volume !== null,
    mapVersion: volume?.mapVersion ?? 0,
    writer: volume?.state === 'OPEN' || volume?.state === 'FREEZING' ? volume.writer : null,
    token: volume?.token ?? (0 as VolumeContent['token']),
    readers: readGroupOf(content, name, cluster),
  };
}

export function metaState(content: MetaContent, volume: VolumeContent): MessageOf<'MetaState'> {
  const { name, token, holder, writer, state, created, groups } = volume;
  const mapVersion = mapVersionOf(content);
  return {
    kind: 'MetaState',
    volume: name,
    token,
    holder,
    writer,
    state,
    created,
    mapVersion,
    groups: [...groups], // the next entry changes the list in place
  };
}

export const groupChanged = (
  content: MetaContent,
  { name, token }: VolumeContent,
  descriptor: Descriptor,
): MessageOf<'GroupChanged'> => ({
  kind: 'GroupChanged',
  volume: name,
  token,
  mapVersion: mapVersionOf(content),
  descriptor,
});

/** Drivers that watch one volume, and volumes watched by a name that may not exist. */
const MAX_WATCHERS = 1024;

export function watchVolume(watchers: Map<string, Set<NodeId>>, name: string, driver: NodeId): void {
  const watching = watchers.get(name) ?? new Set<NodeId>();
  if (watching.size < MAX_WATCHERS && watchers.size < MAX_WATCHERS) watching.add(driver);
  watchers.set(name, watching);
}

/** PCS-58: tables and groups as of one version; the primary of an open group only. */
export function mapIs(
  content: MetaContent,
  cluster: ClusterSpec,
  reqId: number,
  asker: MessageOf<'MapIs'>['asker'],
): MessageOf<'MapIs'> {
  const { schemaVersion = 0, tables = [] } = content.sharding ?? {};
  return {
    kind: 'MapIs',
    reqId,
    asker,
    mapVersion: mapVersionOf(content),
    schemaVersion,
    tables: [...tables],
    groups: content.volumes.flatMap(({ name: volume, state, writer, token: term, groups }) =>
      groups.map((descriptor) => ({
        volume,
        leader: state === 'OPEN' ? writer : null,
        term,
        descriptor: { ...descriptor, geoEpoch: tabletEpoch(content, descriptor.keyFirst) },
      })),
    ),
    nodes: hostsOf(content, cluster)
      .map(({ id }) => id)
      .sort(),
  };
}
