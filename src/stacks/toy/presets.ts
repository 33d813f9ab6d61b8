// One client and three counters.

import { cluster, demo, node, type Preset, zoneInTurn } from '../../presets/topology.ts';

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
