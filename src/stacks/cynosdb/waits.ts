// What waits in a cluster of `cynosdb`, and for whom, the weightiest first (run-model/waits/waits.ts): the writer's and clients' waits
// (volume-waits.ts), those of replicas and of the metadata (group-waits.ts).

import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { byWeight, type Wait, type WaitKind } from '../../run-model/waits/waits.ts';
import { metadataWaits, replicaWaits } from './group-waits.ts';
import { pcsWaits } from './pcs-waits.ts';
import { attachmentWaits, requestWaits } from './volume-waits.ts';
import { isUp, viewCluster } from './wait-view.ts';

declare module '../../run-model/waits/waits.ts' {
  interface StackWaits {
    cynosdb:
      | 'request'
      | 'commit'
      | 'log'
      | 'buffer'
      | 'page'
      | 'lock'
      | 'metadata'
      | 'opening'
      | 'hole'
      | 'check'
      | 'members'
      | 'pcsChange'
      | 'identity'
      | 'restore';
  }
  interface StackObstacles {
    cynosdb:
      | 'repairPaused'
      | 'idleTransaction'
      | 'replicaRefuses'
      | 'replicaLost'
      | 'replicaDamaged'
      | 'noVolume'
      | 'noLeader'
      | 'diskNotOwn';
  }
}

/** What a wait holds up, the most first: others wait behind an opening, a request is the last to hear of it. */
const order: readonly WaitKind[] = [
  'opening',
  'commit',
  'lock',
  'page',
  'log',
  'buffer',
  'metadata',
  'request',
  'restore',
  'members',
  'pcsChange',
  'identity',
  'check',
  'hole',
];

export function waitsOf(frame: WorldFrame): readonly Wait[] {
  const cluster = viewCluster(frame);
  const waits = [
    ...cluster.attachments
      .filter(({ node }) => isUp(cluster, node))
      .flatMap((at) => attachmentWaits(cluster, at)),
    ...cluster.drivers.filter(({ node }) => isUp(cluster, node)).flatMap((at) => requestWaits(cluster, at)),
    ...replicaWaits(cluster),
    ...metadataWaits(cluster),
    ...pcsWaits(cluster),
  ];
  return waits.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || byWeight(a, b));
}
