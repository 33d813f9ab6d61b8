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
      'Three replicas keep the log. A row of the lens is one replica’s list: what it has, up to LSN 107. All three agree.',
      '三个副本保存日志。透镜中每行是一个副本的列表：它有什么，直到 LSN 107。三者一致。',
    ),
    act(at.next, sql("insert into accounts values (2, 'bob', 500)")),
    say(
      at.on('wal.send', { group: 'g1', to: 'store-3', lsn: 111 }),
      'An INSERT became four records, LSN 108 to 111. The writer sends every replica its copy, all at once.',
      '一条 INSERT 变成四条记录：LSN 108 到 111。写节点同时发给每个副本一份。',
      { focus: onLink('rw-1', 'store-3') },
    ),
    act(at.next, drop({ family: 'wal', from: 'rw-1', to: 'store-3', group: 'g1', lsn: [108, 112] }), {
      key: true,
      ask: {
        en: 'The W for {store-3} is still on its way. Make it disappear.',
        zh: '发往 {store-3} 的 W 还在路上。让它消失。',
      },
    }),
    say(
      at.on('commit.ack', {}),
      'Commit acknowledged: LSN 111 is durable on two replicas of three, and two is enough. {store-3} knows nothing yet.',
      '提交已确认：LSN 111 已在三个副本中的两个落盘，两个就够。{store-3} 还一无所知。',
      { rule: 'wal.acked-survives' },
    ),
    act(at.next, sql("insert into accounts values (3, 'cyd', 500)")),
    predict('list', {
      trigger: at.before('wal.receive', { node: 'store-3', group: 'g1' }),
      ask: {
        en: 'The next INSERT, LSN 112 to 115, is about to reach {store-3}. What will its list look like once that is on disk?',
        zh: '下一条 INSERT（LSN 112 到 115）即将到达 {store-3}。它落盘之后，{store-3} 的列表是什么样？',
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
        answer: (s) => s.node('store-3').list('g1', 104, 116),
      },
      reveal: at.on('hole.open', { node: 'store-3', group: 'g1' }),
      says: [
        { first: 104, last: 108, type: 'data' },
        { first: 108, last: 112, type: 'hole' },
        { first: 112, last: 116, type: 'data' },
      ],
      after: {
        en: 'A gap with an exact shape: 108 to 111 is a hole, 112 to 115 is safe behind it. The newer log did not have to wait.',
        zh: '一个形状精确的缺口：108 到 111 是空洞，其后 112 到 115 已经落盘。新日志不必等旧日志。',
      },
      focus: onNode('store-3'),
      rule: 'hole.found',
    }),
    say(
      at.on('hole.sent', { node: 'store-3', group: 'g1' }),
      '{store-3} asks another replica, not the writer: the writer has better things to do than nurse replicas.',
      '{store-3} 向另一个副本索要，而不是向写节点：写节点不该忙于照料副本。',
      { focus: onNode('store-3'), rule: 'hole.ring' },
    ),
    say(
      at.on('hole.closed', { node: 'store-3', group: 'g1' }),
      'Filled. The list is whole again, and no client ever waited for it. That is why the log needs no perfect network.',
      '补齐了。列表又完整了，没有客户端为此等待过。所以日志不需要完美的网络。',
      { focus: onNode('store-3') },
    ),
    free(
      12,
      'Now yours. Cut a link for a while, write a row, and watch the gap come and go.',
      '轮到你了：切断一条链路，写一行数据，看缺口出现又消失。',
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
  pass: (s) => s.predicted('list') && s.count('hole.open', { node: 'store-3' }) >= 1 && s.openHoles === 0,
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
        en: 'Cut {rw-1} to {store-3} for 2 ms while you write a row. Then the same with {store-2}, and write once more.',
        zh: '写一行的同时切断 {rw-1} 到 {store-3}，持续 2 ms；再对 {store-2} 来一次，最后再写一行。',
      },
    ],
    budget: { faults: 2, ms: 30 },
    pass: (s) =>
      s.count('hole.open', { node: 'store-2' }) >= 1 &&
      s.count('hole.open', { node: 'store-3' }) >= 1 &&
      s.openHoles === 0,
    solution: [
      { ms: 1, action: both(line('cut rw-1 > store-3 for 2.000 ms'), padTo(111)) },
      { ms: 5, action: padTo(115) },
      { ms: 12, action: both(line('cut rw-1 > store-2 for 2.000 ms'), padTo(119)) },
      { ms: 16, action: padTo(123) },
    ],
  },
};
