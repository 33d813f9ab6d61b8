// D01 Page from the past (S004, T1 to T5): a reader has replayed a page, loses it, and reads it again where it is stored, as it was before.

import { firstTablePage } from '../file-nodes.ts';
import { act, at, both, free, type LibraryLesson, line, onPage, predict, say, sql } from '../format.ts';

/** Records applied to the account's page after ro-1 had lost its buffer: on an image from storage. */
const REPLAYED = 'node=ro-1 source=STORAGE records>0';

/** Of the account. */
const PAGE = firstTablePage(1);
const FIRST = 500;
const SECOND = 600;
const read = sql('select balance from p1 where id = 1', 'me');

export const d01: LibraryLesson = {
  rev: 1,
  seeds: ['004'],
  rules: ['ro.never-behind', 'logidx.complete', 'page.flush-gate'],
  goal: {
    en: 'A reader drops a page that it had brought up to date. The stored image is older. What does it read next?',
    zh: '只读节点丢掉一个已回放到最新的页，而存储里的镜像更旧。它接着读到什么？',
  },
  start: {
    preset: 'polardb',
    config: { nodeHeartbeatMs: 12 },
    tape: [
      '230.000 sql d1 "create table p1 (id int primary key, balance int)"',
      `260.000 sql d1 "insert into p1 values (1, ${FIRST})"`,
    ],
    ms: 480,
    lens: 'shared',
    group: null,
    speed: 3000,
  },
  steps: [
    say(
      at.next,
      `An account of ${FIRST}, stored in its file with LSN {lsn}. {ro-1} and {ro-2} read the same file; {rw-1} tells them which pages log changes.`,
      `余额 ${FIRST} 的账户已写入文件（LSN {lsn}）。两个只读节点读同一文件，并从 {rw-1} 得知日志改了哪些页。`,
      {
        facts: { lsn: `last page.stored.pageLsn blockKey=${PAGE}` },
        claims: [
          'rw-1 compute.shared.dirty = 0',
          'ro-1 status = up',
          'ro-2 status = up',
          `last ro.applied.applyLsn node=ro-1 >= last page.stored.pageLsn blockKey=${PAGE}`,
        ],
        focus: onPage(PAGE),
        rule: 'logidx.complete',
      },
    ),
    act(at.next, line('cut rw-1 | ro-2 for 110.000 ms')),
    act(at.next, sql(`update p1 set balance = ${SECOND} where id = 1`), {
      ask: { en: `T1: the writer makes it ${SECOND}.`, zh: `T1：写节点改为 ${SECOND}。` },
    }),
    say(
      at.on('commit.ack', {}),
      `{ro-2} is cut off and has not heard of LSN {lsn}, so the writer may not store the page: the file still has the ${FIRST}, with {stored}.`,
      `{ro-2} 被切断，尚不知 LSN {lsn}，写节点因此禁止刷脏：文件里仍是 ${FIRST}，LSN 为 {stored}。`,
      {
        facts: { lsn: 'last commit.ack.scn', stored: `last page.stored.pageLsn blockKey=${PAGE}` },
        claims: [
          'last ro.applied.applyLsn node=ro-2 < last commit.ack.scn',
          'rw-1 compute.shared.oldestApplyLsn < last commit.ack.scn',
          'last page.stored.at < last commit.ack.at',
          'rw-1 compute.shared.dirty > 0',
        ],
        focus: onPage(PAGE),
        rule: 'page.flush-gate',
      },
    ),
    act(at.next, both(line('session d1 me ro-1 session'), read), {
      ask: {
        en: 'T2: {ro-1} hears of the change. T3: read the account there.',
        zh: 'T2：{ro-1} 得知该修改。T3：在那里读该账户。',
      },
    }),
    act(at.on('sql.end', { session: 'me' }), line('crash ro-1 for 3.000 ms'), {
      key: true,
      facts: { balance: 'row me 0' },
      claims: ['row me 0 = 600', `own last ro.replayed.blockKey node=ro-1 = ${PAGE}`],
      ask: {
        en: 'It read {balance}. T4: {ro-1} loses the page, and all of its buffer.',
        zh: '它读到 {balance}。T4：{ro-1} 失去该页与整个缓冲池。',
      },
    }),
    act(at.on('ro.ready', { node: 'ro-1' }), read, {
      claims: ['ro-1 status = up', 'count node.down node=ro-1 = 1'],
      ask: { en: 'T5: read it again at {ro-1}.', zh: 'T5：在 {ro-1} 再读一次。' },
    }),
    predict('value', {
      trigger: at.next,
      ask: {
        en: `{ro-1} can get only the stored page, of before T1, with LSN {stored}. Which balance does it read?`,
        zh: `{ro-1} 能得到的只有存储里 T1 之前的页，LSN 为 {stored}。它读到多少？`,
      },
      hint: {
        en: 'What does {ro-1} know of the log above the stored image?',
        zh: '对于存储镜像之上的日志，{ro-1} 知道些什么？',
      },
      question: {
        form: 'choice',
        options: [
          { id: '500', text: { en: '500, as stored', zh: '500，即存储中的值' } },
          { id: '600', text: { en: '600, with T1', zh: '600，含 T1 的修改' } },
        ],
        answer: [
          { option: '500', claims: ['row me 0 = 500'] },
          { option: '600', claims: ['row me 0 = 600'] },
        ],
      },
      reveal: at.on('sql.end', { session: 'me' }),
      says: '600',
      facts: {
        stored: `last page.stored.pageLsn blockKey=${PAGE}`,
        from: `last ro.replayed.from node=ro-1 blockKey=${PAGE}`,
      },
      claims: [`last page.stored.pageLsn blockKey=${PAGE} < last commit.ack.scn`],
      afterClaims: [
        'row me 0 = 600',
        `last ro.replayed.source node=ro-1 blockKey=${PAGE} = STORAGE`,
        `last ro.replayed.from node=ro-1 blockKey=${PAGE} = last page.stored.pageLsn blockKey=${PAGE}`,
        `last ro.replayed.at node=ro-1 blockKey=${PAGE} > last node.down.at node=ro-1`,
      ],
      after: {
        en: `${SECOND}. LogIndex names the records that the image of LSN {from} lacks; {ro-1} applies them from WAL: base image plus log.`,
        zh: `${SECOND}。LogIndex 指出 LSN {from} 的镜像缺哪些记录；{ro-1} 从 WAL 读出并应用。`,
      },
      focus: onPage(PAGE),
      rule: 'ro.never-behind',
    }),
    predict('records', {
      trigger: at.next,
      ask: {
        en: 'How many records did {ro-1} apply on the stored image of that page in its last replay?',
        zh: '{ro-1} 最近一次回放时，在该页的存储镜像上应用了几条记录？',
      },
      hint: {
        en: 'The UPDATE puts a new version of the row into the page, and marks the old one.',
        zh: 'UPDATE 在页中放入行的新版本，并标记旧版本。',
      },
      question: { form: 'number', low: 0, high: 20, answer: `last ro.replayed.records ${REPLAYED}` },
      reveal: at.next,
      says: null,
      facts: {
        records: `last ro.replayed.records node=ro-1 blockKey=${PAGE}`,
        lsn: `last ro.replayed.pageLsn node=ro-1 blockKey=${PAGE}`,
      },
      afterClaims: [
        `last ro.replayed.records node=ro-1 blockKey=${PAGE} > 0`,
        `last ro.replayed.pageLsn node=ro-1 blockKey=${PAGE} <= last ro.replayed.applyLsn node=ro-1`,
      ],
      after: {
        en: '{records}: only those of this page, up to LSN {lsn}. LogIndex lists them, so no other log was read for it.',
        zh: '{records} 条：只有这一页的记录，到 LSN {lsn} 为止。LogIndex 列出了它们，无需读其他日志。',
      },
      rule: 'logidx.complete',
    }),
    free(
      120,
      '{ro-2} comes back, reports, and the writer stores the page. The lens shows when.',
      '{ro-2} 回来并上报后，写节点便可刷脏。透镜显示何时发生。',
      [{ text: { en: 'Crash {ro-1} for 3 ms', zh: '{ro-1} 断电 3 ms' }, line: 'crash ro-1 for 3.000 ms' }],
    ),
  ],
  pass: [
    'row me 0 = 600',
    'count node.down node=ro-1 > 0',
    `count ro.replayed ${REPLAYED} > 0`,
    'violations = 0',
  ],
  passWords: {
    en: '{ro-1} lost its buffer, and read 600 from an image of 500 with the records of LogIndex',
    zh: '{ro-1} 丢掉缓冲池后，凭 500 的镜像与 LogIndex 的记录读到 600',
  },
  challenge: {
    goal: {
      en: 'Have {ro-1} read 700 from the stored image of 500, with an empty buffer. Two faults, 250 ms.',
      zh: '让 {ro-1} 以空缓冲池、凭 500 的存储镜像读到 700。最多两次故障，250 ms 之内。',
    },
    hints: [
      {
        en: 'The writer stores no page that some reader with a slot has not applied.',
        zh: '只要有槽位的某个只读节点尚未应用，写节点就不写该页。',
      },
      {
        en: 'cut {rw-1} | {ro-2} for 110 ms, UPDATE, crash {ro-1} for 3 ms; 60 ms later SELECT in a session at {ro-1}.',
        zh: 'cut {rw-1} | {ro-2} 110 ms，UPDATE，crash {ro-1} 3 ms；60 ms 后在 {ro-1} 的会话里 SELECT。',
      },
    ],
    budget: { faults: 2, ms: 250 },
    pass: ['row me 0 = 700', 'count node.down node=ro-1 > 0', `count ro.replayed ${REPLAYED} > 0`],
    solution: [
      {
        ms: 1,
        action: both(line('cut rw-1 | ro-2 for 110.000 ms'), sql('update p1 set balance = 700 where id = 1')),
      },
      { ms: 20, action: line('crash ro-1 for 3.000 ms') },
      { ms: 80, action: both(line('session d1 me ro-1 session'), read) },
    ],
  },
};
