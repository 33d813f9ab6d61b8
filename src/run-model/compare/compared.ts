// What is compared (docs/compare.md): the loads and logical faults that a person chooses from, the clusters that are its columns, and
// what each stack declares of its clusters, in `src/stacks/compared.ts`: the kind of each load there, and what each fault means there as
// tape lines.

import type { NodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Role } from '../../core/kernel/view.ts';
import type { WorkloadKind } from '../../core/kernel/workload-spec.ts';
import type { Preset } from '../../presets/preset.ts';

/** A text in both languages. */
export interface BothWords {
  readonly en: string;
  readonly zh: string;
}

export const comparedFaults = [
  'killWriter',
  'killStorage',
  'slowReader',
  'cutControl',
  'addReader',
  'addStorage',
  'powerCut',
] as const;
export type ComparedFault = (typeof comparedFaults)[number];

export const comparedLoads = ['transfers', 'inserts', 'registers'] as const;
export type ComparedLoad = (typeof comparedLoads)[number];

/** What a person chose. The same choice gives the same tapes and the same figures. */
export interface Comparison {
  readonly load: ComparedLoad;
  readonly fault: ComparedFault;
  readonly seed: number;
  /** All times of the comparison are this many times as long: 1, or more where a column's round trips are slow (`stretchOf`). */
  readonly stretch: number;
}

/** What a fault may be aimed by, at its instant. */
export interface RunFacts {
  readonly cluster: ClusterSpec;
  /** Who acknowledged the newest commit of each volume. */
  readonly writers: ReadonlyMap<string, NodeId>;
  /** Volumes that the node writes, and chunks that it leads. */
  readonly leads: (node: NodeId) => number;
}

/** A fault as a cluster has it; `absent`: it has no such part, said in words. */
export type FaultMeaning =
  | {
      readonly means: BothWords;
      /** Tape lines without their time. */
      readonly lines: (facts: RunFacts) => readonly string[];
      /** Likewise 10 ms later, once a node that they add is there. */
      readonly after?: (facts: RunFacts) => readonly string[];
      /** The node that is new, or is new to the data, whose copies are counted until it serves. */
      readonly added?: NodeId;
    }
  | { readonly absent: BothWords };

export interface ComparedStack {
  readonly id: string;
  /** Its column where nobody chooses another. */
  readonly preset: string;
  readonly loads: Readonly<Record<ComparedLoad, { readonly kind: WorkloadKind; readonly note?: BothWords }>>;
  readonly faults: Readonly<Record<ComparedFault, (cluster: ClusterSpec) => FaultMeaning>>;
}

/** A cluster that is compared. */
export interface ComparedColumn {
  /** What it is called: a preset's name, or `<architecture>.<name>`. */
  readonly name: string;
  /** As `clusterSaid` reads it. */
  readonly said: string;
  readonly stack: ComparedStack;
  readonly preset: Preset;
}

/** Among these nodes the one that leads least, or most; of several the first. */
export const byLeads = (facts: RunFacts, nodes: readonly NodeId[], want: 'least' | 'most'): NodeId | null => {
  const sign = want === 'most' ? -1 : 1;
  const [first] = [...nodes].sort((a, b) => sign * (facts.leads(a) - facts.leads(b)));
  return first ?? null;
};

/** All nodes but the drivers, whose clients would forget what they were acknowledged. */
export const poweredNodes = ({ cluster }: RunFacts): readonly NodeId[] =>
  cluster.nodes
    .filter(({ roles, isSpare }) => !roles.includes('driver') && isSpare !== true)
    .map(({ id }) => id);

/** Tape line that parts these nodes from all others. */
export function partedFrom({ cluster }: RunFacts, inside: (roles: readonly Role[]) => boolean): string {
  const there = cluster.nodes.filter(({ isSpare }) => isSpare !== true);
  const own = there.filter(({ roles }) => inside(roles));
  const others = there.filter(({ roles }) => !inside(roles));
  return `partition ${own.map(({ id }) => id).join(' ')} | ${others.map(({ id }) => id).join(' ')}`;
}
