// S01 Lost update: two sessions read the same row and write what they made of it; then once more with FOR UPDATE.

import { act, at, both, free, type LibraryLesson, onNode, predict, say, sql } from '../format.ts';

/** What the account holds at first, what each session is to add, and what comes of it. */
const HELD = 100;
const ADDS = { a: 10, b: 20 } as const;
const BY_A = HELD + ADDS.a;
const BY_B = HELD + ADDS.b;
const BOTH = BY_A + ADDS.b;

const read = 'select balance from accounts where id = 1';
const write = (balance: number): string => `update accounts set balance = ${balance} where id = 1; commit`;
const begins = both(sql('begin', 'a'), sql('begin', 'b'));

export const s01: LibraryLesson = {
  rev: 1,
  seeds: ['000', '002'],
  rules: ['wal.acked-at-vdl', 'client.acked-present'],
  goal: {
    en: 'Two tellers add to one account at once. Both commits are acknowledged. Is all of it there, and how do you make sure?',
    zh: '两个柜员同时给一个账户加钱，两次提交都已确认。钱都在吗？怎样保证？',
  },
  start: {
    tape: [
      '6.000 sql d1 "create table accounts (id int primary key, balance int)"',
      `14.000 sql d1 "insert into accounts values (1, ${HELD})"`,
    ],
    lens: 'mtr',
    group: null,
    speed: 2000,
  },
  steps: [
    say(
      at.next,
      `An account holds ${HELD}. Session a adds ${ADDS.a}, session b ${ADDS.b}: each reads the balance, adds, and writes the sum.`,
      `一个账户有 ${HELD}。会话 a 要加 ${ADDS.a}，b 要加 ${ADDS.b}：各自读余额、相加、写回总数。`,
      { focus: onNode('d1'), claims: ['count commit.ack >= 2', 'count tx.wait = 0'] },
    ),
    act(at.next, begins),
    act(at.on('sql.end', { session: 'b' }), both(sql(read, 'a'), sql(read, 'b'))),
    say(
      at.on('sql.end', { session: 'b' }),
      `Both have read ${HELD}, in transactions of their own, at read committed. A read takes no lock and waits for nobody.`,
      `两者都读到 ${HELD}，各在自己的事务里，级别 read committed。读不加锁，也不等任何人。`,
      {
        focus: onNode('rw-1'),
        claims: [`row a 0 = ${HELD}`, `row b 0 = ${HELD}`, 'count tx.wait = 0'],
      },
    ),
    act(at.next, sql(write(BY_A), 'a'), {
      ask: { en: `Session a writes ${BY_A} and commits.`, zh: `会话 a 写 ${BY_A} 并提交。` },
    }),
    act(at.on('sql.end', { session: 'a' }), sql(write(BY_B), 'b')),
    act(at.on('sql.end', { session: 'b' }), sql(read, 'look')),
    predict('lost', {
      trigger: at.next,
      ask: {
        en: `Then b has written ${BY_B}, what it made of the ${HELD} that it had read, and committed. What does the account hold?`,
        zh: `接着 b 写下 ${BY_B}（由它读到的 ${HELD} 算出）并已提交。账户里是多少？`,
      },
      hint: {
        en: 'b writes a number. The database does not know what it was made of.',
        zh: 'b 写的是一个数。数据库不知道它由什么算出。',
      },
      question: { form: 'number', low: 90, high: 140, answer: 'row look 0' },
      reveal: at.on('sql.end', { session: 'look' }),
      says: BY_B,
      after: {
        en: `${BY_B}. Both commits are durable, and the ${ADDS.a} of a are gone. No log was lost: b overwrote what it had not seen.`,
        zh: `${BY_B}。两次提交都已持久，a 的 ${ADDS.a} 却没了。日志没丢：是 b 覆盖了它没见过的值。`,
      },
      afterClaims: ['count commit.ack >= 4', 'count tx.wait = 0', `row look 0 = ${BY_B}`],
      rule: 'client.acked-present',
    }),
    act(at.next, sql(`update accounts set balance = ${HELD} where id = 1`)),
    act(at.on('sql.end', { session: 'main' }), begins),
    act(at.on('sql.end', { session: 'b' }), sql(`${read} for update`, 'a'), {
      key: true,
      ask: {
        en: `Once more from ${HELD}. a reads with FOR UPDATE.`,
        zh: `从 ${HELD} 再来。a 用 FOR UPDATE 读。`,
      },
    }),
    act(at.on('sql.end', { session: 'a' }), sql(`${read} for update`, 'b')),
    predict('waits', {
      trigger: at.next,
      ask: {
        en: `a has read ${HELD} and says that it will write the row. Now b reads it with FOR UPDATE. What happens?`,
        zh: `a 读到 ${HELD}，并声明要写这一行。现在 b 也用 FOR UPDATE 读。会怎样？`,
      },
      hint: {
        en: 'FOR UPDATE locks the row until the end of the transaction.',
        zh: 'FOR UPDATE 锁住该行，直到事务结束。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'reads', text: { en: 'It reads 100 as before', zh: '照样读到 100' } },
          { id: 'waits', text: { en: 'It waits for a', zh: '等待 a' } },
          { id: 'fails', text: { en: 'It is refused', zh: '被拒绝' } },
        ],
        answer: [
          { option: 'waits', claims: ['count tx.wait > 0'] },
          { option: 'fails', claims: ['count tx.abort > 0'] },
          { option: 'reads', claims: [] },
        ],
      },
      reveal: at.on('tx.wait'),
      says: 'waits',
      after: {
        en: 'It waits. {rw-1} keeps the lock in its memory until the transaction of a ends; nothing of it is logged.',
        zh: '它等待。锁在 {rw-1} 的内存里，直到 a 的事务结束；锁不写日志。',
      },
      afterClaims: ['count tx.wait node=rw-1 = 1'],
      focus: onNode('rw-1'),
    }),
    act(at.next, sql(write(BY_A), 'a'), {
      ask: { en: `Session a writes ${BY_A} and commits.`, zh: `会话 a 写 ${BY_A} 并提交。` },
    }),
    predict('then', {
      trigger: at.next,
      ask: {
        en: `b began to read while the row held ${HELD}. Which balance does it get now?`,
        zh: `b 开始读时该行是 ${HELD}。它现在读到多少？`,
      },
      hint: {
        en: 'After the wait it looks at the row anew: read committed shows what is committed.',
        zh: '等待之后它重新看这一行：read committed 给出已提交的。',
      },
      question: { form: 'number', low: 90, high: 140, answer: 'row b 0' },
      reveal: at.on('sql.end', { session: 'b' }),
      says: BY_A,
      after: {
        en: `${BY_A}: the newest version of the row, now locked by b. What b makes of it cannot overwrite anything unseen.`,
        zh: `${BY_A}：该行的最新版本，现由 b 锁住。由它算出的值不会覆盖没见过的。`,
      },
      afterClaims: [`row b 0 = ${BY_A}`],
      rule: 'wal.acked-at-vdl',
    }),
    act(at.next, sql(write(BOTH), 'b')),
    act(at.on('sql.end', { session: 'b' }), sql(read, 'look')),
    say(
      at.on('sql.end', { session: 'look' }),
      `b adds its ${ADDS.b} to ${BY_A} and commits: ${BOTH}, both amounts are there. The price: b waited as long as a took.`,
      `b 在 ${BY_A} 上加 ${ADDS.b} 并提交：${BOTH}，两笔都在。代价：a 用多久，b 就等多久。`,
      { claims: [`row look 0 = ${BOTH}`, 'count tx.wait = 1'] },
    ),
    free(
      40,
      `Or leave the sum to the database: SET balance = balance + ${ADDS.a} reads and writes in one statement.`,
      `也可把加法交给数据库：SET balance = balance + ${ADDS.a} 在一条语句里读和写。`,
      [
        {
          text: { en: 'Add 10 in one statement', zh: '一条语句加 10' },
          line: 'sql d1 a "update accounts set balance = balance + 10 where id = 1"',
        },
        { text: { en: 'Read the balance', zh: '读余额' }, line: `sql d1 look "${read}"` },
      ],
    ),
  ],
  pass: ['count tx.wait > 0', `row look 0 >= ${BOTH}`, 'violations = 0'],
  passWords: {
    en: 'three right answers; b waited for the row, and both amounts are in the account',
    zh: '三个问题都答对；b 等待了该行，两笔钱都在账户里',
  },
  challenge: {
    goal: {
      en: 'Let the database refuse b instead (40001), with another row that b has inserted, without FOR UPDATE. No fault, 80 ms.',
      zh: '不用 FOR UPDATE，让数据库拒绝 b（40001），连同 b 先插入的一行一起回滚。不用故障，80 ms 之内。',
    },
    hints: [
      {
        en: 'At repeatable read a transaction may not write a row that has changed since its snapshot.',
        zh: 'repeatable read 的事务不能写快照之后改过的行。',
      },
      {
        en: 'b: begin isolation level repeatable read, insert account 2; a: update account 1; b: update account 1.',
        zh: 'b：begin isolation level repeatable read，插入账户 2；a：更新账户 1；b：更新账户 1。',
      },
    ],
    budget: { faults: 0, ms: 80 },
    pass: ['count tx.abort sqlstate=40001 > 0'],
    solution: [
      {
        ms: 2,
        action: sql('begin isolation level repeatable read; insert into accounts values (2, 0)', 'b'),
      },
      { ms: 16, action: sql('update accounts set balance = balance + 10 where id = 1', 'a') },
      { ms: 32, action: sql('update accounts set balance = 120 where id = 1', 'b') },
    ],
  },
};
