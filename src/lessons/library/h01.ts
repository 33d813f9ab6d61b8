// H01 Birth of a hole: one lost message, one gap in one list, and nobody waits.

import {
  act,
  at,
  both,
  drop,
  free,
  type LibraryLesson,
  line,
  onLink,
  onNode,
  padTo,
  predict,
  say,
  sql,
} from '../format.ts';

export const h01: LibraryLesson = {
  rev: 1,
  seeds: ['001'],
  rules: ['wal.acked-survives', 'hole.found', 'hole.ring'],
  goal: {
    en: 'Lose one message on purpose. Who notices, who waits, and who puts it right?',
    zh: '故意弄丢一条消息：谁会发现，谁会等待，又由谁来补上？',
  },
  start: {
    tape: [
      '6.000 sql d1 "create table accounts (id int primary key, owner text, balance bigint)"',
      `10.000 sql d1 "insert into accounts values (1, 'ada', 500)"`,
      '14.000 padTo rw-1 107 "g1"',
    ],
  },
  steps: [
    say(
      at.next,
      'Three replicas keep the log. Each row of the lens is the list of one replica: what it has, up to LSN {lsn}. All three agree.',
      '三个副本保存日志。透镜中每行是一个副本的列表：它有哪些记录，直到 LSN {lsn}。三者一致。',
      {
        facts: { lsn: 'store-1 store.groups.g1.scl' },
        claims: [
          'own store-1 store.groups.g1.scl = 107',
          'own store-2 store.groups.g1.scl = 107',
          'own store-3 store.groups.g1.scl = 107',
          'holes = 0',
        ],
      },
    ),
    act(at.next, sql("insert into accounts values (2, 'bob', 500)")),
    say(
      at.on('wal.send', { group: 'g1', to: 'store-3', lsn: 111 }),
      'The INSERT made log up to LSN {last}. The writer sends its records for {g1} to all three replicas of the group at once.',
      '这条 INSERT 写出的日志到 LSN {last} 为止。写节点把其中 {g1} 的记录同时发给该组的三个副本。',
      {
        facts: { last: 'writer tail' },
        claims: [
          'own writer tail = 111',
          'own kinds wal.send.to group=g1 end=112 = 3',
          'own count wal.receive node=store-3 group=g1 end=112 = 0',
        ],
        focus: onLink('rw-1', 'store-3'),
      },
    ),
    act(at.next, drop({ family: 'wal', from: 'rw-1', to: 'store-3', group: 'g1', lsn: [108, 112] }), {
      key: true,
      ask: {
        en: 'The message W with log for {store-3} is still on its way. Drop it.',
        zh: '发往 {store-3} 的日志消息 W 还在路上，请丢弃它。',
      },
    }),
    say(
      at.on('commit.ack', {}),
      'Acknowledged: the commit at LSN {lsn} is on disk on {store-1} and {store-2}; two of three are enough. {store-3} lacks it.',
      '提交 {lsn} 已确认：{store-1}、{store-2} 已落盘，三有其二就够。{store-3} 没有收到。',
      {
        facts: { lsn: 'last commit.ack.scn' },
        claims: [
          'own last commit.ack.scn = 111',
          'own store-1 store.groups.g1.scl = 111',
          'own store-2 store.groups.g1.scl = 111',
          'own store-3 store.groups.g1.scl = 107',
          'own count wal.receive node=store-3 group=g1 end=112 = 0',
        ],
        rule: 'wal.acked-survives',
      },
    ),
    act(at.next, sql("insert into accounts values (3, 'cyd', 500)")),
    predict('list', {
      facts: {
        last: 'writer tail',
        first: 'last hole.open.first node=store-3',
        end: 'last hole.open.end node=store-3',
      },
      claims: ['own writer tail = 115', 'own store-3 store.groups.g1.nwl = 107'],
      afterClaims: [
        'store-3 holes.g1 = 1',
        'own store-3 store.groups.g1.scl = 107',
        'own store-3 store.groups.g1.nwl = 115',
      ],
      trigger: at.before('wal.receive', { node: 'store-3', group: 'g1' }),
      ask: {
        en: 'The next INSERT made log up to LSN {last}, and it is about to reach {store-3}. What will its list look like once that is on disk?',
        zh: '下一条 INSERT 的日志到 LSN {last} 为止，即将到达 {store-3}。落盘之后，{store-3} 的列表是什么样？',
      },
      hint: {
        en: 'A record names the record before it. So {store-3} can see what it never got.',
        zh: '每条记录都指明前一条记录，所以 {store-3} 看得出自己缺了什么。',
      },
      question: {
        form: 'ranges',
        first: 104,
        last: 116,
        types: ['data', 'hole'],
        start: [{ first: 104, last: 116, type: 'data' }],
        answer: 'store-3 list.g1',
      },
      reveal: at.on('hole.open', { node: 'store-3', group: 'g1' }),
      says: [
        { first: 104, last: 108, type: 'data' },
        { first: 108, last: 112, type: 'hole' },
        { first: 112, last: 116, type: 'data' },
      ],
      after: {
        en: 'The hole is [{first}, {end}), and the newer records behind it are on disk. They did not have to wait for the older ones.',
        zh: '空洞是 [{first}, {end})，其后更新的记录已经落盘，不必等待旧的记录。',
      },
      focus: onNode('store-3'),
      rule: 'hole.found',
    }),
    say(
      at.on('hole.sent', { node: 'store-3', group: 'g1' }),
      '{store-3} asks another replica, {peer}, for the missing records. It does not ask the writer: replicas repair each other.',
      '{store-3} 向另一个副本 {peer} 请求缺失的记录，而不是向写节点：副本之间互相补齐。',
      {
        facts: { peer: 'last hole.sent.to node=store-3 group=g1' },
        claims: [
          'last hole.sent.to node=store-3 group=g1 = store-2',
          'own last hole.sent.first node=store-3 group=g1 = 108',
          'own last hole.sent.end node=store-3 group=g1 = 112',
        ],
        focus: onNode('store-3'),
        rule: 'hole.ring',
      },
    ),
    say(
      at.on('hole.closed', { node: 'store-3', group: 'g1' }),
      '{peer} has filled the hole: the list is whole. The newer commit was acknowledged before that, so no client waited for the repair.',
      '{peer} 补齐了空洞，列表完整。更新的提交此前已确认，没有客户端为补洞等待。',
      {
        facts: { peer: 'last hole.fill.from node=store-3 group=g1' },
        claims: [
          'store-3 holes.g1 = 0',
          'own store-3 store.groups.g1.scl = 115',
          'last hole.fill.from node=store-3 group=g1 = store-2',
          'own last commit.ack.scn = 115',
          'last commit.ack.at < last hole.closed.at node=store-3',
        ],
        focus: onNode('store-3'),
      },
    ),
    free(
      12,
      'Your turn: cut a link for a while, write rows, and watch a hole open and close.',
      '轮到你了：切断一条链路，写几行数据，看空洞出现又补齐。',
      [
        {
          text: { en: 'Cut {rw-1} to {store-3} for 4 ms', zh: '切断 {rw-1} 到 {store-3}，持续 4 ms' },
          line: 'cut rw-1 > store-3 for 4.000 ms',
        },
        {
          text: { en: 'Insert another row', zh: '再插入一行' },
          line: `sql d1 play "insert into accounts select max(id) + 1, 'eve', 500 from accounts"`,
        },
      ],
    ),
  ],
  pass: ['count hole.open node=store-3 >= 1', 'holes = 0'],
  passWords: {
    en: 'your drawing matches {store-3}’s list, a hole was born, and none is left',
    zh: '你画的与 {store-3} 的列表一致，出现过空洞，且已全部补齐',
  },
  challenge: {
    goal: {
      en: 'Give {store-2} and {store-3} a hole each, and let both heal. Two faults at most, 30 ms at most.',
      zh: '让 {store-2} 和 {store-3} 各出现一个空洞，并都自行补齐。最多两次故障，最多 30 ms。',
    },
    hints: [
      {
        en: 'A hole needs something newer behind it: lose one record, then let the next one through.',
        zh: '空洞后面要有更新的日志：丢一条，再放一条过去。',
      },
      {
        en: 'Cut {rw-1} to {store-3} for 2 ms while you write a row, then write another. Do the same with {store-2}.',
        zh: '写一行时切断 {rw-1} 到 {store-3}，持续 2 ms，再写一行；对 {store-2} 同样来一次。',
      },
    ],
    budget: { faults: 2, ms: 30 },
    pass: ['count hole.open node=store-2 >= 1', 'count hole.open node=store-3 >= 1', 'holes = 0'],
    solution: [
      { ms: 1, action: both(line('cut rw-1 > store-3 for 2.000 ms'), padTo(111)) },
      { ms: 5, action: padTo(115) },
      { ms: 12, action: both(line('cut rw-1 > store-2 for 2.000 ms'), padTo(119)) },
      { ms: 16, action: padTo(123) },
    ],
  },
};
