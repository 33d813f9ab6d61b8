// C01 The log is the database: the writer dies with a full buffer of changed pages and nothing is lost.

import { act, at, both, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';

const names = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay', 'gus', 'hal', 'ivy', 'joe', 'kim', 'leo'];
const BALANCE = 100;
const ADDED = 7;
const rows = names.map((name, i) => `(${i + 1}, '${name}', ${BALANCE})`).join(', ');
/** Twelve accounts, before and after the update. */
const OLD_SUM = names.length * BALANCE;
const NEW_SUM = names.length * (BALANCE + ADDED);

export const c01: LibraryLesson = {
  rev: 1,
  seeds: ['002'],
  rules: ['client.acked-present', 'page.same-bytes'],
  goal: {
    en: 'Change every row, then pull the plug before a single page was written. What is left of the table?',
    zh: '改掉每一行，然后在任何页写出之前拔掉电源。表里还剩什么？',
  },
  start: {
    tape: [
      '6.000 sql d1 "create table accounts (id int primary key, owner text, balance bigint)"',
      `12.000 sql d1 "insert into accounts values ${rows}"`,
    ],
    group: 'g2',
  },
  steps: [
    say(
      at.next,
      `Twelve accounts with ${BALANCE} each. The writer keeps their pages in memory; the stores keep the log that made them.`,
      `十二个账户，各 ${BALANCE}。写节点在内存里保留页；存储节点保存造出它们的日志。`,
      {
        claims: [
          'count commit.ack = 2',
          'writer buffer.used > 0',
          'own store-1 store.groups.g2.scl = 35',
          'own store-2 store.groups.g2.scl = 35',
          'own store-3 store.groups.g2.scl = 35',
        ],
        focus: onNode('rw-1'),
      },
    ),
    act(at.ms(42), sql(`update accounts set balance = balance + ${ADDED}`)),
    say(
      at.on('commit.ack', {}),
      'One UPDATE changed every row, and it is committed. The buffer of the writer now has {dirty} dirty pages.',
      '一条 UPDATE 改了每一行，已提交。写节点的缓冲池里现在有 {dirty} 个脏页。',
      {
        facts: { dirty: 'writer buffer.dirty' },
        claims: [
          'own last commit.ack.scn = 52',
          'writer buffer.dirty > 0',
          'own last wal.send.records group=g2 = 12',
        ],
        focus: onNode('rw-1'),
        rule: 'wal.acked-survives',
      },
    ),
    predict('pages', {
      afterClaims: ['count page.materialise node=rw-1 = 0', 'count wal.send node=rw-1 > 0'],
      trigger: at.next,
      ask: {
        en: 'How many data pages has the writer sent to storage so far, since the database was created?',
        zh: '从建库到现在，写节点一共向存储写了多少个数据页？',
      },
      hint: {
        en: 'The legend counts everything that ever flies. Do you see a page that goes down?',
        zh: '图例统计一切在飞的消息。你见过往下飞的页吗？',
      },
      question: {
        form: 'number',
        low: 0,
        high: 99,
        answer: 'count page.materialise node=rw-1',
      },
      reveal: at.next,
      says: 0,
      after: {
        en: 'None, ever. The writer sends log and only log. Each store builds pages from it, when it likes.',
        zh: '一个也没有，永远没有。写节点只发日志。各存储节点自己用日志造页，想什么时候造都行。',
      },
      rule: 'page.same-bytes',
    }),
    act(at.next, line('crash rw-1 loseAll'), {
      key: true,
      ask: { en: 'Now cut the power of the writer.', zh: '现在让写节点断电。' },
    }),
    say(
      at.on('node.down', { node: 'rw-1' }),
      'The writer is down, and its memory with all dirty pages is gone. The log on the stores is still there, up to LSN {lsn}.',
      '写节点断电，内存和脏页都没了。存储节点上的日志还在，直到 LSN {lsn}。',
      {
        facts: { lsn: 'store-1 store.groups.g1.scl' },
        claims: [
          'rw-1 status = down',
          'own store-1 store.groups.g1.scl = 52',
          'own store-3 store.groups.g1.scl = 52',
          'own store-1 store.groups.g2.scl = 50',
        ],
        focus: onNode('rw-1'),
      },
    ),
    act(at.next, both(line('restart rw-1'), sql('select count(*), sum(balance) from accounts', 'check'))),
    predict('steps', {
      afterClaims: ['count recovery.done token=2 = 1', 'own last recovery.computed.vdlPrime token=2 = 52'],
      trigger: at.before('recovery.step', { node: 'rw-1', step: 'R1' }),
      ask: {
        en: 'It starts again and holds nothing. In which order does it find its way back?',
        zh: '它重新启动，一无所有。它按什么次序找回现场？',
      },
      hint: {
        en: 'First make sure that nobody else can write. Pages come last of all, if ever.',
        zh: '先确保没有别人能写。页永远排在最后，甚至不需要。',
      },
      question: {
        form: 'order',
        items: [
          { id: 'read', text: { en: 'Read the log positions of a quorum', zh: '读取多数派的日志位置' } },
          { id: 'install', text: { en: 'Put its new token on the stores', zh: '把新令牌装到存储节点' } },
          { id: 'query', text: { en: 'Answer queries', zh: '回答查询' } },
          { id: 'compute', text: { en: 'Compute how far the log is certain', zh: '算出日志确定到哪里' } },
        ],
        answer: [
          { item: 'read', time: 'first recovery.step.at step=R2 token=2' },
          { item: 'install', time: 'first recovery.step.at step=R1 token=2' },
          { item: 'query', time: 'first sql.end.at session=check' },
          { item: 'compute', time: 'first recovery.computed.at token=2' },
        ],
      },
      reveal: at.on('sql.end', { session: 'check' }),
      says: ['install', 'read', 'compute', 'query'],
      after: {
        en: 'Recovery read no table: it asked how far the log goes, and opened. It does not take longer when there is more data.',
        zh: '恢复没有读任何表：只问日志到哪里，就打开了。数据再多也不会更久。',
      },
      rule: 'recovery.token-before-read',
    }),
    predict('rows', {
      afterClaims: ['row check 0 = 12', 'row check 1 = 1284', 'count page.read node=rw-1 > 0'],
      trigger: at.next,
      ask: {
        en: 'SELECT has just been answered. What do the twelve accounts hold?',
        zh: 'SELECT 刚刚得到回答。十二个账户里是什么？',
      },
      hint: {
        en: 'What was acknowledged was on two disks of three, as log.',
        zh: '凡确认过的，都以日志形式在三块盘中的两块上。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'old', text: { en: '100 each: the update is lost', zh: '各 100：更新丢了' } },
          { id: 'new', text: { en: '107 each: nothing is lost', zh: '各 107：什么都没丢' } },
          { id: 'some', text: { en: 'Some 100, some 107', zh: '有的 100，有的 107' } },
        ],
        answer: [
          { option: 'new', claims: [`row check 1 = ${NEW_SUM}`] },
          { option: 'old', claims: [`row check 1 = ${OLD_SUM}`] },
          { option: 'some', claims: [] },
        ],
      },
      reveal: at.next,
      says: 'new',
      after: {
        en: 'Every row is there. The pages that answered were made from log by the stores, as of this read point, on demand.',
        zh: '每一行都在。回答查询的页，是存储节点按这个读点用日志现造的。',
      },
      rule: 'client.acked-present',
    }),
    free(
      10,
      'Crash it again in the middle of an update, or take a store down with it.',
      '再来一次：更新途中断电，或顺手带走一个存储节点。',
      [
        {
          text: { en: 'Update, then crash the writer', zh: '先更新，再让写节点断电' },
          line: 'crash rw-1 loseAll for 3.000 ms',
        },
        {
          text: { en: 'Crash {store-2} for 5 ms', zh: '{store-2} 断电 5 ms' },
          line: 'crash store-2 for 5.000 ms',
        },
      ],
    ),
  ],
  pass: [
    'count node.down node=rw-1 >= 1',
    `row check 0 = ${names.length}`,
    `row check 1 = ${NEW_SUM}`,
    'count page.materialise node=rw-1 = 0',
  ],
  passWords: {
    en: 'all answers right; the writer died, the rows are what was committed, and it never wrote a page',
    zh: '全部答对；写节点断过电，数据与提交的一致，且它从未写过页',
  },
  challenge: {
    goal: {
      en: 'Add 7 to every balance; then the writer, {store-1} and {store-2} each lose power once. Read 1284 in sum with one of the stores dark. Three faults, 80 ms.',
      zh: '给每个余额加 7；然后写节点、{store-1}、{store-2} 各断电一次。在其中一个存储节点断电时读出总和 1284。三次故障，80 ms 之内。',
    },
    hints: [
      {
        en: 'Two stores of three must be there to write and to start. So never both at once.',
        zh: '三个存储节点中要有两个在，才能写、才能启动。所以不要两个同时断电。',
      },
      {
        en: 'Crash {store-2} for 10 ms before the update, {rw-1} for 3 ms after it, {store-1} when {store-2} is back; then select sum(balance).',
        zh: '更新前让 {store-2} 断电 10 ms，更新后 {rw-1} 断电 3 ms，{store-2} 回来后让 {store-1} 断电，再 select sum(balance)。',
      },
    ],
    budget: { faults: 3, ms: 80 },
    pass: [
      'store-1 status = down or store-2 status = down',
      // By whoever asked: the console has a session of its own.
      `row {last sql.end.session} 0 = ${NEW_SUM} or row {last sql.end.session} 1 = ${NEW_SUM}`,
      'last sql.end.at > last node.down.at node=rw-1',
      'last sql.end.at > last node.down.at node=store-1',
      'last sql.end.at > last node.down.at node=store-2',
    ],
    solution: [
      { ms: 1, action: line('crash store-2 for 10.000 ms') },
      { ms: 2, action: sql(`update accounts set balance = balance + ${ADDED}`) },
      { ms: 8, action: line('crash rw-1 loseAll for 3.000 ms') },
      { ms: 30, action: line('crash store-1') },
      { ms: 31, action: sql('select sum(balance) from accounts') },
    ],
  },
};
