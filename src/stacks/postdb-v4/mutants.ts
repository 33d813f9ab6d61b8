// Planted bugs of tablets, definitions and primaries (docs/checkers.md): each shows on a tape of its own, or in the fates of a small world.

import type { Mutant } from '../../sim/checks/mutants.ts';
import { atEnd, inWritesOf, onTapeOf } from '../../sim/checks/planted.ts';

const onTape = onTapeOf('postdb-v4');

/** A table of four tablets, whose third is led by n3; `accounts` of the load is one tablet, led by n1, and n2 has the metadata. */
const FOUR_TABLETS = [
  `100.000 sql d1 one "CREATE TABLE s (k int PRIMARY KEY, v int) WITH (split_at = '10,20,30')"`,
  '120.000 sql d1 a "INSERT INTO s VALUES (1, 0)"',
  '122.000 sql d1 b "INSERT INTO s VALUES (11, 0)"',
  '124.000 sql d1 c "INSERT INTO s VALUES (21, 0)"',
];
const THREE_MORE = ['n4', 'n5', 'n6'].map((name, i) => `${200 + i}.000 addNode ${name} node ${'abc'[i]}`);
/** n1, which leads `accounts`, and the driver are cut off from the others, which appoint another; the driver asks n1 on. */
export const OVERTAKEN: readonly string[] = [
  '200.500 partition n1 d1 | n2 n3 for 180.000 ms',
  ...[270, 300, 330].map((at) => `${at}.000 sql d1 r${at} "SELECT balance FROM accounts WHERE id = 5"`),
];
/** The lease of definitions ends about when another primary may be open, and would hide what is meant. */
export const WITHOUT_LEASE = 'broken compute.ignores-lease';
const insertAt = (at: string, k: number): string => `${at} sql d1 k${k} "INSERT INTO s VALUES (${k}, 0)"`;

/**
 * n2 makes the group of the first tablet; its first order to n3 is held back in the network, and the second one is heard. Long after the
 * volume was opened n3 loses its disk, and then the first order arrives.
 */
export const STALE_ORDER: readonly string[] = [
  ...FOUR_TABLETS.slice(0, 1),
  '119.000 holdNext n2 > n3 : fence 1',
  ...FOUR_TABLETS.slice(1, 2),
  '300.000 wipeDisk n3 for 15.000 ms',
  '322.000 release n2 > n3',
];

/** Clients that write the tablet all the time while it is split. */
export const SPLIT_UNDER_LOAD: readonly string[] = [
  '300.000 splitGroup g1 "13"',
  ...Array.from(
    { length: 160 },
    (_, i) =>
      `${(300.5 + i / 2).toFixed(3)} sql d1 w${i % 16} "UPDATE accounts SET owner = 'x' WHERE id = ${1 + (i % 12)}"`,
  ),
];

const HOT_ROWS = Array.from(
  { length: 900 },
  (_, i) =>
    `${(200 + i / 2).toFixed(3)} sql d1 h${i % 16} "SELECT balance FROM accounts WHERE id = ${i % 2 === 0 ? 1 : 2 + ((i >> 1) % 9)}"`,
);

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
  // n2, which leads the metadata, is frozen and cut off while another is elected; when it thaws it has writes to carry out
  onTape(
    700,
    [
      ...FOUR_TABLETS,
      '299.000 partition n2 | n1 n3 for 300.000 ms',
      '300.000 freeze n2 for 200.000 ms',
      '301.000 sql d1 two "CREATE TABLE t (k int PRIMARY KEY)"',
      ...[2, 12, 22, 32].map((k) => insertAt('302.000', k)),
    ],
    { id: 'M187', name: 'pcs.leases-unconfirmed', caughtBy: ['catalog.one-step-apart'] },
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
  onTape(400, STALE_ORDER, {
    id: 'M134',
    name: 'store.creates-unasked',
    caughtBy: ['shard.made-once'],
  }),
  // three nodes come, and groups move to them with who leads them
  onTape(1000, [...FOUR_TABLETS, ...THREE_MORE], {
    id: 'M140',
    name: 'pcs.leaves-leader-out',
    caughtBy: ['placement.leader-stays'],
  }),
  onTape(758, [...FOUR_TABLETS, ...THREE_MORE, '750.000 offline n4'], {
    id: 'M141',
    name: 'pcs.removes-undrained',
    caughtBy: ['placement.drained'],
  }),
  // three nodes come; placement converges within 150 ms, and then clients stop
  atEnd(
    onTape(600, [...FOUR_TABLETS, ...THREE_MORE, '400.000 workloadStop d1'], {
      id: 'M184',
      name: 'pcs.balances-without-gain',
      caughtBy: ['placement.converges'],
    }),
  ),
  // who is to take its vote hears of that late, after its replicas have left
  onTape(1200, [...THREE_MORE, '690.000 offline n1', '697.000 latency n2 > n4 : 40.000 ms for 200.000 ms'], {
    id: 'M147',
    name: 'pcs.removes-voter',
    caughtBy: ['placement.drained'],
  }),
  // a statement by definitions that are gone; and reads of a primary that another has taken the place of
  onTape(
    400,
    [
      '199.900 sql d1 one "CREATE TABLE t (k int PRIMARY KEY)"',
      ...OVERTAKEN,
      `340.000 sql d1 w "UPDATE accounts SET owner = 'x' WHERE id = 5"`,
    ],
    { id: 'M142', name: 'compute.ignores-lease', caughtBy: ['catalog.one-step-apart'] },
  ),
  onTape(400, OVERTAKEN, { id: 'M135', name: 'compute.reads-unconfirmed', caughtBy: ['read.latest'] }, [
    WITHOUT_LEASE,
  ]),
  // n1 is asked late
  onTape(400, [...FOUR_TABLETS, '239.000 holdNext n2 > n1 : fence 12', '240.000 crash n3 for 100.000 ms'], {
    id: 'M143',
    name: 'pcs.elects-at-one',
    caughtBy: ['leader.greatest-tail'],
  }),
  onTape(400, [...FOUR_TABLETS, '240.000 crash n3 for 100.000 ms'], {
    id: 'M144',
    name: 'pcs.elects-with-old-token',
    caughtBy: ['fence.token-unique'],
  }),
  // a transaction reads all tablets twice, and meanwhile one of them is written
  onTape(
    400,
    [
      ...FOUR_TABLETS,
      '300.000 sql d1 one "BEGIN ISOLATION LEVEL REPEATABLE READ"',
      '305.000 sql d1 one "SELECT sum(v) FROM s"',
      insertAt('320.000', 12),
      '350.000 sql d1 one "SELECT sum(v) FROM s"',
    ],
    { id: 'M136', name: 'compute.gathers-anew', caughtBy: ['gather.one-point'] },
  ),
  // who gathers by an old map is refused by the primary that was
  onTape(
    500,
    [
      ...FOUR_TABLETS,
      '200.000 sql d1 g1 "SELECT count(*) FROM s"',
      '204.000 sql d1 g2 "SELECT count(*) FROM s"',
      '208.000 sql d1 g3 "SELECT count(*) FROM s"',
      '240.000 crash n3 for 20.000 ms',
      ...[262, 264, 266, 268, 270, 272].map((at) => `${at}.000 sql d1 h${at} "SELECT count(*) FROM s"`),
    ],
    { id: 'M137', name: 'compute.gathers-partly', caughtBy: ['gather.whole'] },
  ),
  onTape(600, SPLIT_UNDER_LOAD, {
    id: 'M138',
    name: 'seat.splits-unfrozen',
    caughtBy: ['shard.stale-epoch-inert'],
  }),
  onTape(600, SPLIT_UNDER_LOAD, {
    id: 'M145',
    name: 'seat.thaws-early',
    caughtBy: ['shard.stale-epoch-inert'],
  }),
  // the driver hears nothing from the metadata until long after the cut
  onTape(600, ['299.000 cut n2 > d1 for 150.000 ms', ...SPLIT_UNDER_LOAD], {
    id: 'M185',
    name: 'seat.takes-old-epoch',
    caughtBy: ['shard.stale-epoch-inert'],
  }),
  // a row is locked for longer than a driver waits for who is silent
  onTape(
    700,
    [
      '200.000 sql d1 one "BEGIN"',
      `205.000 sql d1 one "UPDATE accounts SET owner = 'x' WHERE id = 5"`,
      `230.000 sql d1 two "UPDATE accounts SET owner = 'y' WHERE id = 5"`,
    ],
    { id: 'M197', name: 'driver.counts-from-begin', caughtBy: ['client.silence'] },
    ['set maxRetryMs 300'],
  ),
  // ten rows of the first tablet are asked for, the first of them nine times as often as each other
  onTape(700, HOT_ROWS, { id: 'M139', name: 'pcs.splits-at-middle', caughtBy: ['placement.hot-halves'] }),
  inWritesOf('splits', 'snapshot in a split: snapshot', {
    id: 'M178',
    name: 'pcs.snapshot-forgets-splits',
    caughtBy: ['pcs.model'],
  }),
  inWritesOf('shards', 'snapshot in a definition: snapshot', {
    id: 'M179',
    name: 'pcs.snapshot-forgets-step',
    caughtBy: ['pcs.model'],
  }),
  onTape(500, [], { id: 'M146', name: 'pcs.shards-overlap', caughtBy: ['shard.tiling'] }, [
    'set shardTargetLsns 32',
  ]),
];
