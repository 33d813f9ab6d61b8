// H03 Half filled: a late message fills the middle of a hole that is already asked for.

import {
  act,
  at,
  both,
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

const toStore3 = { family: 'wal', from: 'rw-1', to: 'store-3', group: 'g1' } as const;
/** The request of store-3, to whomever it asks. */
const request = {
  family: 'holeRequest',
  from: 'store-3',
  to: '{first hole.sent.to node=store-3}',
} as const;

export const h03: LibraryLesson = {
  rev: 1,
  seeds: ['001'],
  rules: ['hole.one-live-request', 'hole.split'],
  goal: {
    en: 'When late log fills the middle of a hole, what becomes of the two ends? Is anything asked for twice?',
    zh: '迟到的 WAL 填上空洞的中间时，剩下的两段怎么办？会不会再发一次请求？',
  },
  start: {
    tape: ['8.000 padTo rw-1 100 "g1"', '14.000 padTo rw-1 107 "g1"'],
  },
  steps: [
    act(at.ms(41), both(padTo(109), padTo(111), padTo(115))),
    act(at.on('wal.send', { to: 'store-3', lsn: 115 }), hold({ ...toStore3, lsn: [108, 116] }), {
      key: true,
    }),
    say(
      at.next,
      'Three log messages for {store-3} are held back, up to LSN {last}. The copies for the other two replicas are on their way.',
      '发往 {store-3} 的三条日志消息被扣住，直到 LSN {last}。发给另外两个副本的正在路上。',
      {
        facts: { last: 'writer tail' },
        claims: [
          'own writer tail = 115',
          'own count wal.send to=store-3 group=g1 end=110 = 1',
          'own count wal.send to=store-3 group=g1 end=112 = 1',
          'own count wal.send to=store-3 group=g1 end=116 = 1',
          'own store-3 store.groups.g1.nwl = 107',
          'count world.action action=holdMessage = 3',
        ],
        focus: onNode('store-3'),
      },
    ),
    act(at.ms(43), padTo(119)),
    say(
      at.on('hole.open', { node: 'store-3', group: 'g1' }),
      'Newer log, up to LSN {last}, overtook them. {store-3} now has one hole, [{first}, {end}), and has not asked for it yet.',
      '到 {last} 的新日志先到了。{store-3} 有一个空洞 [{first}, {end})，尚未请求。',
      {
        facts: {
          last: 'store-3 store.groups.g1.nwl',
          first: 'last hole.open.first node=store-3',
          end: 'last hole.open.end node=store-3',
        },
        claims: [
          'store-3 holes.g1 = 1',
          'own store-3 store.groups.g1.nwl = 119',
          'own last hole.open.first node=store-3 = 108',
          'own last hole.open.end node=store-3 = 116',
          'store-3 store.groups.g1.sentCount = 0',
        ],
        focus: onNode('store-3'),
      },
    ),
    act(
      at.on('hole.sent', { node: 'store-3', group: 'g1' }),
      both(hold(request), release({ ...toStore3, lsn: [110, 112] })),
    ),
    say(
      at.next,
      '{store-3} asked {peer} for the whole hole. That request is held back, and the second of the held log messages is released.',
      '{store-3} 向 {peer} 请求了整段空洞。该请求被扣住，而被扣住的第二条日志消息放行了。',
      {
        facts: { peer: 'last hole.sent.to node=store-3' },
        claims: [
          'count hole.sent node=store-3 = 1',
          'last hole.sent.to node=store-3 = store-2',
          'own last hole.sent.first node=store-3 = 108',
          'own last hole.sent.end node=store-3 = 116',
          'count hole.serve to=store-3 = 0',
          'last world.action.action = releaseMessage',
        ],
        focus: onNode('store-3'),
        rule: 'hole.one-live-request',
      },
    ),
    predict('pieces', {
      facts: {
        first: 'last hole.sent.first node=store-3',
        end: 'last hole.sent.end node=store-3',
        mid: 'last wal.receive.first node=store-3 group=g1',
      },
      claims: ['store-3 holes.g1 = 1', 'store-3 store.groups.g1.sentCount = 1'],
      afterClaims: [
        'store-3 holes.g1 = 2',
        'store-3 store.groups.g1.sentCount = 2',
        'count hole.sent node=store-3 = 1',
      ],
      trigger: at.before('hole.split', { node: 'store-3', group: 'g1' }),
      ask: {
        en: '{store-3} has asked for hole [{first}, {end}). Two records from LSN {mid} on now land in its middle. What does its list look like then?',
        zh: '{store-3} 已请求空洞 [{first}, {end})。从 LSN {mid} 起的两条记录马上在其中间落盘。之后它的列表是什么样？',
      },
      hint: {
        en: 'The request that is on its way still covers both ends.',
        zh: '路上的那个请求仍然覆盖两端。',
      },
      question: {
        form: 'ranges',
        first: 108,
        last: 116,
        types: ['data', 'hole', 'sent'],
        start: [{ first: 108, last: 116, type: 'sent' }],
        answer: 'store-3 list.g1',
      },
      reveal: at.on('hole.split', { node: 'store-3', group: 'g1' }),
      says: null,
      after: {
        en: 'Both ends keep the mark “asked”. Without it, {store-3} would send a second request for the same log.',
        zh: '两端都保留“已请求”标记。否则 {store-3} 会为同一段日志再请求一次。',
      },
      focus: onNode('store-3'),
      rule: 'hole.split',
    }),
    act(at.next, release(request)),
    say(
      at.on('hole.closed', { node: 'store-3', group: 'g1' }),
      'One request, one answer, and both holes are filled. Records that were there already are skipped, not written again.',
      '一个请求、一次应答，两段空洞都补齐了。已有的记录跳过，不再写一遍。',
      {
        claims: [
          'store-3 holes.g1 = 0',
          'own store-3 store.groups.g1.scl = 119',
          'count hole.sent node=store-3 = 1',
          'count hole.answer node=store-3 = 1',
          'count hole.fill node=store-3 = 2',
        ],
        focus: onNode('store-3'),
      },
    ),
    act(at.next, release({ ...toStore3, lsn: [108, 116] })),
    free(
      8,
      'The held log messages arrive now, too late, and change nothing. Drop a hole request and see who is asked next.',
      '被扣住的日志消息现在才到，什么也不会改变。试试丢弃一个空洞请求，看下一个问谁。',
      [
        {
          text: { en: 'Write four more records', zh: '再写四条记录' },
          line: 'padTo rw-1 123 "g1"',
        },
      ],
    ),
  ],
  pass: [
    'count hole.split node=store-3 >= 1',
    'count hole.sent node=store-3 group=g1 first=108 = 1',
    'store-3 holes.g1 = 0',
  ],
  passWords: {
    en: 'your drawing matches the list, the hole was split, asked for once, and is gone',
    zh: '你画的与列表一致，空洞被分裂过，只请求一次，且已补齐',
  },
  challenge: {
    goal: {
      en: 'Let one hole fall into three pieces, and be filled by one single request. Two faults at most, 40 ms at most.',
      zh: '让一个空洞裂成三段，并只用一个请求补齐。最多两次故障，40 ms 之内。',
    },
    hints: [
      {
        en: 'A piece is what two late messages leave between them: two of them must land while the request is on its way.',
        zh: '两条迟到的消息之间剩下的就是一段：请求还在路上时，要有两条落盘。',
      },
      {
        en: 'Hold {rw-1} to {store-3}, write six times, release the last message. Make {store-3} slow to ask; then release the second and fourth.',
        zh: '扣住 {rw-1} 到 {store-3}，写六次，放行最后一条。让 {store-3} 的请求走得慢；再放行第二条和第四条。',
      },
    ],
    budget: { faults: 2, ms: 40 },
    pass: [
      'count hole.sent node=store-3 group=g1 = 1',
      // Each split tells the two pieces it leaves.
      'count hole.split node=store-3 group=g1 sent=true >= 4',
      'holes = 0',
    ],
    solution: [
      {
        ms: 1,
        action: both(
          line('hold rw-1 > store-3', 'latency store-3 > store-1 store-2 : 4.000 ms for 20.000 ms'),
          ...[109, 111, 113, 115, 117].map((lsn) => padTo(lsn)),
        ),
      },
      { ms: 3, action: padTo(119) },
      { ms: 4, action: release({ ...toStore3, lsn: [118, 120] }) },
      {
        ms: 10,
        action: both(release({ ...toStore3, lsn: [110, 112] }), release({ ...toStore3, lsn: [114, 116] })),
      },
      { ms: 18, action: line('release rw-1 > store-3') },
    ],
  },
};
