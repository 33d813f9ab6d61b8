// C03 Reading the past: a page at two read points, and what garbage collection may not touch while somebody looks.

import {
  act,
  at,
  both,
  free,
  type LibraryLesson,
  line,
  onNode,
  padTo,
  predict,
  type ScriptAction,
  say,
  sql,
} from '../format.ts';

/** Reads the heap page that the two updates change. */
const readA = (readPoint: number): ScriptAction =>
  line(`readPage rw-1 {last page.materialise.blockKey group=g2} ${readPoint}`);

export const c03: LibraryLesson = {
  rev: 1,
  seeds: ['002'],
  rules: ['page.read-point', 'page.same-bytes'],
  goal: {
    en: 'One page, two moments, both readable. Until when? Whoever looks at the past keeps it alive.',
    zh: '同一页，两个时刻，都能读。能读到何时？谁在看过去，过去就还活着。',
  },
  start: {
    tape: [
      '6.000 sql d1 "create table t (id int primary key, v int)"',
      '10.000 sql d1 "insert into t values (1, 10)"',
      '14.000 padTo rw-1 27 "g1"',
      '18.000 sql d1 "update t set v = 30 where id = 1"',
      '24.000 sql d1 reader "begin isolation level repeatable read; select v from t"',
    ],
    lens: 'chains',
    group: 'g2',
  },
  steps: [
    say(
      at.next,
      'Page A holds one row. An update wrote LSN {lsn} there and committed at {scn}. A long reader began at that read point, {scn}.',
      '页 A 里有一行。一次更新写下 LSN {lsn}，在 {scn} 处提交。一位长时间的读者以 {scn} 为读点开始。',
      {
        facts: { lsn: 'last wal.send.first group=g2', scn: 'last commit.ack.scn' },
        claims: [
          'own last wal.send.first group=g2 = 28',
          'own last commit.ack.scn = 30',
          'own store-1 store.groups.g2.pgmrpl = 30',
        ],
        focus: onNode('rw-1'),
      },
    ),
    act(at.ms(41), padTo(47)),
    act(at.ms(43), sql('update t set v = 50 where id = 1')),
    say(
      at.on('commit.ack', {}),
      'A second update wrote LSN {lsn}, committed at {scn}. Whoever begins now sees it, but the reader began before.',
      '第二次更新写下 LSN {lsn}，在 {scn} 处提交。现在才开始的人看得到它，但那位读者早就开始了。',
      {
        facts: { lsn: 'last wal.send.first group=g2', scn: 'last commit.ack.scn' },
        claims: [
          'own last wal.send.first group=g2 = 48',
          'own last commit.ack.scn = 50',
          'own store-1 store.groups.g2.pgmrpl = 30',
        ],
      },
    ),
    act(at.ms(47), both(readA(30), readA(50))),
    predict('versions', {
      facts: {
        old: 'store-1 store.groups.g2.pgmrpl',
        a: 'last page.probe.pageLsn readPoint=30',
        new: 'last page.probe.readPoint',
        b: 'last page.probe.pageLsn',
      },
      afterClaims: [
        'own last page.probe.pageLsn readPoint=30 = 28',
        'own last page.probe.pageLsn readPoint=50 = 48',
        'count page.probe error= = 2',
      ],
      trigger: at.before('page.probe', {}),
      ask: {
        en: 'The writer asks a store for page A as of read point {old}. Which LSN will be the newest on that page?',
        zh: '写节点按读点 {old} 向存储节点要页 A。那一页上最新的 LSN 会是多少？',
      },
      hint: {
        en: 'A store builds the page from its chain of records, and stops at the read point.',
        zh: '存储节点沿着记录链造页，到读点为止。',
      },
      question: {
        form: 'number',
        low: 0,
        high: 60,
        answer: 'first page.probe.pageLsn readPoint=30',
      },
      reveal: at.on('page.probe', {}, 2),
      says: 28,
      after: {
        en: 'At read point {old} page A ends with LSN {a}, at {new} with LSN {b}: two versions of one page, both can be read.',
        zh: '读点 {old} 的页 A 止于 LSN {a}，读点 {new} 的止于 {b}：同一页的两个版本，都能读。',
      },
      rule: 'page.read-point',
    }),
    say(
      at.ms(52),
      'The stores may not drop the log that the reader still needs. PGMRPL marks it: it stands at {lsn}, the oldest read point.',
      '存储节点不能回收读者还需要的日志。PGMRPL 标明这一点：它停在 {lsn}，即最老的读点。',
      {
        facts: { lsn: 'store-1 store.groups.g2.pgmrpl' },
        claims: [
          'own store-1 store.groups.g2.pgmrpl = 30',
          'own store-2 store.groups.g2.pgmrpl = 30',
          'own store-3 store.groups.g2.pgmrpl = 30',
          'own store-1 store.groups.g2.knownVdl = 50',
        ],
        rule: 'page.read-point',
      },
    ),
    act(at.next, sql('commit', 'reader'), {
      key: true,
      ask: { en: 'Let the reader go: commit its transaction.', zh: '放读者走：提交它的事务。' },
    }),
    predict('floor', {
      facts: { end: 'writer vdl' },
      claims: ['own writer vdl = 50'],
      afterClaims: ['own store-1 store.groups.g2.pgmrpl = 50', 'own writer vdl = 50'],
      trigger: at.next,
      ask: {
        en: 'The reader has committed, and the log ends at {end}. At which LSN will PGMRPL stand after the next heartbeat of the writer?',
        zh: '读者已提交，日志止于 {end}。写节点下一次心跳之后，PGMRPL 会停在哪个 LSN？',
      },
      hint: {
        en: 'Nobody reads an old version any more. Only the newest needs to stay readable.',
        zh: '没有人再读旧版本了，只需最新的可读。',
      },
      question: {
        form: 'mark',
        low: 20,
        high: 60,
        label: { en: 'PGMRPL', zh: 'PGMRPL' },
        answer: 'store-1 store.groups.g2.pgmrpl',
      },
      reveal: at.when('store-1 store.groups.g2.pgmrpl > 30'),
      says: 50,
      after: {
        en: 'In one step to {end}: as far as VDL, and no further. The old versions before it may be collected now.',
        zh: '一步到 {end}：直到 VDL，绝不更远。之前的旧版本可以回收了。',
      },
      focus: onNode('store-1'),
      rule: 'page.read-point',
    }),
    act(at.next, readA(30)),
    say(
      at.on('page.probe', { error: 'STALE_READ_POINT' }),
      'Ask for read point {old} once more, and {store-1} refuses: STALE_READ_POINT. It never gives a wrong page instead.',
      '再要读点 {old}，{store-1} 拒绝：STALE_READ_POINT，绝不会给一个错的页。',
      {
        facts: { old: 'last page.probe.readPoint' },
        claims: [
          'last page.probe.error = STALE_READ_POINT',
          'own last page.probe.readPoint = 30',
          'last page.probe.from = store-1',
        ],
        rule: 'page.read-point',
      },
    ),
    free(
      10,
      'Open a reader of your own, and watch PGMRPL wait for it.',
      '自己开一个读者，看 PGMRPL 怎样等它。',
      [
        {
          text: { en: 'Open a reader', zh: '开一个读者' },
          line: 'sql d1 mine "begin isolation level repeatable read; select v from t"',
        },
        {
          text: { en: 'Update the row', zh: '更新这一行' },
          line: 'sql d1 "update t set v = v + 1 where id = 1"',
        },
        { text: { en: 'Let the reader go', zh: '放读者走' }, line: 'sql d1 mine "commit"' },
      ],
    ),
  ],
  pass: [
    'count page.probe readPoint=30 pageLsn=28 >= 1',
    'count page.probe readPoint=50 pageLsn=48 >= 1',
    'count mark.pgmrpl value=30 = 1',
    'store-1 store.groups.g2.pgmrpl >= 50',
  ],
  passWords: {
    en: 'both numbers right; page A was read at 30 and at 50, the floor stood at 30, and rose to 50 once the reader had gone',
    zh: '两个数都对；页 A 在 30 和 50 处都读到过；下限先停在 30，读者离开后升到 50',
  },
  challenge: {
    goal: {
      en: 'Let the log pass LSN 80 while every store’s floor stays below 60. No fault at all, within 40 ms.',
      zh: '让日志越过 LSN 80，同时各存储节点的下限保持在 60 以下。不许用故障，40 ms 之内。',
    },
    hints: [
      {
        en: 'A floor waits for whoever still looks at the past.',
        zh: '下限会等待仍在看过去的人。',
      },
      {
        en: 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT: then keep that session open, and write on.',
        zh: '先 BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT，让这个会话开着，再继续写。',
      },
    ],
    budget: { faults: 0, ms: 40 },
    pass: [
      'writer vdl > 80',
      'store-1 store.groups.g2.pgmrpl < 60',
      'store-2 store.groups.g2.pgmrpl < 60',
      'store-3 store.groups.g2.pgmrpl < 60',
    ],
    solution: [{ ms: 2, action: padTo(85) }],
  },
};
