// P04 A write's life: one UPDATE from the driver to its acknowledgement, and what happens only afterwards.

import {
  act,
  at,
  type Choice,
  free,
  type LibraryLesson,
  line,
  onNode,
  predict,
  say,
  sql,
} from '../format.ts';
import { primaryOf, shardNodes, twoTablets } from '../shard-nodes.ts';

const ROW = 1;

const steps: readonly Choice[] = [
  { id: 'ack', text: { en: 'The client hears OK', zh: '客户端得到确认' } },
  { id: 'append', text: { en: 'The primary makes log records', zh: '主副本产生日志记录' } },
  { id: 'route', text: { en: 'The driver sends it to the primary', zh: '驱动发给主副本' } },
  {
    id: 'vdl',
    text: { en: 'A write quorum has it: VDL passes the commit', zh: '达到写多数派：VDL 越过提交' },
  },
  { id: 'durable', text: { en: 'A first replica has the records on its disk', zh: '首个副本把记录落盘' } },
];

/** The newest commit. */
const SCN = '{last commit.ack.scn volume=v1}';
const ACKED_AT = `first commit.ack.at volume=v1 scn=${SCN}`;
const PRIMARY = primaryOf('g1');
const FOLLOWER = `other {${PRIMARY}} of ${shardNodes.join(' ')}`;

export const p04: LibraryLesson = {
  rev: 1,
  seeds: ['000'],
  rules: ['wal.acked-at-vdl', 'read.latest'],
  goal: {
    en: 'Follow one UPDATE through symmetric nodes: who does what, and when the client may hear OK.',
    zh: '跟随一条 UPDATE 穿过对等节点：谁做什么，客户端何时才能得到确认。',
  },
  start: twoTablets,
  steps: [
    say(
      at.next,
      `Each node computes, stores and holds metadata. Row ${ROW} lies in {g1}: of its three replicas {n1} is the primary.`,
      `每个节点兼做计算、存储与元数据。行 ${ROW} 属于 {g1}：三个副本中 {n1} 是主副本。`,
      {
        claims: [
          'leader meta.sharding.groups.g1.leader = n1',
          'leader meta.groups.g1.members.sets.0 = 3',
          'n1 store.groups.g1.scl = n1 compute.vdl',
          'n2 status = up',
          'n3 status = up',
        ],
      },
    ),
    act(at.next, sql(`UPDATE t SET v = 11 WHERE k = ${ROW}`), {
      key: true,
      ask: { en: `Update row ${ROW}.`, zh: `更新行 ${ROW}。` },
    }),
    predict('order', {
      trigger: at.on('driver.route', { group: 'g1' }),
      ask: {
        en: 'It is on its way to the primary. In which order do these five happen?',
        zh: '它正在去往主副本的路上。这五件事按什么次序发生？',
      },
      hint: {
        en: 'The log is what must not be lost. A page can be built from the log at any time.',
        zh: '不能丢的是日志。页随时可由日志构建。',
      },
      question: {
        form: 'order',
        items: steps,
        answer: [
          // What happens in one step of the primary follows in this order.
          { item: 'route', time: 'last driver.route.at' },
          { item: 'append', time: `first mtr.append.at volume=v1 lsn=${SCN}` },
          { item: 'durable', time: `first mark.scl.at group=g1 value=${SCN}` },
          { item: 'vdl', time: `first mark.vdl.at volume=v1 value=${SCN}` },
          { item: 'ack', time: ACKED_AT },
        ],
      },
      reveal: at.on('commit.ack', { volume: 'v1' }),
      says: ['route', 'append', 'durable', 'vdl', 'ack'],
      claims: ['last driver.route.to = n1'],
      afterClaims: [
        'last commit.ack.volume = v1',
        'last page.materialise.at < last driver.route.at',
        'kinds page.stored.node = 0',
      ],
      after: {
        en: 'Route, log, disk, quorum, OK. Nothing but the log was written, and nothing but the log was sent.',
        zh: '路由、日志、落盘、多数派 (quorum)、确认。写下的只有日志，发送的也只有日志。',
      },
      rule: 'wal.acked-at-vdl',
    }),
    act(at.next, line(`cut {${PRIMARY}} | {${FOLLOWER}} for 40.000 ms`)),
    act(at.next, sql(`UPDATE t SET v = 12 WHERE k = ${ROW}`)),
    predict('copies', {
      trigger: at.next,
      ask: {
        en: '{n1}, the primary, does not reach {n2} now. On how many disks is the next commit when the client hears OK?',
        zh: '主副本 {n1} 现在够不到 {n2}。客户端得到下一个提交的确认时，它在几个磁盘上？',
      },
      hint: {
        en: 'Each group has three replicas, and Vw is {vw}. The primary is a node with a disk, too.',
        zh: '每组有三个副本，Vw 为 {vw}。主副本所在节点也有磁盘。',
      },
      question: {
        form: 'number',
        low: 0,
        high: 3,
        answer: `kinds mark.scl.node group=g1 value=${SCN} at<={${ACKED_AT}}`,
      },
      reveal: at.on('commit.ack', { volume: 'v1' }),
      says: 2,
      facts: { vw: 'leader meta.groups.g1.members.vw', scn: 'last commit.ack.scn volume=v1' },
      claims: ['last world.action.action = cut', 'last world.action.node = n1'],
      afterClaims: [
        'n1 store.groups.g1.scl = last commit.ack.scn',
        'n3 store.groups.g1.scl = last commit.ack.scn',
        'n2 store.groups.g1.scl < last commit.ack.scn',
      ],
      after: {
        en: 'Two: {n1} and {n3} have LSN {scn}, {n2} has not. It asks its peers for what it lacks once it learns of it.',
        zh: '两个：{n1} 和 {n3} 已有 LSN {scn}，{n2} 没有。它得知后会向对等副本索要缺失的部分。',
      },
      rule: 'wal.acked-at-vdl',
      focus: onNode('n1'),
    }),
    predict('pages', {
      trigger: at.next,
      ask: {
        en: 'Two UPDATEs are acknowledged. How many pages have the three stores built with them in so far?',
        zh: '两条 UPDATE 都已确认。到现在为止，三个存储构建了多少个含它们的页？',
      },
      hint: {
        en: 'What has to be on a disk before a client hears OK, and what may be made of it later?',
        zh: '客户端得到确认之前必须落盘的是什么？之后又可由它构建什么？',
      },
      question: {
        form: 'number',
        low: 0,
        high: 12,
        // With something in them that came after the first commit.
        answer: 'count page.materialise group=g1 pageLsn>{first commit.ack.scn volume=v1}',
      },
      reveal: at.next,
      says: 0,
      claims: ['count commit.ack volume=v1 = 3'],
      afterClaims: ['last page.materialise.at group=g1 < last driver.route.at group=g1'],
      after: {
        en: 'None. A commit waits for log, never for a page.',
        zh: '零个。提交等的是日志，从不等页。',
      },
    }),
    say(
      at.on('page.materialise', { group: 'g1' }),
      'Only now {store} builds the page, in the background, as of LSN {lsn}: not above what it knows to be durable.',
      '现在 {store} 才在后台构建该页，到 LSN {lsn} 为止：不越过它已知持久之处。',
      {
        facts: {
          store: 'last page.materialise.node group=g1',
          lsn: 'last page.materialise.pageLsn group=g1',
        },
        claims: [
          'last page.materialise.node group=g1 = n1',
          'last page.materialise.pageLsn group=g1 <= last mark.known.vdl node=n1 group=g1',
          'last page.materialise.at group=g1 > last commit.ack.at',
        ],
      },
    ),
    free(60, 'Step on, event by event, and follow another write.', '逐事件步进，再跟一次写入。', [
      { text: { en: 'Update row 150', zh: '更新行 150' }, line: 'sql d1 "UPDATE t SET v = 9 WHERE k = 150"' },
      { text: { en: 'Read row 1', zh: '读行 1' }, line: 'sql d1 "SELECT v FROM t WHERE k = 1"' },
    ]),
  ],
  pass: ['count commit.ack volume=v1 > 2', 'violations = 0'],
  passWords: {
    en: 'five steps in their order; on how many disks a commit is when it is acknowledged; that no page was needed',
    zh: '五步次序正确；确认时提交在几个磁盘上；不需要任何页',
  },
  challenge: {
    goal: {
      en: 'Have a commit acknowledged while one of the three nodes is down. One fault, 400 ms.',
      zh: '在三个节点之一停机时让一个提交得到确认。最多一次故障，400 ms 之内。',
    },
    hints: [
      {
        en: 'Which of the three may be missing? See what Vw asks for.',
        zh: '三者之中谁可以缺席？看 Vw 的要求。',
      },
      {
        en: 'Crash any node for 300 ms; if it was the primary another is elected. Then UPDATE row 1.',
        zh: '让任一节点断电 300 ms；若是主副本，会另选一个。然后 UPDATE 行 1。',
      },
    ],
    budget: { faults: 1, ms: 400 },
    pass: [
      'n1 status = down or n2 status = down or n3 status = down',
      'last commit.ack.at > last node.down.at',
      'violations = 0',
    ],
    solution: [
      {
        ms: 1,
        action: line(`crash {${FOLLOWER}} for 300.000 ms`),
      },
      { ms: 120, action: sql('UPDATE t SET v = 13 WHERE k = 1', 'a') },
    ],
  },
};
