// What a cluster is before it runs (docs/spec/presets.md, "A cluster as lines"): nodes, zones, groups, links, parameters, load,
// seed. A preset is one that the lab offers, in a file of src/presets; one's own stands in the header of its tape.

import type { NodeId } from '../base/ids.ts';
import type { ClusterSpec } from '../core/kernel/cluster-spec.ts';
import type { WorkloadSpec } from '../core/kernel/workload-spec.ts';
import type { Profile } from './parameters.ts';

/** The load a cluster starts with by itself. */
export interface PresetLoad {
  readonly node: NodeId;
  readonly name: string;
  readonly spec: WorkloadSpec;
}

export interface Preset {
  /** One's own: `<architecture>.<name>`, as its run is called. */
  readonly name: string;
  /** The stack of its nodes. */
  readonly architecture: string;
  readonly cluster: ClusterSpec;
  readonly profile: Profile;
  /** Parameters that differ from the profile's. */
  readonly changes: readonly (readonly [name: string, value: number])[];
  readonly loads: readonly PresetLoad[];
  /** Boots at maximum speed to this virtual time (PRE-4). */
  readonly bootUntilMs: number;
  /** Virtual time goes this many times slower than wall time; 0 is as fast as it can. */
  readonly slowdown: number;
  readonly seed: number;
  /** No list offers it: it opens by a tape only. */
  readonly isHidden?: true;
  /** Its nodes share a worker and have disks in memory: a browser carries neither so many workers nor so many databases. */
  readonly isInMemory?: true;
}
