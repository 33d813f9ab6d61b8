// S02 An index in the log: CREATE INDEX, a row that goes into two trees, and the index after its writer has lost its memory.

import { act, at, both, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';

const ROWS = 200;
const V = 777;
const rows = Array.from({ length: ROWS }, (_, i) => `(${i + 1}, ${(i * 7) % 100})`).join(', ');
const look = `explain analyze select id from t where v = ${V}`;

/** MTRs of the newest transaction that has committed. */
const OF_ROW = 'tx={last mtr.append.tx commit=true}';

export const s02: LibraryLesson = {
  rev: 1,
  seeds: ['000', '002'],
  rules: ['page.same-bytes', 'wal.mtr-contiguous', 'page.structure'],
  goal: {
    en: 'A table gets a second index. How does it come to the storage nodes, and is it still there when its writer dies?',
    zh: '给表加第二个索引。它怎样到达存储节点？写节点宕机后还在吗？',
  },
  start: {
    tape: [
      '6.000 sql d1 "create table t (id int primary key, v int)"',
      `14.000 sql d1 "insert into t values ${rows}"`,
    ],
    ms: 90,
    lens: 'plan',
    speed: 2000,
  },
  steps: [
    say(
      at.next,
      `Table t has ${ROWS} rows. Its key is a B+tree over id, split {splits} times so far; a look-up by v reads every page of the table.`,
      `表 t 有 ${ROWS} 行，主键是 id 上的 B+树，已分裂 {splits} 次；按 v 查找要读表的每一页。`,
      {
        facts: { splits: 'count index.split' },
        claims: ['count index.split = 3', 'own last commit.ack.scn = 440', 'own writer vdl = 440'],
        focus: onNode('rw-1'),
      },
    ),
    act(at.next, sql('create index t_v on t (v)'), {
      key: true,
      ask: { en: 'Make an index over v.', zh: '在 v 上建索引。' },
    }),
    predict('pages', {
      afterClaims: ['count page.materialise node=rw-1 = 0', 'own writer tail = 658', 'count index.split = 6'],
      trigger: at.next,
      ask: {
        en: 'The writer reads the table and builds the tree. How many pages of it does it send to the stores?',
        zh: '写节点读表建树。它把这棵树的多少页发给存储节点？',
      },
      hint: { en: 'Look at what flies from {rw-1} to the stores.', zh: '看看从 {rw-1} 飞向存储的是什么。' },
      question: {
        form: 'number',
        low: 0,
        high: 20,
        answer: 'count page.materialise node=rw-1',
      },
      reveal: at.on('sql.end', { session: 'main' }),
      says: 0,
      after: {
        en: 'None. The index goes as log, record by record, like every change; each store builds its pages from that.',
        zh: '零。索引和一切改动一样，以日志一条条发出；存储各自由日志造页。',
      },
      rule: 'page.same-bytes',
    }),
    act(at.next, sql(`insert into t values (${V}, ${V})`, 'one'), {
      ask: { en: 'Insert one row.', zh: '插入一行。' },
    }),
    predict('records', {
      trigger: at.next,
      ask: {
        en: 'One row, two trees. Its MTR says what changes on each page: of how many log records is it made?',
        zh: '一行，两棵树。它的 MTR 写明每页怎样改：由多少条日志记录组成？',
      },
      hint: {
        en: 'A record is about one page: the table’s, a leaf over id, a leaf over v.',
        zh: '一条记录只关于一页：表的页、id 的叶、v 的叶。',
      },
      question: {
        form: 'number',
        low: 1,
        high: 9,
        // Records of its first MTR.
        answer: `first mtr.append.end ${OF_ROW} - first mtr.append.first ${OF_ROW}`,
      },
      reveal: at.on('sql.end', { session: 'one' }),
      says: 3,
      after: {
        en: 'One MTR for table and trees: all of it is there or nothing, so an index never disagrees with its table.',
        zh: '表和树同在一个 MTR：要么全有，要么全无，所以索引与表从不相左。',
      },
      rule: 'wal.mtr-contiguous',
    }),
    act(at.next, line('crash rw-1'), {
      ask: { en: 'Crash the writer: its buffer is gone.', zh: '让写节点宕机：缓冲池没了。' },
    }),
    act(at.on('node.down', { node: 'rw-1' }), line('restart rw-1')),
    act(at.on('recovery.done'), sql(look, 'look')),
    predict('where', {
      afterClaims: ['count page.read > 3', 'own last recovery.computed.vdlPrime = 663', 'writer token = 2'],
      trigger: at.next,
      ask: {
        en: `The writer is open again with an empty buffer. Somebody asks for v = ${V}. Where does the index come from?`,
        zh: `写节点空着缓冲池重新打开。有人查 v = ${V}。索引从哪里来？`,
      },
      hint: { en: 'The plan says where each page came from.', zh: '执行计划写明每页的来处。' },
      question: {
        form: 'choice',
        options: [
          { id: 'table', text: { en: 'Built anew from the table', zh: '由表重建' } },
          { id: 'stores', text: { en: 'Its pages are read from the stores', zh: '从存储节点读它的页' } },
          { id: 'disk', text: { en: 'From the writer’s own disk', zh: '写节点自己的盘' } },
        ],
        answer: [
          { option: 'stores', claims: ['row look 0 ~ t_v', 'count page.read > 0'] },
          { option: 'table', claims: [] },
        ],
      },
      reveal: at.on('sql.end', { session: 'look' }),
      says: 'stores',
      after: {
        en: 'From the stores: root, then leaf, made from the log as of the read point. The lens rings them, dashed.',
        zh: '从存储：先根后叶，按读点由日志造出。透镜用虚线圈出它们。',
      },
      focus: onNode('rw-1'),
      rule: 'page.same-bytes',
    }),
    free(
      60,
      'Explain the look-up again: now its pages are in the buffer. Without the index every page of t is read.',
      '再解释一次：页已在缓冲池。没有索引则要读 t 的每一页。',
      [
        { text: { en: 'Look up by v', zh: '按 v 查找' }, line: `sql d1 look "${look}"` },
        { text: { en: 'Drop the index', zh: '删除索引' }, line: 'sql d1 "drop index t_v"' },
      ],
    ),
  ],
  pass: ['row look 0 ~ t_v', 'violations = 0'],
  passWords: {
    en: 'three right answers; the index was found again after the crash, and used',
    zh: '三个问题都答对；宕机后索引仍在，并被使用',
  },
  challenge: {
    goal: {
      en: 'Let the index be made while one store is away, and be whole on it afterwards. One fault, 150 ms.',
      zh: '在一台存储离线时建索引，之后它也要完整。最多一次故障，150 ms 之内。',
    },
    hints: [
      { en: 'Two stores are enough for a commit.', zh: '两台存储足以提交。' },
      {
        en: 'Isolate {store-3} for 30 ms and make the index meanwhile: it fills its hole from its peers.',
        zh: '把 {store-3} 的网络断开 30 ms，其间建索引：它会向对等副本补洞。',
      },
    ],
    budget: { faults: 1, ms: 150 },
    pass: ['count hole.fill node=store-3 > 0', 'holes = 0'],
    solution: [
      { ms: 2, action: both(line('isolate store-3 for 30.000 ms'), sql('create index t_v on t (v)')) },
    ],
  },
};
