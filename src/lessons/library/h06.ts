// H06 Agreeing on the end: the writer dies twice, its last words reached different stores in two terms. What counts?

import {
  act,
  at,
  both,
  drop,
  free,
  type LibraryLesson,
  line,
  onNode,
  padTo,
  predict,
  type ScriptAction,
  say,
  sql,
} from '../format.ts';
import type { LessonState } from '../lesson-state.ts';

/** Four more records after the log's end, wherever that is. */
const fourMore: ScriptAction = (s) => padTo((s.writer?.tail ?? 0) + 4)(s);

/** Where the recovery with this token found the end of the log. */
const foundEnd = (s: LessonState, token: number): number =>
  s.events('recovery.computed', { token })[0]?.vdlPrime ?? -1;

/** No recovery put the log's end below what had been acknowledged until then. */
const isKept = (s: LessonState): boolean =>
  s
    .events('recovery.computed')
    .every(({ startLsn, vdlPrime }) =>
      s.events('commit.ack').every(({ scn }) => scn >= startLsn || scn <= vdlPrime),
    );

/** Whose log ends with the highest term, among the last recovery's replies. */
const latest = (s: LessonState): string => {
  const replies = s.events('recovery.info', { group: 'g1' }).slice(-2);
  return replies.toSorted((a, b) => b.tailTerm - a.tailTerm)[0]?.replica ?? '';
};

export const h06: LibraryLesson = {
  rev: 1,
  seeds: ['001', '002'],
  rules: ['recovery.highest-term', 'wal.truncated-removed', 'wal.acked-survives'],
  goal: {
    en: 'The writer dies, and no two replicas end at the same record. Who says where the log ends, and what has to go?',
    zh: '写节点宕机，各副本的末尾都不相同。日志止于哪个 LSN，由什么决定？哪些记录必须删除？',
  },
  start: {
    tape: [
      '6.000 sql d1 "create table t (id int primary key, v int)"',
      '10.000 sql d1 "insert into t values (1, 10)"',
      '16.000 padTo rw-1 107 "g1"',
    ],
  },
  steps: [
    act(at.ms(41), both(line('cut rw-1 > store-2 store-3'), padTo(111))),
    say(
      at.on('wal.durable', { node: 'store-1', group: 'g1' }),
      'Log up to 107 is on all three. 108 to 111 reached {store-1} alone: one of three is no quorum, nothing was acknowledged.',
      '107 及以前三个副本都有。108–111 只到了 {store-1}：三分之一不是多数派，没有任何确认。',
      { focus: onNode('store-1') },
    ),
    act(at.next, line('healAll', 'isolate store-1', 'crash rw-1 loseAll for 2.000 ms'), {
      key: true,
      ask: {
        en: 'Now the writer dies, and in the same moment {store-1} drops off the network. The writer comes back, {store-1} not yet.',
        zh: '此刻写节点断电，同时 {store-1} 脱离网络。写节点很快回来，{store-1} 还没有。',
      },
    }),
    predict('first', {
      trigger: at.before('recovery.computed', { token: 2 }),
      ask: {
        en: 'The new life of the writer reads the ends of {store-2} and {store-3}, a quorum. Where will it say that the log ends?',
        zh: '写节点重启，从 {store-2}、{store-3} 这个多数派读到末尾。它会判定日志到哪个 LSN？',
      },
      hint: {
        en: 'Whatever was acknowledged is on two of three, so any two of three know of it.',
        zh: '确认过的必在三分之二上，所以任意两个里总有一个知道。',
      },
      question: { form: 'number', low: 100, high: 120, answer: (s) => foundEnd(s, 2) },
      reveal: at.on('recovery.computed', { token: 2 }),
      says: 107,
      after: {
        en: 'It cannot see 108 to 111 and need not: none was acknowledged. All up to 107 is kept, the LSNs behind it are annulled.',
        zh: '它看不到 108–111，也不必：从未确认过。107 及以前保留，其后的 LSN 全部作废。',
      },
      rule: 'wal.acked-survives',
    }),
    act(at.on('recovery.done', { token: 2 }), sql('insert into t values (2, 20)')),
    say(
      at.on('commit.ack', {}),
      'Term 2 begins far behind the annulled numbers, so none is used twice. A row is committed, on {store-2} and {store-3}.',
      '任期 2 从作废的号段之后开始，绝不重用。一行已提交，在 {store-2} 和 {store-3} 上。',
    ),
    act(at.next, fourMore),
    act(
      at.on('wal.send', { group: 'g1', to: 'store-2' }),
      drop({ family: 'wal', from: 'rw-1', to: 'store-2', group: 'g1' }),
    ),
    act(
      at.on('wal.durable', { node: 'store-3', group: 'g1', source: 'writer' }),
      line('healAll', 'isolate store-2', 'crash rw-1 loseAll for 2.000 ms'),
    ),
    say(
      at.on('node.down', { node: 'rw-1' }),
      'It dies again. Four records of term 2 are on {store-3} alone, four of term 1 on {store-1}. {store-2} is out of reach.',
      '它再次宕机。任期 2 的四条只在 {store-3}，任期 1 的只在 {store-1}；{store-2} 联系不上。',
    ),
    predict('whose', {
      trigger: at.before('recovery.computed', { token: 3 }),
      ask: {
        en: 'Both tell the next life how their logs end, and the two contradict each other. Whose history will count?',
        zh: '两个副本向新任期的写节点报告各自的末尾，彼此矛盾。以哪份历史为准？',
      },
      hint: {
        en: 'A higher term was opened with the consent of a quorum. Who has been there knows what was decided.',
        zh: '更高的任期是经多数派同意才开始的。参与过的副本知道当时的决定。',
      },
      question: {
        form: 'nodes',
        slots: [{ id: 'whose', text: { en: 'Its history counts', zh: '以它的历史为准' } }],
        nodes: ['store-1', 'store-3'],
        answer: (s) => [latest(s)],
      },
      reveal: at.on('recovery.computed', { token: 3 }),
      says: ['store-3'],
      after: {
        en: 'The one with the highest term at its end. By its history 108 to 111 are void; its own tail is kept, though nobody must.',
        zh: '末尾任期最高的那个。按它的历史，108–111 无效；它自己的尾部则保留下来，虽非必须。',
      },
      rule: 'recovery.highest-term',
    }),
    predict('cut', {
      trigger: at.before('recovery.history', { node: 'store-1', group: 'g1', token: 3 }),
      ask: {
        en: '{store-1} gets that history now, and has 108 to 111 on its disk. What will its list say of them right after?',
        zh: '{store-1} 现在收到这份历史，而它的盘上有 108–111。之后它的列表怎样记这几条？',
      },
      hint: {
        en: 'A record is valid only if the history gives its LSN to its term.',
        zh: '只有历史把某个 LSN 判给记录的任期，这条记录才有效。',
      },
      question: {
        form: 'ranges',
        first: 104,
        last: 112,
        types: ['data', 'hole', 'sent'],
        start: [{ first: 104, last: 112, type: 'data' }],
        answer: (s) => s.node('store-1').list('g1', 104, 112),
      },
      reveal: at.on('recovery.history', { node: 'store-1', group: 'g1', token: 3 }),
      says: [
        { first: 104, last: 108, type: 'data' },
        { first: 108, last: 112, type: 'hole' },
      ],
      after: {
        en: 'Truncated: deleted, durably, before it answers. Were they kept, a later reader could meet records that never were.',
        zh: '截断：在应答之前就持久地删掉。若留着，日后的读者会碰上从未存在过的记录。',
      },
      focus: onNode('store-1'),
      rule: 'wal.truncated-removed',
    }),
    say(
      at.on('hole.fill', { node: 'store-1', group: 'g1' }),
      'Then it is filled from {store-3}, until a quorum holds the whole log up to the agreed end. Only then does the volume open.',
      '随后由 {store-3} 给它补齐，直到多数派拥有约定末尾之前的全部日志。这之后卷才打开。',
      { focus: onNode('store-1'), rule: 'recovery.order' },
    ),
    act(at.on('recovery.done', { token: 3 }), both(line('healAll'), sql('select count(*) from t', 'check'))),
    say(
      at.on('sql.end', { session: 'check' }),
      'Two rows: each one that was ever acknowledged, and nothing else. Two deaths, three tails, one log.',
      '两行：已确认的均保留，未确认的均已清除。宕机两次，三种末尾，一份日志。',
      { rule: 'wal.acked-survives' },
    ),
    free(
      15,
      'Kill it once more: in the middle of a write, in the middle of its recovery.',
      '让它再次宕机：写到一半时，或恢复到一半时。',
      [
        { text: { en: 'Write twenty records', zh: '写二十条记录' }, line: 'padTo rw-1 340 "g1 g2"' },
        {
          text: { en: 'Crash {rw-1} for 2 ms', zh: '{rw-1} 断电 2 ms' },
          line: 'crash rw-1 loseAll for 2.000 ms',
        },
        {
          text: { en: 'Isolate {store-3} for 20 ms', zh: '断开 {store-3} 的网络 20 ms' },
          line: 'isolate store-3 for 20.000 ms',
        },
      ],
    ),
  ],
  pass: (s) =>
    s.predicted('first') &&
    s.predicted('whose') &&
    s.predicted('cut') &&
    isKept(s) &&
    s
      .events('recovery.history', { node: 'store-1', group: 'g1', token: 3 })
      .some(({ removed }) => removed.length === 4) &&
    s.row('check')[0] === '2' &&
    s.violations.length === 0,
  passWords: {
    en: 'three right answers; both ends lie at or above every acknowledged commit, the void tail is gone, both rows are there',
    zh: '三个问题都答对；两次的末尾都不低于任何已确认的提交，无效的尾部已删，两行都在',
  },
  challenge: {
    goal: {
      en: 'Make a store throw away records that it had on disk, and have the volume open again. Three faults, 60 ms.',
      zh: '让某个存储节点丢弃盘上已有的记录，并让卷重新打开。最多三次故障，60 ms 之内。',
    },
    hints: [
      {
        en: 'A store throws away what a recovery without it has annulled.',
        zh: '某次恢复没有它参与，并作废了它手里的记录，它就得丢弃。',
      },
      {
        en: 'Cut {rw-1} from {store-2} and {store-3}, write; then crash {rw-1} while {store-1} is isolated for long enough.',
        zh: '切断 {rw-1} 到 {store-2}、{store-3} 并写入；再让 {rw-1} 断电，同时把 {store-1} 的网络断开足够久。',
      },
    ],
    budget: { faults: 3, ms: 60 },
    pass: (s) =>
      s.events('recovery.history').some(({ removed }) => removed.length > 0) &&
      s.writer !== null &&
      s.node('store-1').group('g1')?.open === true,
    solution: [
      { ms: 1, action: both(line('cut rw-1 > store-2 store-3 for 2.000 ms'), fourMore) },
      { ms: 2, action: line('isolate store-1 for 25.000 ms', 'crash rw-1 loseAll for 2.000 ms') },
    ],
  },
};
