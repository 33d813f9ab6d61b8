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
      'Three messages for {store-3} are held back: 108–109, 110–111 and 112–115. The other replicas have theirs.',
      '发往 {store-3} 的三条消息被扣住：108–109、110–111、112–115。其他副本已收到自己的那份。',
      { focus: onNode('store-3') },
    ),
    act(at.ms(43), padTo(119)),
    say(
      at.on('hole.open', { node: 'store-3', group: 'g1' }),
      '116–119 overtook them. {store-3} now has one hole: 108 to 115, not asked for yet.',
      '116–119 先到了。{store-3} 现在有一个空洞：108 到 115，尚未请求。',
      { focus: onNode('store-3') },
    ),
    act(
      at.on('hole.sent', { node: 'store-3', group: 'g1' }),
      both(
        (s) =>
          hold({
            family: 'holeRequest',
            from: 'store-3',
            to: s.events('hole.sent', { node: 'store-3' })[0]?.to ?? '',
          })(s),
        release({ ...toStore3, lsn: [110, 112] }),
      ),
    ),
    say(
      at.next,
      'It asked a peer for the whole hole. While that request is on the road, the held 110–111 is let go.',
      '它向一个副本请求了整段空洞。请求还在路上时，被扣住的 110–111 放行了。',
      { focus: onNode('store-3'), rule: 'hole.one-live-request' },
    ),
    predict('pieces', {
      trigger: at.before('hole.split', { node: 'store-3', group: 'g1' }),
      ask: {
        en: 'Hole [108,116) is asked for. 110 and 111 land in its middle now. What does the list look like right after?',
        zh: '空洞 [108,116) 已被请求。迟到的 110–111 马上落盘，之后 {store-3} 的列表是什么样？',
      },
      hint: {
        en: 'The request on the road still covers both ends.',
        zh: '路上的那个请求仍然覆盖两端。',
      },
      question: {
        form: 'ranges',
        first: 108,
        last: 116,
        types: ['data', 'hole', 'sent'],
        start: [{ first: 108, last: 116, type: 'sent' }],
        answer: (s) => s.node('store-3').list('g1', 108, 116),
      },
      reveal: at.on('hole.split', { node: 'store-3', group: 'g1' }),
      says: null,
      after: {
        en: 'Both ends inherit “asked”. Had they forgotten it, each would have sent a second request for the same log.',
        zh: '两端都继承“已请求”。若忘了这一点，它们会为同一段日志再请求一次。',
      },
      focus: onNode('store-3'),
      rule: 'hole.split',
    }),
    act(at.next, (s) =>
      release({
        family: 'holeRequest',
        from: 'store-3',
        to: s.events('hole.sent', { node: 'store-3' })[0]?.to ?? '',
      })(s),
    ),
    say(
      at.on('hole.closed', { node: 'store-3', group: 'g1' }),
      'One request, two gaps, one answer. What is already there is skipped, never written twice.',
      '一个请求，两段缺口，一次应答。已有的部分跳过，绝不写两遍。',
      { focus: onNode('store-3') },
    ),
    act(at.next, release({ ...toStore3, lsn: [108, 116] })),
    free(
      8,
      'The held copies arrive as echoes now, and change nothing. Drop a hole request and see who is asked next.',
      '被扣住的副本现在才到，什么也不会改变。试试丢弃一个空洞请求，看下一个问谁。',
      [
        {
          text: { en: 'Write four more records', zh: '再写四条记录' },
          line: 'padTo rw-1 123 "g1"',
        },
      ],
    ),
  ],
  pass: (s) =>
    s.predicted('pieces') &&
    s.count('hole.split', { node: 'store-3' }) >= 1 &&
    s.count('hole.sent', { node: 'store-3', group: 'g1', first: 108 }) === 1 &&
    s.node('store-3').holes('g1').length === 0,
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
    pass: (s) => {
      const onStore3 = { node: 'store-3', group: 'g1' } as const;
      const [asked, ...more] = s.events('hole.sent', onStore3);
      if (asked === undefined || more.length > 0) return false;
      // Each split tells the two pieces it leaves.
      return s.count('hole.split', { ...onStore3, sent: true }) >= 4 && s.openHoles === 0;
    },
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
