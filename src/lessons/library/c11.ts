// C11 A zone and one more: six copies in three zones, and what still works when a zone and a store beyond it are gone.

import { act, at, both, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';

/** The store holds all that a quorum holds, without a hole. */
const isWhole = (store: string): readonly string[] =>
  ['g1', 'g2'].flatMap((group) => [
    `${store} store.groups.${group}.scl >= writer groups.${group}.pgcl`,
    `${store} holes.${group} = 0`,
  ]);

export const c11: LibraryLesson = {
  rev: 2,
  seeds: ['002'],
  rules: ['wal.quorum-overlap', 'wal.acked-survives', 'cluster.progress'],
  goal: {
    en: 'Six copies in three zones. A store dies, then a whole zone. What goes on, what waits, and what is lost?',
    zh: '六份副本分在三个可用区。先坏一台，再断一整个区。什么照常，什么等待，什么会丢？',
  },
  start: {
    preset: 'cynosdb-6',
    tape: [
      '6.000 sql d1 "create table t (id int primary key, v int)"',
      '12.000 sql d1 "insert into t values (1, 10), (2, 20)"',
    ],
    speed: 2000,
  },
  steps: [
    say(
      at.next,
      '{all} stores, two in each zone. A write needs {vw} of them, a recovery {vr}: any {vw} and any {vr} share at least one.',
      '{all} 个存储，每区两个。写要 {vw} 个，恢复要 {vr} 个：任意 {vw} 个与任意 {vr} 个必有交集。',
      {
        facts: {
          all: 'writer groups.g1.replicas',
          vw: 'writer groups.g1.members.vw',
          vr: 'writer groups.g1.members.vr',
        },
        claims: [
          'writer groups.g1.replicas = 6',
          'writer groups.g1.members.vw = 4',
          'writer groups.g1.members.vr = 3',
          'store-4 status = up',
        ],
        rule: 'wal.quorum-overlap',
      },
    ),
    act(at.ms(42), line('crash store-4')),
    act(at.ms(44), sql('insert into t values (3, 30)')),
    say(
      at.on('commit.ack', {}),
      '{store-4} in zone b is down. A row is committed all the same, at LSN {scn}: five stores are up, and a write needs {vw}.',
      'b 区的 {store-4} 宕机。照样提交了一行，LSN {scn}：五个在线，写只需 {vw} 个。',
      {
        facts: { scn: 'last commit.ack.scn', vw: 'writer groups.g1.members.vw' },
        claims: [
          'store-4 status = down',
          'own last commit.ack.scn = 22',
          'own writer vdl = 22',
          'store-1 status = up',
          'store-2 status = up',
          'store-3 status = up',
          'store-5 status = up',
          'store-6 status = up',
        ],
        focus: onNode('store-4'),
      },
    ),
    predict('spare', {
      trigger: at.next,
      ask: {
        en: 'Five of six are left. How many more may go before a write has to wait?',
        zh: '六台剩五台。还能再坏几台，写才需要等待？',
      },
      hint: { en: 'A write needs four.', zh: '写需要四台。' },
      question: {
        form: 'number',
        low: 0,
        high: 6,
        // Those that are up and keep the group, less those that a write needs.
        answer: 'nodes store.groups.g1.scl>=0 - writer groups.g1.members.vw',
      },
      reveal: at.next,
      says: 1,
      after: {
        en: 'One. A zone has two stores: with six copies, writes survive the loss of a zone or of a store, but not of both at once.',
        zh: '一个。而一个区有两个：六份副本时，断一个区或坏一个存储，写都不受影响；两者同时则不行。',
      },
      rule: 'wal.quorum-overlap',
    }),
    act(at.next, line('powerOff store-5 store-6'), {
      key: true,
      ask: { en: 'Now the power of all of zone c goes off.', zh: '现在 c 区整个断电。' },
    }),
    act(at.next, sql('insert into t values (4, 40)')),
    say(
      at.when('writer commitsWaiting > 0'),
      'A zone and one store more are down: three are left. The new row’s commit at LSN {scn} waits, since a write needs {vw}.',
      '一个区再加一个存储宕机，只剩三个。新行在 LSN {scn} 的提交要等，因为写需要 {vw} 个。',
      {
        facts: { scn: 'writer tail', vw: 'writer groups.g1.members.vw' },
        claims: [
          'store-4 status = down',
          'store-5 status = down',
          'store-6 status = down',
          'writer commitsWaiting = 1',
          'own writer tail = 26',
          'own writer vdl = 22',
          'own last commit.ack.scn = 22',
        ],
        focus: onNode('rw-1'),
      },
    ),
    act(at.next, sql('select count(*) from t', 'look')),
    predict('read', {
      claims: ['writer commitsWaiting = 1', 'own writer vdl = 22'],
      afterClaims: ['row look 0 = 3', 'writer commitsWaiting = 1', 'count sql.end outcome=error = 0'],
      trigger: at.next,
      ask: {
        en: 'Meanwhile somebody asks SELECT count(*). Three rows are committed, a fourth is waiting. What do they get?',
        zh: '这时有人执行 SELECT count(*)。三行已提交，第四行在等。会得到什么？',
      },
      hint: {
        en: 'A read needs no quorum: the writer knows which store is complete.',
        zh: '读不需要多数派：写节点知道哪台是完整的。',
      },
      question: {
        form: 'choice',
        options: [
          { id: '4', text: { en: '4: the waiting row, too', zh: '4：连等待的那行也算' } },
          { id: '3', text: { en: '3: what is committed', zh: '3：已提交的' } },
          {
            id: 'none',
            text: { en: 'No answer before a fourth store is back', zh: '第四台回来之前没有回答' },
          },
        ],
        answer: [
          { option: '4', claims: ['row look 0 = 4'] },
          { option: '3', claims: ['row look 0 = 3'] },
          { option: 'none', claims: [] },
        ],
      },
      reveal: at.on('sql.end', { session: 'look' }),
      says: '3',
      after: {
        en: 'Three, at once. What has no quorum yet is shown to nobody: it might still vanish. Reads go on without a quorum.',
        zh: '立刻得到三行。还没有多数派的不给任何人看，因为它可能消失。读不需要多数派。',
      },
      rule: 'wal.acked-at-vdl',
    }),
    say(
      at.on('group.quorum', { state: 'BELOW_WRITE_QUORUM' }),
      'No heartbeat comes from the dead stores: {rw-1} reports that {live} answer, below the write quorum of {vw}. No client got an error.',
      '宕机的存储没有心跳：{rw-1} 报告只有 {live} 个应答，低于写多数派 {vw}。没有客户端收到错误。',
      {
        facts: { live: 'last group.quorum.live', vw: 'last group.quorum.vw' },
        claims: [
          'last group.quorum.state = BELOW_WRITE_QUORUM',
          'last group.quorum.live = 3',
          'last group.quorum.vw = 4',
          'count sql.end outcome=error = 0',
          'own last commit.ack.scn = 22',
        ],
        focus: onNode('rw-1'),
      },
    ),
    act(at.next, line('restart store-4'), {
      ask: {
        en: 'Zone c stays dark. Repair what can be repaired: start {store-4}.',
        zh: 'c 区仍然没电。先修能修的：启动 {store-4}。',
      },
    }),
    predict('when', {
      facts: { scl: 'last mark.scl.value node=store-4 group=g1', from: 'last hole.fill.from node=store-4' },
      claims: ['store-4 status = up', 'own store-4 store.groups.g1.scl = 18', 'own writer vdl = 22'],
      afterClaims: [
        'store-5 status = down',
        'store-6 status = down',
        'store-4 store.groups.g1.scl >= 26',
        'count hole.fill node=store-4 > 0',
        'kinds hole.fill.from node=store-4 = 1',
        'count wal.send to=store-4 resend=true > 2',
        'own last commit.ack.scn = 26',
      ],
      trigger: at.on('store.open', { node: 'store-4' }),
      ask: {
        en: '{store-4} is up again, and lacks all log since its crash. When will the waiting commit be acknowledged?',
        zh: '{store-4} 起来了，但缺了宕机以来的日志。等待中的提交什么时候得到确认？',
      },
      hint: {
        en: 'A store counts as far as its log has no hole.',
        zh: '一台存储的日志无空洞到哪里，它就算到哪里。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'up', text: { en: 'At once: four are up', zh: '马上：已有四台在线' } },
          { id: 'whole', text: { en: 'When the log of {store-4} is whole', zh: '{store-4} 的日志补齐时' } },
          { id: 'zone', text: { en: 'When zone c is back', zh: 'c 区恢复时' } },
        ],
        answer: [
          { option: 'zone', claims: ['store-5 status = up'] },
          { option: 'whole', claims: isWhole('store-4') },
          { option: 'up', claims: [] },
        ],
      },
      reveal: at.on('commit.ack', {}),
      says: 'whole',
      after: {
        en: 'When it is whole: {from} has filled its holes, and {rw-1} has sent it the waiting records again. Now it counts up to LSN {scl}.',
        zh: '补齐之时：{from} 填了它的空洞，{rw-1} 向它重发了等待中的记录。现在它算到 LSN {scl}。',
      },
      focus: onNode('store-4'),
      rule: 'wal.scl',
    }),
    act(at.next, both(line('powerOn store-5 store-6'), sql('select count(*) from t', 'look'))),
    say(
      at.when(...['store-4', 'store-5', 'store-6'].flatMap(isWhole)),
      'Zone c is back and its holes are filled. All {rows} rows are there, no read was refused, and the one write that waited is done.',
      'c 区恢复，空洞已补齐。{rows} 行都在，没有一次读被拒，等待过的那次写已完成。',
      {
        facts: { rows: 'row look 0' },
        claims: [
          'row look 0 = 4',
          'holes = 0',
          'store-5 status = up',
          'store-6 status = up',
          'count hole.fill node=store-5 > 0',
          'count hole.fill node=store-6 > 0',
          'count sql.end outcome=error = 0',
          'writer commitsWaiting = 0',
        ],
      },
    ),
    free(
      15,
      'Try a zone alone: nothing waits. Or four stores: then not even a new writer may decide what the log is.',
      '试试只断一个区：什么都不等。或断四台：那时连新写节点也无权判定日志。',
      [
        {
          text: { en: 'Zone a’s stores off for 8 ms', zh: 'a 区两台断电 8 ms' },
          line: 'powerOff store-1 store-2 for 8.000 ms',
        },
        {
          text: { en: 'Four stores off for 8 ms', zh: '四台断电 8 ms' },
          line: 'powerOff store-1 store-2 store-3 store-4 for 8.000 ms',
        },
        {
          text: { en: 'Insert a row', zh: '插入一行' },
          line: 'sql d1 play "insert into t select max(id) + 1, 0 from t"',
        },
      ],
    ),
  ],
  pass: [
    'count group.quorum state=BELOW_WRITE_QUORUM >= 1',
    'count hole.fill node=store-4 >= 1',
    'holes = 0',
    'writer commitsWaiting = 0',
    'violations = 0',
  ],
  passWords: {
    en: 'three right answers; writes were below their quorum, {store-4} was repaired meanwhile, and nothing waits or is missing',
    zh: '三个问题都答对；写曾低于多数派，其间 {store-4} 被修复，最后无等待、无缺失',
  },
  challenge: {
    goal: {
      en: 'Bring writes below their quorum without crashing anything, then back again with every row. Two faults, 80 ms.',
      zh: '不让任何节点宕机，使写低于多数派，再恢复，一行不丢。最多两次故障，80 ms 之内。',
    },
    hints: [
      {
        en: 'Who cannot be heard counts as gone. Three stores have to fall silent.',
        zh: '收不到消息的按失效计。要让三台无应答。',
      },
      {
        en: 'Isolate {store-4}, {store-5} and {store-6} for 30 ms: one fault. The writer needs 20 ms to believe it.',
        zh: '把 {store-4}、5、6 的网络断开 30 ms：一次故障。写节点要 20 ms 才会相信。',
      },
    ],
    budget: { faults: 2, ms: 80 },
    pass: [
      'count group.quorum state=BELOW_WRITE_QUORUM >= 1',
      'count group.quorum state=OK >= 1',
      'count node.down = 0',
      'holes = 0',
      'writer commitsWaiting = 0',
    ],
    solution: [
      { ms: 2, action: line('isolate store-4 store-5 store-6 for 30.000 ms') },
      { ms: 5, action: sql('insert into t values (3, 30)') },
    ],
  },
};
