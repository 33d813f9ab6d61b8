// Planted bugs of tablets, definitions and primaries (docs/checkers.md): each shows on a tape of its own.

import type { Mutant } from '../../sim/checks/mutants.ts';

const onTape = (untilMs: number, actions: readonly string[], mutant: Mutant): Mutant => ({
  ...mutant,
  tape: { preset: 'postdb-v4', untilMs, changes: [], actions },
});

/** A table of four tablets, whose third is led by n3; `accounts` of the load is one tablet, led by n1, and n2 has the metadata. */
const FOUR_TABLETS = [
  `100.000 sql d1 one "CREATE TABLE s (k int PRIMARY KEY, v int) WITH (split_at = '10,20,30')"`,
  '120.000 sql d1 a "INSERT INTO s VALUES (1, 0)"',
  '122.000 sql d1 b "INSERT INTO s VALUES (11, 0)"',
  '124.000 sql d1 c "INSERT INTO s VALUES (21, 0)"',
];
const insertAt = (at: string, k: number): string => `${at} sql d1 k${k} "INSERT INTO s VALUES (${k}, 0)"`;

export const postdbV4Mutants: readonly Mutant[] = [
  onTape(
    300,
    [
      '200.000 sql d1 one "CREATE TABLE t (k int PRIMARY KEY)"',
      '220.000 sql d1 two "INSERT INTO t VALUES (1)"',
      '220.100 sql d1 three "INSERT INTO t VALUES (2)"',
    ],
    { id: 'M44', name: 'pcs.makes-shard-twice', caughtBy: ['shard.range-once'] },
  ),
  // n1 is cut off, and a client of it begins a transaction
  onTape(
    300,
    [
      '200.000 partition n1 | n2 n3 for 100.000 ms',
      '205.000 sql d1 one "CREATE TABLE t (k int PRIMARY KEY)"',
      `215.000 sql d1 two "UPDATE accounts SET owner = 'x' WHERE id = 5"`,
    ],
    { id: 'M45', name: 'pcs.steps-without-acks', caughtBy: ['catalog.one-step-apart'] },
  ),
  // n1 lacks the newest records when n3 dies
  onTape(
    500,
    [
      ...FOUR_TABLETS,
      '200.000 cut n1 | n3 for 140.000 ms',
      insertAt('237.000', 22),
      insertAt('238.000', 23),
      insertAt('239.000', 24),
      '240.000 crash n3 for 100.000 ms',
    ],
    { id: 'M133', name: 'pcs.elects-lowest', caughtBy: ['leader.greatest-tail'] },
  ),
];
