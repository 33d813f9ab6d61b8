// C04 Not my page: the journal has records of pages that a reader holds and of pages that it does not; only the first are applied.

import { act, at, both, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';
import { twoTables } from '../reader-nodes.ts';

export const c04: LibraryLesson = {
  rev: 1,
  seeds: ['002'],
  rules: ['ro.mtr-atomic', 'ro.same-image', 'ro.never-ahead'],
  goal: {
    en: 'A reader receives the whole log and holds few of the pages. What does it do with the rest?',
    zh: '只读节点收到全部日志，却只持有少数的页。其余的怎么办？',
  },
  start: twoTables,
  steps: [
    say(
      at.next,
      'Two tables. {ro-1} and {ro-2} have read nothing yet: their buffers are empty.',
      '两张表。{ro-1} 和 {ro-2} 还什么都没读：缓冲池是空的。',
      {
        claims: [
          'ro-1 compute.buffer.used = 0',
          'ro-2 compute.buffer.used = 0',
          'own ro-1 compute.reader.receivedTo = 24',
          'count ro.pageRead = 0',
        ],
        focus: onNode('ro-1'),
      },
    ),
    act(at.next, both(line('session d1 me ro-1 session'), sql('select v from near where id = 1', 'me')), {
      key: true,
      ask: { en: 'Read the table “near” at {ro-1}.', zh: '在 {ro-1} 读表 near。' },
    }),
    say(
      at.on('sql.end', { session: 'me' }),
      '{ro-1} has read “near”: the stores sent it {n} pages for that. None of “far” is among them.',
      '{ro-1} 读了 near：存储为此送来 {n} 个页，其中没有 far 的页。',
      {
        facts: { n: 'ro-1 compute.buffer.used' },
        claims: [
          'own ro-1 compute.buffer.used = 5',
          'row me 0 = 0',
          'count page.read node=ro-1 > 0',
          'ro-2 compute.buffer.used = 0',
        ],
        focus: onNode('ro-1'),
      },
    ),
    act(at.next, sql('update near set v = v + 1; update far set v = v + 1', 'writer')),
    predict('far', {
      afterClaims: [
        'own ro-1 compute.reader.counts.skipped = 8',
        'ro-1 compute.reader.counts.applied = 2',
        'own ro-1 compute.buffer.used = 5',
        'own ro-1 compute.reader.applyLsn = 28',
      ],
      trigger: at.next,
      ask: {
        en: 'The log of both updates reaches {ro-1}. What does it do with the records of “far”, whose pages it does not hold?',
        zh: '两次更新的日志都到了 {ro-1}。far 的页不在它那里，这些记录怎么办？',
      },
      hint: {
        en: 'The stores receive the same log, and can build any page from it.',
        zh: '存储收到同样的日志，能用它造出任何页。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'skip', text: { en: 'It skips them', zh: '跳过' } },
          { id: 'load', text: { en: 'It loads the pages and applies them', zh: '装入这些页再应用' } },
          { id: 'keep', text: { en: 'It keeps them for later', zh: '留着以后用' } },
        ],
        answer: [
          { option: 'skip', claims: ['sum ro.released.skipped node=ro-1 > 0'] },
          { option: 'load', claims: [] },
        ],
      },
      reveal: at.on('ro.applied', { node: 'ro-1' }, 2),
      says: 'skip',
      after: {
        en: 'It skips them and loads nothing. A classic standby loads every page that the log names, and reads wait for it.',
        zh: '跳过，什么也不装入。传统备库要装入日志提到的每一页，读还得等它。',
      },
      rule: 'ro.mtr-atomic',
    }),
    act(at.next, sql('select v from far where id = 1', 'me'), {
      ask: { en: 'Now read “far” at {ro-1}.', zh: '现在在 {ro-1} 读 far。' },
    }),
    predict('value', {
      facts: { v: 'row me 0' },
      afterClaims: ['row me 0 = 1', 'last page.read.node = ro-1'],
      trigger: at.next,
      ask: {
        en: '“far” was zero before the update that {ro-1} skipped. Which value does it read?',
        zh: '{ro-1} 跳过那次更新之前，far 是零。它读到几？',
      },
      hint: { en: 'Who brings the page, and as of which point?', zh: '页由谁送来，截至哪个读点？' },
      question: { form: 'number', low: 0, high: 9, answer: 'row me 0' },
      reveal: at.on('sql.end', { session: 'me' }),
      says: 1,
      after: {
        en: '{v}. The store built the page at the reader’s read point, with the records that the reader had skipped.',
        zh: '{v}。存储按读点造出该页，其中正有只读节点跳过的那些记录。',
      },
      rule: 'ro.same-image',
    }),
    free(
      40,
      'Update “far” again: now that {ro-1} holds its page, the records are applied.',
      '再更新 far：页已在 {ro-1}，这回记录会被应用。',
      [
        {
          text: { en: 'Update “far”', zh: '更新 far' },
          line: 'sql d1 writer "update far set v = v + 1"',
        },
        { text: { en: 'Crash {ro-1} for 5 ms', zh: '{ro-1} 断电 5 ms' }, line: 'crash ro-1 for 5.000 ms' },
      ],
    ),
  ],
  pass: [
    'sum ro.released.skipped node=ro-1 > 0',
    'count session.read session=me from=ro-1 >= 2',
    'violations = 0',
  ],
  passWords: {
    en: 'both answers right; {ro-1} has skipped records and read their effect all the same',
    zh: '两个问题都答对；{ro-1} 跳过了记录，却仍读到其结果',
  },
  challenge: {
    goal: {
      en: 'Empty the buffer of {ro-1} and have it read “far” right, with its disk gone. One fault, 120 ms.',
      zh: '清空 {ro-1} 的缓冲池、连它的盘也换掉，仍让它读对 far。最多一次故障，120 ms 之内。',
    },
    hints: [
      { en: 'A reader keeps nothing of the volume on its disk.', zh: '只读节点的盘上没有卷的任何东西。' },
      {
        en: 'wipeDisk {ro-1} for 5 ms; some 60 ms later SELECT in session me.',
        zh: 'wipeDisk {ro-1} for 5.000 ms；约 60 ms 后在会话 me 里 SELECT。',
      },
    ],
    budget: { faults: 1, ms: 120 },
    pass: [
      'count node.down node=ro-1 > 0',
      'last session.read.at session=me from=ro-1 > last node.down.at node=ro-1',
      'violations = 0',
    ],
    solution: [
      { ms: 1, action: line('wipeDisk ro-1 for 5.000 ms') },
      { ms: 60, action: sql('select v from far where id = 1', 'me') },
    ],
  },
};
