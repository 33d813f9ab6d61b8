// What a harness reads out of a cluster whose nodes store log and write volumes by the rooms of core: for a structure check the pages that its replicas would serve at VDL and
// what its writer remembers of free space, for redo equivalence the logs, versions and buffers themselves. It looks into
// states and disks; nothing is asked over the network.

import type { GroupId } from '../../base/ids.ts';
import { volumeOf } from '../../core/compute/attachment-state.ts';
import { computeRole } from '../../core/compute/compute-role.ts';
import { engineProgram } from '../../core/engine/engine.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { type NodeState, partOf } from '../../core/kernel/node.ts';
import { storeRole } from '../../core/log-store/store-role.ts';
import { metaRole } from '../../core/pcs/meta-role.ts';
import { tableIn } from '../../core/pcs/relation-names.ts';
import type { Sharding } from '../../core/pcs/sharding.ts';
import type { TableDef } from '../../core/sql/access.ts';
import { type Replica, replicaPages } from '../fsck/replica-pages.ts';
import type { VolumePages } from '../fsck/volume-pages.ts';
import type { World } from '../world.ts';
import {
  compareAll,
  compareCuts,
  compareReaders,
  compareReads,
  followLogs,
  type OpenWriter,
  type VolumeLog,
} from './redo.ts';
import type { RedoSource } from './source.ts';

const compute = computeRole(engineProgram);

/** The parts of one volume that are up. */
interface VolumeParts {
  readonly groups: Map<GroupId, Replica[]>;
  writer: OpenWriter | null;
  /** Null: no writer has it open. */
  spaces: VolumePages['spaces'] | null;
  /** Tables that its writer was given (PCS-83); absent: the catalog is in its pages. */
  tables?: readonly TableDef[];
}

/** Of a world whose nodes are made by `makeNodeProgram`: their states are NodeState. */
function volumesOf({ runners }: World<unknown, unknown>): Map<string, VolumeParts> {
  const volumes = new Map<string, VolumeParts>();
  const partsOf = (volume: string): VolumeParts => {
    const known = volumes.get(volume) ?? { groups: new Map(), writer: null, spaces: null };
    volumes.set(volume, known);
    return known;
  };
  for (const [node, { state, disk }] of runners) {
    const own = state as NodeState;
    for (const group of partOf(own, storeRole)?.groups.values() ?? []) {
      const { groups } = partsOf(group.superblock.volume);
      const replicas = groups.get(group.id) ?? [];
      groups.set(group.id, replicas);
      replicas.push({ node, group, disk: disk.durable });
    }
    for (const attachment of partOf(own, compute)?.attachments ?? []) {
      const { writer: log, engine } = attachment;
      if (attachment.status !== 'open' || log === null) continue;
      const parts = partsOf(volumeOf(attachment));
      if (parts.writer !== null && parts.writer.log.term > log.term) continue;
      parts.writer = { node, log, pool: engine.pool };
      if (engine.given) parts.tables = [...engine.given.values()];
      parts.spaces = new Map([...engine.space].map(([relation, { map }]) => [relation, map]));
    }
  }
  return volumes;
}

/** Where tables are cut into tablets each volume has one group (PCS-110). */
const groupsPerVolume = ({ groups }: ClusterSpec): number => Math.max(1, groups.length);

/** Tables by the newest copy of the metadata that a node has; null: they stand in the catalogs of volumes. */
function definedIn({ runners }: World<unknown, unknown>): TableDef[] | null {
  const newest = [...runners.values()]
    .flatMap(({ state }) => partOf(state as NodeState, metaRole)?.content.sharding ?? [])
    .reduce<Sharding | null>(
      (best, one) => (best && best.schemaVersion >= one.schemaVersion ? best : one),
      null,
    );
  return newest?.tables.map(tableIn) ?? null;
}

export function pagesOf(world: World<unknown, unknown>): VolumePages[] {
  const { cluster, params } = world.fabric;
  const defined = definedIn(world);
  return [...volumesOf(world)].flatMap(([volume, { groups, spaces, tables }]) => {
    // A volume that is being restored is whole once its writer has opened it.
    if (groups.size === 0 || (volume !== cluster.volume && spaces === null)) return [];
    const found = replicaPages([...groups.values()].flat(), groupsPerVolume(cluster), params.pageBytes);
    if (found === null) return [];
    const { clientBlocks } = params;
    return [
      {
        ...found,
        volume,
        clientBlocks,
        spaces: spaces ?? new Map(),
        ...(tables && { tables }),
        ...(defined && { defined }),
      },
    ];
  });
}

export const logsOf = (world: World<unknown, unknown>): VolumeLog[] =>
  [...volumesOf(world)].map(([volume, { groups, writer }]) => ({
    volume,
    pageBytes: world.fabric.params.pageBytes,
    clientBlocks: world.fabric.params.clientBlocks,
    groups,
    writer,
  }));

/** Redo equivalence of log replicas, their pages, and the writer's buffer. */
export const quorumRedo: RedoSource = {
  rules: ['page.redo', 'buffer.redo', 'wal.same-records', 'ro.same-image'],
  follow: (redo, world) => followLogs(redo, logsOf(world)),
  compareAll: (redo, world) => compareAll(redo, logsOf(world)),
  compareReads: (redo, world, reads) => compareReads(redo, logsOf(world), reads),
  compareReaders: (redo, world, reads) => compareReaders(redo, logsOf(world), reads),
  checkCuts: (redo, world, isTaken) =>
    logsOf(world).flatMap((volume) =>
      compareCuts(redo, volume, groupsPerVolume(world.fabric.cluster), isTaken),
    ),
};
