// The preset of `polardb` (docs/spec/presets.md): one writer and two readers that may be promoted, on a device of chunks, each on three chunk servers.

import { groupId } from '../../base/ids.ts';
import type { NodeSpec } from '../../core/kernel/cluster-spec.ts';
import { demo, ids, load, node, type Preset, zoneInTurn } from '../../presets/topology.ts';

const CHUNKS = 6;

/** Any reader may be promoted (FENCE-22); the first node writes where it can. */
const writer: NodeSpec = { ...node('rw-1', 'a', 'compute'), haPriority: 2 };
const reader = (id: string, zone: string): NodeSpec => ({
  ...node(id, zone, 'compute'),
  isReader: true,
  haPriority: 1,
});

function polardb(): Preset {
  const name = 'polardb';
  const servers = [0, 1, 2].map((i) => node(`cs-${i + 1}`, zoneInTurn(i), 'chunk'));
  const metas = [0, 1, 2].map((i) => node(`pcs-${i + 1}`, zoneInTurn(i), 'meta'));
  const front = [node('d1', 'a', 'driver'), ...metas, writer];
  return {
    ...demo,
    name,
    cluster: {
      preset: name,
      volume: 'v1',
      nodes: [...front, reader('ro-1', 'b'), reader('ro-2', 'c'), ...servers],
      groups: [],
      chunks: Array.from({ length: CHUNKS }, (_, i) => ({ id: groupId(`c${i}`), replicas: ids(servers) })),
    },
    loads: [load({})],
    bootUntilMs: 200,
  };
}

export const polardbPresets: readonly (() => Preset)[] = [polardb];
