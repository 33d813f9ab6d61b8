// What is said of a cluster, so that `clusterSaid` reads it back; and the cluster of a run, to be said.

import type { ClusterSpec } from '../core/kernel/cluster-spec.ts';
import { profiles } from '../presets/parameters.ts';
import type { Preset } from '../presets/preset.ts';
import { printCluster } from './cluster-text.ts';
import { isOwnCluster } from './preset-names.ts';
import type { Presets } from './presets.ts';
import type { Tape } from './tape.ts';
import { ownClusterOf } from './tape-run.ts';

/** As it is said: what `clusterSaid` reads back. */
export const sayCluster = (presets: Presets, preset: Preset): string =>
  isOwnCluster(preset.name) ? printCluster(presets.kindsOf, preset) : preset.name;

/** A cluster in a line: a preset's name, or that of the cluster that lines lay out. */
export const clusterWord = (said: string): string => /^cluster (\S+)$/m.exec(said)?.[1] ?? said;

/** The name that a cluster of one's own says in its first line; a preset's name. */
export const plainName = (name: string): string => name.slice(name.indexOf('.') + 1);

/** The cluster that a tape names or lays out, without what the tape changes of a preset. */
export const saidOfTape = (presets: Presets, tape: Tape): string => {
  const own = ownClusterOf(tape);
  return own === null ? tape.header.preset : sayCluster(presets, own);
};

/** The cluster of a tape with the profile, parameters and seed that its header says. Null: there is no such preset. */
export function clusterOfTape({ findPreset }: Presets, tape: Tape): Preset | null {
  const own = ownClusterOf(tape);
  if (own !== null) return own;
  const { preset, profile: named, changes, seed } = tape.header;
  const found = findPreset(preset);
  if (found === null) return null;
  const kept = found.changes.filter(([name]) => !changes.some(([other]) => other === name));
  const profile = profiles.find((known) => known === named) ?? found.profile;
  return { ...found, profile, changes: [...kept, ...changes], seed };
}

/** With the nodes that a run has by now: those that were added belong to it, those that were removed do not. */
export function withNodesNow(preset: Preset, now: ClusterSpec): Preset {
  const { nodes } = preset.cluster;
  const isThere = (id: string): boolean => now.nodes.some((spec) => spec.id === id);
  const added = now.nodes
    .filter(({ id }) => !nodes.some((spec) => spec.id === id))
    .map(({ isAdded: _, ...spec }) => spec);
  return {
    ...preset,
    cluster: { ...preset.cluster, nodes: [...nodes.filter(({ id }) => isThere(id)), ...added] },
  };
}

/** What a preset is called once it is somebody's own. */
export const ownNameOf = (name: string): string => (isOwnCluster(name) ? plainName(name) : `my-${name}`);

/** The cluster of a run, as it is said: a preset's name where the run has changed nothing of it, else its lines. */
export function saidOfRun(presets: Presets, tape: Tape, now: ClusterSpec): string {
  const cluster = clusterOfTape(presets, tape);
  if (cluster === null) throw new Error(`unknown preset ${tape.header.preset}`);
  const there = withNodesNow(cluster, now);
  const preset = presets.findPreset(cluster.name);
  const isPreset =
    preset !== null &&
    tape.header.changes.length === 0 &&
    cluster.profile === preset.profile &&
    there.cluster.nodes.length === cluster.cluster.nodes.length &&
    there.cluster.nodes.every(({ id }, i) => id === cluster.cluster.nodes[i]?.id);
  if (isPreset) return preset.name;
  return printCluster(presets.kindsOf, { ...there, name: ownNameOf(there.name) });
}
