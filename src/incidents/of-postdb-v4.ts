// Incidents of a sharded database.

import type { Incident } from './incident.ts';

/** A table of four tablets, whose third is led by n3; `accounts` of the load is one tablet, led by n1. */
const FOUR_TABLETS = [
  `100.000 sql d1 one "CREATE TABLE s (k int PRIMARY KEY, v int) WITH (split_at = '10,20,30')"`,
  '120.000 sql d1 a "INSERT INTO s VALUES (1, 0)"',
  '122.000 sql d1 b "INSERT INTO s VALUES (11, 0)"',
  '124.000 sql d1 c "INSERT INTO s VALUES (21, 0)"',
];

/** Reads of one key after the other: all ascending, or all over the table. */
const inserts = (keyOf: (i: number) => number): readonly string[] => [
  '200.000 sql d1 setup "CREATE TABLE orders (id int PRIMARY KEY, v int)"',
  ...Array.from(
    { length: 900 },
    (_, i) => `${(240 + i * 0.8).toFixed(3)} sql d1 i${i % 12} "INSERT INTO orders VALUES (${keyOf(i)}, 0)"`,
  ),
];

export const postdbIncidents: readonly Incident[] = [
  {
    id: 'two-sides',
    cluster: 'postdb-v4',
    seed: 5,
    fromMs: 200,
    untilMs: 400,
    // The lease of definitions ends when another primary may be open, and would hide what is meant.
    off: ['compute.ignores-lease'],
    actions: [
      '200.500 partition n1 d1 | n2 n3 for 180.000 ms',
      ...[270, 300, 330].map((at) => `${at}.000 sql d1 r${at} "SELECT balance FROM accounts WHERE id = 5"`),
    ],
    counterpart: { off: 'compute.reads-unconfirmed' },
    difference: { kind: 'rule', rule: 'read.latest' },
    words: {
      title: { en: 'Clients on both sides of a partition', zh: '分区两侧都有客户端' },
      known: {
        en: 'A zone is cut off together with its clients. The others appoint a new primary; the old one knows nothing of it.',
        zh: '一个可用区连同它的客户端被隔开。另一侧选出新的主副本，旧主毫不知情。',
      },
      holds: {
        en: 'Before it answers a read the old primary asks a majority whether it is one still. It gets no answer, and gives none.',
        zh: '旧主应答读之前先问多数派自己还是不是主。问不到，就不应答。',
      },
      breaks: {
        en: 'The old primary answers from what it has, while the other side writes: its clients read the past.',
        zh: '另一侧在写，旧主仍用手头的数据应答：它的客户端读到过去。',
      },
    },
  },
  {
    id: 'unclean-election',
    cluster: 'postdb-v4',
    seed: 5,
    fromMs: 199,
    untilMs: 500,
    actions: [
      ...FOUR_TABLETS,
      '200.000 cut n1 | n3 for 140.000 ms',
      ...[22, 23, 24].map((k, i) => `${237 + i}.000 sql d1 k${k} "INSERT INTO s VALUES (${k}, 0)"`),
      '240.000 crash n3 for 100.000 ms',
    ],
    counterpart: { off: 'pcs.elects-lowest' },
    difference: { kind: 'rule', rule: 'leader.greatest-tail' },
    words: {
      title: { en: 'An unclean election', zh: '不洁的选举' },
      known: {
        en: 'The primary dies while one replica is behind. If that one is appointed, acknowledged rows are gone.',
        zh: '主副本死去时有一个副本落后。若让它当主，已确认的行就没了。',
      },
      holds: {
        en: 'A read quorum says how far its logs reach, and the replica with the longest is appointed.',
        zh: '读多数派报告各自的日志到哪里，由日志最长的副本当主。',
      },
      breaks: {
        en: 'The replica of the lowest name is appointed, whatever log it has.',
        zh: '不看日志，选名字最小的副本当主。',
      },
    },
  },
  {
    id: 'long-fork',
    cluster: 'postdb-v4',
    seed: 5,
    fromMs: 299,
    untilMs: 400,
    actions: [
      ...FOUR_TABLETS,
      '300.000 sql d1 one "BEGIN ISOLATION LEVEL REPEATABLE READ"',
      '305.000 sql d1 one "SELECT sum(v) FROM s"',
      '320.000 sql d1 two "INSERT INTO s VALUES (12, 5)"',
      '350.000 sql d1 one "SELECT sum(v) FROM s"',
    ],
    counterpart: { off: 'compute.gathers-anew' },
    difference: { kind: 'rule', rule: 'gather.one-point' },
    words: {
      title: { en: 'A snapshot that moves', zh: '会移动的快照' },
      known: {
        en: 'Long fork, read skew: over several shards a transaction sees one of them before a write and another after it.',
        zh: '长分叉、读偏斜：跨分片的事务在一个分片看到写之前，在另一个看到写之后。',
      },
      holds: {
        en: 'A transaction takes one read point in each volume, and keeps it: it reads the same sum twice.',
        zh: '事务在每个卷取一个读点并保持不变：两次读到同样的和。',
      },
      breaks: {
        en: 'Each statement takes a new read point: the second sum has a row that the first had not.',
        zh: '每条语句都取新的读点：第二次的和多出第一次没有的行。',
      },
    },
  },
  {
    id: 'hot-key',
    cluster: 'postdb-v4',
    seed: 5,
    fromMs: 239,
    untilMs: 1100,
    actions: inserts((i) => (i * 7919) % 10_000),
    counterpart: { actions: inserts((i) => i) },
    difference: { kind: 'events', event: 'split.begin', on: 'holds', least: 1 },
    words: {
      title: { en: 'A hot ascending key', zh: '递增的热点键' },
      known: {
        en: 'A table keyed by time or by a sequence: every insert goes to the last tablet, and sharding does not help.',
        zh: '以时间或序列为键的表：每次插入都落在最后一个 tablet，分片帮不上忙。',
      },
      holds: {
        en: 'Keys all over the table: the hot tablet is split at its median, and the load has two primaries.',
        zh: '键分散在全表：热点 tablet 在中位数处分裂，负载落到两个主副本。',
      },
      breaks: {
        en: 'Ascending keys: no split point halves what comes next, so none is made. No rule helps; the key does.',
        zh: '递增的键：没有能平分后续负载的分裂点，于是不分裂。规则帮不了，要改键。',
      },
    },
  },
];
