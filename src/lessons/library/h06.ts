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

/** Four more records after the log's end, wherever that is. */
const fourMore: ScriptAction = padTo('{writer tail + 4}');

/** The recovery with this token did not put the log's end below what had been acknowledged until then. */
const isKept = (token: number): string =>
  `count commit.ack scn>{first recovery.computed.vdlPrime token=${token}} scn<{first recovery.computed.startLsn token=${token}} = 0`;

/** The highest term in which a log ends, among the last recovery's replies. */
const REPLIES = 'group=g1 at>{last node.down.at node=rw-1}';
const NEWEST_TERM = `max recovery.info.tailTerm ${REPLIES}`;

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
      'The newest log, up to LSN {last}, is on disk on {store-1} alone. The other two end at {old}. Nothing of it is acknowledged.',
      '最新的日志（到 {last}）只在 {store-1} 落盘，另外两个止于 {old}。它未得到确认。',
      {
        facts: { last: 'store-1 store.groups.g1.scl', old: 'store-2 store.groups.g1.scl' },
        claims: [
          'own store-1 store.groups.g1.scl = 111',
          'own store-2 store.groups.g1.scl = 107',
          'own store-3 store.groups.g1.scl = 107',
          'own writer vdl = 107',
        ],
        focus: onNode('store-1'),
      },
    ),
    act(at.next, line('healAll', 'isolate store-1', 'crash rw-1 loseAll for 2.000 ms'), {
      key: true,
      ask: {
        en: 'Now crash the writer and cut {store-1} off the network. The writer comes back by itself, {store-1} stays cut off.',
        zh: '现在让写节点断电，同时把 {store-1} 隔离。写节点会自行回来，{store-1} 还不会。',
      },
    }),
    predict('first', {
      facts: { end: 'last recovery.computed.vdlPrime token=2' },
      afterClaims: [
        'own last recovery.computed.vdlPrime token=2 = 107',
        'own last recovery.computed.startLsn token=2 = 208',
        'count recovery.info replica=store-1 at>{last node.down.at node=rw-1} = 0',
        'own store-1 store.groups.g1.scl = 111',
      ],
      trigger: at.before('recovery.computed', { token: 2 }),
      ask: {
        en: 'The restarted writer reads the ends of {store-2} and {store-3}, a quorum. Where will it say that the log ends?',
        zh: '写节点重启，从 {store-2}、{store-3} 这个多数派读到末尾。它会判定日志到哪个 LSN？',
      },
      hint: {
        en: 'What was acknowledged is on two of three, so any two of three know of it.',
        zh: '确认过的必在三个中的两个上，所以任意两个里总有一个知道。',
      },
      question: { form: 'number', low: 100, high: 120, answer: 'first recovery.computed.vdlPrime token=2' },
      reveal: at.on('recovery.computed', { token: 2 }),
      says: 107,
      after: {
        en: 'All log up to {end} is kept. The writer does not see the records on {store-1}; none was acknowledged, so their LSNs are annulled.',
        zh: '{end} 及以前全部保留。写节点看不到 {store-1} 上的记录；它们从未确认，LSN 作废。',
      },
      rule: 'wal.acked-survives',
    }),
    act(at.on('recovery.done', { token: 2 }), sql('insert into t values (2, 20)')),
    say(
      at.on('commit.ack', {}),
      'The new term begins at LSN {start}, behind all annulled LSNs: none is used twice. A row is committed, on {store-2} and {store-3}.',
      '新任期始于 LSN {start}，不重用作废的号段。{store-2}、{store-3} 上已提交一行。',
      {
        facts: { start: 'last recovery.computed.startLsn token=2' },
        claims: [
          'own last recovery.computed.startLsn token=2 = 208',
          'own last commit.ack.scn = 213',
          'last commit.ack.term = 2',
          'own store-2 store.groups.g1.scl = 213',
          'own store-3 store.groups.g1.scl = 213',
          'own store-1 store.groups.g1.scl = 111',
        ],
      },
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
      'The writer is down again. The newest records are on {store-3} alone; {store-1} has its old unacknowledged ones; {store-2} is isolated.',
      '写节点再次宕机。最新记录只在 {store-3}，{store-1} 有旧记录，{store-2} 被隔离。',
      {
        claims: [
          'rw-1 status = down',
          'own store-3 store.groups.g1.scl = 217',
          'store-3 store.groups.g1.term = 2',
          'own store-1 store.groups.g1.scl = 111',
          'store-1 store.groups.g1.term = 1',
          'own store-2 store.groups.g1.scl = 213',
          'count world.action node=store-2 action=isolate = 1',
        ],
      },
    ),
    predict('whose', {
      facts: { end: 'last recovery.computed.vdlPrime token=3' },
      afterClaims: [
        'last recovery.info.tailTerm replica=store-3 group=g1 = 2',
        'last recovery.info.tailTerm replica=store-1 group=g1 = 1',
        'own last recovery.computed.vdlPrime token=3 = 217',
      ],
      trigger: at.before('recovery.computed', { token: 3 }),
      ask: {
        en: '{store-1} and {store-3} tell the restarted writer how their logs end, and they contradict each other. Whose history will count?',
        zh: '{store-1}、{store-3} 向重启的写节点报告各自的末尾，彼此矛盾。以哪份历史为准？',
      },
      hint: {
        en: 'A higher term was opened with the consent of a quorum. A replica that took part knows what was decided.',
        zh: '更高的任期是经多数派同意才开始的。参与过的副本知道当时的决定。',
      },
      question: {
        form: 'nodes',
        slots: [{ id: 'whose', text: { en: 'Its history counts', zh: '以它的历史为准' } }],
        nodes: ['store-1', 'store-3'],
        answer: [`first recovery.info.replica ${REPLIES} tailTerm={${NEWEST_TERM}}`],
      },
      reveal: at.on('recovery.computed', { token: 3 }),
      says: ['store-3'],
      after: {
        en: 'The one whose log ends with the highest term. Its tail is kept too, up to LSN {end}, though none of that had to be.',
        zh: '日志末尾任期最高的那个。它的尾部也保留，直到 LSN {end}，虽非必须。',
      },
      rule: 'recovery.highest-term',
    }),
    predict('cut', {
      facts: { last: 'last mark.scl.value node=store-1 group=g1 term=1' },
      claims: ['last mark.scl.value node=store-1 group=g1 term=1 = 111'],
      afterClaims: [
        'own store-1 store.groups.g1.scl = 107',
        'store-1 store.groups.g1.term = 3',
        'last recovery.history.token node=store-1 group=g1 = 3',
      ],
      trigger: at.before('recovery.history', { node: 'store-1', group: 'g1', token: 3 }),
      ask: {
        en: '{store-1} gets that history now; its log on disk goes up to LSN {last}, the end never acknowledged. What will its list be right after?',
        zh: '{store-1} 现在收到这份历史；它盘上的日志到 LSN {last}，末尾从未确认。之后它的列表是什么样？',
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
        answer: 'store-1 list.g1',
      },
      reveal: at.on('recovery.history', { node: 'store-1', group: 'g1', token: 3 }),
      says: [
        { first: 104, last: 108, type: 'data' },
        { first: 108, last: 112, type: 'hole' },
      ],
      after: {
        en: 'Truncated: {store-1} has deleted the records that the history does not know. A later reader can never meet them.',
        zh: '截断：历史里没有的记录，{store-1} 已删掉。日后的读者不会碰到它们。',
      },
      focus: onNode('store-1'),
      rule: 'wal.truncated-removed',
    }),
    say(
      at.on('hole.fill', { node: 'store-1', group: 'g1' }),
      '{store-3} fills {store-1}’s log of {g1} up to the agreed end, LSN {end}. The volume opens when a quorum of each group has it all.',
      '{store-3} 把 {store-1} 的 {g1} 日志补齐到约定末尾 {end}。各组的多数派都齐了，卷才打开。',
      {
        facts: { end: 'store-1 store.groups.g1.scl' },
        claims: [
          'last hole.fill.from node=store-1 group=g1 = store-3',
          'own store-1 store.groups.g1.scl = 217',
          'own store-3 store.groups.g1.scl = 217',
          'rw-1 compute.state = recovering',
        ],
        focus: onNode('store-1'),
        rule: 'recovery.order',
      },
    ),
    act(at.on('recovery.done', { token: 3 }), both(line('healAll'), sql('select count(*) from t', 'check'))),
    say(
      at.on('sql.end', { session: 'check' }),
      'The table has {rows} rows: both acknowledged inserts are there. The writer crashed twice; no acknowledged row is lost.',
      '表里有 {rows} 行：两次确认过的插入都在。写节点宕机两次，已确认的行一行没丢。',
      {
        facts: { rows: 'row check 0' },
        claims: ['row check 0 = 2', 'own last commit.ack.scn = 213', 'count recovery.done token=3 = 1'],
        rule: 'wal.acked-survives',
      },
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
  pass: [
    isKept(2),
    isKept(3),
    'count recovery.history node=store-1 group=g1 token=3 removed=4 >= 1',
    'row check 0 = 2',
    'violations = 0',
  ],
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
    pass: [
      'count recovery.history removed>0 > 0',
      'writer state = open',
      'store-1 store.groups.g1.open = true',
    ],
    solution: [
      { ms: 1, action: both(line('cut rw-1 > store-2 store-3 for 2.000 ms'), fourMore) },
      { ms: 2, action: line('isolate store-1 for 25.000 ms', 'crash rw-1 loseAll for 2.000 ms') },
    ],
  },
};
