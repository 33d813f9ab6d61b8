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

const toStore3 = { family: 'wal', from: 'rw-1', to: 'store-3', group: 'g1' } as const;
const peers = ['store-1', 'store-2', 'store-4', 'store-5'];
const helpers = ['store-1', 'store-2', 'store-5'];

/** The three holes of the question. */
const holes = [108, 112, 116];
const ASKED = 'node=store-3 group=g1 first>=108 first<118';
/** Of the challenge: the last three requests. */
const LAST_THREE = 'node=store-3 group=g1 at>={nth -3 hole.sent.at node=store-3 group=g1}';

export const h02: LibraryLesson = {
  rev: 1,
  seeds: ['001'],
  rules: ['hole.ring'],
  goal: {
    en: 'Five replicas, three holes, one peer that is behind. Whom does {store-3} ask, and for what?',
    zh: '五个副本，三个空洞，一个落后的对等副本。{store-3} 会向谁请求哪一段？',
  },
  start: {
    preset: 'cynosdb-5',
    tape: ['8.000 padTo rw-1 100 "g1"', '14.000 padTo rw-1 103 "g1"'],
  },
  steps: [
    say(
      at.next,
      'Five replicas hold the log, three make a quorum. A replica with a hole can ask four others. Which one should it ask?',
      '这次有五个副本，三个构成多数派。有空洞的副本可以向另外四个请求。该向谁请求？',
      {
        claims: [
          'writer groups.g1.replicas = 5',
          'own store-1 store.groups.g1.scl = 103',
          'own store-5 store.groups.g1.scl = 103',
          'holes = 0',
        ],
      },
    ),
    act(at.ms(41), line('cut rw-1 > store-4 for 22.000 ms')),
    say(
      at.next,
      'For a while {store-4} will get nothing from the writer: it will fall behind, and not learn how far the log is certain.',
      '{store-4} 将有一阵收不到写节点的消息：它会落后，也不知道日志确定到了哪里。',
      {
        claims: ['last world.action.action = cut', 'own store-4 store.groups.g1.scl = 103'],
        focus: onNode('store-4'),
      },
    ),
    act(at.next, both(padTo(105), padTo(107))),
    act(
      at.on('wal.send', { to: 'store-3', lsn: 107 }),
      both(drop({ ...toStore3, lsn: [104, 106] }), hold({ ...toStore3, lsn: [106, 108] })),
    ),
    act(at.on('mark.pgcl', { group: 'g1', value: 107 }), release({ ...toStore3, lsn: [106, 108] })),
    say(
      at.on('hole.open', { node: 'store-3', group: 'g1' }),
      '{store-3} has a first, small hole: [{first}, {end}). To fill it, it asks its peers how far they have the log.',
      '{store-3} 有了第一个小空洞 [{first}, {end})。为补齐它，先询问各对等副本的进度。',
      {
        facts: { first: 'last hole.open.first node=store-3', end: 'last hole.open.end node=store-3' },
        claims: [
          'store-3 holes.g1 = 1',
          'own last hole.open.first node=store-3 = 104',
          'own last hole.open.end node=store-3 = 106',
          'count hole.sent node=store-3 = 0',
          'own store-4 store.groups.g1.scl = 103',
        ],
        focus: onNode('store-3'),
      },
    ),
    // Their answers wait until the peers hold more log, so that one round of startup probes tells everything.
    act(at.next, line('hold store-3 > store-1 store-2 store-4 store-5')),
    act(at.when('store-3 store.groups.g1.pgcl >= 107'), line('hold rw-1 > store-3')),
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
          en: 'More log is on its way to {store-3}. Drop every second message, beginning with the first.',
          zh: '更多日志正发往 {store-3}。从第一条起，每隔一条丢弃一条。',
        },
      },
    ),
    act(
      at.when(...helpers.map((store) => `${store} store.groups.g1.pgcl >= 119`)),
      line('release store-3 > store-1 store-2 store-4 store-5'),
    ),
    say(
      at.on('hole.sent', { node: 'store-3', group: 'g1', first: 104 }),
      'The first answer is in, and {store-3} asks {peer} for hole [{first}, {end}). The next request goes to a peer after that one in the ring.',
      '应答到了，{store-3} 向 {peer} 请求空洞 [{first}, {end})。下一个请求从环上其后开始。',
      {
        facts: {
          peer: 'last hole.sent.to node=store-3 group=g1',
          first: 'last hole.sent.first node=store-3 group=g1',
          end: 'last hole.sent.end node=store-3 group=g1',
        },
        claims: [
          'last hole.sent.to node=store-3 group=g1 = store-2',
          'count hole.sent node=store-3 group=g1 = 1',
          'own last hole.sent.first node=store-3 group=g1 = 104',
        ],
        focus: onNode('store-3'),
      },
    ),
    act(
      at.when(...helpers.map((store) => `store-3 store.groups.g1.peers.${store}.ncl >= 119`)),
      line('release rw-1 > store-3'),
    ),
    predict('targets', {
      afterClaims: [
        'kinds hole.sent.to node=store-3 group=g1 counter=2 = 1',
        'last hole.sent.to node=store-3 first=108 = store-5',
        'last hole.sent.to node=store-3 first=112 = store-1',
        'last hole.sent.to node=store-3 first=116 = store-2',
        'count hole.sent node=store-3 to=store-4 = 0',
        'store-4 store.groups.g1.scl < store-5 store.groups.g1.scl',
      ],
      trigger: at.before('hole.sent', { node: 'store-3', group: 'g1', first: 108 }),
      ask: {
        en: '{store-3} now looks over its other holes. Which peer will it ask for each? The ring begins behind the peer that it asked last.',
        zh: '{store-3} 正要检查其余空洞。每个空洞会向谁请求？环从上次请求过的副本之后开始。',
      },
      hint: {
        en: 'The inspector of {store-3} lists its peers and what each is known to have. One lags: it is passed over.',
        zh: '看 {store-3} 的检查器：它列出对等副本及其进度。落后者会被跳过。',
      },
      question: {
        form: 'nodes',
        slots: [
          { id: '108', text: { en: 'Hole [108,110)', zh: '空洞 [108,110)' } },
          { id: '112', text: { en: 'Hole [112,114)', zh: '空洞 [112,114)' } },
          { id: '116', text: { en: 'Hole [116,118)', zh: '空洞 [116,118)' } },
        ],
        nodes: peers,
        answer: holes.map((first) => `first hole.sent.to node=store-3 group=g1 first=${first}`),
      },
      reveal: at.on('hole.sent', { node: 'store-3', group: 'g1', first: 116 }),
      says: ['store-5', 'store-1', 'store-2'],
      after: {
        en: 'Each hole goes to the next peer in the ring, so the work is shared. {store-4} is passed over, because it is behind.',
        zh: '每个空洞向环上的下一个副本请求，工作由大家分担。{store-4} 落后，被跳过。',
      },
      focus: onNode('store-3'),
      rule: 'hole.ring',
    }),
    say(
      at.when('store-3 holes.g1 = 0', 'count hole.sent node=store-3 > 3'),
      'Three peers answered at the same time, and each record was asked for once. {store-3} is whole; {store-4} still lacks log.',
      '三个副本同时应答，每条记录只请求过一次。{store-3} 已完整；{store-4} 仍缺日志。',
      {
        claims: [
          'store-3 holes.g1 = 0',
          'own store-3 store.groups.g1.scl = 119',
          'count hole.sent node=store-3 group=g1 = 4',
          'count hole.timeout node=store-3 = 0',
          'kinds hole.fill.from node=store-3 group=g1 = 3',
          'own store-4 store.groups.g1.scl = 103',
        ],
        focus: onNode('store-3'),
      },
    ),
    say(
      at.when(
        ...['store-3', ...peers].map((store) => `${store} store.groups.g1.scl >= writer groups.g1.tail`),
      ),
      '{store-4} gets log from the writer again and has filled what it missed. Now every replica has the log up to LSN {lsn}.',
      '{store-4} 又收到写节点的日志，并已补齐所缺的记录。现在每个副本都有直到 LSN {lsn} 的日志。',
      {
        facts: { lsn: 'writer vdl' },
        claims: [
          'own store-4 store.groups.g1.scl = 119',
          'own store-1 store.groups.g1.scl = 119',
          'own store-2 store.groups.g1.scl = 119',
          'own store-3 store.groups.g1.scl = 119',
          'own store-5 store.groups.g1.scl = 119',
          'holes = 0',
        ],
        focus: onNode('store-4'),
      },
    ),
    free(8, 'Try it with two peers behind, or with none.', '试试两个对等副本落后，或一个都不落后。', [
      {
        text: { en: 'Cut {store-4} and {store-5} off for 8 ms', zh: '切断 {store-4}、{store-5}，持续 8 ms' },
        line: 'cut rw-1 > store-4 store-5 for 8.000 ms',
      },
      { text: { en: 'Write ten more records', zh: '再写十条记录' }, line: 'padTo rw-1 129 "g1"' },
    ]),
  ],
  pass: [
    `count hole.sent ${ASKED} = 3`,
    `kinds hole.sent.to ${ASKED} = 3`,
    `count hole.sent ${ASKED} to=store-4 = 0`,
    'store-3 holes.g1 = 0',
  ],
  passWords: {
    en: 'you named the three peers, each hole was asked for once, of a peer that had it, and all are filled',
    zh: '你说对了三个副本，每个空洞只向有数据的副本请求一次，且全部补齐',
  },
  challenge: {
    goal: {
      en: 'Make it fair yourself: three requests running to three peers, none of them {store-1}. No hole left. Three faults, 60 ms.',
      zh: '自己做到公平：连续三个请求问三个不同的对等副本，其中没有 {store-1}，最后没有空洞。最多三次故障，60 ms 之内。',
    },
    hints: [
      {
        en: 'Whoever is behind is passed over: cut {rw-1} to {store-1}. Whoever answers first is asked for everything, if the others are not known yet.',
        zh: '落后的副本被跳过：切断 {rw-1} 到 {store-1}。若其他副本的进度未知，全部空洞都向最先应答的副本请求。',
      },
      {
        en: 'Hold {rw-1} to {store-3}, release every second message. A first hole makes {store-3} learn how far its peers are; only then let it see three more.',
        zh: '扣住 {rw-1} 到 {store-3}，隔一条放行一条。先用一个空洞让 {store-3} 得知对等副本的进度，然后才让它看到另外三个。',
      },
      {
        en: 'While it asks that first time, hold what {store-3} sends to its peers, write on, and release: they answer with what they have by then.',
        zh: '它第一次询问时，扣住 {store-3} 发给对等副本的消息，继续写，再放行：对等副本会按那时的进度回答。',
      },
    ],
    budget: { faults: 3, ms: 60 },
    pass: [
      `kinds hole.sent.to ${LAST_THREE} = 3`,
      `count hole.sent ${LAST_THREE} to=store-1 = 0`,
      'holes = 0',
    ],
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
