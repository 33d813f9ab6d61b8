// What a structure check reads of a cluster of CynosDB: the pages that its replicas would serve at VDL, and what its writer
// remembers of free space. A harness looks into states and disks here; nothing is asked over the network.

import { computeRole } from '../../core/compute/compute-role.ts';
import { volumeOf } from '../../core/compute/seat.ts';
import { engineProgram } from '../../core/engine/engine.ts';
import { type NodeState, partOf } from '../../core/kernel/node.ts';
import { storeRole } from '../../core/log-store/store-role.ts';
import { type Replica, replicaPages } from '../../sim/fsck/replica-pages.ts';
import type { VolumePages } from '../../sim/fsck/volume-pages.ts';
import type { World } from '../../sim/world.ts';

const compute = computeRole(engineProgram);

/** Of a world whose nodes are `cynosdbNodes`: their states are NodeState. */
export function pagesOf({ fabric, runners }: World<unknown, unknown>): VolumePages[] {
  const byVolume = new Map<string, Replica[]>();
  const spaces = new Map<string, VolumePages['spaces']>();
  for (const { state, disk } of runners.values()) {
    const node = state as NodeState;
    for (const group of partOf(node, storeRole)?.groups.values() ?? []) {
      const { volume } = group.superblock;
      const replicas = byVolume.get(volume) ?? [];
      byVolume.set(volume, replicas);
      replicas.push({ group, disk: disk.durable });
    }
    for (const seat of partOf(node, compute)?.seats ?? [])
      if (seat.status === 'open')
        spaces.set(
          volumeOf(seat),
          new Map([...seat.engine.space].map(([relation, { map }]) => [relation, map])),
        );
  }
  const { cluster, params } = fabric;
  return [...byVolume].flatMap(([volume, replicas]) => {
    // A volume that is being restored is whole once its writer has opened it.
    if (volume !== cluster.volume && !spaces.has(volume)) return [];
    const found = replicaPages(replicas, cluster.groups.length, params.pageBytes);
    return found === null ? [] : [{ ...found, volume, spaces: spaces.get(volume) ?? new Map() }];
  });
}
