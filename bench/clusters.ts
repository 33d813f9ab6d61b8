// The clusters of benches: as wide as one asks, as fast as they can, in the lines of a cluster's file.

import { present } from '../src/base/assert.ts';
import { nodeId } from '../src/base/ids.ts';
import type { WorkloadSpec } from '../src/core/kernel/workload-spec.ts';
import type { Preset, PresetLoad } from '../src/presets/preset.ts';
import { readCluster } from '../src/sim/cluster-file.ts';
import { usualWorkload } from '../src/sim/workload-words.ts';
import { findPreset, presets } from '../src/stacks/presets.ts';

/** A load that a bench changes: of the first driver. */
export const load = (changes: Partial<WorkloadSpec>): PresetLoad => ({
  node: nodeId('d1'),
  name: 'main',
  spec: { ...usualWorkload, ...changes },
});

/** The cluster of a preset under a load, as fast as it can. */
export function benchOf(name: string, spec: Partial<WorkloadSpec>): Preset {
  const { architecture, cluster, seed } = present(findPreset(name) ?? undefined, name);
  const pace = { profile: 'bench', changes: [], bootUntilMs: 0, slowdown: 0 } as const;
  return { name, architecture, cluster, ...pace, seed, loads: [load(spec)] };
}

/** P2, P5: TPC-B with a request for every statement, on two groups of three stores. */
export const benchP2 = (): Preset => present(findPreset('bench-p2') ?? undefined, 'bench-p2');

/** P7, as P2 with another cluster and load: 3 nodes and three stores a group; each group has a table, its index and eight clients. */
export function nodesScale(groups: number): Preset {
  const lines = [
    'cluster bench-p2',
    'architecture cynosdb',
    'node d1 driver a',
    'node meta-1 meta a',
    'node rw-1 writer a',
    `node store-1..${groups * 3} store a,b,c`,
    ...Array.from({ length: groups }, (_, g) => `group store-${g * 3 + 1}..${g * 3 + 3} write=2 read=2`),
    'in-memory',
    'profile bench',
    'seed 7',
  ];
  const result = readCluster(presets, lines.join('\n'), 'preset');
  if (!result.ok) throw new Error(`line ${result.line}: ${result.why.error}`);
  const inserts = load({ kind: 'kv-tables', rows: groups, clients: 8 * groups, thinkUs: 0, valueBytes: 100 });
  return { ...result.preset, loads: [inserts] };
}
