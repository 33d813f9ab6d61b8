// The presets of `postdb-v4` (docs/spec/presets.md): every node computes and stores, three hold the metadata.

import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { demo, load, node, type Preset, zoneInTurn } from '../../presets/topology.ts';

/** No group is there at the start: each tablet gets one when it is first written. */
function sharded(preset: string, count: number): ClusterSpec {
  const nodes = Array.from({ length: count }, (_, i) =>
    i < 3
      ? node(`n${i + 1}`, zoneInTurn(i), 'meta', 'store', 'compute')
      : node(`n${i + 1}`, zoneInTurn(i), 'store', 'compute'),
  );
  return {
    preset,
    volume: 'v0',
    nodes: [node('d1', 'a', 'driver'), ...nodes],
    groups: [],
    placement: { n: 3, vw: 2, vr: 2 },
  };
}

function postdbV4(): Preset {
  const name = 'postdb-v4';
  const loads = [load({ kind: 'tablet-transfer' })];
  return { ...demo, name, cluster: sharded(name, 3), loads, bootUntilMs: 120 };
}

/** What drawing and engine can carry: sixteen tables on 199 nodes. */
function postdbV4Scale(): Preset {
  const name = 'postdb-v4-200';
  const loads = [load({ kind: 'kv-tables', rows: 16, clients: 64, valueBytes: 100 })];
  const cluster = sharded(name, 199);
  return { ...demo, name, cluster, loads, bootUntilMs: 220, isHidden: true, isInMemory: true };
}

export const postdbV4Presets: readonly (() => Preset)[] = [postdbV4, postdbV4Scale];
