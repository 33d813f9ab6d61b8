// What a cluster asks of this browser: a worker and a database a node, beside the lab's own, and memory as measured on presets.

import type { Preset } from '../../presets/preset.ts';

/** Beside the nodes' workers: the fabric's. */
const ownWorkers = 1;
/** MB of a renderer in Chromium that has run its load for some ms, measured on eight presets of 4 to 50 nodes (docs/journal/own-clusters.md). */
const ownMegabytes = 300;
const megabytesANode = 16;

export interface Machine {
  readonly of: {
    readonly nodes: number;
    readonly workers: number;
    readonly megabytes: number;
    readonly processors: number;
  };
  /** More than this machine is known to carry well. */
  readonly isMuch: boolean;
}

export function machineOf({ cluster, isInMemory }: Preset): Machine {
  const nodes = cluster.nodes.length;
  const workers = isInMemory === true ? ownWorkers : nodes + ownWorkers;
  const processors = globalThis.navigator?.hardwareConcurrency ?? 1;
  const megabytes = ownMegabytes + nodes * megabytesANode;
  return { of: { nodes, workers, megabytes, processors }, isMuch: workers > 12 * processors };
}
