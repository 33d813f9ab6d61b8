// D02 Lazy replay: a split of an index changes four pages by one record; a reader enters it in LogIndex four times, and replays only the
// page that is read.

import { act, at, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';

const key = (n: number): string => `repeat('k', 100) || ${n}`;
const insert = (first: number, last: number): string =>
  `insert into t values ${Array.from({ length: last - first + 1 }, (_, i) => `(${key(first + i)}, 0)`).join(', ')}`;

const APPLIED = 'last ro.applied.applyLsn node=ro-1';
/** Pages that records of the newest statement name, as ro-1 has entered them (LI-20). */
const INDEXED = `sum wal.pages.lsns lsns.0>{${APPLIED} - last ro.applied.applied node=ro-1} lsns.-1<={${APPLIED}}`;
/** Replays of ro-1 that applied something since it had indexed the split. */
const REPLAYS = `node=ro-1 records>0 applyLsn>={${APPLIED}}`;
const PAGES = `kinds ro.replayed.blockKey ${REPLAYS}`;

export const d02: LibraryLesson = {
  rev: 1,
  seeds: ['004'],
  rules: ['logidx.complete', 'ro.never-behind'],
  goal: {
    en: 'An index splits, and many pages change at once. How much of that does a reader do at once?',
    zh: '索引分裂，许多页同时改变。只读节点要立刻做多少？',
  },
  start: {
    preset: 'polardb',
    config: { nodeHeartbeatMs: 12 },
    tape: [
      '230.000 sql d1 "create table t (id text primary key, v int)"',
      `250.000 sql d1 "${insert(11, 18)}"`,
      '440.000 session d1 me ro-1 session',
      `441.000 sql d1 me "select v from t where id = ${key(12)}"`,
      '490.000 cut rw-1 | ro-2 for 110.000 ms',
    ],
    ms: 500,
    lens: 'shared',
    group: null,
    speed: 1000,
  },
  steps: [
    say(
      at.next,
      'An index page is full. {ro-1} has read through it and has it in its buffer. {ro-2} is cut off, so no page is stored now.',
      '索引页已满。{ro-1} 读过并缓冲了它。{ro-2} 被切断，因此此刻禁止刷脏。',
      {
        claims: [
          'row me 0 = 0',
          'ro-1 compute.shared.applyLsn = last commit.ack.scn',
          'last world.action.action = cut',
          'rw-1 compute.shared.dirty = 0',
        ],
        focus: onNode('ro-1'),
        rule: 'page.flush-gate',
      },
    ),
    act(at.next, sql(insert(19, 19)), {
      key: true,
      ask: {
        en: 'Insert one more row: its key makes the index page split.',
        zh: '再插入一行：它的键使索引页分裂。',
      },
    }),
    predict('entries', {
      trigger: at.next,
      ask: {
        en: 'One record of the split changes four index pages. Four more records change one page each. How many entries does {ro-1} add to LogIndex?',
        zh: '分裂的一条记录修改索引的四个页；另有四条记录各修改一个页。{ro-1} 向 LogIndex 加入多少条？',
      },
      hint: {
        en: 'One for each page that a record names: the page, and the record’s LSN.',
        zh: '记录所指的每个页一条：页与该记录的 LSN。',
      },
      question: { form: 'number', low: 0, high: 40, answer: INDEXED },
      reveal: at.on('ro.applied', { node: 'ro-1' }),
      says: 8,
      facts: { lsn: 'last ro.applied.applyLsn node=ro-1' },
      afterClaims: [
        'last index.split.step = root',
        'own last ro.applied.applied node=ro-1 = 5',
        'ro-1 compute.shared.applyLsn = last commit.ack.scn',
      ],
      after: {
        en: 'One for each page: the split’s four have one LSN. {ro-1} got pages and LSNs, up to {lsn}; what the records say is in WAL, on shared storage.',
        zh: '每页一条：分裂的四条共用一个 LSN。{ro-1} 只收到页号与 LSN，到 {lsn}；记录内容在共享的 WAL 中。',
      },
      focus: onNode('ro-1'),
      rule: 'logidx.complete',
    }),
    predict('atOnce', {
      trigger: at.next,
      ask: {
        en: 'On how many pages has {ro-1} replayed these records by now?',
        zh: '到此刻，{ro-1} 已在多少个页上回放了这些记录？',
      },
      hint: {
        en: 'Nobody has asked for a page since.',
        zh: '此后还没有读取任何页。',
      },
      question: { form: 'number', low: 0, high: 20, answer: PAGES },
      reveal: at.next,
      says: 0,
      afterClaims: ['last ro.replayed.at node=ro-1 < last ro.applied.at node=ro-1'],
      after: {
        en: 'None. What {ro-1} has in its buffer is only out of date now: the records are applied when somebody reads the page.',
        zh: '零个。{ro-1} 缓冲里的页此刻只是过时：有人读该页时才应用记录。',
      },
      rule: 'ro.never-behind',
    }),
    act(at.next, sql(`select v from t where id = ${key(12)}`, 'me'), {
      ask: { en: 'Read the old row at {ro-1} again.', zh: '在 {ro-1} 再读那个旧行。' },
    }),
    predict('replays', {
      trigger: at.next,
      ask: {
        en: 'On how many pages does {ro-1} replay records for this read?',
        zh: '为这次读取，{ro-1} 在多少个页上回放记录？',
      },
      hint: {
        en: 'The way leads from the root to one of the new leaves. Whether the writer has committed stands in a third page.',
        zh: '路径从根到一个新叶；事务是否已提交记在第三个页里。',
      },
      question: { form: 'number', low: 0, high: 20, answer: PAGES },
      reveal: at.on('sql.end', { session: 'me' }),
      says: null,
      afterClaims: [
        'count ro.replayed node=ro-1 records=1 = 3',
        'own count ro.replayed node=ro-1 blockKey=671088643 = 0',
        'last ro.replayed.at node=ro-1 > last ro.applied.at node=ro-1',
        'last sql.end.outcome session=me = ok',
      ],
      after: {
        en: 'On those on its way, no others. The other leaf, and the new row’s page, wait until somebody reads them.',
        zh: '只有路径上的页。另一个叶与新行所在的页，等到有人读时才回放。',
      },
      focus: onNode('ro-1'),
      rule: 'logidx.complete',
    }),
    free(40, 'Read the new row, and see which page is replayed for it.', '读新行，看哪个页为它回放。', [
      {
        text: { en: 'Read the new row at {ro-1}', zh: '在 {ro-1} 读新行' },
        line: `sql d1 me "select v from t where id = ${key(19)}"`,
      },
    ]),
  ],
  pass: [
    `count ro.replayed ${REPLAYS} > 0`,
    `count ro.replayed ${REPLAYS} < ${INDEXED}`,
    'row me 0 = 0',
    'violations = 0',
  ],
  passWords: {
    en: 'all three counts are those of {ro-1}, and it replayed fewer pages than the split had changed',
    zh: '三个数都与 {ro-1} 一致，且它回放的页少于分裂所改的页',
  },
  challenge: {
    goal: {
      en: 'Insert the key that splits the index with v = 19. Have {ro-1} read it with an empty buffer, from files as before the split. One fault, 100 ms.',
      zh: '以 v = 19 插入使索引分裂的键。让 {ro-1} 以空缓冲、凭分裂之前的文件读到它。最多一次故障，100 ms 之内。',
    },
    hints: [
      {
        en: '{ro-2} is cut off for 100 ms, so no page is stored until then.',
        zh: '{ro-2} 被切断 100 ms，此前禁止刷脏。',
      },
      {
        en: 'INSERT, then crash {ro-1} for 3 ms; 40 ms later SELECT in its session.',
        zh: 'INSERT，然后 crash {ro-1} 3 ms；40 ms 后在其会话里 SELECT。',
      },
    ],
    budget: { faults: 1, ms: 100 },
    pass: [
      'row me 0 = 19',
      'count node.down node=ro-1 > 0',
      'count ro.replayed node=ro-1 source=STORAGE records>0 > 0',
    ],
    solution: [
      { ms: 1, action: sql(`insert into t values (${key(19)}, 19)`) },
      { ms: 15, action: line('crash ro-1 for 3.000 ms') },
      { ms: 55, action: sql(`select v from t where id = ${key(19)}`, 'me') },
    ],
  },
};
