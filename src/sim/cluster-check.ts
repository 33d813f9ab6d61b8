// What a cluster must be as a whole (docs/spec/presets.md, PRE-6, PRE-9): the one check of presets, tapes and files. Each fault
// names its field, as the lines do: `node store-2`, `group g1`, `tablets`, `chunks`, `link a b`, `set lal`, `load main`, `nodes`.

import type { NodeId } from '../base/ids.ts';
import type { ClusterSpec } from '../core/kernel/cluster-spec.ts';
import { makeParams } from '../presets/parameters.ts';
import type { Preset } from '../presets/preset.ts';
import { type ClusterRules, kindOf } from './node-kinds.ts';

/** Most that a cluster begins with. */
export const CLUSTER_LIMITS = {
  nodes: 256,
  /** With a worker and a database each. */
  workers: 64,
  copies: 15,
  groups: 64,
  chunks: 64,
  loads: 16,
  percentiles: 16,
} as const;

/** What is wrong, and the field that says it. */
export interface ClusterFault {
  readonly field: string;
  readonly error: string;
}

function checkCounts({ architecture, cluster }: Preset, { kinds }: ClusterRules): ClusterFault[] {
  const has = `a cluster of ${architecture} has`;
  const found = cluster.nodes.map((spec) => ({ id: spec.id, kind: kindOf(kinds, spec) }));
  return [
    ...found.flatMap(({ id, kind }) =>
      kind === null ? [{ field: `node ${id}`, error: `${id} is no node of ${architecture}` }] : [],
    ),
    ...Object.entries(kinds).flatMap(
      ([
        kind,
        {
          count: [least, most],
        },
      ]) => {
        const of = found.filter((one) => one.kind === kind);
        if (of.length < least)
          return [{ field: 'nodes', error: `${has} at least ${least} ${kind}: here are ${of.length}` }];
        const last = of.at(-1);
        if (last === undefined || of.length <= most) return [];
        return [{ field: `node ${last.id}`, error: `${has} at most ${most} ${kind}: here are ${of.length}` }];
      },
    ),
  ];
}

/** Quorums: any two writes meet, and every read meets every write (WAL-3). */
function checkQuorum(field: string, copies: number, vw: number, vr: number): ClusterFault[] {
  const tooLarge = [vw, vr].find((quorum) => quorum > copies);
  if (tooLarge !== undefined)
    return [{ field, error: `a quorum of ${tooLarge} of ${copies} copies cannot be met` }];
  if (2 * vw <= copies)
    return [
      { field, error: `2 × ${vw} ≤ ${copies}: two writes of ${vw} of ${copies} copies may miss each other` },
    ];
  if (vw + vr > copies) return [];
  return [{ field, error: `${vw} + ${vr} ≤ ${copies}: a read of ${vr} copies may miss a write of ${vw}` }];
}

function checkReplicas(
  field: string,
  replicas: readonly NodeId[],
  { cluster: { nodes } }: Preset,
  role: 'store' | 'chunk',
): ClusterFault[] {
  return replicas.flatMap((node, i) => {
    const spec = nodes.find(({ id }) => id === node);
    if (spec === undefined) return [{ field, error: `${node} is not a node of this cluster` }];
    if (replicas.indexOf(node) !== i) return [{ field, error: `${node} is said twice` }];
    return spec.roles.includes(role) ? [] : [{ field, error: `${node} is no ${role}` }];
  });
}

function checkPlaces(preset: Preset, { layout }: ClusterRules): ClusterFault[] {
  const { architecture, cluster } = preset;
  const { groups, placement, chunks = [] } = cluster;
  const other = (is: boolean, field: string, what: string): ClusterFault[] =>
    is ? [{ field, error: `${what} are of another architecture than ${architecture}` }] : [];
  const faults = [
    ...other(groups.length > 0 && layout !== 'groups', 'group g1', 'groups'),
    ...other(placement !== undefined && layout !== 'tablets', 'tablets', 'tablets'),
    ...other(chunks.length > 0 && layout !== 'chunks', 'chunks', 'chunks'),
  ];
  if (faults.length > 0) return faults;
  if (layout === 'groups') {
    if (groups.length === 0)
      return [{ field: 'nodes', error: `a cluster of ${architecture} has at least one group of stores` }];
    return groups.flatMap(({ id, replicas, vw, vr }) => [
      ...checkReplicas(`group ${id}`, replicas, preset, 'store'),
      ...checkQuorum(`group ${id}`, replicas.length, vw, vr),
    ]);
  }
  if (layout === 'tablets') {
    if (placement === undefined)
      return [{ field: 'tablets', error: `a cluster of ${architecture} says how many copies a tablet has` }];
    const { n, vw, vr } = placement;
    const count = cluster.nodes.filter(({ roles }) => roles.includes('store')).length;
    return [
      ...checkQuorum('tablets', n, vw, vr),
      ...(count < n
        ? [{ field: 'tablets', error: `${n} copies need ${n} nodes that store: here are ${count}` }]
        : []),
    ];
  }
  const [chunk] = chunks;
  if (layout === 'none') return [];
  if (chunk === undefined)
    return [{ field: 'chunks', error: `a cluster of ${architecture} says how many chunks its device has` }];
  return checkReplicas('chunks', chunk.replicas, preset, 'chunk');
}

function checkRest({ cluster, loads, isInMemory }: Preset): ClusterFault[] {
  const { nodes, links = [] } = cluster;
  const zones = new Set(nodes.map(({ zone }) => zone));
  const most = CLUSTER_LIMITS.workers;
  return [
    ...(nodes.length > most && isInMemory !== true
      ? [
          {
            field: 'nodes',
            error: `more than ${most} nodes have a worker and a database each: it has to be in memory`,
          },
        ]
      : []),
    ...links.flatMap(({ from, to }) =>
      [from, to].flatMap((zone) =>
        zones.has(zone) ? [] : [{ field: `link ${from} ${to}`, error: `no node is in zone ${zone}` }],
      ),
    ),
    ...loads.flatMap(({ node, name }) => {
      const spec = nodes.find(({ id }) => id === node);
      const field = `load ${name}`;
      if (spec === undefined) return [{ field, error: `${node} is not a node of this cluster` }];
      return spec.roles.includes('driver') ? [] : [{ field, error: `${node} is no driver` }];
    }),
  ];
}

/** FENCE-18: where the PCS chooses among several, the first writer is one of them. */
function checkAppointed({ nodes }: ClusterSpec): ClusterFault[] {
  if (!nodes.some(({ haPriority }) => haPriority !== undefined)) return [];
  return nodes.flatMap(({ id, roles, isReader, isSpare, haPriority }) =>
    roles.includes('compute') && !isReader && !isSpare && haPriority === undefined && !roles.includes('store')
      ? [{ field: `node ${id}`, error: `${id} needs a priority: a standby may take its place` }]
      : [],
  );
}

/** PRE-1, PRE-6: the parameters, as they fit the links and disks. */
function checkParameters({ cluster, profile, changes }: Preset): ClusterFault[] {
  const made = makeParams(profile, changes, cluster);
  return made.ok ? [] : [{ field: made.field, error: made.error }];
}

/** Everything that is wrong with it, worst first; a cluster without a fault can be started. */
export function checkCluster(rules: ClusterRules, preset: Preset): ClusterFault[] {
  return [
    ...checkCounts(preset, rules),
    ...checkAppointed(preset.cluster),
    ...checkPlaces(preset, rules),
    ...checkRest(preset),
    ...checkParameters(preset),
  ];
}
