// Planted bugs of tablets, definitions and primaries (docs/proof.md): each shows on a tape of its own, or in the fates of a small world.

import type { Mutant } from '../../sim/checks/mutants.ts';
import { atEnd, atRedo, inSweep, inWritesOf, onTapeOf } from '../../sim/checks/planted.ts';

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

/** The two tablets that a split has made are merged again while clients write both. */
export const MERGE_UNDER_LOAD: readonly string[] = [
  '200.000 splitGroup g1 "13"',
  '400.000 mergeGroups g1 g2',
  ...Array.from(
    { length: 160 },
    (_, i) =>
      `${(400.5 + i / 2).toFixed(3)} sql d1 w${i % 16} "UPDATE accounts SET owner = 'x' WHERE id = ${1 + (i % 24)}"`,
  ),
];

const HOT_ROWS = Array.from(
  { length: 900 },
  (_, i) =>
    `${(200 + i / 2).toFixed(3)} sql d1 h${i % 16} "SELECT balance FROM accounts WHERE id = ${i % 2 === 0 ? 1 : 2 + ((i >> 1) % 9)}"`,
);

export const postdbV4Mutants: readonly Mutant[] = [
  // gives the index of a primary key a name that another relation has
  atRedo(
    onTape(
      500,
      [
        '120.000 sql d1 one "CREATE TABLE t_pkey (k int PRIMARY KEY)"',
        '150.000 sql d1 one "CREATE TABLE t (k int PRIMARY KEY)"',
        '200.000 sql d1 one "INSERT INTO t VALUES (1)"',
      ],
      { id: 'M216', name: 'pcs.takes-used-key-name', caughtBy: ['page.structure'] },
    ),
  ),
  // makes a tablet's group again when it is asked for again
  onTape(
    300,
    [
      '200.000 sql d1 one "CREATE TABLE t (k int PRIMARY KEY)"',
      '220.000 sql d1 two "INSERT INTO t VALUES (1)"',
      '220.100 sql d1 three "INSERT INTO t VALUES (2)"',
    ],
    { id: 'M44', name: 'pcs.makes-shard-twice', caughtBy: ['shard.range-once'] },
  ),
  // a definition is in force before every node has it. The tape: n1 is cut off, and a client of it begins a transaction
  onTape(
    300,
    [
      '200.000 partition n1 | n2 n3 for 100.000 ms',
      '205.000 sql d1 one "CREATE TABLE t (k int PRIMARY KEY)"',
      `215.000 sql d1 two "UPDATE accounts SET owner = 'x' WHERE id = 5"`,
    ],
    { id: 'M45', name: 'pcs.steps-without-acks', caughtBy: ['catalog.one-step-apart'] },
  ),
  // a leader of the metadata answers reports of definitions without a round, so that a deposed one gives leases (PCS-112). The tape: n2, which leads the metadata, is frozen and cut off while another is elected; when it thaws it has writes to carry out
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
  // appoints the answering voter of the lowest id, whatever it holds. The tape: n1 lacks the newest records when n3 dies
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
  // a store makes a replica from nothing for whoever orders it
  onTape(400, STALE_ORDER, {
    id: 'M134',
    name: 'store.creates-unasked',
    caughtBy: ['shard.made-once'],
  }),
  // commits a change of members that takes the leader away. The tape: three nodes come, and groups move to them with who leads them
  onTape(1000, [...FOUR_TABLETS, ...THREE_MORE], {
    id: 'M140',
    name: 'pcs.leaves-leader-out',
    caughtBy: ['placement.leader-stays'],
  }),
  // takes a node away as soon as it is to be drained
  onTape(758, [...FOUR_TABLETS, ...THREE_MORE, '750.000 offline n4'], {
    id: 'M141',
    name: 'pcs.removes-undrained',
    caughtBy: ['placement.drained'],
  }),
  // moves a replica or a leadership wherever scores differ, whether it pays or not, so that it is moved back. The tape: three nodes come; placement converges within 150 ms, and then clients stop
  atEnd(
    onTape(600, [...FOUR_TABLETS, ...THREE_MORE, '400.000 workloadStop d1'], {
      id: 'M184',
      name: 'pcs.balances-without-gain',
      caughtBy: ['placement.converges'],
    }),
  ),
  // takes a node away that the metadata's log still has as a member. The tape: who is to take its vote hears of that late, after its replicas have left
  onTape(1200, [...THREE_MORE, '690.000 offline n1', '697.000 latency n2 > n4 : 40.000 ms for 200.000 ms'], {
    id: 'M147',
    name: 'pcs.removes-voter',
    caughtBy: ['placement.drained'],
  }),
  // serves on when nobody has answered its reports of definitions. The tape: a statement by definitions that are gone; and reads of a primary that another has taken the place of
  onTape(
    400,
    [
      '199.900 sql d1 one "CREATE TABLE t (k int PRIMARY KEY)"',
      ...OVERTAKEN,
      `340.000 sql d1 w "UPDATE accounts SET owner = 'x' WHERE id = 5"`,
    ],
    { id: 'M142', name: 'compute.ignores-lease', caughtBy: ['catalog.one-step-apart'] },
  ),
  // a primary answers reads without asking whether it is one still
  onTape(400, OVERTAKEN, { id: 'M135', name: 'compute.reads-unconfirmed', caughtBy: ['read.latest'] }, [
    WITHOUT_LEASE,
  ]),
  // appoints the first replica that answers. The tape: n1 is asked late
  onTape(400, [...FOUR_TABLETS, '239.000 holdNext n2 > n1 : fence 12', '240.000 crash n3 for 100.000 ms'], {
    id: 'M143',
    name: 'pcs.elects-at-one',
    caughtBy: ['leader.greatest-tail'],
  }),
  // asks and appoints under the token of the primary before
  onTape(400, [...FOUR_TABLETS, '240.000 crash n3 for 100.000 ms'], {
    id: 'M144',
    name: 'pcs.elects-with-old-token',
    caughtBy: ['fence.token-unique'],
  }),
  // a later statement of a transaction at repeatable read gathers a volume at a read point of its own. The tape: a transaction reads all tablets twice, and meanwhile one of them is written
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
  // who gathers takes a part that is refused for one without rows. The tape: who gathers by an old map is refused by the primary that was
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
  // a primary serves on while its keys are copied to another group
  onTape(600, SPLIT_UNDER_LOAD, {
    id: 'M138',
    name: 'attachment.splits-unfrozen',
    caughtBy: ['shard.stale-epoch-inert'],
  }),
  // a primary serves again once it has copied, before it knows how the split ends
  onTape(600, SPLIT_UNDER_LOAD, {
    id: 'M145',
    name: 'attachment.thaws-early',
    caughtBy: ['shard.stale-epoch-inert'],
  }),
  // the primaries of two tablets serve on while both are copied to the one that is made of them (PCS-122)
  onTape(700, MERGE_UNDER_LOAD, {
    id: 'M199',
    name: 'attachment.merges-unfrozen',
    caughtBy: ['shard.stale-epoch-inert'],
  }),
  // a primary carries out requests that were routed by an older epoch of its tablet, whatever has become of the keys. The tape: the driver hears nothing from the metadata until long after the cut
  onTape(600, ['299.000 cut n2 > d1 for 150.000 ms', ...SPLIT_UNDER_LOAD], {
    id: 'M185',
    name: 'attachment.takes-old-epoch',
    caughtBy: ['shard.stale-epoch-inert'],
  }),
  // a driver gives a request up at its limit although a node says that it is at work on it (FENCE-47). The tape: a row is locked for longer than a driver waits for who is silent
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
  // splits a hot group at the middle one of its key buckets, whatever each is asked for. The tape: ten rows of the first tablet are asked for, the first of them nine times as often as each other
  onTape(700, HOT_ROWS, { id: 'M139', name: 'pcs.splits-at-middle', caughtBy: ['placement.hot-halves'] }),
  // leaves splits that are under way out of the snapshots of the metadata's log
  inWritesOf('splits', 'snapshot in a split: snapshot', {
    id: 'M178',
    name: 'pcs.snapshot-forgets-splits',
    caughtBy: ['pcs.model'],
  }),
  // leaves a step of a definition that is under way out of them
  inWritesOf('shards', 'snapshot in a definition: snapshot', {
    id: 'M179',
    name: 'pcs.snapshot-forgets-step',
    caughtBy: ['pcs.model'],
  }),
  // the next shard begins before the sealed one ends
  onTape(500, [], { id: 'M146', name: 'pcs.shards-overlap', caughtBy: ['shard.tiling'] }, [
    'set shardTargetLsns 32',
  ]),
  // who has the keys of a split next does not know which requests were carried out before, so that one whose answer was lost runs twice
  inSweep(2, {
    id: 'M203',
    name: 'attachment.splits-without-clients',
    caughtBy: ['client.exactly-once'],
    preset: 'postdb-v4',
  }),
  // who has the keys of two tablets that were merged knows only which requests the one of them has carried out that was put on record first (PCS-122)
  inSweep(3, {
    id: 'M200',
    name: 'attachment.merges-without-clients',
    caughtBy: ['client.exactly-once'],
    preset: 'postdb-v4',
  }),
  // a part of a gathered read that a split has refused is asked for again by the new epoch, and the tablet that the split made is not read
  inSweep(2, {
    id: 'M204',
    name: 'compute.gathers-part-anew',
    caughtBy: ['gather.whole'],
    preset: 'postdb-v4',
  }),
];
