// The text of a cluster's file.

import type { Preset } from '../presets/preset.ts';
import type { KindsOf } from './cluster-lines.ts';
import { printLayout } from './cluster-print.ts';
import { printWorkload } from './workload-words.ts';

/** The whole of a cluster as its file has it. */
export function printCluster(kindsOf: KindsOf, preset: Preset): string {
  const lines = [
    ...printLayout(kindsOf, preset),
    ...(preset.isHidden ? ['hidden'] : []),
    `profile ${preset.profile}`,
    ...preset.changes.map(([name, value]) => `set ${name} ${value}`),
    `seed ${preset.seed}`,
    ...preset.loads.map(({ node, name, spec }) => `load ${node} ${name} ${printWorkload(spec)}`),
  ];
  return `${lines.join('\n')}\n`;
}
