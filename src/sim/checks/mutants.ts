// The planted bugs of every stack (docs/proof.md): each breaks one rule on purpose, where a tape's header names it (`broken
// NAME`), and a monitor that knows nothing of it has to catch it.

import type { MutantName, Mutants } from '../../core/kernel/mutants.ts';
import { nearestName } from '../../presets/parameters.ts';
import type { StackChecks } from '../stack-checks.ts';
import type { RuleSlug } from './monitor.ts';

export interface Mutant {
  readonly id: string;
  /** What switches it on. */
  readonly name: MutantName;
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
  /** Where only draws that are aimed at its state reach it (sim/sweep/rare-faults.ts): a seed of a sweep of `preset` with so much chaos. */
  readonly swept?: { readonly seed: number; readonly seconds: number };
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

/** A planted bug that no monitor sees: a test that holds what comes out against a model, or reads the disk, shows it. */
export interface TestedMutant {
  readonly id: string;
  readonly name: MutantName;
  /** What is wrong then. */
  readonly shows: string;
  readonly test: string;
}

/** Those that no monitor catches, but tests (tested-mutants.ts). */
const testedNames: readonly MutantName[] = [
  'agent.sum-forgets-last',
  'archive.displaces-uploads',
  'engine.commits-doomed',
  'engine.pending-is-open',
  'chunk.takes-old-acks',
  'engine.decide-without-levels',
  'engine.doubt-is-abort',
  'engine.forgets-committed-readers',
  'engine.gap-unwatched',
  'engine.ignores-predicates',
  'engine.ignores-readers-locks',
  'engine.ignores-row-locks',
  'engine.index-scanned-once',
  'engine.forgets-first-commit',
  'engine.locks-stay-behind',
  'engine.prepare-forgotten',
  'engine.release-forgets',
  'engine.sequence-not-logged',
  'engine.split-forgets-readers',
  'engine.subs-committed-early',
  'engine.undo-keeps-level',
  'engine.valid-before-snapshots-end',
  'meta.entries-unchecked',
  'node.boot-sum-forgets-first',
  'node.boot-unchecked',
  'pfs.looks-beside',
  'pfs.no-poll',
  'pfs.no-second-look',
  'pfs.size-first',
  'pfs.trim-early',
  'raft.commits-unverified',
  'raft.cut-keeps-newest-members',
  'raft.snapshot-of-newest-members',
  'raft.undone-members-stay',
  'raft.truncates-always',
  'raft.votes-for-any-log',
  'raft.votes-twice',
];

export type MutantsRead =
  | { readonly ok: true; readonly mutants: Mutants }
  | { readonly ok: false; readonly error: string };

/** Names of a tape, a link or a command line (`name`, `name@volume`): the planted bugs that they switch on, or which there is not. */
export function readMutants(checks: readonly StackChecks[], names: readonly string[]): MutantsRead {
  const known: readonly string[] = [
    ...checks
      .flatMap(({ mutants = [], testedMutants = [] }) => [...mutants, ...testedMutants])
      .map(({ name }) => name),
    ...testedNames,
  ];
  const isKnown = (name: string): name is Mutants[number] => known.includes(name.replace(/@.*/, ''));
  if (names.every(isKnown)) return { ok: true, mutants: names };
  const unknown = names.find((name) => !isKnown(name)) ?? '';
  return { ok: false, error: `unknown planted bug ${unknown}; did you mean ${nearestName(unknown, known)}?` };
}
