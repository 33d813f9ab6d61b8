// P02 First write makes a shard: a table is cut into tablets, the first row of one makes its group though the answer is lost, and a full
// shard is followed by the next of the same group.

import { act, at, both, drop, free, type LibraryLesson, line, predict, say, sql } from '../format.ts';
import { groupsMade, noTables, SHARD_LSNS, shardsOf } from '../shard-nodes.ts';

/** What the metadata answers to the driver is lost for a while, its answer that is on its way included; what the driver asks arrives. */
const loseAnswers = both(
  drop({ family: 'control', from: '{leader}', to: 'd1' }),
  line('cut {leader} > d1 for 30.000 ms'),
);

/** Keys at which the table is cut. */
const CUTS = [100, 200] as const;
const FIRST_KEY = 150;
const MORE_ROWS = 30;

const rows = (from: number, count: number): string =>
  Array.from({ length: count }, (_, i) => `(${from + i}, 0)`).join(', ');

export const p02: LibraryLesson = {
  rev: 1,
  seeds: ['000'],
  rules: ['shard.range-once', 'shard.tiling'],
  goal: {
    en: 'See when a range of keys gets its shard group, and what happens when the answer is lost or the shard is full.',
    zh: '看清一段键何时得到分片组，以及应答丢失或分片写满时会发生什么。',
  },
  start: noTables,
  steps: [
    say(
      at.next,
      'Three equal nodes: each computes, stores and holds the metadata. There is no table yet, and no group.',
      '三个对等的节点：各自计算、存储并持有元数据。还没有表，也没有组。',
      {
        claims: [
          'n1 status = up',
          'n2 status = up',
          'n3 status = up',
          'kinds node.boot.node = 4',
          'count table.step = 0',
          'count group.made = 0',
        ],
      },
    ),
    act(at.next, sql(`CREATE TABLE t (k int PRIMARY KEY, v int) WITH (split_at = '${CUTS.join(',')}')`)),
    predict('none', {
      trigger: at.on('table.step', { table: 't', state: 'active' }),
      ask: {
        en: `The table is in force, cut at ${CUTS.join(' and ')} into three tablets. How many shard groups are there now?`,
        zh: `表已生效，在 ${CUTS.join(' 和 ')} 处切成三个 tablet (表分区)。现在有几个分片组？`,
      },
      hint: {
        en: 'Nobody has written a row yet. Who would need a log?',
        zh: '还没有写过一行。谁会需要日志？',
      },
      question: { form: 'number', low: 0, high: 3, answer: groupsMade },
      reveal: at.next,
      says: 0,
      claims: ['last table.step.state = active', 'last table.step.tablets = 3'],
      afterClaims: ['count group.made = 0', 'count token.grant = 0'],
      after: {
        en: 'None. A definition is metadata alone; replicas, volume and token come with the first write.',
        zh: '一个也没有。定义只是元数据；副本、卷和令牌随首次写入而来。',
      },
      rule: 'shard.range-once',
    }),
    act(at.next, sql(`INSERT INTO t VALUES (${FIRST_KEY}, 0)`), {
      key: true,
      ask: { en: `Write the first row: insert key ${FIRST_KEY}.`, zh: `写第一行：插入键 ${FIRST_KEY}。` },
    }),
    act(at.on('group.made'), loseAnswers),
    say(
      at.next,
      'One entry of the metadata made group, volume and first shard. But the answer to the driver is lost on the way.',
      '元数据的一个条目建立了组、卷和首个分片。但给驱动的应答在途中丢失。',
      {
        claims: [
          'kinds group.made.group = 1',
          'last group.made.volume = v1',
          'last group.shards.shards = 1',
          'count world.action action=dropMessage hadEffect=true = 1',
          'count world.action action=cut isUndo=false = 1',
          'count sql.end = 1',
        ],
        rule: 'shard.range-once',
      },
    ),
    predict('once', {
      trigger: at.next,
      ask: {
        en: 'The driver hears nothing and asks again for the group of its key. How many groups will there be in the end?',
        zh: '驱动没有收到应答，会再次为该键请求组。最终会有几个组？',
      },
      hint: {
        en: 'The range is in the entry: who asks again asks for the same range.',
        zh: '条目中有区间：再次请求的是同一个区间。',
      },
      question: { form: 'number', low: 1, high: 4, answer: groupsMade },
      reveal: at.on('commit.ack'),
      says: 1,
      claims: ['count commit.ack = 0'],
      afterClaims: [
        'count driver.retry why=timeout = 1',
        'kinds group.made.group = 1',
        'count commit.ack = 1',
      ],
      after: {
        en: 'One. Asked again, the metadata answers with the group that there is; the row was written once.',
        zh: '一个。再次请求时，元数据以已有的组作答；该行只写了一次。',
      },
      rule: 'shard.range-once',
    }),
    act(at.next, sql(`INSERT INTO t VALUES ${rows(101, MORE_ROWS)}`), {
      ask: {
        en: `From ${SHARD_LSNS} LSNs on a shard is followed by the next, from the next LSN of the log on. Insert ${MORE_ROWS} rows more, in one commit.`,
        zh: `分片达到 ${SHARD_LSNS} 个 LSN 后，从日志的下一个 LSN 起建立下一个分片。再用一个提交插入 ${MORE_ROWS} 行。`,
      },
    }),
    predict('next', {
      trigger: at.next,
      ask: {
        en: 'Where do the records go that come after the end of the first shard?',
        zh: '首个分片封闭之后的记录去了哪里？',
      },
      hint: {
        en: 'Shards cut the log of a group by LSN; groups cut the keys.',
        zh: '分片按 LSN 切分组的日志；组切分的是键。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'shard', text: { en: 'Into the next shard of the same group', zh: '同一组的下一个分片' } },
          { id: 'group', text: { en: 'Into a new group', zh: '一个新的组' } },
        ],
        answer: [
          { option: 'shard', claims: [`${groupsMade} = 1`] },
          { option: 'group', claims: [] },
        ],
      },
      reveal: at.when(`${shardsOf} > 1`),
      says: 'shard',
      facts: { end: 'last group.shards.ends.0' },
      afterClaims: [
        'last group.shards.shards = 2',
        'last group.shards.firsts.1 = last group.shards.ends.0',
        'last group.shards.ends.0 > last commit.ack.scn',
        'last group.shards.ends.0 > 32',
        'kinds group.made.group = 1',
        'leader meta.sharding.groups.g1.leader = n1',
        'leader meta.groups.g1.members.sets.0 = 3',
      ],
      after: {
        en: `Into the next, from LSN {end} on: the whole commit still fitted the first, over its ${SHARD_LSNS}. No gap, the same replicas and primary.`,
        zh: `进入下一个分片，从 LSN {end} 起：整个提交仍在首个分片中，超过了 ${SHARD_LSNS}。无空隙，副本与主副本不变。`,
      },
      rule: 'shard.tiling',
    }),
    free(
      40,
      'Write to the other two tablets, and look where their primaries are.',
      '写另外两个 tablet，看看它们的主副本在哪里。',
      [
        { text: { en: 'Insert key 1', zh: '插入键 1' }, line: 'sql d1 "INSERT INTO t VALUES (1, 0)"' },
        { text: { en: 'Insert key 250', zh: '插入键 250' }, line: 'sql d1 "INSERT INTO t VALUES (250, 0)"' },
      ],
    ),
  ],
  pass: ['count commit.ack > 0', `${shardsOf} > 1`, 'violations = 0'],
  passWords: {
    en: 'all three answers right; one group was made by the first write, and its shard was rolled',
    zh: '三个问题都答对；首次写入建立了一个组，其分片滚动了一次',
  },
  challenge: {
    goal: {
      en: 'Make a table of three tablets and give each its group, although a node crashes on the way. One fault, 400 ms.',
      zh: '建一个三 tablet 的表，让每片都得到组，途中有一个节点断电。最多一次故障，400 ms 之内。',
    },
    hints: [
      {
        en: 'A group needs three nodes to be placed on; its first write then needs two of them.',
        zh: '组要放在三个节点上；之后首次写入只需其中两个。',
      },
      {
        en: 'Cut it at 100 and 200, insert keys 1, 150 and 250, then crash {n3} for 100 ms.',
        zh: '在 100 和 200 处切分，插入键 1、150、250，再让 {n3} 断电 100 ms。',
      },
    ],
    budget: { faults: 1, ms: 400 },
    pass: [`${groupsMade} >= 3`, 'count node.down >= 1', 'violations = 0'],
    solution: [
      {
        ms: 1,
        action: sql(`CREATE TABLE t (k int PRIMARY KEY, v int) WITH (split_at = '${CUTS.join(',')}')`),
      },
      {
        ms: 40,
        action: both(...[1, 150, 250].map((k) => sql(`INSERT INTO t VALUES (${k}, 0)`, `s${k}`))),
      },
      { ms: 120, action: line('crash n3 for 100.000 ms') },
    ],
  },
};
