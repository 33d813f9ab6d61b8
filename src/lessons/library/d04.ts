// D04 The gate: two readers have applied the log to different points; the least of them says which of the dirty pages may be stored.

import { relationOf } from '../../core/page/page-key.ts';
import { act, at, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';
import type { LessonState } from '../lesson-state.ts';

const shared = (s: LessonState) => s.node('rw-1').compute?.shared;

const tables = ['a', 'b', 'c'] as const;
/** Relations of tables and of their indexes take turns from here on. */
const FIRST_RELATION = 9;

/** Of the first page that was stored since the lesson's changes. */
function storedFirst(s: LessonState): string {
  const from = s.events('commit.ack').at(-3)?.scn ?? 0;
  const stored = s.events('page.stored').find(({ pageLsn }) => pageLsn > from - 3);
  const relation = stored === undefined ? -1 : relationOf(stored.blockKey);
  return tables[(relation - FIRST_RELATION) / 2] ?? 'none';
}

export const d04: LibraryLesson = {
  rev: 1,
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
      { focus: onNode('rw-1'), rule: 'page.flush-gate' },
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
      trigger: at.on('commit.ack'),
      ask: {
        en: 'Each change is three records and ends with its commit. Where is oldestApplyLsn, the gate of stores?',
        zh: '每次修改是三条记录，以提交记录结尾。刷脏上限 oldestApplyLsn 在哪里？',
      },
      hint: {
        en: 'The least of what the readers have applied, as they have reported it.',
        zh: '各只读节点上报的已应用位置中最小的。',
      },
      question: {
        form: 'mark',
        low: 24,
        high: 56,
        label: { en: 'oldestApplyLsn', zh: '一致性位点' },
        answer: (s) => shared(s)?.oldestApplyLsn ?? -1,
      },
      reveal: at.on('page.stored'),
      says: null,
      after: {
        en: 'Where {ro-1} stands: it has applied the change of a, and no more.',
        zh: '在 {ro-1} 的位置：它只应用了 a 的修改。',
      },
      focus: onNode('ro-1'),
      rule: 'page.flush-gate',
    }),
    predict('first', {
      trigger: at.next,
      ask: {
        en: 'The writer has just stored one page. Of which table?',
        zh: '写节点刚写入一页。是哪张表的？',
      },
      hint: {
        en: 'A page whose last change is not above the gate.',
        zh: '最后修改不高于上限的页。',
      },
      question: {
        form: 'choice',
        options: tables.map((id) => ({ id, text: { en: `Table ${id}`, zh: `表 ${id}` } })),
        answer: storedFirst,
      },
      reveal: at.next,
      says: null,
      after: {
        en: 'Its latestLsn is at or below the gate: every reader can apply what is in it, or has.',
        zh: '它的 latestLsn 不高于上限：其中内容每个只读节点都已应用。',
      },
      rule: 'page.flush-gate',
    }),
    predict('held', {
      trigger: at.on('flush.blocked'),
      ask: {
        en: 'How many of the five changed pages are held back now? Two pages say which transactions have committed.',
        zh: '五个被修改的页中，此刻有几个不能写入？其中两页记录哪些事务已提交。',
      },
      hint: {
        en: 'These two changed with every transaction, the last one among them.',
        zh: '那两页随每个事务改变，包括最后一个。',
      },
      question: { form: 'number', low: 0, high: 5, answer: (s) => shared(s)?.blocked ?? -1 },
      reveal: at.next,
      says: null,
      after: {
        en: 'All others: a page is stored whole, so its last change counts, not its first.',
        zh: '其余全部：页按整页写入，因此看最后一次修改，而非第一次。',
      },
      focus: onNode('rw-1'),
      rule: 'page.flush-gate',
    }),
    say(
      at.when((s) => shared(s)?.dirty === 0),
      'The readers heard again, applied and reported; the gate rose, and everything is stored.',
      '只读节点恢复接收、应用并上报；上限提高，全部写入。',
      { focus: onNode('rw-1'), rule: 'page.flush-gate' },
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
  pass: (s) =>
    s.predicted('gate') &&
    s.predicted('first') &&
    s.predicted('held') &&
    s.count('slot.given', { reader: 'ro-1' }) > 1 &&
    s.count('flush.blocked') > 0 &&
    s.newest('page.stored') > s.newest('flush.blocked') &&
    s.violations.length === 0,
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
    pass: (s) =>
      s.count('flush.blocked', { readers: 'ro-2' }) > 0 &&
      s.count('slot.dropped') === 0 &&
      s.newest('page.stored') > s.newest('flush.blocked') &&
      shared(s)?.dirty === 0,
    solution: [
      { ms: 1, action: line('cut rw-1 > ro-2 for 40.000 ms') },
      { ms: 2, action: sql('update a set v = 1') },
    ],
  },
};
