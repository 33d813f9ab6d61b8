// C09 Read your own write: a session reads at a reader that lags, first with what the reader has, then with what it has seen itself.

import { act, at, both, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';
import { openingBalance, twoAccounts } from '../reader-nodes.ts';

const WRITTEN = 200;
/** Virtual ms that a reader lets a request wait at most. */
const WAIT_MS = 200;
const read = sql('select balance from accounts where id = 1', 'me');

export const c09: LibraryLesson = {
  rev: 2,
  seeds: ['002', '004'],
  rules: ['ro.session-monotone', 'ro.never-ahead'],
  goal: {
    en: 'Write a row at the writer and read it at a reader whose journal is late. Which row do you get?',
    zh: '在写节点处写一行，在日志流迟到的只读节点处读它。读到的是哪一个？',
  },
  start: { ...twoAccounts, config: { waitTimeoutMs: WAIT_MS } },
  steps: [
    act(at.next, read),
    say(
      at.on('sql.end', { session: 'me' }),
      '{ro-1} has read a balance of {balance}. The driver sends what writes to {rw-1}, and what only reads to {ro-1} and {ro-2} in turn.',
      '{ro-1} 读到余额 {balance}。驱动把写发给 {rw-1}，只读请求轮流发给两个只读节点。',
      {
        facts: { balance: 'row me 0' },
        claims: [`row me 0 = ${openingBalance}`, 'last session.read.from session=me = ro-1'],
        focus: onNode('d1'),
      },
    ),
    act(
      at.next,
      both(line('hold rw-1 > ro-1 ro-2'), sql(`update accounts set balance = ${WRITTEN} where id = 1`, 'me')),
    ),
    say(
      at.on('sql.end', { session: 'me' }),
      `The session has set it to ${WRITTEN}, committed at LSN {scn}. The journal from {rw-1} to the readers is held: both stand at LSN {lsn}.`,
      `会话把它改为 ${WRITTEN}，提交于 LSN {scn}。发往只读节点的日志流被扣住，两者停在 {lsn}。`,
      {
        facts: { scn: 'last commit.ack.scn', lsn: 'ro-1 compute.reader.applyLsn' },
        claims: [
          'own last commit.ack.scn = 21',
          'own ro-1 compute.reader.applyLsn = 18',
          'own ro-2 compute.reader.applyLsn = 18',
          'own ro-1 compute.reader.receivedTo = 18',
          'own ro-2 compute.reader.receivedTo = 18',
        ],
        focus: onNode('ro-1'),
        rule: 'ro.never-ahead',
      },
    ),
    act(at.next, both(line('session d1 me ro eventual'), read), {
      key: true,
      ask: {
        en: 'Read it at a reader, with the level “eventual”: whatever the reader has.',
        zh: '在只读节点读它，级别 eventual：有什么读什么。',
      },
    }),
    predict('eventual', {
      afterClaims: [
        `row me 0 = ${openingBalance}`,
        'last session.read.from session=me = ro-2',
        'own ro-2 compute.reader.applyLsn = 18',
      ],
      trigger: at.next,
      ask: {
        en: `What does this session, which has just written ${WRITTEN}, get?`,
        zh: `刚写下 ${WRITTEN} 的会话读到什么？`,
      },
      hint: {
        en: 'The reader shows what its applyLsn covers, and waits for nothing.',
        zh: '只读节点只给出 applyLsn 以内的内容，什么也不等。',
      },
      question: {
        form: 'choice',
        options: [
          {
            id: 'old',
            text: {
              en: `${openingBalance}: its own write is not there`,
              zh: `${openingBalance}：看不见自己的写`,
            },
          },
          { id: 'new', text: { en: `${WRITTEN}: its own write`, zh: `${WRITTEN}：自己的写` } },
        ],
        answer: [
          { option: 'new', claims: [`row me 0 = ${WRITTEN}`] },
          { option: 'old', claims: [] },
        ],
      },
      reveal: at.on('sql.end', { session: 'me' }),
      says: 'old',
      after: {
        en: `The old row, ${openingBalance}: {ro-2} has not received the write. It was true earlier, but this session had already seen a newer row.`,
        zh: `旧行 ${openingBalance}：{ro-2} 还没收到那次写。它早先为真，但本会话已见过更新的行。`,
      },
      rule: 'ro.session-monotone',
    }),
    act(at.next, both(line('session d1 me ro session'), read), {
      ask: { en: 'Read it once more, with the level “session”.', zh: '以级别 session 再读一次。' },
    }),
    predict('session', {
      facts: { scn: 'last commit.ack.scn' },
      claims: ['own last commit.ack.scn = 21'],
      afterClaims: [
        'last ro.wait.node session=me = ro-1',
        'last ro.wait.bound session=me = last commit.ack.scn',
        'own last ro.wait.applyLsn session=me = 18',
        'ro-1 compute.reader.waits = 1',
        'ro-2 compute.reader.waits = 0',
      ],
      trigger: at.next,
      ask: {
        en: 'The request carries the SCN of the session’s own write, {scn}. What does the reader do?',
        zh: '请求带着本会话那次写的 SCN {scn}。只读节点怎么办？',
      },
      hint: {
        en: 'It may not answer below what the session has seen, and it cannot answer above what it has.',
        zh: '低于会话已见的不能答，高于自己所有的答不出。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'waits', text: { en: 'It waits until its applyLsn is there', zh: '等 applyLsn 到达' } },
          { id: 'old', text: { en: `It answers ${openingBalance} again`, zh: `仍答 ${openingBalance}` } },
          { id: 'asks', text: { en: 'It asks the writer for the row', zh: '向写节点要这一行' } },
        ],
        answer: [
          { option: 'waits', claims: ['count ro.wait session=me > 0'] },
          { option: 'old', claims: [] },
        ],
      },
      reveal: at.on('ro.wait', { session: 'me' }),
      says: 'waits',
      after: {
        en: `{ro-1} waits for its applyLsn to reach {scn}, for ${WAIT_MS} ms at most; then the driver would go elsewhere. No other request waits.`,
        zh: `{ro-1} 等 applyLsn 到 {scn}，至多 ${WAIT_MS} ms；之后驱动会另找节点。别的请求不等。`,
      },
      rule: 'ro.session-monotone',
    }),
    act(at.next, line('release rw-1 > ro-1 ro-2'), {
      ask: { en: 'Let the journal go on.', zh: '放行日志流。' },
    }),
    say(
      at.on('sql.end', { session: 'me' }),
      'The journal has come, applyLsn is {lsn}, and {ro-1} has answered: {balance}.',
      '日志流到了，applyLsn 为 {lsn}，{ro-1} 已回答：{balance}。',
      {
        facts: { lsn: 'ro-1 compute.reader.applyLsn', balance: 'row me 0' },
        claims: [
          'ro-1 compute.reader.applyLsn >= last commit.ack.scn',
          `row me 0 = ${WRITTEN}`,
          'last session.read.from session=me = ro-1',
          'count ro.waited session=me node=ro-1 = 1',
        ],
        rule: 'ro.session-monotone',
      },
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
  pass: ['count ro.waited session=me code= > 0', `row me 0 = ${WRITTEN}`, 'violations = 0'],
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
    pass: ['count session.read session=me from=ro-3 > 0', 'row me 0 = 300', 'violations = 0'],
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
