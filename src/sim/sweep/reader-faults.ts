// Faults of readers where a cluster has them: one crashes, freezes, is cut off from the writer or from everybody, or has its
// session revoked. From a stream of its own, so that the rest of a seed is as without them.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, type Prng } from '../../base/prng.ts';
import { readersOf } from '../../core/kernel/attachments.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { TapeAction } from '../tape-actions.ts';
import { crashModeOf, nodeWith, pick, storesOf } from './draw-tools.ts';

/** Between two faults, µs: a reader joins, reports and serves in it. */
const APART_US = 900_000;

export function drawReaderFaults(seed: number, cluster: ClusterSpec, chaosUs: number): TapeAction[] {
  const readers = readersOf(cluster);
  if (readers.length === 0) return [];
  const prng = makePrng(seed, 'reader faults');
  const actions: TapeAction[] = [];
  let at = 0;
  for (;;) {
    at += nextBetween(prng, APART_US >> 2, APART_US);
    if (at >= chaosUs) return actions;
    actions.push(faultOf(prng, cluster, pick(prng, readers), at as Time));
  }
}

function faultOf(prng: Prng, cluster: ClusterSpec, node: NodeId, at: Time): TapeAction {
  const writer = nodeWith(cluster, 'compute');
  const forUs = nextBetween(prng, 20_000, 1_200_000);
  switch (nextBelow(prng, 6)) {
    case 0:
      return { kind: 'crash', at, node, mode: crashModeOf(prng), forUs };
    case 1:
      return { kind: 'freeze', at, node, forUs };
    case 2:
      return { kind: 'cut', at, link: { from: [writer], to: [node], isBothWays: false }, forUs };
    case 3: {
      const link = { from: [node], to: [pick(prng, storesOf(cluster))], isBothWays: true };
      return { kind: 'cut', at, link, forUs };
    }
    case 4:
      return { kind: 'isolate', at, nodes: [node], forUs: forUs * 4 };
    default:
      return { kind: 'revokeReader', at, node: writer, volume: '', reader: node };
  }
}
