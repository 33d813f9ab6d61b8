// D03 Page from the future (S004, T1 to T5): the writer has changed a page twice, a reader knows of the first change only; what may be stored,
// and what the reader reads.

import { act, at, both, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';
import type { LessonState } from '../lesson-state.ts';

const read = sql('select balance from p1 where id = 1', 'me');

/** The newest page of the account that was stored lacks the second change. */
const heldBack = (s: LessonState) => s.events('flush.blocked', { readers: 'ro-1' }).at(-1);

/** Of the table and of its row. */
const COMMITS_BEFORE = 2;

const lsnOfLast = (s: LessonState): number => s.events('commit.ack').at(-1)?.scn ?? -1;

export const d03: LibraryLesson = {
  rev: 1,
  seeds: ['004'],
  rules: ['page.flush-gate', 'ro.never-ahead', 'ro.never-behind'],
  goal: {
    en: 'The writer is two changes ahead, a reader knows of one. May the writer store the page?',
    zh: '写节点已改两次，只读节点只知道第一次。写节点可以写这一页吗？',
  },
  start: {
    preset: 'polardb',
    // A reader that hears nothing registers anew after five of these.
    config: { nodeHeartbeatMs: 24 },
    tape: [
      '230.000 sql d1 "create table p1 (id int primary key, balance int)"',
      '260.000 sql d1 "insert into p1 values (1, 500)"',
    ],
    ms: 430,
    lens: 'shared',
    group: null,
    speed: 2000,
  },
  steps: [
    say(
      at.next,
      'An account of 500, stored in its file. {ro-1} and {ro-2} have read nothing yet.',
      '一个余额为 500 的账户，已写入文件。{ro-1} 与 {ro-2} 尚未读过任何页。',
      { focus: onNode('rw-1'), rule: 'page.flush-gate' },
    ),
    act(at.next, sql('update p1 set balance = 600 where id = 1'), {
      ask: { en: 'T1: the writer makes it 600.', zh: 'T1：写节点改为 600。' },
    }),
    act(at.on('ro.applied', { node: 'ro-1' }), line('cut rw-1 > ro-1 for 110.000 ms'), {
      key: true,
      ask: {
        en: 'T2: {ro-1} knows of it. Cut it off from news of the log.',
        zh: 'T2：{ro-1} 已得知。现在切断它的日志消息。',
      },
    }),
    act(at.next, sql('update p1 set balance = 700 where id = 1'), {
      ask: {
        en: 'The writer makes it 700; {ro-1} does not hear of that.',
        zh: '写节点再改为 700；{ro-1} 不会得知。',
      },
    }),
    predict('stored', {
      trigger: at.on('commit.ack'),
      ask: {
        en: 'T4: the 700 is committed and its log is durable. What does the writer do when the page is due to be stored?',
        zh: 'T4：700 已提交，日志已持久。轮到写这一页时，写节点怎么做？',
      },
      hint: {
        en: '{ro-1} has no page in its buffer: whatever it reads next comes from the file.',
        zh: '{ro-1} 的缓冲里没有页：接下来读到的都来自文件。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'stored', text: { en: 'It stores it: the log is durable', zh: '写入：日志已经持久' } },
          { id: 'blocked', text: { en: 'It holds it back, because of {ro-1}', zh: '因 {ro-1} 而暂不写入' } },
        ],
        answer: (s) => (heldBack(s) === undefined ? 'stored' : 'blocked'),
      },
      // With flush control off it stores the page instead.
      reveal: at.when(
        (s) =>
          heldBack(s) !== undefined ||
          s.events('page.stored').some(({ pageLsn }) => pageLsn > lsnOfLast(s) - 3),
      ),
      says: 'blocked',
      after: {
        en: 'It holds it back: latestLsn is above oldestApplyLsn, the least that its readers have applied.',
        zh: '暂不写入：latestLsn 高于 oldestApplyLsn，即各只读节点已应用的最小值。',
      },
      focus: onNode('rw-1'),
      rule: 'page.flush-gate',
    }),
    act(at.next, both(line('session d1 me ro-1 session'), read), {
      ask: { en: 'T5: read the account at {ro-1}.', zh: 'T5：在 {ro-1} 读该账户。' },
    }),
    predict('value', {
      trigger: at.next,
      ask: {
        en: '{ro-1} has an empty buffer, the file says 500, the writer has 700. Which balance does it read?',
        zh: '{ro-1} 的缓冲是空的，文件里是 500，写节点是 700。它读到多少？',
      },
      hint: {
        en: 'It reads at its own applyLsn, neither before nor after it.',
        zh: '它按自己的 applyLsn 读取，不早也不晚。',
      },
      question: {
        form: 'choice',
        options: [
          { id: '500', text: { en: '500, as stored', zh: '500，即存储中的值' } },
          { id: '600', text: { en: '600, what it knows of', zh: '600，它所知道的' } },
          { id: '700', text: { en: '700, the newest', zh: '700，最新的值' } },
        ],
        answer: (s) => s.row('me')[0] ?? '',
      },
      reveal: at.on('sql.end', { session: 'me' }),
      says: '600',
      after: {
        en: '600: the stored page and one record of LogIndex. Had 700 been stored, {ro-1} could not have gone back.',
        zh: '600：存储的页加 LogIndex 的一条记录。若 700 已写入，{ro-1} 无法退回。',
      },
      focus: onNode('ro-1'),
      rule: 'ro.never-ahead',
    }),
    say(
      at.on('page.stored'),
      '{ro-1} hears again, applies and reports; the gate rises, and the page is stored as of its second change.',
      '{ro-1} 恢复接收、应用并上报；上限提高，该页连同第二次修改写入。',
      { focus: onNode('rw-1'), rule: 'page.flush-gate' },
    ),
    free(
      60,
      'Read again at {ro-1}, or begin a run with flush control off (Break the protocol).',
      '在 {ro-1} 再读，或在“破坏协议”中关闭刷脏控制另起一次运行。',
      [
        {
          text: { en: 'Read it at {ro-1}', zh: '在 {ro-1} 读取' },
          line: 'sql d1 me "select balance from p1 where id = 1"',
        },
      ],
    ),
  ],
  pass: (s) =>
    s.predicted('stored') &&
    s.predicted('value') &&
    heldBack(s) !== undefined &&
    s.row('me')[0] !== '500' &&
    s.newest('page.stored') > s.newest('flush.blocked') &&
    s.violations.length === 0,
  passWords: {
    en: 'the page was held back because of {ro-1}, which read 600, and was stored afterwards',
    zh: '该页因 {ro-1} 而未写入，{ro-1} 读到 600，之后该页写入',
  },
  challenge: {
    goal: {
      en: 'The writer makes three changes. Have {ro-1} read the first of them, 600, while the page waits for it. One fault, 120 ms.',
      zh: '写节点改三次。让 {ro-1} 读到第一次的 600，而该页因它而未写入。最多一次故障，120 ms 之内。',
    },
    hints: [
      {
        en: 'A reader reads at its own applyLsn: what it has not heard of does not exist for it.',
        zh: '只读节点按自己的 applyLsn 读取：没收到的对它不存在。',
      },
      {
        en: 'UPDATE to 600; 15 ms later cut {rw-1} > {ro-1} for 90 ms; UPDATE to 700 and to 800; SELECT in a session at {ro-1}.',
        zh: 'UPDATE 为 600；15 ms 后 cut {rw-1} > {ro-1} 90 ms；再 UPDATE 为 700、800；在 {ro-1} 的会话里 SELECT。',
      },
    ],
    budget: { faults: 1, ms: 120 },
    pass: (s) =>
      s.row('me')[0] === '600' &&
      s.events('flush.blocked').some(({ readers }) => readers.split(',').includes('ro-1')) &&
      s.count('commit.ack') >= COMMITS_BEFORE + 3,
    solution: [
      { ms: 1, action: sql('update p1 set balance = 600 where id = 1') },
      { ms: 16, action: line('cut rw-1 > ro-1 for 90.000 ms') },
      { ms: 17, action: sql('update p1 set balance = 700 where id = 1') },
      { ms: 25, action: sql('update p1 set balance = 800 where id = 1') },
      { ms: 60, action: both(line('session d1 me ro-1 session'), read) },
    ],
  },
};
