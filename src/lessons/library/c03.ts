// C03 Reading the past: a page at two read points, and what garbage collection may not touch while somebody looks.

import { act, at, free, type LibraryLesson, onNode, padTo, predict, say, sql } from '../format.ts';
import type { LessonState } from '../lesson-state.ts';

/** The heap page that the two updates change. */
const pageA = (s: LessonState): number =>
  s
    .events('page.materialise', { group: 'g2' })
    .map(({ blockKey }) => blockKey)
    .at(-1) ?? 0;

const readA =
  (readPoint: number) =>
  (s: LessonState): readonly string[] => [`readPage rw-1 ${pageA(s)} ${readPoint}`];

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
      'Page A holds one row. An update wrote LSN 28 there and committed at 30. A patient reader began right then, at 30.',
      '页 A 里有一行。一次更新写下 LSN 28，在 30 处提交。一位耐心的读者恰在 30 处开始。',
      { focus: onNode('rw-1') },
    ),
    act(at.ms(41), padTo(47)),
    act(at.ms(43), sql('update t set v = 50 where id = 1')),
    say(
      at.on('commit.ack', {}),
      'A second update wrote LSN 48, committed at 50. Whoever begins now sees it. But the reader began before.',
      '第二次更新写下 LSN 48，在 50 处提交。现在才开始的人看得到它，但那位读者早就开始了。',
    ),
    act(at.ms(47), (s) => [...readA(30)(s), ...readA(50)(s)]),
    predict('versions', {
      trigger: at.before('page.probe', {}),
      ask: {
        en: 'The writer asks a store for page A as of read point 30. Which LSN will be the newest on that page?',
        zh: '写节点按读点 30 向存储节点要页 A。那一页上最新的 LSN 会是多少？',
      },
      hint: {
        en: 'A store builds the page from its chain of records, and stops at the read point.',
        zh: '存储节点沿着记录链造页，到读点为止。',
      },
      question: {
        form: 'number',
        low: 0,
        high: 60,
        answer: (s) => s.events('page.probe', { readPoint: 30 })[0]?.pageLsn ?? -1,
      },
      reveal: at.on('page.probe', {}, 2),
      says: 28,
      after: {
        en: 'At read point 30 page A ends with LSN 28, at 50 with LSN 48. Same page, two truths, both served side by side.',
        zh: '读点 30 的页 A 止于 LSN 28，读点 50 的止于 48。同一页，两个真相，同时可读。',
      },
      rule: 'page.read-point',
    }),
    say(
      at.ms(52),
      'Stores would love to drop old log. PGMRPL holds them back: it stands at 30, where the oldest reader still looks.',
      '存储节点很想扔掉旧日志。PGMRPL 拦着它们：它停在 30，最老的读者还在看那里。',
      { rule: 'page.read-point' },
    ),
    act(at.next, sql('commit', 'reader'), {
      key: true,
      ask: { en: 'Let the reader go: commit its transaction.', zh: '放读者走：提交它的事务。' },
    }),
    predict('floor', {
      trigger: at.next,
      ask: {
        en: 'The reader lets go, the log ends at 50. At which LSN will PGMRPL stand after the writer’s next heartbeat?',
        zh: '读者放手，日志止于 50。写节点下一次心跳之后，PGMRPL 会停在哪个 LSN？',
      },
      hint: {
        en: 'Nobody looks at the past any more. Only the present needs to stay readable.',
        zh: '没有人再看过去了，只需现在可读。',
      },
      question: {
        form: 'mark',
        low: 20,
        high: 60,
        label: { en: 'PGMRPL', zh: 'PGMRPL' },
        answer: (s) => s.node('store-1').group('g2')?.pgmrpl ?? -1,
      },
      reveal: at.when((s) => (s.node('store-1').group('g2')?.pgmrpl ?? 0) > 30),
      says: 50,
      after: {
        en: 'From 30 to 50 in one jump: as far as VDL, and no further. The past in between may be collected now.',
        zh: '一步从 30 到 50：直到 VDL，绝不更远。其间的过去可以回收了。',
      },
      focus: onNode('store-1'),
      rule: 'page.read-point',
    }),
    act(at.next, (s) => readA(30)(s)),
    say(
      at.on('page.probe', { error: 'STALE_READ_POINT' }),
      'Ask for read point 30 once more, and the answer is a clear no: STALE_READ_POINT. Never a wrong page instead.',
      '再要读点 30，回答是干脆的“不”：STALE_READ_POINT，绝不会给一张错的页。',
      { rule: 'page.read-point' },
    ),
    free(
      10,
      'Open a reader of your own, and watch the floor wait for you.',
      '自己开一个读者，看下限怎样等你。',
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
  pass: (s) =>
    s.count('page.probe', { readPoint: 30, pageLsn: 28 }) >= 1 &&
    s.count('page.probe', { readPoint: 50, pageLsn: 48 }) >= 1 &&
    s.count('mark.pgmrpl', { value: 30 }) === 1 &&
    (s.node('store-1').group('g2')?.pgmrpl ?? 0) >= 50,
  passWords: {
    en: 'page A was read at 30 and at 50, the floor stood at 30, and rose to 50 once the reader had gone',
    zh: '页 A 在 30 和 50 处都读到过；下限先停在 30，读者离开后升到 50',
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
    pass: (s) =>
      (s.writer?.vdl ?? 0) > 80 &&
      ['store-1', 'store-2', 'store-3'].every((id) => (s.node(id).group('g2')?.pgmrpl ?? 0) < 60),
    solution: [{ ms: 2, action: padTo(85) }],
  },
};
