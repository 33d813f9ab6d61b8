// H03 Half filled: a late message fills the middle of a hole that is already asked for.

import { act, at, both, free, hold, lesson, onNode, padTo, predict, release, say } from '../format.ts';

const toStore3 = { family: 'wal', from: 'rw-1', to: 'store-3', group: 'g1' } as const;

export const h03 = lesson({
  id: 'H03',
  rev: 1,
  level: 2,
  minutes: 4,
  seeds: ['001'],
  rules: ['hole.one-live-request', 'hole.split'],
  topic: { en: 'Holes', zh: '空洞管理' },
  title: { en: 'Half filled', zh: '部分填充与继承' },
  goal: {
    en: 'When late log fills the middle of a hole, what becomes of the two ends? Is anything asked for twice?',
    zh: '迟到的 WAL 填上空洞的中间时，剩下的两段怎么办？会不会再发一次请求？',
  },
  start: {
    preset: 'cynosdb',
    seed: 7,
    tape: ['8.000 padTo rw-1 100 "g1"', '14.000 padTo rw-1 107 "g1"'],
    ms: 40,
    lens: 'wal',
    group: 'g1',
    speed: 1000,
  },
  beats: [
    act(at.ms(41), both(padTo(109), padTo(111), padTo(115))),
    act(at.on('wal.send', { to: 'store-3', lsn: 115 }), hold({ ...toStore3, lsn: [108, 116] }), {
      key: true,
    }),
    say(
      at.next,
      'Three messages for store-3 are held back: 108–109, 110–111 and 112–115. The other replicas have theirs.',
      '发往 store-3 的三条消息被扣住：108–109、110–111、112–115。其他副本已收到自己的那份。',
      { focus: onNode('store-3') },
    ),
    act(at.ms(43), padTo(119)),
    say(
      at.on('hole.open', { node: 'store-3', group: 'g1' }),
      '116–119 overtook them. store-3 now has one hole: 108 to 115, not asked for yet.',
      '116–119 先到了。store-3 现在有一个空洞：108 到 115，尚未请求。',
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
        zh: '空洞 [108,116) 已被请求。迟到的 110–111 马上落盘，之后 store-3 的列表是什么样？',
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
});
