// X03 Grow one side: a reader is added to shared storage; then the file system grows, and a chunk server is added. Neither side copies or
// changes anything of the other.

import { manyTables } from '../file-nodes.ts';
import { act, at, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';

const tables = Array.from(
  { length: 16 },
  (_, i) => `create table u${i} (id int primary key, v int); insert into u${i} values (1, ${i})`,
);

const CHUNKS = 'last fs.grown.chunks';
/** Configurations of a chunk that one set of servers decides. */
const DECIDED = 'outgoing=';
/** Chunks that got a replica on the server that was added, and the most servers that a chunk had. */
const ON_NEW = `kinds chunk.members.group ${DECIDED} voters~cs-4`;
const MOST = `max chunk.members.voters.words ${DECIDED}`;

export const x03: LibraryLesson = {
  rev: 1,
  seeds: ['003', '002'],
  rules: ['ro.never-behind', 'chunk.majority', 'chunk.one-exchange'],
  goal: {
    en: 'More reads need a node, more data needs room. What does each of them ask of the other side?',
    zh: '读变多要加节点，数据变多要加空间。二者各向另一侧要求什么？',
  },
  start: {
    preset: 'polardb',
    config: { firstChunks: 1 },
    tape: [
      ...manyTables(8, 230, 15),
      '350.000 sql d1 "create table docs (id int primary key, v text)"',
      `370.000 sql d1 "insert into docs values ${Array.from({ length: 30 }, (_, i) => `(${i + 1}, repeat('x', 200))`).join(', ')}"`,
    ],
    ms: 420,
    lens: 'disk',
    group: null,
    speed: 4000,
  },
  steps: [
    say(
      at.next,
      '{rw-1} and two readers share one file system. It began on one chunk and has {chunks} now, each on three chunk servers.',
      '{rw-1} 与两个只读节点共享文件系统，现有 {chunks} 个 chunk，各在三台 ChunkServer。',
      {
        facts: { chunks: 'last fs.grown.chunks' },
        claims: [
          'last fs.grown.chunks = 2',
          'count fs.grown = 1',
          'kinds ro.ready.node = 2',
          'count chunk.made group=c0 = 3',
          'count chunk.made group=c1 = 3',
        ],
        focus: onNode('rw-1'),
      },
    ),
    act(at.next, line('addNode ro-3 reader b'), {
      key: true,
      ask: { en: 'Grow compute: add a third reader.', zh: '扩计算：添加第三个只读节点。' },
    }),
    predict('storage', {
      afterClaims: ['last slot.given.reader = ro-3', 'count chunk.repaired = 0', 'count token.grant = 1'],
      trigger: at.next,
      ask: {
        en: '{ro-3} gets ready to read. What does that change in storage?',
        zh: '{ro-3} 准备好读取。存储侧因此改变什么？',
      },
      hint: { en: 'Whose files will it read?', zh: '它要读的是谁的文件？' },
      question: {
        form: 'choice',
        options: [
          {
            id: 'nothing',
            text: { en: 'Nothing: no block is copied, no token granted', zh: '没有：不复制块，不授予令牌' },
          },
          { id: 'blocks', text: { en: 'Chunk servers copy blocks for it', zh: 'ChunkServer 为它复制块' } },
          { id: 'token', text: { en: 'The writer needs a new token', zh: '写节点要换新令牌' } },
        ],
        answer: [
          // Blocks that chunk servers fetched from each other.
          { option: 'blocks', claims: ['count chunk.repaired > 0'] },
          { option: 'token', claims: ['count token.grant > 1'] },
          { option: 'nothing', claims: [] },
        ],
      },
      reveal: at.on('ro.ready', { node: 'ro-3' }),
      says: 'nothing',
      after: {
        en: 'Nothing. It mounts the files that are there and gets a slot. A replica with a disk of its own would copy the volume first (calculated).',
        zh: '没有。它挂载已有的文件，得到一个槽位。自带磁盘的副本要先复制整个卷（计算值）。',
      },
      focus: onNode('ro-3'),
      rule: 'ro.never-behind',
    }),
    act(at.next, sql(tables.join('; '), 'grow'), {
      ask: { en: 'Grow the data: make sixteen more tables.', zh: '扩数据：再建十六张表。' },
    }),
    predict('chunks', {
      afterClaims: ['last fs.grown.chunks = 3', 'count fs.grown = 2', 'count chunk.repaired = 0'],
      trigger: at.next,
      ask: {
        en: 'The file system runs short of files and blocks, and takes more of its device. How many chunks has it then?',
        zh: '文件系统的文件与块将不够，于是从设备上再取空间。那时它有几个 chunk？',
      },
      hint: {
        en: 'It grows by whole chunks, before room runs out.',
        zh: '它按整个 chunk 增长，并赶在用尽之前。',
      },
      question: { form: 'number', low: 0, high: 12, answer: CHUNKS },
      reveal: at.on('fs.grown'),
      says: 3,
      after: {
        en: 'One more. Its blocks lie on the same servers, and no block that was there has moved.',
        zh: '多一个。新块在同样的服务器上；原有的块一个也没有搬动。',
      },
      rule: 'chunk.majority',
    }),
    act(at.next, line('addNode cs-4 chunk b'), {
      ask: {
        en: 'Grow storage itself: add a fourth chunk server.',
        zh: '扩存储本身：添加第四台 ChunkServer。',
      },
    }),
    predict('server', {
      afterClaims: ['cs-4 chunk.chunks >= 1', 'count chunk.repaired node=cs-4 > 0'],
      trigger: at.next,
      ask: {
        en: '{cs-4} joins with an empty disk, while everything goes on. How does it get a share of the chunks?',
        zh: '{cs-4} 以空磁盘加入，一切照常运行。它如何分担 chunk？',
      },
      hint: {
        en: 'Storage balances itself: servers are to store about as many bytes.',
        zh: '存储自行均衡：各服务器存的字节数应相近。',
      },
      question: {
        form: 'choice',
        options: [
          {
            id: 'moved',
            text: {
              en: 'Replicas move to it; each chunk keeps three',
              zh: '副本移到它上面；每个 chunk 仍为三份',
            },
          },
          {
            id: 'fourth',
            text: { en: 'Each chunk gets a fourth replica there', zh: '每个 chunk 在其上增加第四份副本' },
          },
          {
            id: 'later',
            text: { en: 'It gets only chunks that are added later', zh: '它只得到以后新增的 chunk' },
          },
        ],
        answer: [
          { option: 'later', claims: [`${ON_NEW} = 0`] },
          { option: 'fourth', claims: [`${MOST} > 3`] },
          { option: 'moved', claims: [] },
        ],
      },
      reveal: at.when(`${ON_NEW} > 0`),
      says: 'moved',
      after: {
        en: 'A replica there learns the chunk, then votes in the place of another. The servers copy its blocks among themselves.',
        zh: '那里的副本先学习该 chunk，再取代另一份投票。块由 ChunkServer 之间复制。',
      },
      focus: onNode('cs-4'),
      rule: 'chunk.one-exchange',
    }),
    predict('compute', {
      afterClaims: ['count token.grant = 1', 'count slot.dropped = 0', 'count ro.lost = 0'],
      trigger: at.next,
      ask: {
        en: 'Storage got a chunk and a server while four nodes had it mounted. What did that change for the compute nodes?',
        zh: '存储在被挂载时增加了一个 chunk 和一台服务器。对计算节点有什么改变？',
      },
      hint: { en: 'Was anybody fenced, or dropped?', zh: '有谁被隔离或被撤下吗？' },
      question: {
        form: 'choice',
        options: [
          {
            id: 'nothing',
            text: { en: 'Nothing: the same token, the same slots', zh: '没有：同一令牌，同样的槽位' },
          },
          {
            id: 'token',
            text: { en: 'The writer began anew under another token', zh: '写节点以新令牌重新开始' },
          },
          {
            id: 'slots',
            text: { en: 'Readers lost their slots and registered again', zh: '只读节点丢了槽位，重新注册' },
          },
        ],
        answer: [
          { option: 'token', claims: ['count token.grant > 1'] },
          { option: 'slots', claims: ['count slot.dropped + count ro.lost > 0'] },
          { option: 'nothing', claims: [] },
        ],
      },
      reveal: at.when('count sql.end session=grow > 0'),
      says: 'nothing',
      after: {
        en: 'Nothing. Readers find the new chunk in the journal. Compare in the rail shows how many copies each architecture keeps.',
        zh: '没有。只读节点从日志里得知新的 chunk。侧栏“对比”给出各架构的份数。',
      },
      rule: 'ro.never-behind',
    }),
    free(
      40,
      'Take {ro-3} away again: storage does not notice that either.',
      '再把 {ro-3} 撤走：存储同样毫无察觉。',
      [{ text: { en: 'Remove {ro-3}', zh: '移除 {ro-3}' }, line: 'removeNode ro-3' }],
    ),
  ],
  pass: [
    'count ro.ready node=ro-3 > 0',
    `${CHUNKS} > 1`,
    `${ON_NEW} > 0`,
    `${MOST} <= 3`,
    'count token.grant = 1',
    'violations = 0',
  ],
  passWords: {
    en: 'all four answers right; a reader, a chunk and a chunk server more, under the same token',
    zh: '四个问题都答对；多了一个只读节点、一个 chunk 和一台 ChunkServer，令牌未变',
  },
  challenge: {
    goal: {
      en: 'Have five readers that are ready, with no block repaired and no token granted. No fault, 150 ms.',
      zh: '让五个只读节点就绪，不修复任何块，也不授予令牌。不用任何故障，150 ms 之内。',
    },
    hints: [
      { en: 'None of them waits for another.', zh: '它们互不等待。' },
      {
        en: 'addNode {ro-3} reader a, then {ro-4} and {ro-5}.',
        zh: 'addNode {ro-3} reader a，再加 {ro-4}、{ro-5}。',
      },
    ],
    budget: { faults: 0, ms: 150 },
    pass: [
      'count ro.ready node=ro-3 > 0',
      'count ro.ready node=ro-4 > 0',
      'count ro.ready node=ro-5 > 0',
      'count chunk.repaired = 0',
      'count token.grant <= 1',
      'violations = 0',
    ],
    solution: [
      { ms: 1, action: line('addNode ro-3 reader a', 'addNode ro-4 reader b', 'addNode ro-5 reader c') },
    ],
  },
};
