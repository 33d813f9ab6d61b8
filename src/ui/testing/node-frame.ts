// Nodes of a picture for unit tests, up and with a disk without faults unless a test says otherwise.

import { nodeId, time } from '../../base/ids.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { noDiskFaults } from '../../sim/types.ts';
import { hookCluster } from './hook-cluster.ts';

export const normalDisk = {
  pending: 0,
  volatileWrites: 0,
  volatileBytes: 0,
  bytes: 81_920,
  limitBytes: 67_108_864,
};

export function nodeFrame(id: string, change: Partial<NodeFrame>): NodeFrame {
  const spec = hookCluster.nodes.find((node) => node.id === id);
  return {
    id: nodeId(id),
    zone: spec?.zone ?? 'a',
    roles: spec?.roles ?? [],
    status: 'up',
    life: 1,
    since: time(0),
    view: null,
    disk: normalDisk,
    diskFaults: noDiskFaults,
    clockOffsetUs: 0,
    slowCpuUs: 0,
    error: null,
    ...change,
  };
}
