// H02 Fair asking: three holes, four peers, one of them behind. Who is asked for what?

import {
  act,
  at,
  both,
  drop,
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
import type { LessonState } from '../lesson-state.ts';

const toStore3 = { family: 'wal', from: 'rw-1', to: 'store-3', group: 'g1' } as const;
const peers = ['store-1', 'store-2', 'store-4', 'store-5'];
const helpers = ['store-1', 'store-2', 'store-5'];

/** store-3 knows of every helper that it holds the log up to this LSN. */
const isKnown = (s: LessonState, lsn: number): boolean => {
  const known = s.node('store-3').group('g1')?.peers ?? [];
  return helpers.every((id) => known.some(({ peer, ncl }) => peer === id && ncl >= lsn));
};

/** Every replica has the whole log of the group on its disk, so far as the writer has written it. */
const areWhole = (s: LessonState, group: string): boolean => {
  const tail = s.writer?.groups.find((one) => one.group === group)?.tail ?? Number.POSITIVE_INFINITY;
  return ['store-3', ...peers].every((id) => (s.node(id).group(group)?.scl ?? -1) >= tail);
};

export const h02: LibraryLesson = {
  rev: 1,
  seeds: ['001'],
  rules: ['hole.ring'],
  goal: {
    en: 'Five replicas, three holes, one peer that is behind. Whom does {store-3} ask, and for what?',
    zh: '五个副本，三个空洞，一个落后的同伴。{store-3} 会向谁请求哪一段？',
  },
  start: {
    preset: 'cynosdb-5',
    tape: ['8.000 padTo rw-1 100 "g1"', '14.000 padTo rw-1 103 "g1"'],
  },
  steps: [
    say(
      at.next,
      'Five replicas this time, and three make a quorum. Any four could help the fifth. Which one should it bother?',
      '这次有五个副本，三个构成多数派。第五个副本落后，另外四个都有数据。向谁请求？',
    ),
    act(at.ms(41), line('cut rw-1 > store-4 for 22.000 ms')),
    say(
      at.next,
      '{store-4} hears nothing from the writer for a while: it falls behind, and does not know how far the log is certain.',
      '{store-4} 暂时收不到写节点消息：它落后了，也不知道日志确定到了哪里。',
      { focus: onNode('store-4') },
    ),
    act(at.next, both(padTo(105), padTo(107))),
    act(
      at.on('wal.send', { to: 'store-3', lsn: 107 }),
      both(drop({ ...toStore3, lsn: [104, 106] }), hold({ ...toStore3, lsn: [106, 108] })),
    ),
    act(at.on('mark.pgcl', { group: 'g1', value: 107 }), release({ ...toStore3, lsn: [106, 108] })),
    say(
      at.on('hole.open', { node: 'store-3', group: 'g1' }),
      'A first, small hole on {store-3}: 104 and 105. To fill it, it must know its peers, so it asks them all how they are.',
      '{store-3} 上先有一个小空洞：104、105。要填它，得先了解同伴，于是它逐个问候。',
      { focus: onNode('store-3') },
    ),
    // Their answers wait until the peers hold more log, so that one round of startup probes tells everything.
    act(at.next, line('hold store-3 > store-1 store-2 store-4 store-5')),
    act(
      at.when((s) => (s.node('store-3').group('g1')?.pgcl ?? 0) >= 107),
      line('hold rw-1 > store-3'),
    ),
    act(at.next, both(padTo(109), padTo(111), padTo(113), padTo(115), padTo(117), padTo(119))),
    act(
      at.on('wal.send', { to: 'store-3', lsn: 119 }),
      both(
        drop({ ...toStore3, lsn: [108, 110] }),
        drop({ ...toStore3, lsn: [112, 114] }),
        drop({ ...toStore3, lsn: [116, 118] }),
      ),
      {
        key: true,
        ask: {
          en: 'More log is on its way to {store-3}, one message in two shall be lost: 108, 112 and 116.',
          zh: '更多日志发往 {store-3}，让它隔一条丢一条：108、112、116。',
        },
      },
    ),
    act(
      at.when((s) => helpers.every((id) => (s.node(id).group('g1')?.pgcl ?? 0) >= 119)),
      line('release store-3 > store-1 store-2 store-4 store-5'),
    ),
    say(
      at.on('hole.sent', { node: 'store-3', group: 'g1', first: 104 }),
      'The first answer is in, and hole [104,106) is asked for. Remember whom: the ring turns on from there.',
      '第一个应答到了，空洞 [104, 106) 已发出请求。记住向谁请求：环从这里往后转。',
      { focus: onNode('store-3') },
    ),
    act(
      at.when((s) => isKnown(s, 119)),
      line('release rw-1 > store-3'),
    ),
    predict('targets', {
      trigger: at.before('hole.sent', { node: 'store-3', group: 'g1', first: 108 }),
      ask: {
        en: '{store-3} looks over its holes now. Which peer will it ask for each? The ring begins behind whom it asked last.',
        zh: '{store-3} 正要检查空洞。每个空洞会向谁请求？环从上次请求过的副本之后开始。',
      },
      hint: {
        en: 'The inspector of {store-3} lists its peers and what each is known to have. One lags: it is passed over.',
        zh: '看 {store-3} 的检查器：它列出同伴及其进度。落后者会被跳过。',
      },
      question: {
        form: 'nodes',
        slots: [
          { id: '108', text: { en: 'Hole [108,110)', zh: '空洞 [108,110)' } },
          { id: '112', text: { en: 'Hole [112,114)', zh: '空洞 [112,114)' } },
          { id: '116', text: { en: 'Hole [116,118)', zh: '空洞 [116,118)' } },
        ],
        nodes: peers,
        answer: (s) =>
          [108, 112, 116].map(
            (first) => s.events('hole.sent', { node: 'store-3', group: 'g1', first })[0]?.to ?? '',
          ),
      },
      reveal: at.on('hole.sent', { node: 'store-3', group: 'g1', first: 116 }),
      says: ['store-5', 'store-1', 'store-2'],
      after: {
        en: 'Each hole goes to the next peer in the ring, so no peer carries all the work. {store-4} is passed over: it is behind.',
        zh: '每个空洞向环上的下一个副本请求，负载均衡。{store-4} 落后，被跳过。',
      },
      focus: onNode('store-3'),
      rule: 'hole.ring',
    }),
    say(
      at.when(
        (s) => s.node('store-3').holes('g1').length === 0 && s.count('hole.sent', { node: 'store-3' }) > 3,
      ),
      'Three answers from three peers, no record asked for twice. Fair asking is also fast asking: they work in parallel.',
      '三个副本各答一段，没有一条记录被要两次。公平也更快：它们并行工作。',
      { focus: onNode('store-3') },
    ),
    say(
      at.when((s) => areWhole(s, 'g1')),
      '{store-4} hears the writer again, finds what it missed, and asks around the same ring. Every replica is whole.',
      '{store-4} 恢复接收写节点消息，发现所缺记录，也沿环请求。各副本随后补齐。',
      { focus: onNode('store-4') },
    ),
    free(8, 'Try it with two peers behind, or with none.', '试试两个同伴落后，或一个都不落后。', [
      {
        text: { en: 'Cut {store-4} and {store-5} off for 8 ms', zh: '切断 {store-4}、{store-5}，持续 8 ms' },
        line: 'cut rw-1 > store-4 store-5 for 8.000 ms',
      },
      { text: { en: 'Write ten more records', zh: '再写十条记录' }, line: 'padTo rw-1 129 "g1"' },
    ]),
  ],
  pass: (s) => {
    const sent = s
      .events('hole.sent', { node: 'store-3', group: 'g1' })
      .filter(({ first }) => first >= 108 && first < 118);
    const targets = new Set(sent.map(({ to }) => to));
    return (
      s.predicted('targets') &&
      sent.length === 3 &&
      targets.size === 3 &&
      !targets.has('store-4') &&
      s.node('store-3').holes('g1').length === 0
    );
  },
  passWords: {
    en: 'you named the three peers, each hole was asked for once, of a peer that had it, and all are filled',
    zh: '你说对了三个副本，每个空洞只向有数据的副本请求一次，且全部补齐',
  },
  challenge: {
    goal: {
      en: 'Make it fair yourself: three requests running to three peers, none of them {store-1}. No hole left. Three faults, 60 ms.',
      zh: '自己做到公平：连续三个请求问三个不同的同伴，其中没有 {store-1}，最后没有空洞。最多三次故障，60 ms 之内。',
    },
    hints: [
      {
        en: 'Whoever is behind is passed over: cut {rw-1} to {store-1}. Whoever answers first is asked for everything, if the others are not known yet.',
        zh: '落后的副本被跳过：切断 {rw-1} 到 {store-1}。若其他副本的进度未知，全部空洞都向最先应答的副本请求。',
      },
      {
        en: 'Hold {rw-1} to {store-3}, release every second message. A first hole makes {store-3} learn how far its peers are; only then let it see three more.',
        zh: '扣住 {rw-1} 到 {store-3}，隔一条放行一条。先用一个空洞让 {store-3} 得知同伴的进度，然后才让它看到另外三个。',
      },
      {
        en: 'While it asks that first time, hold what {store-3} sends to its peers, write on, and release: they answer with what they have by then.',
        zh: '它第一次询问时，扣住 {store-3} 发给同伴的消息，继续写，再放行：同伴会按那时的进度回答。',
      },
    ],
    budget: { faults: 3, ms: 60 },
    pass: (s) => {
      const targets = s.events('hole.sent', { node: 'store-3', group: 'g1' }).map(({ to }) => to);
      const isFair = targets.some((_, i) => {
        const three = new Set(targets.slice(i, i + 3));
        return three.size === 3 && !three.has('store-1');
      });
      return isFair && s.openHoles === 0;
    },
    solution: [
      {
        ms: 1,
        action: both(
          line(
            'cut rw-1 > store-1 for 30.000 ms',
            'hold rw-1 > store-3',
            'hold store-3 > store-1 store-2 store-4 store-5',
          ),
          padTo(105),
          padTo(107),
        ),
      },
      { ms: 3, action: padTo(109) },
      { ms: 4, action: both(...[106, 108].map((lsn) => release({ ...toStore3, lsn: [lsn, lsn + 2] }))) },
      { ms: 5, action: both(...[111, 113, 115, 117, 119, 121].map((lsn) => padTo(lsn))) },
      { ms: 7, action: padTo(123) },
      { ms: 9, action: line('release store-3 > store-1 store-2 store-4 store-5') },
      {
        ms: 14,
        action: both(...[112, 116, 120, 122].map((lsn) => release({ ...toStore3, lsn: [lsn, lsn + 2] }))),
      },
      { ms: 25, action: line('release rw-1 > store-3') },
    ],
  },
};
