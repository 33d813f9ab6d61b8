// H08 A bit flips: on a disk that nobody reads. Who notices, and where does the truth come from?

import { act, at, both, free, type LibraryLesson, line, onNode, predict, say } from '../format.ts';

const onStore2 = { node: 'store-2', group: 'g1' } as const;

/** The records that were written together, and lie in the segment that rots. */
const segment = [108, 109, 110, 111];
/** The records that the scrub found lost. */
const LOST = 'first scrub.bad.lsns';
const LOG = 'node=store-2 group=g1 what=log';
/** Images of the damaged page that store-2 has made from its own log. */
const MADE = 'node=store-2 group=g1 blockKey={first scrub.bad.blockKey node=store-2 group=g1 what=page}';

export const h08: LibraryLesson = {
  rev: 1,
  seeds: ['001', '002'],
  rules: ['page.scrub', 'scrub.repaired'],
  goal: {
    en: 'One bit turns over on a disk, quite silently. Who notices, and from where does the store get the truth back?',
    zh: '磁盘上一个比特悄悄翻转。谁会发现？存储节点从哪里找回真相？',
  },
  start: {
    // A look at each value every millisecond, so that one need not wait for the scrub to come round. A reader holds the
    // log, which would soon be dropped otherwise.
    config: { scrubEveryMs: 1 },
    tape: [
      '6.000 sql d1 "create table t (id int primary key, v int)"',
      '10.000 sql d1 "insert into t values (1, 10)"',
      '14.000 sql d1 reader "begin isolation level repeatable read; select v from t"',
      '20.000 padTo rw-1 100 "g1"',
      '22.000 padTo rw-1 103 "g1"',
      '24.000 padTo rw-1 107 "g1"',
      '30.000 padTo rw-1 111 "g1"',
      '32.000 padTo rw-1 115 "g1"',
    ],
    ms: 44,
  },
  steps: [
    say(
      at.next,
      'All three lists are whole up to LSN {lsn}. Each store reads its own disk in the background, value by value: it scrubs.',
      '三份列表都完整，直到 LSN {lsn}。每个存储节点在后台逐个重读自己的盘：这叫巡检。',
      {
        facts: { lsn: 'store-2 store.groups.g1.scl' },
        claims: [
          'own store-1 store.groups.g1.scl = 115',
          'own store-2 store.groups.g1.scl = 115',
          'own store-3 store.groups.g1.scl = 115',
          'holes = 0',
        ],
        focus: onNode('store-2'),
        rule: 'page.scrub',
      },
    ),
    act(at.next, line('bitRot store-2 "store/g1/log/" 3'), {
      key: true,
      ask: {
        en: `Flip one bit on the disk of {store-2}, in a segment of its log that holds ${segment.length} records.`,
        zh: `在 {store-2} 的磁盘上翻转一个比特，就在存着 ${segment.length} 条记录的一段日志里。`,
      },
    }),
    say(
      at.next,
      'One bit is wrong now, and nobody knows. {store-2} still believes that its log is whole up to LSN {lsn}.',
      '现在有一个比特是错的，没有人知道。{store-2} 仍以为自己的日志完整到 LSN {lsn}。',
      {
        facts: { lsn: 'store-2 store.groups.g1.scl' },
        claims: [
          'last world.action.action = bitRot',
          'count scrub.bad = 0',
          'own store-2 store.groups.g1.scl = 115',
          'store-2 holes.g1 = 0',
        ],
        focus: onNode('store-2'),
      },
    ),
    predict('lost', {
      facts: { lsn: 'last hole.open.first node=store-2' },
      afterClaims: [
        'store-2 holes.g1 = 1',
        'own last hole.open.first node=store-2 = 109',
        'own store-2 store.groups.g1.scl = 108',
        'last scrub.bad.what node=store-2 = log',
      ],
      trigger: at.before('scrub.bad', onStore2),
      ask: {
        en: 'The scrub has come to that segment. Four records lie in it, one bit is wrong. How many of them will {store-2} give up?',
        zh: '巡检轮到了那一段。里面有四条记录，错了一个比特。{store-2} 会放弃几条？',
      },
      hint: {
        en: 'Each record carries a checksum over its own fields.',
        zh: '每条记录都带着覆盖自身字段的校验和。',
      },
      question: { form: 'number', low: 0, high: 4, answer: `${LOST} ${LOG}` },
      reveal: at.on('scrub.bad', onStore2),
      says: 1,
      after: {
        en: 'Only the record that it cannot prove, LSN {lsn}. It becomes a hole in the list: {store-2} no longer claims to have it.',
        zh: '只放弃无法证明的那条：LSN {lsn}。它变成列表里的空洞：{store-2} 不再声称拥有它。',
      },
      focus: onNode('store-2'),
      rule: 'page.scrub',
    }),
    say(
      at.on('hole.sent', onStore2),
      '{store-2} heals this hole as it would any other: it asks {peer} for the record, just as if the network had lost it.',
      '{store-2} 像对待别的空洞一样补它：向 {peer} 请求这条记录，就像它是网络弄丢的。',
      {
        facts: { peer: 'last hole.sent.to node=store-2' },
        claims: [
          'last hole.sent.to node=store-2 = store-3',
          'own last hole.sent.first node=store-2 = 109',
          'own last hole.sent.end node=store-2 = 110',
        ],
        focus: onNode('store-2'),
        rule: 'hole.ring',
      },
    ),
    say(
      at.on('scrub.repaired', { ...onStore2, what: 'log' }),
      'The hole is filled, and {store-2} has written the segment anew without the damaged bytes. Its log is whole again.',
      '空洞已补齐，{store-2} 重写了这一段，损坏的字节已不在。它的日志又完整了。',
      {
        claims: [
          'store-2 holes.g1 = 0',
          'own store-2 store.groups.g1.scl = 115',
          'last scrub.repaired.what node=store-2 = log',
          'count log.compacted node=store-2 = 1',
          'last hole.fill.from node=store-2 = store-3',
        ],
        focus: onNode('store-2'),
        rule: 'scrub.repaired',
      },
    ),
    act(at.next, line('bitRot store-2 "store/g1/page/"'), {
      ask: {
        en: 'Again, but this time in a page that {store-2} has made from its log.',
        zh: '再来一次，这回翻在 {store-2} 用日志造出的一个页里。',
      },
    }),
    predict('from', {
      afterClaims: [
        'last scrub.bad.what node=store-2 = page',
        'last scrub.repaired.what node=store-2 = page',
        'count hole.sent node=store-2 = 1',
      ],
      trigger: at.before('scrub.bad', onStore2),
      ask: {
        en: 'The scrub is about to find that a page is damaged. From where will {store-2} get a good one?',
        zh: '巡检即将发现一个页坏了。{store-2} 会从哪里得到好的？',
      },
      hint: {
        en: 'What is a page, to a store? Something that is made.',
        zh: '对存储节点来说，页是什么？是造出来的东西。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'writer', text: { en: 'From the writer’s buffer', zh: '从写节点的缓冲池' } },
          { id: 'peer', text: { en: 'From a peer', zh: '从对等副本' } },
          { id: 'log', text: { en: 'From its own log', zh: '从自己的日志' } },
        ],
        answer: [
          // The same page, up to the same record, a second time.
          {
            option: 'log',
            claims: [`count page.materialise ${MADE} > kinds page.materialise.pageLsn ${MADE}`],
          },
          { option: 'peer', claims: [] },
        ],
      },
      reveal: at.on('scrub.repaired', { ...onStore2, what: 'page' }),
      says: 'log',
      after: {
        en: 'From its own log: {store-2} has built the page once more. Only where the log is dropped must a peer give the page.',
        zh: '从自己的日志：{store-2} 把该页重造了一遍。只有日志已被回收时，才需要对等副本给一个页。',
      },
      focus: onNode('store-2'),
      rule: 'page.same-bytes',
    }),
    free(
      12,
      'Damage a disk segment by segment. As long as some store has the record, it comes back.',
      '让一块盘一段一段地损坏。只要还有存储节点有这条记录，它就回得来。',
      [
        {
          text: { en: 'Flip a bit in the log of {store-3}', zh: '翻转 {store-3} 日志里的一个比特' },
          line: 'bitRot store-3 "store/g1/log/"',
        },
        {
          text: { en: 'Make a segment of {store-1} unreadable', zh: '让 {store-1} 的一段日志读不出来' },
          line: 'diskReadError store-1 "store/g1/log/"',
        },
      ],
    ),
  ],
  pass: [
    `${LOST} ${LOG} > 0`,
    `${LOST}.0 ${LOG} >= 108`,
    `${LOST}.-1 ${LOG} <= 111`,
    `count scrub.repaired ${LOG} >= 1`,
    'count scrub.repaired node=store-2 group=g1 what=page >= 1',
    'holes = 0',
    'violations = 0',
  ],
  passWords: {
    en: 'both answers right; the scrub found the damage in log and page, both are repaired, and no hole is left',
    zh: '两个问题都答对；巡检在日志和页中都发现了损坏，都已修复，没有剩下空洞',
  },
  challenge: {
    goal: {
      en: 'Damage the log of two stores at the same place, and see both repaired. Two faults, 60 ms.',
      zh: '在两个存储节点的日志同一处制造损坏，并看它们都修好。最多两次故障，60 ms 之内。',
    },
    hints: [
      {
        en: 'Two of three may be wrong, as long as the third is right and can be asked.',
        zh: '三个里坏两个也行，只要第三个是好的、问得到。',
      },
      {
        en: 'Bit rot takes a prefix and a place: “store/{g1}/log/” and 3, on {store-1} and on {store-2}.',
        zh: '比特损坏要一个前缀和一个位置：“store/{g1}/log/” 和 3，{store-1}、{store-2} 各一次。',
      },
    ],
    budget: { faults: 2, ms: 60 },
    pass: ['kinds scrub.repaired.node group=g1 what=log >= 2', 'holes = 0'],
    solution: [
      {
        ms: 1,
        action: both(line('bitRot store-1 "store/g1/log/" 3'), line('bitRot store-2 "store/g1/log/" 3')),
      },
    ],
  },
};
