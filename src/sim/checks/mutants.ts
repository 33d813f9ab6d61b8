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
  // the checksum of a boot epoch leaves the first byte of what it says out, wherever it is made or read
  { id: 'M211', name: 'node.boot-sum-forgets-first', format: 'boot epoch' },
  // that of a node's copy of the configuration leaves the last byte out
  { id: 'M212', name: 'agent.sum-forgets-last', format: 'configuration' },
];

/** A planted bug that no monitor sees: a test that holds what comes out against a model, or reads the disk, shows it. */
export interface TestedMutant {
  readonly id: string;
  readonly name: string;
  /** What is wrong then. */
  readonly shows: string;
  readonly test: string;
}

export const testedMutants: readonly TestedMutant[] = [
  // a write of a serializable transaction does not meet those who have read what it replaces
  {
    id: 'M100',
    name: 'engine.ignores-predicates',
    shows: 'a group below zero',
    test: 'src/core/engine/serializable.world.test.ts',
  },
  // a serializable transaction commits although another has decided against it
  {
    id: 'M101',
    name: 'engine.commits-doomed',
    shows: 'a group below zero',
    test: 'src/core/engine/serializable.world.test.ts',
  },
  // a scan by an index remembers the rows it found and not the pages
  {
    id: 'M102',
    name: 'engine.gap-unwatched',
    shows: 'too many rows in a range',
    test: 'src/core/engine/serializable.world.test.ts',
  },
  // who has read a page of an index has not read the page that is split from it
  {
    id: 'M103',
    name: 'engine.split-forgets-readers',
    shows: 'too many rows in a range',
    test: 'src/core/engine/serializable.world.test.ts',
  },
  // a serializable transaction is forgotten when it commits, whoever is concurrent with it
  {
    id: 'M104',
    name: 'engine.forgets-committed-readers',
    shows: 'a group below zero',
    test: 'src/core/engine/serializable.world.test.ts',
  },
  // gives a DROP its lock although transactions have read or written the table
  {
    id: 'M105',
    name: 'engine.ignores-readers-locks',
    shows: "a reader's rows gone",
    test: 'src/core/engine/relation-locks.world.test.ts',
  },
  // takes a row for free that another transaction has locked by FOR UPDATE or FOR SHARE
  {
    id: 'M106',
    name: 'engine.ignores-row-locks',
    shows: 'a counter behind',
    test: 'src/core/engine/row-locks.world.test.ts',
  },
  // an update leaves the locks of others on the version that it replaces
  {
    id: 'M107',
    name: 'engine.locks-stay-behind',
    shows: 'a locked key gone',
    test: 'src/core/engine/row-locks.world.test.ts',
  },
  // marks the subtransactions of a commit in an MTR before the commit record
  {
    id: 'M108',
    name: 'engine.subs-committed-early',
    shows: 'half a transaction after a crash',
    test: 'src/core/engine/savepoints.world.test.ts',
  },
  // ROLLBACK TO leaves the xids of the level to be committed with its transaction
  {
    id: 'M109',
    name: 'engine.undo-keeps-level',
    shows: 'rows that were undone',
    test: 'src/core/engine/savepoints.world.test.ts',
  },
  // RELEASE leaves the xids of the level out of the commit
  {
    id: 'M110',
    name: 'engine.release-forgets',
    shows: 'rows missing after the commit',
    test: 'src/core/engine/savepoints.world.test.ts',
  },
  // a file's size is published before its bytes are durable
  { id: 'M40', name: 'pfs.size-first', shows: 'bytes of another file', test: 'src/core/pfs/crash.test.ts' },
  // the journal's tail moves before the superblocks have what it lets go
  { id: 'M42', name: 'pfs.trim-early', shows: 'fsck after a crash', test: 'src/core/pfs/crash.test.ts' },
  // a reader does not look whether the journal was trimmed while it read
  {
    id: 'M150',
    name: 'pfs.no-second-look',
    shows: "other metadata than the writer's",
    test: 'src/core/pfs/readers.test.ts',
  },
  // a reader does not poll again after it has read blocks of a file
  { id: 'M151', name: 'pfs.no-poll', shows: 'bytes of another file', test: 'src/core/pfs/readers.test.ts' },
  // CREATE INDEX CONCURRENTLY leaves its second scan out, which enters the rows of transactions that were open at the first
  {
    id: 'M163',
    name: 'engine.index-scanned-once',
    shows: 'a row without an entry in a valid index',
    test: 'src/sim/fsck/concurrent-index.world.test.ts',
  },
  // an index becomes valid while snapshots are open that may see older versions than it was built from
  {
    id: 'M164',
    name: 'engine.valid-before-snapshots-end',
    shows: 'a row that a scan by the index lacks',
    test: 'src/sim/fsck/concurrent-index.world.test.ts',
  },
  // draws from a sequence without a record of the log
  {
    id: 'M160',
    name: 'engine.sequence-not-logged',
    shows: 'a value that comes twice after a crash',
    test: 'src/core/engine/sequences.world.test.ts',
  },
];
