// D04 The gate: two readers have applied the log to different points; the least of them says which of the dirty pages may be stored.

import { blockKeyOf } from '../../core/page/page-key.ts';
import { act, at, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';

const readers = ['ro-1', 'ro-2'];

/** The reader serves again, and has applied the newest commit. */
const isBack = (reader: string): readonly string[] => [
  `last ro.ready.at node=${reader} > last ro.lost.at node=${reader}`,
  `last ro.ready.readPoint node=${reader} >= last commit.ack.scn`,
];

const tables = ['a', 'b', 'c'] as const;
/** Relations of tables and of their indexes take turns from here on. */
const FIRST_RELATION = 9;

/** The relation whose page was stored first since the lesson's changes. */
const STORED_FIRST = `first page.stored.blockKey pageLsn>{nth -3 commit.ack.scn - 3} / ${blockKeyOf(1, 0)}`;

export const d04: LibraryLesson = {
  rev: 2,
  seeds: ['004'],
  rules: ['page.flush-gate', 'wal.before-data'],
  goal: {
    en: 'Three tables change, two readers lag by different amounts. Which pages may the writer store?',
    zh: '三张表被修改，两个只读节点落后的程度不同。写节点可以写哪些页？',
  },
  start: {
    preset: 'polardb',
    // A reader that hears nothing registers anew after five of these.
    config: { nodeHeartbeatMs: 24 },
    tape: [
      `230.000 sql d1 "${tables.map((name) => `create table ${name} (id int primary key, v int)`).join('; ')}"`,
      `260.000 sql d1 "${tables.map((name) => `insert into ${name} values (1, 0)`).join('; ')}"`,
    ],
    ms: 520,
    lens: 'shared',
    group: null,
    speed: 1000,
  },
  steps: [
    say(
      at.next,
      'Tables a, b and c, every page stored. Each reader reports how far it has applied the log.',
      '表 a、b、c，页都已写入。每个只读节点上报自己把日志应用到了哪里。',
      {
        claims: [
          'rw-1 compute.shared.dirty = 0',
          'last ro.applied.applyLsn node=ro-1 = last commit.ack.scn',
          'last ro.applied.applyLsn node=ro-2 = last commit.ack.scn',
        ],
        focus: onNode('rw-1'),
        rule: 'page.flush-gate',
      },
    ),
    act(at.next, sql('update a set v = 1'), { ask: { en: 'Change a.', zh: '修改 a。' } }),
    act(at.on('ro.applied', { node: 'ro-2' }), line('cut rw-1 > ro-1 for 70.000 ms'), {
      key: true,
      ask: { en: 'Both know of it. Cut {ro-1} off from the log.', zh: '两者都已得知。切断 {ro-1} 的日志。' },
    }),
    act(at.next, sql('update b set v = 1'), { ask: { en: 'Change b.', zh: '修改 b。' } }),
    act(at.on('ro.applied', { node: 'ro-2' }), line('cut rw-1 > ro-2 for 70.000 ms'), {
      ask: { en: 'Only {ro-2} knows of it. Cut it off as well.', zh: '只有 {ro-2} 得知。也切断它。' },
    }),
    act(at.next, sql('update c set v = 1'), { ask: { en: 'Change c.', zh: '修改 c。' } }),
    predict('gate', {
      trigger: at.next,
      ask: {
        en: 'Each change is three records; b has its commit at {scn}. oldestApplyLsn, the gate of stores, is {gate} now. Where is it once c commits?',
        zh: '每次修改三条记录，b 提交在 {scn}。刷脏上限 oldestApplyLsn 是 {gate}。c 提交时它在哪里？',
      },
      hint: {
        en: 'The least of what the readers have applied and have reported.',
        zh: '各只读节点上报的已应用位置中最小的。',
      },
      question: {
        form: 'mark',
        low: 24,
        high: 56,
        label: { en: 'oldestApplyLsn', zh: '一致性位点' },
        answer: 'rw-1 compute.shared.oldestApplyLsn',
      },
      reveal: at.on('commit.ack'),
      says: null,
      facts: { gate: 'rw-1 compute.shared.oldestApplyLsn', scn: 'last commit.ack.scn' },
      claims: ['rw-1 compute.shared.oldestApplyLsn < last commit.ack.scn'],
      after: {
        en: 'To {gate}, where {ro-1} stands: it has applied the change of a, and no more. {ro-2} has applied that of b as well.',
        zh: '到 {gate}，即 {ro-1} 的位置：它只应用了 a 的修改。{ro-2} 还应用了 b 的修改。',
      },
      afterClaims: [
        'rw-1 compute.shared.oldestApplyLsn = last ro.applied.applyLsn node=ro-1',
        'last ro.applied.applyLsn node=ro-1 < last ro.applied.applyLsn node=ro-2',
        'last ro.applied.applyLsn node=ro-2 < last commit.ack.scn',
      ],
      focus: onNode('rw-1'),
      rule: 'page.flush-gate',
    }),
    predict('first', {
      trigger: at.next,
      ask: {
        en: '{ro-1} has applied up to {one}, {ro-2} up to {two}; c committed at {scn}. Of which table is the first page that the writer stores?',
        zh: '{ro-1} 应用到 {one}，{ro-2} 到 {two}，c 的提交是 {scn}。写节点首先写入哪张表的页？',
      },
      hint: {
        en: 'A page whose last change is not above the gate.',
        zh: '最后修改不高于上限的页。',
      },
      question: {
        form: 'choice',
        options: tables.map((id) => ({ id, text: { en: `Table ${id}`, zh: `表 ${id}` } })),
        answer: tables.map((option, i) => ({
          option,
          claims: [`${STORED_FIRST} = ${FIRST_RELATION + 2 * i}`],
        })),
      },
      reveal: at.on('page.stored'),
      says: 'a',
      facts: {
        one: 'last ro.applied.applyLsn node=ro-1',
        two: 'last ro.applied.applyLsn node=ro-2',
        scn: 'last commit.ack.scn',
        lsn: 'last page.stored.pageLsn',
        gate: 'last page.stored.gate',
      },
      claims: [
        'last ro.applied.applyLsn node=ro-1 < last ro.applied.applyLsn node=ro-2',
        'last ro.applied.applyLsn node=ro-2 < last commit.ack.scn',
      ],
      after: {
        en: 'Of table a: its last change, LSN {lsn}, is not above the gate, {gate}, which is where {ro-1} stands. b and c have to wait.',
        zh: '表 a：它的最后修改 LSN {lsn} 不高于上限 {gate}，即 {ro-1} 所在的位置。b 和 c 须等待。',
      },
      afterClaims: [
        'last page.stored.pageLsn <= last page.stored.gate',
        'last page.stored.gate = last ro.applied.applyLsn node=ro-1',
        'own last page.stored.blockKey = 603979777',
      ],
      rule: 'page.flush-gate',
    }),
    predict('held', {
      trigger: at.next,
      ask: {
        en: 'Five pages were changed; two of them say which transactions have committed. How many will the writer hold back when their turn comes?',
        zh: '有五个页被修改，其中两页记录哪些事务已提交。写节点轮到它们时，有几个不能写入？',
      },
      hint: {
        en: 'These two changed with every transaction, the last one among them.',
        zh: '那两页随每个事务改变，包括最后一个。',
      },
      question: { form: 'number', low: 0, high: 5, answer: 'rw-1 compute.shared.blocked' },
      reveal: at.on('flush.blocked'),
      says: 4,
      facts: { latest: 'last flush.blocked.latestLsn', gate: 'last flush.blocked.gate' },
      after: {
        en: 'Four, all others: one has LSN {latest}, above {gate}. A page is stored whole, so its last change counts, not its first.',
        zh: '四个，其余全部：其中一页 LSN {latest}，高于 {gate}。页按整页写入，因此看最后一次修改，而非第一次。',
      },
      afterClaims: [
        'rw-1 compute.shared.blocked = 4',
        'last flush.blocked.latestLsn > last flush.blocked.gate',
        'last flush.blocked.readers = ro-1,ro-2',
      ],
      focus: onNode('rw-1'),
      rule: 'page.flush-gate',
    }),
    say(
      at.when('rw-1 compute.shared.dirty = 0', ...readers.flatMap(isBack)),
      'The readers heard again, registered anew and applied up to {own}; the gate is {gate}, and everything is stored.',
      '只读节点恢复接收，重新登记，应用到 {own}；上限为 {gate}，全部写入。',
      {
        facts: { own: 'last ro.ready.readPoint node=ro-1', gate: 'rw-1 compute.shared.oldestApplyLsn' },
        claims: [
          'rw-1 compute.shared.dirty = 0',
          'rw-1 compute.shared.blocked = 0',
          'last ro.ready.readPoint node=ro-1 >= last commit.ack.scn',
          'last ro.ready.readPoint node=ro-2 >= last commit.ack.scn',
          'rw-1 compute.shared.oldestApplyLsn >= last commit.ack.scn',
        ],
        focus: onNode('rw-1'),
        rule: 'page.flush-gate',
      },
    ),
    free(
      40,
      'Cut one reader off and change a table: look at the flush list.',
      '切断一个只读节点再改表，看刷脏链表。',
      [
        {
          text: { en: 'Cut {ro-1} off for 70 ms', zh: '切断 {ro-1} 70 ms' },
          line: 'cut rw-1 > ro-1 for 70.000 ms',
        },
        { text: { en: 'Change b', zh: '修改 b' }, line: 'sql d1 "update b set v = 2"' },
      ],
    ),
  ],
  pass: [
    'count slot.given reader=ro-1 > 1',
    'count flush.blocked > 0',
    'last page.stored.at > last flush.blocked.at',
    'violations = 0',
  ],
  passWords: {
    en: 'gate, stored page and held back pages are those of the writer, and all were stored in the end',
    zh: '上限、已写页与受限脏页都与写节点一致，最后全部写入',
  },
  challenge: {
    goal: {
      en: 'Have a page wait for {ro-2} and not for {ro-1}, and then everything stored. One fault, 120 ms.',
      zh: '让一页只因 {ro-2}、不因 {ro-1} 而未写入，之后全部写入。最多一次故障，120 ms 之内。',
    },
    hints: [
      {
        en: 'The gate is the least of what the readers have applied. Who is cut off for too long loses its slot.',
        zh: '上限是各只读节点已应用位置中最小的。切断太久就会失去槽位。',
      },
      {
        en: 'cut {rw-1} > {ro-2} for 40 ms, and UPDATE a 1 ms later.',
        zh: 'cut {rw-1} > {ro-2} 40 ms，1 ms 后 UPDATE a。',
      },
    ],
    budget: { faults: 1, ms: 120 },
    pass: [
      'count flush.blocked readers=ro-2 > 0',
      'count slot.dropped = 0',
      'last page.stored.at > last flush.blocked.at',
      'rw-1 compute.shared.dirty = 0',
    ],
    solution: [
      { ms: 1, action: line('cut rw-1 > ro-2 for 40.000 ms') },
      { ms: 2, action: sql('update a set v = 1') },
    ],
  },
};
