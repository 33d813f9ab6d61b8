// H04 A late answer, twice: the answer to a request is late and comes twice. Nobody can tell late from lost, and nothing is written twice.

import {
  act,
  at,
  both,
  drop,
  duplicate,
  free,
  hold,
  type LibraryLesson,
  line,
  onNode,
  padTo,
  predict,
  release,
  say,
} from '../format.ts';

const onStore3 = { node: 'store-3', group: 'g1' } as const;

/** Requests of store-3 for LSN 108. */
const ASKED = 'node=store-3 group=g1 lsn=108';

/** The answer to the first of these requests, and its copies. */
const firstAnswer = {
  family: 'holeFill',
  from: `{first hole.sent.to ${ASKED}}`,
  to: 'store-3',
  group: 'g1',
} as const;

/** How often store-3 has written the record. */
const written = (lsn: number): string => `count wal.durable node=store-3 group=g1 lsns~${lsn}`;

/** Virtual ms that an answer may take before it counts as lost. */
const TIMEOUT = 6;

export const h04: LibraryLesson = {
  rev: 1,
  seeds: ['001'],
  rules: ['hole.timeout', 'hole.ignored', 'hole.one-live-request'],
  goal: {
    en: 'A replica asks for what it lacks and hears nothing. Is the answer lost, or only late? What if it comes twice?',
    zh: '副本索要缺失的日志，却没有回音。应答是丢了，还是迟到？要是来了两遍呢？',
  },
  start: {
    tape: ['8.000 padTo rw-1 100 "g1"', '14.000 padTo rw-1 107 "g1"'],
  },
  steps: [
    act(at.ms(41), padTo(111)),
    act(
      at.on('wal.send', { group: 'g1', to: 'store-3', lsn: 111 }),
      drop({ family: 'wal', from: 'rw-1', to: 'store-3', group: 'g1', lsn: [108, 112] }),
    ),
    act(at.ms(42), padTo(115)),
    say(
      at.on('hole.open', onStore3),
      'Log for {store-3} was lost on the way. It sees the gap when newer log comes: its list has a hole, [{first}, {end}).',
      '发往 {store-3} 的日志丢了。更新的日志到达，它发现空洞 [{first}, {end})。',
      {
        facts: { first: 'last hole.open.first node=store-3', end: 'last hole.open.end node=store-3' },
        claims: [
          'store-3 holes.g1 = 1',
          'own store-3 store.groups.g1.scl = 107',
          'own store-3 store.groups.g1.nwl = 115',
          'own last hole.open.first node=store-3 = 108',
          'own last hole.open.end node=store-3 = 112',
        ],
        focus: onNode('store-3'),
      },
    ),
    say(
      at.on('hole.sent', { ...onStore3, first: 108 }),
      `It asks {peer}, marks the hole as asked for, and starts a timer of ${TIMEOUT} ms. Until then it asks nobody else for it.`,
      `它向 {peer} 请求，把空洞标为“已请求”，并开始计时 ${TIMEOUT} ms。在此之前不再问别人。`,
      {
        facts: { peer: 'last hole.sent.to node=store-3' },
        claims: [
          'count hole.sent node=store-3 = 1',
          'last hole.sent.to node=store-3 = store-2',
          'store-3 store.groups.g1.sentCount = 1',
          'own store-3 store.groups.g1.requests.0.limitUs = 6000',
        ],
        focus: onNode('store-3'),
        rule: 'hole.one-live-request',
      },
    ),
    act(at.on('hole.serve', { group: 'g1', to: 'store-3', lsn: 108 }), duplicate(firstAnswer), {
      key: true,
      ask: {
        en: 'The answer has just left the peer. Duplicate it; both copies will then be held in the network.',
        zh: '应答刚离开对等副本。复制它；随后两份都会被扣在网络里。',
      },
    }),
    act(at.next, hold(firstAnswer)),
    say(
      at.next,
      'Two copies of one answer are held. {store-3} cannot tell whether it is lost or late: it just hears nothing.',
      '同一个应答的两份都被扣住。{store-3} 无法区分应答是丢了还是迟到：它只知道没有应答。',
      {
        claims: [
          'count hole.serve to=store-3 = 1',
          'count world.action action=duplicateMessage = 1',
          'count world.action action=holdMessage = 2',
          'count hole.answer node=store-3 = 0',
          'store-3 holes.g1 = 1',
        ],
        focus: onNode('store-3'),
      },
    ),
    predict('next', {
      afterClaims: [
        'count hole.timeout node=store-3 to=store-2 = 1',
        'last hole.sent.to node=store-3 = store-1',
        'last hole.sent.counter node=store-3 = 2',
        'store-3 store.groups.g1.peers.store-2.suspect = true',
      ],
      trigger: at.before('hole.timeout', onStore3),
      ask: {
        en: `${TIMEOUT} ms have passed without an answer: the timer runs out now, and the hole is still open. Whom will {store-3} ask?`,
        zh: `${TIMEOUT} ms 过去仍无应答：时限到了，空洞还没补上。这次 {store-3} 会问谁？`,
      },
      hint: {
        en: 'Never the writer. And who was just silent comes last.',
        zh: '绝不问写节点。刚才沉默的排在最后。',
      },
      question: {
        form: 'nodes',
        slots: [{ id: 'to', text: { en: 'Hole [108,112)', zh: '空洞 [108,112)' } }],
        nodes: ['rw-1', 'store-1', 'store-2'],
        answer: [`nth 2 hole.sent.to ${ASKED}`],
      },
      reveal: at.on('hole.sent', { ...onStore3, first: 108 }),
      says: ['store-1'],
      after: {
        en: 'The mark “asked” was cleared, the silent peer is now suspect, and the other peer is asked, under a new request number.',
        zh: '“已请求”标记已清除，没有应答的对等副本成为可疑，改用新的请求编号去问另一个。',
      },
      focus: onNode('store-3'),
      rule: 'hole.timeout',
    }),
    say(
      at.on('hole.closed', onStore3),
      'The second peer has filled the hole, and the list is whole. Two copies of the first answer are still held in the network.',
      '第二个对等副本补齐了空洞，列表完整。第一个应答的两份副本仍扣在网络里。',
      {
        claims: [
          'store-3 holes.g1 = 0',
          'own store-3 store.groups.g1.scl = 115',
          'last hole.fill.from node=store-3 = store-1',
          'count hole.ignored node=store-3 = 0',
          'count world.action action=releaseMessage = 0',
        ],
        focus: onNode('store-3'),
      },
    ),
    act(at.next, release(firstAnswer)),
    say(
      at.next,
      'Both copies are released now, with the records in them. {store-3} no longer waits for this answer.',
      '两份应答现在放行，里面带着记录。{store-3} 已不再等待这个应答。',
      {
        claims: [
          'count world.action action=releaseMessage = 2',
          'store-3 store.groups.g1.requests = 0',
          'count hole.ignored node=store-3 = 0',
        ],
        focus: onNode('store-3'),
      },
    ),
    predict('times', {
      facts: { lsn: 'first hole.sent.first node=store-3' },
      afterClaims: [
        'count hole.ignored node=store-3 counter=1 = 2',
        'count hole.fill node=store-3 = 1',
        'last hole.fill.counter node=store-3 = 2',
      ],
      trigger: at.before('hole.ignored', onStore3),
      ask: {
        en: 'Once both late copies have arrived: how many times will record {lsn} have been written to the disk of {store-3}?',
        zh: '两份迟到的应答都到达之后，记录 {lsn} 一共在 {store-3} 的磁盘上写过几次？',
      },
      hint: {
        en: 'An answer counts only for a request that is alive.',
        zh: '应答只对在途的请求有效。',
      },
      question: { form: 'number', low: 0, high: 9, answer: written(108) },
      reveal: at.on('hole.ignored', onStore3, 2),
      says: 1,
      after: {
        en: 'Once, by the second answer. The late copies name a request that has ended: {store-3} ignored both.',
        zh: '一次，由第二个应答写入。迟到的两份指名的请求已结束：{store-3} 把两份都忽略了。',
      },
      focus: onNode('store-3'),
      rule: 'hole.ignored',
    }),
    say(
      at.next,
      '{store-3} learns one thing from a late answer: how slow that peer is. The next request to it gets more time.',
      '{store-3} 从迟到的应答里只学到一件事：那个对等副本有多慢。下次向它请求会多等一会儿。',
      {
        claims: [
          'count hole.ignored node=store-3 from=store-2 = 2',
          'own store-3 store.groups.g1.scl = 115',
          'holes = 0',
        ],
        focus: onNode('store-3'),
        rule: 'hole.timeout',
      },
    ),
    free(
      10,
      'Lose, delay and duplicate what you like. The list comes out the same, only later.',
      '随意丢弃、延迟、重复消息。列表的结果总是一样，只是晚一点。',
      [
        {
          text: { en: 'Double half of all messages between stores', zh: '存储节点间一半消息重复' },
          line: 'duplicate store-1 store-2 | store-3 : 50 % for 8.000 ms',
        },
        {
          text: { en: 'Cut {rw-1} to {store-3} for 2 ms', zh: '切断 {rw-1} 到 {store-3}，持续 2 ms' },
          line: 'cut rw-1 > store-3 for 2.000 ms',
        },
        { text: { en: 'Write four more records', zh: '再写四条记录' }, line: 'padTo rw-1 119 "g1"' },
      ],
    ),
  ],
  pass: [
    'count hole.ignored node=store-3 group=g1 >= 2',
    `count hole.sent ${ASKED} = 2`,
    `kinds hole.sent.to ${ASKED} = 2`,
    ...[108, 109, 110, 111].map((lsn) => `${written(lsn)} = 1`),
    'holes = 0',
  ],
  passWords: {
    en: 'both answers right; both late answers were ignored, the other peer filled the hole, each record was written once',
    zh: '两个问题都答对；两份迟到的应答都被忽略，另一个对等副本补齐了空洞，每条记录只写了一次',
  },
  challenge: {
    goal: {
      en: 'Let {store-3} ask both peers for one hole, ignore a late answer, and be whole. Two faults at most, 40 ms at most.',
      zh: '让 {store-3} 为同一个空洞问遍两个对等副本，忽略一个迟到的应答，最后完整。最多两次故障，40 ms 之内。',
    },
    hints: [
      {
        en: 'A hole first: cut {rw-1} to {store-3} for 2 ms while you write, then write once more.',
        zh: '先要有空洞：写的同时切断 {rw-1} 到 {store-3}，持续 2 ms，然后再写一次。',
      },
      {
        en: 'An answer must be later than 6 ms, yet come: delay it, or make the links of the stores to {store-3} slow.',
        zh: '应答要晚于 6 ms，但终究要到：延迟它，或让各存储节点到 {store-3} 的链路变慢。',
      },
    ],
    budget: { faults: 2, ms: 40 },
    pass: [
      'kinds hole.sent.to node=store-3 group=g1 = 2',
      'count hole.ignored node=store-3 group=g1 >= 1',
      'holes = 0',
    ],
    solution: [
      { ms: 1, action: both(line('cut rw-1 > store-3 for 2.000 ms'), padTo(111)) },
      { ms: 4, action: both(line('latency store-1 store-2 > store-3 : 8.000 ms for 16.000 ms'), padTo(115)) },
    ],
  },
};
