// F04 Ring is full: transactions fill the journal's ring until the trim writes them back and its tail moves; then the writer loses its power.

import { geometries } from '../../core/pfs/geometry.ts';
import { manyTables } from '../file-nodes.ts';
import { act, at, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';

/** The journal's tail, and the newest transaction in it. */
const TAIL = 'rw-1 mount.leader.tailTx';
const HEAD = 'rw-1 mount.leader.headTx';

export const f04: LibraryLesson = {
  rev: 2,
  seeds: ['003'],
  rules: ['pfs.journal-atomic', 'pfs.fsck-clean'],
  goal: {
    en: 'The journal is a ring of 256 entries and every new file takes some. What happens before it is full?',
    zh: '日志是 256 个条目的环，每个新文件都占用一些。写满之前会发生什么？',
  },
  start: {
    preset: 'polardb',
    config: { nodeHeartbeatMs: 12 },
    tape: manyTables(24, 230, 20),
    ms: 705,
    lens: 'disk',
    group: null,
    speed: 3000,
  },
  steps: [
    say(
      at.next,
      'All {head} transactions since mkfs are still in the ring: its tail is at {tail}. The superblocks have none of them.',
      '自 mkfs 以来的 {head} 个事务都还在环中，尾在 {tail}。超级块里还没有它们。',
      {
        facts: { head: 'rw-1 mount.headTx', tail: 'rw-1 mount.leader.tailTx' },
        claims: ['rw-1 mount.leader.tailTx = 0', 'rw-1 mount.headTx > 32'],
        focus: onNode('rw-1'),
        rule: 'pfs.journal-atomic',
      },
    ),
    act(at.next, sql('create table more (id int primary key); create table last (id int primary key)'), {
      key: true,
      ask: { en: 'Create two more tables: four more files.', zh: '再建两张表：又多四个文件。' },
    }),
    predict('tail', {
      trigger: at.next,
      ask: {
        en: `A trim group takes up to ${geometries.demo.trimTransactions} transactions and is written back when the next one is full. Where does the tail go first?`,
        zh: `每个 trim 组最多 ${geometries.demo.trimTransactions} 个事务，下一组满时写回。尾首先移到哪个事务？`,
      },
      hint: {
        en: 'What is written back are the transactions of the first group, no more.',
        zh: '写回的只是第一组的事务。',
      },
      question: { form: 'number', low: 0, high: 128, answer: TAIL },
      reveal: at.when(`${TAIL} > 0`),
      says: 32,
      facts: { tail: 'rw-1 mount.leader.tailTx' },
      claims: ['rw-1 mount.leader.tailTx = 0'],
      afterClaims: ['own rw-1 mount.leader.tailTx = 32', 'rw-1 mount.headTx > 50'],
      after: {
        en: 'To {tail}: its superblock sectors are durable first, then the leader record with the new tail. The ring before it is free.',
        zh: '到 {tail}：先让超级块扇区持久，再写带新尾的 leader 记录。环中尾之前的部分腾出来。',
      },
      focus: onNode('rw-1'),
      rule: 'pfs.journal-atomic',
    }),
    act(at.next, line('crash rw-1 for 3.000 ms'), {
      ask: { en: 'Cut the power of {rw-1}.', zh: '让 {rw-1} 断电。' },
    }),
    predict('replayed', {
      trigger: at.next,
      ask: {
        en: 'Its next mount reads the superblocks and the ring. How many transactions does it replay from the ring?',
        zh: '下次挂载读取超级块与环。它从环中回放多少个事务？',
      },
      hint: {
        en: 'Those between tail and head; the lens shows both.',
        zh: '尾与头之间的那些；透镜里两者都有。',
      },
      question: {
        form: 'number',
        low: 0,
        high: 128,
        // Transactions that are in the ring as the newest mount found it.
        answer: `${HEAD} - ${TAIL}`,
      },
      reveal: at.on('fs.mounted', { node: 'rw-1', mode: 'rw' }),
      says: null,
      facts: { tail: 'rw-1 mount.leader.tailTx', head: 'rw-1 mount.headTx' },
      claims: ['rw-1 status = down'],
      afterClaims: [
        'own rw-1 mount.leader.tailTx = 32',
        'last fs.mounted.headTx node=rw-1 = rw-1 mount.headTx',
        'last fs.checked.issues = 0',
        'last fs.checked.token = 2',
        'rw-1 blocks.base/9.0 = 1',
      ],
      after: {
        en: 'Those from {tail} to {head}; what is before the tail is in the superblocks. No file is lost, and fsck is clean.',
        zh: '从 {tail} 到 {head} 的那些；尾之前的已在超级块里。文件一个不少，fsck 干净。',
      },
      focus: onNode('rw-1'),
      rule: 'pfs.fsck-clean',
    }),
    act(at.on('recovery.done'), sql('select count(*) from last'), {
      ask: { en: 'Read the table that was made last.', zh: '读最后建的那张表。' },
    }),
    say(
      at.on('sql.end'),
      'It is there. A trim never waits for readers: {ro-1} is at {own}, behind the tail, and has to load the metadata anew.',
      '它还在。trim 从不等待只读节点：{ro-1} 在 {own}，落到尾之后，必须重新装载元数据。',
      {
        facts: { own: 'ro-1 mount.headTx' },
        claims: [
          'row main 0 = 0',
          'last sql.end.outcome = ok',
          'ro-1 mount.headTx < rw-1 mount.leader.tailTx',
          'last sql.end.at > last recovery.done.at',
        ],
        rule: 'pfs.sync-exact',
      },
    ),
    free(60, 'Create tables until the tail moves again.', '继续建表，直到尾再次移动。', [
      {
        text: { en: 'Create a table', zh: '建一张表' },
        line: 'sql d1 "create table one_more (id int primary key)"',
      },
    ]),
  ],
  pass: [
    'row main 0 = 0',
    `${TAIL} > 0`,
    'last fs.checked.at > last node.down.at node=rw-1',
    'count fs.checked issues!=0 = 0',
    'violations = 0',
  ],
  passWords: {
    en: 'the tail has moved, a mount replayed what is behind it, fsck was clean and the newest table is there',
    zh: '尾已移动，挂载回放了其后的事务，fsck 干净，最新的表还在',
  },
  challenge: {
    goal: {
      en: 'Have the tail move while one chunk server is down. One fault, 250 ms.',
      zh: '在一台 ChunkServer 宕机时让尾移动。最多一次故障，250 ms 之内。',
    },
    hints: [
      { en: 'The ring needs as many transactions as before.', zh: '环需要与之前同样多的事务。' },
      {
        en: 'crash {cs-3}, then create tables.',
        zh: '让 {cs-3} 断电，然后建表。',
      },
    ],
    budget: { faults: 1, ms: 250 },
    pass: [`${TAIL} > 0`, 'cs-1 status = down or cs-2 status = down or cs-3 status = down'],
    solution: [
      { ms: 1, action: line('crash cs-3') },
      {
        ms: 40,
        action: sql('create table more (id int primary key); create table last (id int primary key)'),
      },
    ],
  },
};
