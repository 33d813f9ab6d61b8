// One client and three counters.

import { cluster, demo, node, type Preset, zoneInTurn } from '../../presets/topology.ts';
import type { NodeTemplate } from '../../sim/stack.ts';

export function toyPreset(): Preset {
  const nodes = [node('c1', 'a', 'toy'), ...[0, 1, 2].map((i) => node(`t${i + 1}`, zoneInTurn(i), 'toy'))];
  return {
    ...demo,
    name: 'toy',
    cluster: cluster('toy', nodes, []),
    loads: [],
    bootUntilMs: 0,
    isHidden: true,
  };
}

/** Another follower: nobody sends to it, and it ticks. */
export const toyTemplate: NodeTemplate = {
  prefix: 't',
  make: (id, zone) => node(id, zone, 'toy'),
  refuse: () => null,
  isOne: () => true,
};
