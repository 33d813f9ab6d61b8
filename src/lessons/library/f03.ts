// F03 Torn commit: the writer loses its power at three instants of a transaction of the file system; only the leader record decides.

import { FIRST_FILE, firstTable } from '../file-nodes.ts';
import {
  act,
  at,
  free,
  type LibraryLesson,
  line,
  onNode,
  predict,
  type Question,
  say,
  sql,
} from '../format.ts';

const isThere = (name: string): string => `rw-1 blocks.${firstTable.directory}/${name} >= 0`;

/** The newest transaction that the writer's mount found, one mount after the other. */
const found = (place: number): string => `nth ${place} fs.mounted.headTx node=rw-1 mode=rw`;

const isThereNow = (name: string): Question => ({
  form: 'choice',
  options: [
    { id: 'yes', text: { en: 'Yes, the file is there', zh: '在，文件已存在' } },
    { id: 'no', text: { en: 'No, as if never made', zh: '不在，如同从未建立' } },
  ],
  answer: [
    { option: 'yes', claims: [isThere(name)] },
    { option: 'no', claims: [] },
  ],
});
const index = '10.0';
const INDEX_FILE = `/${firstTable.directory}/${index}`;

const mounted = at.on('fs.mounted', { node: 'rw-1', mode: 'rw' });
const powerCut = line('crash rw-1 for 3.000 ms');

export const f03: LibraryLesson = {
  rev: 1,
  seeds: ['003'],
  rules: ['pfs.journal-atomic', 'pfs.fsck-clean'],
  goal: {
    en: 'A new file changes several objects of metadata. The power goes in the middle. Is the file there?',
    zh: '建一个文件要改动多个元数据对象。中途断电，文件在不在？',
  },
  start: {
    preset: 'polardb',
    config: { nodeHeartbeatMs: 12 },
    tape: [],
    ms: 260,
    lens: 'disk',
    group: null,
    speed: 3000,
  },
  steps: [
    say(
      at.next,
      'A file is made by one transaction: entries into the journal’s ring, then the leader record, one sector.',
      '建文件是一个事务：先把条目写入日志环，再写 leader 记录（一个扇区）。',
      {
        claims: ['own rw-1 mount.headTx = 10', 'writer state = open', 'rw-1 blocks.base/9.0 = null'],
        focus: onNode('rw-1'),
        rule: 'pfs.journal-atomic',
      },
    ),
    act(at.next, sql('create table t (id int primary key, v text)'), {
      key: true,
      ask: {
        en: `Create a table: its first page needs a file, ${FIRST_FILE}.`,
        zh: `建一张表：它的首页需要文件 ${FIRST_FILE}。`,
      },
    }),
    act(at.on('chunk.acked', { group: 'c1' }), powerCut, {
      claims: ['last chunk.acked.group = c1', 'own rw-1 mount.headTx = 10'],
      ask: {
        en: 'The entries are on a majority of disks, the leader record is not sent. Cut the power of {rw-1}.',
        zh: '条目已在多数磁盘上，leader 记录尚未发出。让 {rw-1} 断电。',
      },
    }),
    predict('entries', {
      trigger: at.next,
      ask: {
        en: '{rw-1} comes back and mounts the device. Is the file there?',
        zh: '{rw-1} 重新启动并挂载设备。文件在吗？',
      },
      hint: {
        en: 'The leader record says up to which transaction the ring counts.',
        zh: 'leader 记录说明环中哪个事务之前有效。',
      },
      question: isThereNow(firstTable.name),
      reveal: mounted,
      says: 'no',
      facts: { head: 'rw-1 mount.headTx' },
      claims: ['rw-1 status = down'],
      afterClaims: [
        'rw-1 blocks.base/9.0 = null',
        'own rw-1 mount.headTx = 10',
        'last fs.checked.issues = 0',
        'last fs.checked.token = 2',
      ],
      after: {
        en: 'Not there: headTx is {head}. Whole entries behind it count as nothing, and will be written over.',
        zh: '不在：headTx 是 {head}。其后的条目再完整也不算，之后会被覆盖。',
      },
      focus: onNode('rw-1'),
      rule: 'pfs.journal-atomic',
    }),
    say(
      at.on('recovery.done'),
      'WAL has the table, so the writer goes to store its page again, and begins the same transaction anew.',
      '表还在 WAL 里，写节点会再次刷脏，并重新开始同一事务。',
      {
        claims: [
          'writer state = open',
          'last recovery.done.token = 2',
          'rw-1 blocks.base/9.0 = null',
          'rw-1 compute.shared.dirty > 0',
          'count commit.ack = 1',
        ],
        focus: onNode('rw-1'),
        rule: 'pfs.journal-atomic',
      },
    ),
    act(at.before('chunk.durable', { group: 'c0' }), powerCut, {
      claims: ['own rw-1 mount.headTx = 10', 'own count page.stored blockKey=603979776 = 0'],
      ask: {
        en: 'The entries are durable again, the leader record has been sent. No disk has it yet. Cut the power of {rw-1}.',
        zh: '条目再次持久，leader 记录已发出，但尚未落到任何磁盘。让 {rw-1} 断电。',
      },
    }),
    predict('onItsWay', {
      trigger: at.next,
      ask: {
        en: 'The writer died before any disk had the leader record. Is the file there at the next mount?',
        zh: '写节点断电时，任何磁盘上都还没有 leader 记录。下次挂载时文件在吗？',
      },
      hint: {
        en: 'What a node has sent goes on without it, until a higher token is installed.',
        zh: '节点已发出的消息不会随它消失，直到更高的令牌生效。',
      },
      question: isThereNow(firstTable.name),
      reveal: mounted,
      says: 'yes',
      facts: { head: 'rw-1 mount.headTx' },
      claims: ['rw-1 status = down'],
      afterClaims: [
        'rw-1 blocks.base/9.0 = 1',
        'own rw-1 mount.headTx = 11',
        'last fs.mounted.token node=rw-1 = 3',
        'own count fs.done call=fallocate headTx=11 = 0',
      ],
      after: {
        en: 'It is, headTx is {head}: the servers made the record durable without its sender, under the token that still counted.',
        zh: '在，headTx 是 {head}：ChunkServer 在发送者断电后使该记录持久，其令牌当时仍有效。',
      },
      focus: onNode('rw-1'),
      rule: 'chunk.token-order',
    }),
    say(
      at.on('recovery.done'),
      'The writer is open again. The page of the index comes next, in a file of its own.',
      '写节点再次打开。接下来是索引的页，它有自己的文件。',
      {
        claims: [
          'writer state = open',
          'rw-1 blocks.base/9.0 = 1',
          'rw-1 blocks.base/10.0 = null',
          'rw-1 compute.shared.dirty > 0',
        ],
        focus: onNode('rw-1'),
      },
    ),
    act(at.before('fs.done', { node: 'rw-1', call: 'fallocate', error: '' }), powerCut, {
      claims: ['own rw-1 mount.headTx = 11', 'own count fs.done headTx=12 = 0'],
      ask: {
        en: 'The next file, of the index: its leader record is durable, the answer is about to arrive. Cut the power.',
        zh: '下一个文件属于索引：leader 记录已持久，回复即将到达。让 {rw-1} 断电。',
      },
    }),
    predict('answered', {
      trigger: at.next,
      ask: {
        en: `The writer was never answered. Is the file of the index, ${INDEX_FILE}, there at the next mount?`,
        zh: `写节点始终没有得到回复。下次挂载时，索引的文件 ${INDEX_FILE} 在吗？`,
      },
      hint: {
        en: 'An answer that is lost takes nothing back.',
        zh: '丢失的回复收不回任何东西。',
      },
      question: isThereNow(index),
      reveal: mounted,
      says: 'yes',
      facts: { head: 'rw-1 mount.headTx' },
      claims: ['rw-1 status = down', 'own count fs.done headTx=12 = 0'],
      afterClaims: [
        'rw-1 blocks.base/10.0 = 1',
        'own rw-1 mount.headTx = 12',
        'last fs.checked.token = 4',
        'last fs.checked.issues = 0',
      ],
      after: {
        en: 'There: the leader record is the commit point. headTx is {head} now, and replay applies the entries.',
        zh: '在：leader 记录就是提交点。headTx 已是 {head}，回放会应用这些条目。',
      },
      focus: onNode('rw-1'),
      rule: 'pfs.journal-atomic',
    }),
    free(
      80,
      'Cut its power at any other instant. fsck is clean at each mount.',
      '在任意其他时刻断电。每次挂载 fsck 都是干净的。',
      [{ text: { en: 'Crash {rw-1} for 3 ms', zh: '{rw-1} 断电 3 ms' }, line: 'crash rw-1 for 3.000 ms' }],
    ),
  ],
  pass: [
    'count fs.mounted node=rw-1 mode=rw > 3',
    `${found(-2)} > ${found(-3)}`,
    `${found(-1)} > ${found(-2)}`,
    'count fs.checked issues!=0 = 0',
    'violations = 0',
  ],
  passWords: {
    en: 'a mount without the transaction, mounts with it, and fsck clean at each',
    zh: '一次挂载没有该事务，其后的挂载有，且每次 fsck 都干净',
  },
  challenge: {
    goal: {
      en: 'One power cut after which the table’s file is there and the index’s, /base/10.0, is not. One fault, 80 ms.',
      zh: '只断电一次，使下次挂载时表的文件在，而索引的 /base/10.0 不在。最多一次故障，80 ms 之内。',
    },
    hints: [
      {
        en: 'Each file is a transaction of its own. The rail of steps says when each leader record is durable.',
        zh: '每个文件各是一个事务。步骤条显示每条 leader 记录何时持久。',
      },
      {
        en: 'CREATE TABLE, and crash {rw-1} for 3 ms between the two files.',
        zh: 'CREATE TABLE，在两个文件之间 crash {rw-1} 3 ms。',
      },
    ],
    budget: { faults: 1, ms: 80 },
    pass: [
      'count fs.mounted node=rw-1 mode=rw > 1',
      isThere(firstTable.name),
      `rw-1 blocks.${firstTable.directory}/${index} = null`,
    ],
    solution: [
      { ms: 1, action: sql('create table t (id int primary key, v text)') },
      { ms: 32, action: powerCut },
    ],
  },
};
