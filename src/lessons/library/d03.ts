// D03 Page from the future (S004, T1 to T5): the writer has changed a page twice, a reader knows of the first change only; what may be stored,
// and what the reader reads.

import { pageKey } from '../../core/page/page-key.ts';
import { firstTablePage } from '../file-nodes.ts';
import { act, at, both, free, type LibraryLesson, line, onPage, predict, say, sql } from '../format.ts';

const read = sql('select balance from p1 where id = 1', 'me');

/** Of the account. */
const PAGE = firstTablePage(1);
/** Page of the commit log. */
const COMMITS = pageKey(0, 1, 0);
const FIRST = 500;
const SECOND = 600;
const THIRD = 700;

/** The planted bug that leaves it out. */
const FLUSH_CONTROL = 'shared.no-flush-gate';

/** Of the table and of its row. */
const COMMITS_BEFORE = 2;

/** The account's page is stored with its second change, and ro-1 serves again, at or above it. */
const isThrough = [
  `last page.stored.pageLsn blockKey=${PAGE} > last commit.ack.scn - 3`,
  'last ro.ready.readPoint node=ro-1 >= last commit.ack.scn',
];

export const d03: LibraryLesson = {
  rev: 2,
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
      `260.000 sql d1 "insert into p1 values (1, ${FIRST})"`,
    ],
    ms: 430,
    lens: 'shared',
    group: null,
    speed: 2000,
  },
  steps: [
    say(
      at.next,
      `An account of ${FIRST} is stored in its file; the page has LSN {lsn}. {ro-1} and {ro-2} have not read it yet.`,
      `一个余额 ${FIRST} 的账户已写入文件，页的 LSN 为 {lsn}。{ro-1} 与 {ro-2} 尚未读过它。`,
      {
        facts: { lsn: `last page.stored.pageLsn blockKey=${PAGE}` },
        claims: ['rw-1 compute.shared.dirty = 0', `own count ro.replayed blockKey=${PAGE} = 0`],
        focus: onPage(PAGE),
        rule: 'page.flush-gate',
      },
    ),
    act(at.next, sql(`update p1 set balance = ${SECOND} where id = 1`), {
      ask: { en: `T1: the writer makes it ${SECOND}.`, zh: `T1：写节点改为 ${SECOND}。` },
    }),
    act(at.on('ro.applied', { node: 'ro-1' }), line('cut rw-1 > ro-1 for 110.000 ms'), {
      key: true,
      facts: { lsn: 'last ro.applied.applyLsn node=ro-1' },
      claims: ['last ro.applied.applyLsn node=ro-1 = last commit.ack.scn'],
      ask: {
        en: 'T2: {ro-1} knows of it, and has applied the log up to {lsn}. Cut it off from news of the log.',
        zh: 'T2：{ro-1} 已得知，日志已应用到 {lsn}。现在切断它的日志消息。',
      },
    }),
    act(at.next, both(line('session d1 me ro-1 session'), read), {
      ask: { en: 'T3: read the account at {ro-1}.', zh: 'T3：在 {ro-1} 读该账户。' },
    }),
    act(at.on('sql.end', { session: 'me' }), sql(`update p1 set balance = ${THIRD} where id = 1`), {
      facts: { row: 'row me 0' },
      claims: ['row me 0 = 600', `own count ro.replayed node=ro-1 blockKey=${PAGE} = 1`],
      ask: {
        en: `It read {row}. T1 again: the writer makes it ${THIRD}, in a future page for {ro-1}, which does not hear of that.`,
        zh: `它读到 {row}。T1 的第二次修改：写节点改为 ${THIRD}。{ro-1} 不会得知：对它而言这是“未来页”。`,
      },
    }),
    predict('stored', {
      trigger: at.on('commit.ack'),
      ask: {
        en: `T4: the ${THIRD} is committed with LSN {scn}, and its log is durable. What does the writer do when the page is due to be stored?`,
        zh: `T4：${THIRD} 已提交，LSN 为 {scn}，日志已持久。轮到写这一页时，写节点怎么做？`,
      },
      hint: {
        en: 'Once {ro-1} has let the page go it reads the file, and it cannot take a change out of a page.',
        zh: '{ro-1} 淘汰该页之后只能读文件，而它不能从页中撤掉一次修改。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'stored', text: { en: 'It stores it: the log is durable', zh: '写入：日志已经持久' } },
          { id: 'blocked', text: { en: 'It holds it back, because of {ro-1}', zh: '因 {ro-1} 而暂不写入' } },
        ],
        answer: [
          { option: 'blocked', claims: ['count flush.blocked readers=ro-1 > 0'] },
          { option: 'stored', claims: [] },
        ],
      },
      // With flush control off it stores the page instead.
      reveal: at.when(
        'count flush.blocked readers=ro-1 > 0 or count page.stored pageLsn>{last commit.ack.scn - 3} > 0',
      ),
      says: 'blocked',
      facts: {
        scn: 'last commit.ack.scn',
        latest: 'last flush.blocked.latestLsn readers=ro-1',
        gate: 'last flush.blocked.gate readers=ro-1',
      },
      claims: ['last ro.applied.applyLsn node=ro-1 < last commit.ack.scn'],
      afterClaims: [
        `own last flush.blocked.blockKey readers=ro-1 = ${PAGE}`,
        'last flush.blocked.latestLsn readers=ro-1 > last flush.blocked.gate readers=ro-1',
        'last flush.blocked.gate = last ro.applied.applyLsn node=ro-1',
        'last page.stored.at < last commit.ack.at',
      ],
      after: {
        en: 'It holds it back: LSN {latest} of the page is above oldestApplyLsn, {gate}, the least that the readers have applied.',
        zh: '暂不写入：页的 LSN {latest} 高于 oldestApplyLsn {gate}，即各只读节点已应用的最小值。',
      },
      focus: onPage(PAGE),
      rule: 'page.flush-gate',
    }),
    act(at.next, line(`evictPage ro-1 ${PAGE}`, `evictPage ro-1 ${COMMITS}`), {
      ask: {
        en: 'T4 at {ro-1}: its buffer lets the page go, and that of the commit log, as it does when room is short.',
        zh: '{ro-1} 上的 T4：它的缓冲池淘汰该页与提交日志页，如同空间不足时。',
      },
    }),
    act(at.next, read, {
      claims: [
        `count page.evict node=ro-1 blockKey=${PAGE} > 0`,
        `count page.evict node=ro-1 blockKey=${COMMITS} > 0`,
      ],
      ask: { en: 'T5: read the account at {ro-1} again.', zh: 'T5：在 {ro-1} 再读该账户。' },
    }),
    predict('value', {
      trigger: at.next,
      ask: {
        en: `{ro-1} has let the page go and has applied up to {own}. The writer has the ${THIRD} and may not store it. Which balance does it read?`,
        zh: `{ro-1} 已淘汰该页，已应用到 {own}。写节点有 ${THIRD}，尚不能写入。它读到多少？`,
      },
      hint: {
        en: 'It reads at its own applyLsn, neither before nor after it.',
        zh: '它按自己的 applyLsn 读取，不早也不晚。',
      },
      question: {
        form: 'choice',
        options: [
          { id: '500', text: { en: '500, before both changes', zh: '500，两次修改之前' } },
          { id: '600', text: { en: '600, after the first change', zh: '600，第一次修改之后' } },
          { id: '700', text: { en: '700, the newest', zh: '700，最新的值' } },
        ],
        answer: [
          { option: '500', claims: ['row me 0 = 500'] },
          { option: '600', claims: ['row me 0 = 600'] },
          { option: '700', claims: ['row me 0 = 700'] },
        ],
      },
      reveal: at.on('sql.end', { session: 'me' }),
      says: '600',
      facts: {
        own: 'last ro.applied.applyLsn node=ro-1',
        from: `last ro.replayed.from node=ro-1 blockKey=${PAGE}`,
        latest: 'last flush.blocked.latestLsn readers=ro-1',
      },
      claims: [
        `last page.evict.at node=ro-1 blockKey=${PAGE} > last ro.replayed.at node=ro-1 blockKey=${PAGE}`,
      ],
      afterClaims: [
        'row me 0 = 600',
        `last ro.replayed.source node=ro-1 blockKey=${PAGE} = STORAGE`,
        `last ro.replayed.from node=ro-1 blockKey=${PAGE} <= last ro.applied.applyLsn node=ro-1`,
        `last ro.replayed.at node=ro-1 blockKey=${PAGE} > last page.evict.at node=ro-1 blockKey=${PAGE}`,
        `last ro.replayed.pageLsn node=ro-1 blockKey=${PAGE} < last flush.blocked.latestLsn readers=ro-1`,
        'count ro.future = 0',
      ],
      after: {
        en: `${SECOND}: the stored page has LSN {from}, which {ro-1} has applied. Had LSN {latest} been stored, it could not have gone back.`,
        zh: `${SECOND}：存储页的 LSN 为 {from}，{ro-1} 已应用到那里。若 {latest} 已写入，它无法退回。`,
      },
      focus: onPage(PAGE),
      rule: 'ro.never-ahead',
    }),
    say(
      at.next,
      `In another run of this tape, without flush control, the page is stored with LSN {lsn}; {ro-1}, at {own}, reads a future page there: {row}.`,
      `另一次运行同一磁带而无刷脏控制：该页以 LSN {lsn} 写入，{ro-1} ({own}) 读到未来页 {row}。`,
      {
        facts: {
          lsn: `without ${FLUSH_CONTROL} last page.stored.pageLsn blockKey=${PAGE}`,
          own: 'last ro.applied.applyLsn node=ro-1',
          row: `without ${FLUSH_CONTROL} row me 0`,
        },
        claims: [
          `without ${FLUSH_CONTROL} last page.stored.pageLsn blockKey=${PAGE} > last ro.applied.applyLsn node=ro-1`,
          `without ${FLUSH_CONTROL} last ro.applied.applyLsn node=ro-1 = last ro.applied.applyLsn node=ro-1`,
          `without ${FLUSH_CONTROL} row me 0 = ${THIRD}`,
          `without ${FLUSH_CONTROL} violations > 0`,
          'violations = 0',
        ],
        focus: onPage(PAGE),
        rule: 'page.flush-gate',
      },
    ),
    say(
      at.when(...isThrough),
      '{ro-1} hears again, registers anew and has applied up to {own}. The gate rose, and the page is stored with LSN {lsn}, its second change.',
      '{ro-1} 恢复接收，重新登记，已应用到 {own}。上限提高，该页以第二次修改的 LSN {lsn} 写入。',
      {
        facts: {
          own: 'last ro.ready.readPoint node=ro-1',
          lsn: `last page.stored.pageLsn blockKey=${PAGE}`,
        },
        claims: [
          'ro-1 status = up',
          'last ro.ready.readPoint node=ro-1 >= last commit.ack.scn',
          'last ro.ready.at node=ro-1 > last ro.lost.at node=ro-1',
          `last page.stored.pageLsn blockKey=${PAGE} = last flush.blocked.latestLsn readers=ro-1`,
          `last page.stored.gate blockKey=${PAGE} >= last page.stored.pageLsn blockKey=${PAGE}`,
        ],
        focus: onPage(PAGE),
        rule: 'page.flush-gate',
      },
    ),
    free(
      60,
      'Read again at {ro-1}. Or turn “Flush control” off in the lens, part “T1 to T5”: the same tape runs again, and the stored page is marked F.',
      '在 {ro-1} 再读。或在透镜“T1 到 T5”中关掉“刷脏控制”：同一磁带重新运行，存储里的页标为 F。',
      [
        {
          text: { en: 'Read it at {ro-1}', zh: '在 {ro-1} 读取' },
          line: 'sql d1 me "select balance from p1 where id = 1"',
        },
      ],
    ),
  ],
  pass: [
    'count flush.blocked readers=ro-1 > 0',
    'row me 0 != 500',
    'last page.stored.at > last flush.blocked.at',
    'violations = 0',
  ],
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
    pass: [
      'row me 0 = 600',
      'count flush.blocked readers~ro-1 > 0',
      `count commit.ack >= ${COMMITS_BEFORE + 3}`,
    ],
    solution: [
      { ms: 1, action: sql('update p1 set balance = 600 where id = 1') },
      { ms: 16, action: line('cut rw-1 > ro-1 for 90.000 ms') },
      { ms: 17, action: sql('update p1 set balance = 700 where id = 1') },
      { ms: 25, action: sql('update p1 set balance = 800 where id = 1') },
      { ms: 60, action: both(line('session d1 me ro-1 session'), read) },
    ],
  },
};
