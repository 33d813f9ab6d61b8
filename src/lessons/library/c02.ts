// C02 All or nothing split: a page of an index splits, a reader has all of its records and shows none of them before the whole is durable.

import { act, at, both, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';
import type { LessonState } from '../lesson-state.ts';
import { growingIndex } from '../reader-nodes.ts';

const countOf = (s: LessonState): number => Number(s.row('me')[0] ?? -1);
const count = sql('select count(*) from t', 'me');
const rows = (first: number): string => Array.from({ length: 20 }, (_, i) => `(${first + i}, 0)`).join(', ');

export const c02: LibraryLesson = {
  rev: 1,
  seeds: ['002'],
  rules: ['ro.mtr-atomic', 'ro.never-ahead', 'page.structure'],
  goal: {
    en: 'A page of an index splits in three at the writer while a reader scans it. Can the reader ever see half of the split?',
    zh: '写节点上一个索引页一分为三，只读节点正在扫描它。会看到分裂到一半的样子吗？',
  },
  start: growingIndex,
  steps: [
    say(
      at.next,
      'Table t has 40 rows; its index has split once already. Twenty more rows will split it again.',
      '表 t 有 40 行，索引已分裂过一次。再插二十行还会分裂。',
      { focus: onNode('ro-1') },
    ),
    act(
      at.next,
      both(
        line('session d1 me ro-1 session'),
        line('hold store-1 store-2 store-3 > rw-1'),
        sql(`insert into t values ${rows(41)}`, 'writer'),
      ),
      {
        key: true,
        ask: {
          en: 'Insert twenty rows, and hold the stores’ acknowledgements.',
          zh: '插入二十行，并扣住存储的确认。',
        },
      },
    ),
    say(
      at.on('ro.received', { node: 'ro-1' }),
      'The log reaches the reader before it is known to be durable: page, new page and parent, record by record.',
      '日志在确知落盘之前就到了只读节点：原页、新页、父页，一条接一条。',
      { focus: onNode('ro-1') },
    ),
    act(at.next, count, { ask: { en: 'Count the rows at {ro-1}.', zh: '在 {ro-1} 数行数。' } }),
    predict('count', {
      trigger: at.next,
      ask: {
        en: '{ro-1} has received the new records, and {rw-1} has no acknowledgement of them. How many rows does it count?',
        zh: '{ro-1} 已收到新的记录，{rw-1} 却还没有得到确认。它数出几行？',
      },
      hint: {
        en: 'Records wait in the Block–Journal table until VDL has passed the last one of their MTR.',
        zh: '记录在 Block–Journal 表里等，直到 VDL 越过其 MTR 的最后一条。',
      },
      question: { form: 'number', low: 0, high: 99, answer: countOf },
      reveal: at.on('sql.end', { session: 'me' }),
      says: 40,
      after: {
        en: '40: VDL has not moved, so nothing is released. The old tree is whole, and the scan sees that.',
        zh: '40：VDL 没动，什么也不放行。旧树完整，扫描看到的就是它。',
      },
      rule: 'ro.never-ahead',
    }),
    act(at.next, line('release store-1 store-2 store-3 > rw-1'), {
      ask: { en: 'Let the acknowledgements go on.', zh: '放行确认。' },
    }),
    predict('steps', {
      trigger: at.next,
      ask: {
        en: 'Now VDL rises over the split. How does the visible LSN of {ro-1} go over the records of its MTR?',
        zh: 'VDL 越过这次分裂。{ro-1} 的可见 LSN 怎样越过该 MTR 的各条记录？',
      },
      hint: {
        en: 'Two appliers may have two of its pages at different times.',
        zh: '它的两个页可能由两个回放 (apply) 线程在不同时刻处理。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'leap', text: { en: 'In one leap, from CPL to CPL', zh: '一步越过：从 CPL 到 CPL' } },
          { id: 'each', text: { en: 'Record by record', zh: '一条一条地' } },
          { id: 'page', text: { en: 'Page by page', zh: '一页一页地' } },
        ],
        answer: (s) => (s.violations.includes('ro.mtr-atomic') ? 'each' : 'leap'),
      },
      reveal: at.on('ro.applied', { node: 'ro-1' }),
      says: 'leap',
      after: {
        en: 'In one leap, once every page of the MTR is done. A read point is always a CPL, so no scan meets a torn tree.',
        zh: '一步越过，等该 MTR 的每页都完成。读点总是 CPL，扫描遇不到残缺的树。',
      },
      rule: 'ro.mtr-atomic',
    }),
    free(
      40,
      'Insert more and count at {ro-1} whenever you like: whole statements come, or nothing of them.',
      '再插几行，随时在 {ro-1} 数：要么整条语句都在，要么一行也没有。',
      [
        {
          text: { en: 'Twenty more rows', zh: '再插二十行' },
          line: `sql d1 writer "insert into t values ${rows(61)}"`,
        },
        { text: { en: 'Count at {ro-1}', zh: '在 {ro-1} 数' }, line: 'sql d1 me "select count(*) from t"' },
      ],
    ),
  ],
  pass: (s) =>
    s.predicted('count') &&
    s.predicted('steps') &&
    s.count('session.read', { session: 'me', from: 'ro-1' }) > 0 &&
    s.count('ro.applied', { node: 'ro-1' }) > 0 &&
    s.violations.length === 0,
  passWords: {
    en: 'both answers right; the reader has counted rows in the middle of a split and met no torn tree',
    zh: '两个问题都答对；只读节点在分裂途中数过行，没有遇到残缺的树',
  },
  challenge: {
    goal: {
      en: 'Let a split reach {ro-1} and never become durable, and count at {ro-1} afterwards. Two faults, 200 ms.',
      zh: '让一次分裂到达 {ro-1} 却从未落盘，之后在 {ro-1} 再数。最多两次故障，200 ms 之内。',
    },
    hints: [
      {
        en: 'A writer that no store hears still sends its journal.',
        zh: '存储节点都收不到写节点消息时，它照样发日志流。',
      },
      {
        en: 'cut {rw-1} > {store-1} {store-2} {store-3} for 40 ms; INSERT; 12 ms later crash {rw-1} for 5 ms; then SELECT.',
        zh: '先 cut {rw-1} > {store-1} {store-2} {store-3} for 40.000 ms；INSERT；12 ms 后 crash {rw-1} for 5.000 ms；再 SELECT。',
      },
    ],
    budget: { faults: 2, ms: 200 },
    pass: (s) =>
      s.count('node.down', { node: 'rw-1' }) > 0 &&
      s.newest('session.read', { session: 'me', from: 'ro-1' }) > s.newest('recovery.done') &&
      s.newest('ro.ready', { node: 'ro-1' }) > s.newest('node.down', { node: 'rw-1' }) &&
      s.violations.length === 0,
    solution: [
      {
        ms: 1,
        action: both(
          line('cut rw-1 > store-1 store-2 store-3 for 40.000 ms'),
          sql(`insert into t values ${rows(101)}`, 'writer'),
        ),
      },
      { ms: 13, action: line('crash rw-1 for 5.000 ms') },
      { ms: 150, action: count },
    ],
  },
};
