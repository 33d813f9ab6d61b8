// The planted bugs of every stack (docs/checkers.md): each switch breaks one rule on purpose, in a tape's header (`broken
// NAME`), and a monitor that knows nothing of it has to catch it.

import { stackChecks } from '../../stacks/checks.ts';
import type { RuleSlug } from './monitor.ts';

export interface Mutant {
  readonly id: string;
  /** The switch. */
  readonly name: string;
  /** Rules whose monitors catch it first, the usual one in front. */
  readonly caughtBy: readonly RuleSlug[];
  /** Where it can show, if not in the plain preset. */
  readonly preset?: string;
  /** Shows under countable loads only, or in the structure of the pages: its dense seeds have both; `indexed`: and a table with secondary indexes;
   * `large`: and rows larger than a page; `serial`: and serializable transactions over tables whose definitions change. */
  readonly counted?: true | 'indexed' | 'large' | 'serial';
  /** The small world, and what is written there, whose fates catch it (sim/fates). */
  readonly fates?: { readonly world: string; readonly part: string };
  /** Where dense seeds meet it too seldom: header lines that differ, and actions, of a tape that shows it. */
  readonly tape?: MutantTape;
  /** The explorer of small Raft worlds finds it (core/consensus/explore.world.test.ts). */
  readonly isExplored?: true;
}

export interface MutantTape {
  readonly preset: string;
  readonly untilMs: number;
  readonly changes: readonly string[];
  readonly actions: readonly string[];
  /** Its pages are held against what the log makes of them. */
  readonly isRedone?: true;
  /** It ends at rest: what a run is asked at its end is asked as well. */
  readonly isJudgedAtEnd?: true;
}

export const mutants: readonly Mutant[] = stackChecks.flatMap(({ mutants }) => mutants ?? []);

/** A planted bug of a decoder: no monitor need ever meet the damage, a flip of each bit of what it reads does. */
export interface FormatMutant {
  readonly id: string;
  readonly name: string;
  /** The format whose flips catch it (sim/fuzz/targets.ts). */
  readonly format: string;
}

export const formatMutants: readonly FormatMutant[] = [
  // takes a boot epoch whatever its checksum says, so that ids of an earlier life may come again
  { id: 'M70', name: 'node.boot-unchecked', format: 'boot epoch' },
  // takes an entry of the metadata's log whatever its checksum says, before its whole copy is looked at
  { id: 'M71', name: 'meta.entries-unchecked', format: 'metadata value' },
];
