// C09 Read your own write: a session reads at a reader that lags, first with what the reader has, then with what it has seen itself.

import { act, at, both, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';
import type { LessonState } from '../lesson-state.ts';
import { twoAccounts } from '../reader-nodes.ts';

const read = sql('select balance from accounts where id = 1', 'me');
const balanceOf = (s: LessonState): string => s.row('me')[0] ?? '';

export const c09: LibraryLesson = {
  rev: 1,
  seeds: ['002', '004'],
  rules: ['ro.session-monotone', 'ro.never-ahead'],
  goal: {
    en: 'Write a row at the writer and read it at a reader whose journal is late. Which row do you get?',
    zh: '在写节点处写一行，在日志流迟到的只读节点处读它。读到的是哪一个？',
  },
  start: twoAccounts,
  steps: [
    say(
      at.next,
      'Account 1 holds 100. The driver sends what writes to {rw-1}, and what only reads to {ro-1} and {ro-2} in turn.',
      '账户 1 有 100。驱动把写发给 {rw-1}，把只读的请求轮流发给 {ro-1} 和 {ro-2}。',
      { focus: onNode('d1') },
    ),
    act(
      at.next,
      both(line('hold rw-1 > ro-1 ro-2'), sql('update accounts set balance = 200 where id = 1', 'me')),
    ),
    say(
      at.on('sql.end', { session: 'me' }),
      'Now account 1 holds 200, committed. But the journal from {rw-1} to both readers is held back: they do not know it yet.',
      '账户 1 现在是 200，已提交。但 {rw-1} 到两个只读节点的日志流被扣住：它们还不知道。',
      { focus: onNode('ro-1'), rule: 'ro.never-ahead' },
    ),
    act(at.next, both(line('session d1 me ro eventual'), read), {
      key: true,
      ask: {
        en: 'Read it at a reader, with the level “eventual”: whatever the reader has.',
        zh: '在只读节点读它，级别 eventual：有什么读什么。',
      },
    }),
    predict('eventual', {
      trigger: at.next,
      ask: {
        en: 'What does this session, which has just written 200, get?',
        zh: '刚写下 200 的会话读到什么？',
      },
      hint: {
        en: 'The reader shows what its applyLsn covers, and waits for nothing.',
        zh: '只读节点只示 applyLsn 之内的，不等任何东西。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'old', text: { en: '100: its own write is not there', zh: '100：看不见自己的写' } },
          { id: 'new', text: { en: '200: its own write', zh: '200：自己的写' } },
        ],
        answer: (s) => (balanceOf(s) === '200' ? 'new' : 'old'),
      },
      reveal: at.on('sql.end', { session: 'me' }),
      says: 'old',
      after: {
        en: 'The old row. It is a true row, of an earlier moment; but this session has gone back in time.',
        zh: '旧行。它曾经为真，只是更早的一刻；但这个会话倒退了时间。',
      },
      rule: 'ro.session-monotone',
    }),
    act(at.next, both(line('session d1 me ro session'), read), {
      ask: { en: 'Read it once more, with the level “session”.', zh: '以级别 session 再读一次。' },
    }),
    predict('session', {
      trigger: at.next,
      ask: {
        en: 'The request carries the SCN of the session’s own write. What does the reader do?',
        zh: '请求带着本会话那次写的 SCN。只读节点怎么办？',
      },
      hint: {
        en: 'It may not answer below what the session has seen, and it cannot answer above what it has.',
        zh: '低于会话已见的不能答，高于自己所有的答不出。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'waits', text: { en: 'It waits until its applyLsn is there', zh: '等 applyLsn 到达' } },
          { id: 'old', text: { en: 'It answers 100 again', zh: '仍答 100' } },
          { id: 'asks', text: { en: 'It asks the writer for the row', zh: '向写节点要这一行' } },
        ],
        answer: (s) => (s.count('ro.wait', { session: 'me' }) > 0 ? 'waits' : 'old'),
      },
      reveal: at.on('ro.wait', { session: 'me' }),
      says: 'waits',
      after: {
        en: 'It waits, for 200 ms at most; then the driver would go elsewhere. No other request waits with it.',
        zh: '等，至多 200 ms；之后驱动会另找节点。别的请求不受影响。',
      },
      rule: 'ro.session-monotone',
    }),
    act(at.next, line('release rw-1 > ro-1 ro-2'), {
      ask: { en: 'Let the journal go on.', zh: '放行日志流。' },
    }),
    say(
      at.on('ro.waited', { session: 'me', code: '' }),
      'The journal has come, applyLsn has passed the SCN, and the read runs: 200.',
      '日志流到了，applyLsn 越过那个 SCN，读得以执行：200。',
      { rule: 'ro.session-monotone' },
    ),
    free(
      40,
      'Let other sessions read while the journal is held: only those wait that have seen something newer.',
      '在日志流被扣住时让别的会话来读：只有见过更新之物的才等待。',
      [
        { text: { en: 'Hold the journal of {ro-1}', zh: '扣住 {ro-1} 的日志流' }, line: 'hold rw-1 > ro-1' },
        { text: { en: 'Release it', zh: '放行' }, line: 'release rw-1 > ro-1' },
        {
          text: { en: 'Another session reads', zh: '另一会话来读' },
          line: 'sql d1 other "select balance from accounts where id = 1"',
        },
      ],
    ),
  ],
  pass: (s) =>
    s.predicted('eventual') &&
    s.predicted('session') &&
    s.count('ro.waited', { session: 'me', code: '' }) > 0 &&
    balanceOf(s) === '200' &&
    s.violations.length === 0,
  passWords: {
    en: 'both answers right; the session waited and read its own write at a reader',
    zh: '两个问题都答对；会话等到后，在只读节点读到自己的写',
  },
  challenge: {
    goal: {
      en: 'Read your own write at a reader that was not there when you wrote it. No fault, 80 ms.',
      zh: '在一个你写的时候还不存在的只读节点上读到自己的写。不用任何故障，80 ms 之内。',
    },
    hints: [
      {
        en: 'A new reader begins at VDL, above everything that is committed.',
        zh: '新的只读节点从 VDL 开始，高于一切已提交的。',
      },
      {
        en: 'sql {d1} me "update …"; addNode {ro-3} reader a; session {d1} me {ro-3} session; then the SELECT.',
        zh: '先 sql {d1} me "update …"；再 addNode {ro-3} reader a；session {d1} me {ro-3} session；然后 SELECT。',
      },
    ],
    budget: { faults: 0, ms: 80 },
    pass: (s) =>
      s.count('session.read', { session: 'me', from: 'ro-3' }) > 0 &&
      balanceOf(s) === '300' &&
      s.violations.length === 0,
    solution: [
      {
        ms: 1,
        action: both(
          line('session d1 me any session'),
          sql('update accounts set balance = 300 where id = 1', 'me'),
        ),
      },
      { ms: 20, action: line('addNode ro-3 reader a') },
      { ms: 45, action: both(line('session d1 me ro-3 session'), read) },
    ],
  },
};
