// The tape that a lesson begins with.

import type { Mutants } from '../core/kernel/mutants.ts';
import { clusterSaid } from '../sim/cluster-said.ts';
import { ENGINE } from '../sim/engine.ts';
import { printTape } from '../sim/tape-print.ts';
import { makeTape } from '../sim/tape-run.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import type { Lesson } from './format.ts';

/** Throws where its cluster is none; that of a lesson file has been read by then (lesson-file.ts). */
export function startTape({ start }: Pick<Lesson, 'start'>, mutants: Mutants = []): string {
  const cluster = clusterSaid(presets, start.cluster);
  if ('error' in cluster) throw new Error(cluster.error);
  const { header } = makeTape(cluster, {
    engine: ENGINE,
    profile: start.profile ?? cluster.profile,
    seed: start.seed ?? cluster.seed,
    changes: Object.entries(start.config ?? {}),
    actions: [],
  });
  const planted = [...new Set([...(start.broken ?? []), ...mutants])];
  const head = printTape(tapes, { header: { ...header, mutants: planted }, actions: [] }).trimEnd();
  return `${[head, '', ...start.tape].join('\n')}\n`;
}
