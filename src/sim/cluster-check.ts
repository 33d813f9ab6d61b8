// What a cluster must be as a whole (docs/spec/presets.md, PRE-6, PRE-9): the one check of presets, tapes and files. Each fault
// names its field, as the lines do: `node store-2`, `group g1`, `tablets`, `chunks`, `link a b`, `set lal`, `load main`, `nodes`.

import type { NodeId } from '../base/ids.ts';
import type { ClusterSpec } from '../core/kernel/cluster-spec.ts';
import { type ClusterFault, clusterFault } from '../presets/cluster-faults.ts';
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

function checkCounts({ architecture, cluster }: Preset, { kinds }: ClusterRules): ClusterFault[] {
  const found = cluster.nodes.map((spec) => ({ id: spec.id, kind: kindOf(kinds, spec) }));
  return [
    ...found.flatMap(({ id, kind }) =>
      kind === null ? [clusterFault(`node ${id}`, 'unknownNode', { node: id, architecture })] : [],
    ),
    ...Object.entries(kinds).flatMap(
      ([
        kind,
        {
          count: [least, most],
        },
      ]) => {
        const of = found.filter((one) => one.kind === kind);
        const count = of.length;
        if (count < least) return [clusterFault('nodes', 'tooFew', { architecture, least, kind, count })];
        const last = of.at(-1);
        if (last === undefined || count <= most) return [];
        return [clusterFault(`node ${last.id}`, 'tooMany', { architecture, most, kind, count })];
      },
    ),
  ];
}

/** Quorums: any two writes meet, and every read meets every write (WAL-3). */
function checkQuorum(field: string, copies: number, write: number, read: number): ClusterFault[] {
  const tooLarge = [write, read].find((quorum) => quorum > copies);
  if (tooLarge !== undefined) return [clusterFault(field, 'quorumTooLarge', { quorum: tooLarge, copies })];
  if (2 * write <= copies) return [clusterFault(field, 'writesMiss', { write, copies })];
  return write + read > copies ? [] : [clusterFault(field, 'readsMiss', { write, read, copies })];
}

function checkReplicas(
  field: string,
  replicas: readonly NodeId[],
  { cluster: { nodes } }: Preset,
  role: 'store' | 'chunk',
): ClusterFault[] {
  return replicas.flatMap((node, i) => {
    const spec = nodes.find(({ id }) => id === node);
    if (spec === undefined) return [clusterFault(field, 'noNode', { node })];
    if (replicas.indexOf(node) !== i) return [clusterFault(field, 'twice', { node })];
    return spec.roles.includes(role) ? [] : [clusterFault(field, 'noRole', { node, role })];
  });
}

function checkPlaces(preset: Preset, { layout }: ClusterRules): ClusterFault[] {
  const { architecture, cluster } = preset;
  const { groups, placement, chunks = [] } = cluster;
  const other = (is: boolean, field: string, what: string): ClusterFault[] =>
    is ? [clusterFault(field, 'otherLayout', { what, architecture })] : [];
  const faults = [
    ...other(groups.length > 0 && layout !== 'groups', 'group g1', 'groups'),
    ...other(placement !== undefined && layout !== 'tablets', 'tablets', 'tablets'),
    ...other(chunks.length > 0 && layout !== 'chunks', 'chunks', 'chunks'),
  ];
  if (faults.length > 0) return faults;
  if (layout === 'groups') {
    if (groups.length === 0) return [clusterFault('nodes', 'noGroup', { architecture })];
    return groups.flatMap(({ id, replicas, vw, vr }) => [
      ...checkReplicas(`group ${id}`, replicas, preset, 'store'),
      ...checkQuorum(`group ${id}`, replicas.length, vw, vr),
    ]);
  }
  if (layout === 'tablets') {
    if (placement === undefined) return [clusterFault('tablets', 'noTablets', { architecture })];
    const { n, vw, vr } = placement;
    const count = cluster.nodes.filter(({ roles }) => roles.includes('store')).length;
    return [
      ...checkQuorum('tablets', n, vw, vr),
      ...(count < n ? [clusterFault('tablets', 'tooFewCopies', { copies: n, count })] : []),
    ];
  }
  const [chunk] = chunks;
  if (layout === 'none') return [];
  if (chunk === undefined) return [clusterFault('chunks', 'noChunks', { architecture })];
  return checkReplicas('chunks', chunk.replicas, preset, 'chunk');
}

function checkRest({ cluster, loads, isInMemory }: Preset): ClusterFault[] {
  const { nodes, links = [] } = cluster;
  const zones = new Set(nodes.map(({ zone }) => zone));
  const most = CLUSTER_LIMITS.workers;
  return [
    ...(nodes.length > most && isInMemory !== true
      ? [clusterFault('nodes', 'tooManyWorkers', { most })]
      : []),
    ...links.flatMap(({ from, to }) =>
      [from, to].flatMap((zone) =>
        zones.has(zone) ? [] : [clusterFault(`link ${from} ${to}`, 'noZone', { zone })],
      ),
    ),
    ...loads.flatMap(({ node, name }) => {
      const spec = nodes.find(({ id }) => id === node);
      const field = `load ${name}`;
      if (spec === undefined) return [clusterFault(field, 'noNode', { node })];
      return spec.roles.includes('driver') ? [] : [clusterFault(field, 'noRole', { node, role: 'driver' })];
    }),
  ];
}

/** FENCE-18: where the PCS chooses among several, the first writer is one of them. */
function checkAppointed({ nodes }: ClusterSpec): ClusterFault[] {
  if (!nodes.some(({ haPriority }) => haPriority !== undefined)) return [];
  return nodes.flatMap(({ id, roles, isReader, isSpare, haPriority }) =>
    roles.includes('compute') && !isReader && !isSpare && haPriority === undefined && !roles.includes('store')
      ? [clusterFault(`node ${id}`, 'needsPriority', { node: id })]
      : [],
  );
}

/** PRE-1, PRE-6: the parameters, as they fit the links and disks. */
function checkParameters({ cluster, profile, changes }: Preset): ClusterFault[] {
  const made = makeParams(profile, changes, cluster);
  return made.ok ? [] : [made];
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
