// What a cluster must be as a whole (docs/spec/presets.md, PRE-6, PRE-9): the one check of presets, tapes, files and the builder. Each
// fault names its field, as the lines do: `node store-2`, `group g1`, `tablets`, `chunks`, `link a b`, `set lal`, `load main`, `nodes`.

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

/** How a run of one's own cluster is called: its architecture is found by its name, as a preset's is. */
export const ownName = (architecture: string, name: string): string => `${architecture}.${name}`;

export const isOwnName = (name: string): boolean => name.includes('.');

/** What is wrong: a sentence by `code` (src/words/dialogs/cluster) with `values`; `error` is the English one. */
export interface ClusterFault {
  readonly field: string;
  readonly code: FaultCode;
  readonly values: Readonly<Record<string, string | number>>;
  readonly error: string;
}

type Values = ClusterFault['values'];

/** The sentences, `{name}` for a value. */
export const clusterFaults = {
  name: '{name} is the name of a preset or an architecture',
  noKind: '{node} is no node of {architecture}',
  tooFew: 'a cluster of {architecture} has at least {least} {kind}: here are {count}',
  tooMany: 'a cluster of {architecture} has at most {most} {kind}: here are {count}',
  workers: 'more than {most} nodes have a worker and a database each: it has to be in memory',
  noGroup: 'a cluster of {architecture} has at least one group of stores',
  noTablets: 'a cluster of {architecture} says how many copies a tablet has',
  noChunks: 'a cluster of {architecture} says how many chunks its device has',
  otherLayout: '{what} are of another architecture than {architecture}',
  noSuchNode: '{node} is not a node of this cluster',
  notA: '{node} is no {kind}',
  twice: '{node} is said twice',
  writeMisses: '2 × {write} ≤ {copies}: two writes of {write} of {copies} copies may miss each other',
  readMisses: '{write} + {read} ≤ {copies}: a read of {read} copies may miss a write of {write}',
  quorumTooLarge: 'a quorum of {quorum} of {copies} copies cannot be met',
  tooFewNodes: '{copies} copies need {copies} nodes that store: here are {count}',
  noPriority: '{node} needs a priority: a standby may take its place',
  noZone: 'no node is in zone {zone}',
  parameter: '{why}',
} as const;

export type FaultCode = keyof typeof clusterFaults;

const say = (code: FaultCode, values: Values): string =>
  clusterFaults[code].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]));

export const faultAt = (field: string, code: FaultCode, values: Values): ClusterFault => ({
  field,
  code,
  values,
  error: say(code, values),
});

function checkCounts({ architecture, cluster }: Preset, { kinds }: ClusterRules): ClusterFault[] {
  const found = cluster.nodes.map((spec) => ({ id: spec.id, kind: kindOf(kinds, spec) }));
  return [
    ...found.flatMap(({ id, kind }) =>
      kind === null ? [faultAt(`node ${id}`, 'noKind', { node: id, architecture })] : [],
    ),
    ...Object.entries(kinds).flatMap(
      ([
        kind,
        {
          count: [least, most],
        },
      ]) => {
        const of = found.filter((one) => one.kind === kind);
        const values = { architecture, kind, count: of.length };
        if (of.length < least) return [faultAt('nodes', 'tooFew', { ...values, least })];
        const last = of.at(-1);
        if (last === undefined || of.length <= most) return [];
        return [faultAt(`node ${last.id}`, 'tooMany', { ...values, most })];
      },
    ),
  ];
}

/** Quorums: any two writes meet, and every read meets every write (WAL-3). */
export function checkQuorum(field: string, copies: number, vw: number, vr: number): ClusterFault[] {
  const values = { copies, write: vw, read: vr };
  const tooLarge = [vw, vr].find((quorum) => quorum > copies);
  if (tooLarge !== undefined) return [faultAt(field, 'quorumTooLarge', { ...values, quorum: tooLarge })];
  if (2 * vw <= copies) return [faultAt(field, 'writeMisses', values)];
  return vw + vr <= copies ? [faultAt(field, 'readMisses', values)] : [];
}

function checkReplicas(
  field: string,
  replicas: readonly NodeId[],
  { cluster: { nodes } }: Preset,
  role: 'store' | 'chunk',
): ClusterFault[] {
  return replicas.flatMap((node, i) => {
    const spec = nodes.find(({ id }) => id === node);
    if (spec === undefined) return [faultAt(field, 'noSuchNode', { node })];
    if (replicas.indexOf(node) !== i) return [faultAt(field, 'twice', { node })];
    return spec.roles.includes(role) ? [] : [faultAt(field, 'notA', { node, kind: role })];
  });
}

function checkPlaces(preset: Preset, { layout }: ClusterRules): ClusterFault[] {
  const { architecture, cluster } = preset;
  const { groups, placement, chunks = [] } = cluster;
  const other = (is: boolean, field: string, what: string): ClusterFault[] =>
    is ? [faultAt(field, 'otherLayout', { what, architecture })] : [];
  const faults = [
    ...other(groups.length > 0 && layout !== 'groups', 'group g1', 'groups'),
    ...other(placement !== undefined && layout !== 'tablets', 'tablets', 'tablets'),
    ...other(chunks.length > 0 && layout !== 'chunks', 'chunks', 'chunks'),
  ];
  if (faults.length > 0) return faults;
  if (layout === 'groups') {
    if (groups.length === 0) return [faultAt('nodes', 'noGroup', { architecture })];
    return groups.flatMap(({ id, replicas, vw, vr }) => [
      ...checkReplicas(`group ${id}`, replicas, preset, 'store'),
      ...checkQuorum(`group ${id}`, replicas.length, vw, vr),
    ]);
  }
  if (layout === 'tablets') {
    if (placement === undefined) return [faultAt('tablets', 'noTablets', { architecture })];
    const { n, vw, vr } = placement;
    const count = cluster.nodes.filter(({ roles }) => roles.includes('store')).length;
    return [
      ...checkQuorum('tablets', n, vw, vr),
      ...(count < n ? [faultAt('tablets', 'tooFewNodes', { copies: n, count })] : []),
    ];
  }
  const [chunk] = chunks;
  if (layout === 'none') return [];
  if (chunk === undefined) return [faultAt('chunks', 'noChunks', { architecture })];
  return checkReplicas('chunks', chunk.replicas, preset, 'chunk');
}

function checkRest({ cluster, loads, isInMemory }: Preset): ClusterFault[] {
  const { nodes, links = [] } = cluster;
  const zones = new Set(nodes.map(({ zone }) => zone));
  const most = CLUSTER_LIMITS.workers;
  return [
    ...(nodes.length > most && isInMemory !== true ? [faultAt('nodes', 'workers', { most })] : []),
    ...links.flatMap(({ from, to }) =>
      [from, to].flatMap((zone) =>
        zones.has(zone) ? [] : [faultAt(`link ${from} ${to}`, 'noZone', { zone })],
      ),
    ),
    ...loads.flatMap(({ node, name }) => {
      const spec = nodes.find(({ id }) => id === node);
      if (spec === undefined) return [faultAt(`load ${name}`, 'noSuchNode', { node })];
      return spec.roles.includes('driver') ? [] : [faultAt(`load ${name}`, 'notA', { node, kind: 'driver' })];
    }),
  ];
}

/** FENCE-18: where the PCS chooses among several, the first writer is one of them. */
function checkAppointed({ nodes }: ClusterSpec): ClusterFault[] {
  if (!nodes.some(({ haPriority }) => haPriority !== undefined)) return [];
  return nodes.flatMap(({ id, roles, isReader, isSpare, haPriority }) =>
    roles.includes('compute') && !isReader && !isSpare && haPriority === undefined && !roles.includes('store')
      ? [faultAt(`node ${id}`, 'noPriority', { node: id })]
      : [],
  );
}

/** PRE-1, PRE-6: the parameters, as they fit the links and disks; its field is the first one that the sentence names. */
function checkParameters({ cluster, profile, changes }: Preset): ClusterFault[] {
  const made = makeParams(profile, changes, cluster);
  if (made.ok) return [];
  const zones = /from zone (\S+) to (\S+) is/.exec(made.error);
  const name = /(?:^|PRE-6: )(\w+) = /.exec(made.error)?.[1] ?? '';
  const field = zones === null ? `set ${name}` : `link ${zones[1]} ${zones[2]}`;
  return [faultAt(field, 'parameter', { why: made.error })];
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
