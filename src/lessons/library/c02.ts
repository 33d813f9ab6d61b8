// C02 All or nothing split: a page of an index splits, a reader has all of its records and shows none of them before the whole is durable.

import { act, at, both, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';
import { growingIndex, grownRows } from '../reader-nodes.ts';

const ADDED = 20;

/** Over the index: its pages are read, root first. */
const counting = 'select count(*) from t where id > 0';
const count = sql(counting, 'me');
const rows = (first: number): string =>
  Array.from({ length: ADDED }, (_, i) => `(${first + i}, 0)`).join(', ');

export const c02: LibraryLesson = {
  rev: 2,
  seeds: ['002'],
  rules: ['ro.mtr-atomic', 'ro.never-ahead', 'page.structure'],
  goal: {
    en: 'A page of an index splits at the writer while a reader scans the index. Can the reader ever see half of the split?',
    zh: '写节点上一个索引页分裂，只读节点正在扫描该索引。会看到分裂到一半的样子吗？',
  },
  start: growingIndex,
  steps: [
    act(at.next, both(line('session d1 me ro-1 session'), count)),
    say(
      at.on('sql.end', { session: 'me' }),
      'Table t has {rows} rows. Its index is one page, nearly full; {ro-1} has just read it and keeps it in its buffer.',
      '表 t 有 {rows} 行，索引只有一页，快满了；{ro-1} 刚读过，留在缓冲池里。',
      {
        facts: { rows: 'row me 0' },
        claims: [
          `row me 0 = ${grownRows}`,
          'count index.split = 0',
          'last session.read.from session=me = ro-1',
          'ro-1 compute.buffer.used > 0',
        ],
        focus: onNode('ro-1'),
      },
    ),
    act(
      at.next,
      both(
        line('hold store-1 store-2 store-3 > rw-1'),
        sql(`insert into t values ${rows(grownRows + 1)}`, 'writer'),
      ),
      {
        key: true,
        ask: {
          en: `Insert ${ADDED} rows, and hold the stores’ acknowledgements.`,
          zh: `插入 ${ADDED} 行，并扣住存储的确认。`,
        },
      },
    ),
    say(
      at.on('ro.received', { node: 'ro-1' }),
      'The root page splits: its entries move to two new pages, in one MTR. {ro-1} has the log up to LSN {last} before it is known as durable.',
      '根页分裂：条目移到两个新页，全在一个 MTR 里。{ro-1} 已有到 {last} 的日志，而它还不知落盘。',
      {
        facts: { last: 'ro-1 compute.reader.receivedTo' },
        claims: [
          'count index.split = 1',
          'last index.split.step = root',
          'own writer records.20.mtrFirst = 159',
          'own writer records.23.mtrFirst = 159',
          'writer records.23.cpl = true',
          'ro-1 compute.reader.receivedTo = writer tail',
          'writer vdl < 159',
          'own ro-1 compute.reader.applyLsn = 138',
        ],
        focus: onNode('ro-1'),
      },
    ),
    act(at.next, count, { ask: { en: 'Count the rows at {ro-1}.', zh: '在 {ro-1} 数行数。' } }),
    predict('count', {
      facts: { vdl: 'ro-1 compute.reader.applyLsn' },
      claims: ['ro-1 compute.reader.receivedTo = writer tail', 'own writer vdl = 138'],
      afterClaims: [
        'own writer vdl = 138',
        'own ro-1 compute.reader.applyLsn = 138',
        'ro-1 compute.reader.held > 0',
        'last session.read.from session=me = ro-1',
      ],
      trigger: at.next,
      ask: {
        en: '{ro-1} has received the new records, and {rw-1} has no acknowledgement of them. How many rows does it count?',
        zh: '{ro-1} 已收到新的记录，{rw-1} 却还没有得到确认。它数出几行？',
      },
      hint: {
        en: 'Records wait in the Block–Journal table until VDL has passed the last one of their MTR.',
        zh: '记录在 Block–Journal 表里等，直到 VDL 越过其 MTR 的最后一条。',
      },
      question: { form: 'number', low: 0, high: 99, answer: 'row me 0' },
      reveal: at.on('sql.end', { session: 'me' }),
      says: grownRows,
      after: {
        en: `${grownRows}: VDL is still {vdl}, so {ro-1} applies none of the new records. The scan reads the old tree, which is whole.`,
        zh: `${grownRows}：VDL 仍是 {vdl}，{ro-1} 不应用新记录。扫描读的是完整的旧树。`,
      },
      rule: 'ro.never-ahead',
    }),
    act(at.next, line('release store-1 store-2 store-3 > rw-1'), {
      ask: { en: 'Let the acknowledgements go on.', zh: '放行确认。' },
    }),
    predict('steps', {
      afterClaims: [
        'own count ro.applied node=ro-1 applyLsn=184 = 1',
        'last ro.applied.applied node=ro-1 > 0',
        'ro-1 compute.reader.applyLsn = writer vdl',
        'violations = 0',
      ],
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
        // Where its visible LSN stands ends an MTR.
        answer: [
          { option: 'leap', claims: ['count mtr.append end={last ro.applied.applyLsn node=ro-1 + 1} > 0'] },
          { option: 'each', claims: [] },
        ],
      },
      reveal: at.on('ro.applied', { node: 'ro-1' }),
      says: 'leap',
      after: {
        en: 'In one leap, once each page that {ro-1} holds has its records. A read point is always a CPL: no scan reads half of a split.',
        zh: '一步越过，等 {ro-1} 所持的每页都应用完。读点总是 CPL，扫描读不到一半的分裂。',
      },
      rule: 'ro.mtr-atomic',
    }),
    free(
      40,
      'Insert more and count at {ro-1} whenever you like: whole statements come, or nothing of them.',
      '再插几行，随时在 {ro-1} 数：要么整条语句都在，要么一行也没有。',
      [
        {
          text: { en: `${ADDED} more rows`, zh: `再插 ${ADDED} 行` },
          line: `sql d1 writer "insert into t values ${rows(grownRows + ADDED + 1)}"`,
        },
        { text: { en: 'Count at {ro-1}', zh: '在 {ro-1} 数' }, line: `sql d1 me "${counting}"` },
      ],
    ),
  ],
  pass: ['count session.read session=me from=ro-1 > 0', 'count index.split > 0', 'violations = 0'],
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
    pass: [
      'count index.split > 0',
      'count node.down node=rw-1 > 0',
      'last session.read.at session=me from=ro-1 > last recovery.done.at',
      'last ro.ready.at node=ro-1 > last node.down.at node=rw-1',
      'violations = 0',
    ],
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
