// H05 Holes after a restart: a replica's list is memory. Instructed to end it writes the list down; struck by a power cut it has to work it
// out from the log on its disk.

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
  say,
} from '../format.ts';

const onStore3 = { node: 'store-3', group: 'g1' } as const;
const toStore3 = { family: 'wal', from: 'rw-1', to: 'store-3', group: 'g1' } as const;

export const h05: LibraryLesson = {
  rev: 1,
  seeds: ['001'],
  rules: ['hole.saved', 'hole.rebuild', 'hole.rebuild-whole'],
  goal: {
    en: 'A replica’s list lives in memory. What does it know when it wakes: after a clean end, and after a power cut?',
    zh: '副本的列表在内存里。正常退出后重启，它知道什么？断电之后呢？',
  },
  start: {
    tape: ['8.000 padTo rw-1 100 "g1"', '14.000 padTo rw-1 107 "g1"'],
  },
  steps: [
    // One after the other: a loss that the writer sees while the record is above PGCL it makes good itself.
    act(at.ms(41), padTo(109)),
    act(at.on('wal.send', { to: 'store-3', lsn: 109 }), drop({ ...toStore3, lsn: [108, 110] })),
    act(at.ms(42), both(padTo(111), padTo(113))),
    act(at.on('wal.send', { to: 'store-3', lsn: 113 }), drop({ ...toStore3, lsn: [112, 114] })),
    act(at.ms(43), padTo(115)),
    say(
      at.on('hole.open', { ...onStore3, first: 112 }),
      'Two log messages to {store-3} were lost: its list has two holes, the first from LSN {first} on. The other replicas have all log.',
      '发往 {store-3} 的两条消息丢了：有两个空洞，第一个始于 {first}。其他副本齐全。',
      {
        facts: { first: 'first hole.open.first node=store-3' },
        claims: [
          'store-3 holes.g1 = 2',
          'own store-3 store.groups.g1.scl = 107',
          'own first hole.open.first node=store-3 = 108',
          'own last hole.open.first node=store-3 = 112',
          'own store-1 store.groups.g1.scl = 115',
          'own store-2 store.groups.g1.scl = 115',
        ],
        focus: onNode('store-3'),
      },
    ),
    // The answers are lost, so that the holes stay for as long as the story needs them.
    act(
      at.on('hole.serve', { group: 'g1', to: 'store-3', first: 108 }),
      both(
        drop({ family: 'holeFill', from: 'store-1', to: 'store-3', group: 'g1' }),
        drop({ family: 'holeFill', from: 'store-2', to: 'store-3', group: 'g1' }),
      ),
    ),
    act(at.on('hole.sent', { ...onStore3, first: 112 }), line('cut store-1 store-2 > store-3')),
    say(
      at.next,
      '{store-3} has asked for both holes and marked them so, but no answer gets through. These marks are in memory; its disk holds log.',
      '{store-3} 已为两个空洞发出请求并标记，但应答到不了。标记在内存里，磁盘上只有日志。',
      {
        claims: [
          'store-3 store.groups.g1.sentCount = 2',
          'count hole.sent node=store-3 group=g1 = 2',
          'count hole.answer node=store-3 group=g1 = 0',
          'store-3 holes.g1 = 2',
        ],
        focus: onNode('store-3'),
        rule: 'hole.one-live-request',
      },
    ),
    act(at.next, line('stop store-3 3.000 ms for 4.000 ms'), {
      ask: {
        en: 'First a clean end: tell {store-3} to stop in good order.',
        zh: '先正常退出：让 {store-3} 有序停止。',
      },
    }),
    say(
      at.on('hole.saved', onStore3),
      'Before it ends, {store-3} takes no new work, lets its writes finish, and saves the list, with a checksum and a flag.',
      '退出前，{store-3} 不接新的工作，等写入完成，然后保存列表：带校验和与标志。',
      {
        claims: [
          'count hole.saved node=store-3 group=g1 = 1',
          'last hole.saved.holes node=store-3 group=g1 = 2',
          'own last hole.saved.ncl node=store-3 group=g1 = 107',
        ],
        focus: onNode('store-3'),
        rule: 'hole.saved',
      },
    ),
    predict('restored', {
      afterClaims: [
        'count hole.restore node=store-3 group=g1 error= = 1',
        'store-3 holes.g1 = 2',
        'store-3 store.groups.g1.sentCount = 0',
        'store-3 store.groups.g1.requests = 0',
      ],
      trigger: at.before('hole.restore', onStore3),
      ask: {
        en: '{store-3} starts again and finds the saved list, and it fits the log. How does its list begin this life?',
        zh: '{store-3} 重新启动，找到保存的列表，且与日志相符。本次启动后的列表是什么样？',
      },
      hint: {
        en: 'The holes are what they were. But a request belongs to the life that sent it.',
        zh: '空洞还是那些空洞。但请求属于发出它的那次启动。',
      },
      question: {
        form: 'ranges',
        first: 106,
        last: 116,
        types: ['data', 'hole', 'sent'],
        start: [{ first: 106, last: 116, type: 'data' }],
        answer: 'store-3 list.g1',
      },
      reveal: at.on('hole.restore', onStore3),
      says: null,
      after: {
        en: 'The same holes, but not marked as asked for: an answer to a request of the earlier life would be ignored. It asks anew.',
        zh: '空洞照旧，但都是“未请求”：对上次启动时请求的应答会被忽略，所以要重新请求。',
      },
      focus: onNode('store-3'),
      rule: 'hole.saved',
    }),
    act(at.next, padTo(117)),
    act(at.on('wal.durable', { ...onStore3, source: 'writer' }), padTo(119)),
    act(at.on('wal.receive', onStore3), line('crash store-3 loseAll for 3.000 ms'), {
      key: true,
      facts: { disk: 'store-3 store.groups.g1.nwl', next: 'last wal.receive.first node=store-3 group=g1' },
      claims: [
        'own store-3 store.groups.g1.nwl = 117',
        'own last wal.receive.first node=store-3 group=g1 = 118',
      ],
      ask: {
        en: 'Log up to LSN {disk} is on its disk; the newest records, from {next} on, have just come in and are not. Now cut its power.',
        zh: '到 LSN {disk} 的日志已落盘；{next} 起的记录刚到，还没落盘。现在让它断电。',
      },
    }),
    say(
      at.on('node.down', { node: 'store-3' }),
      '{store-3} is down without a warning: it saved nothing. The list saved at the last stop became invalid once it was used.',
      '{store-3} 毫无预警地断电，什么也没保存。上次保存的列表用过之后已作废。',
      {
        claims: [
          'store-3 status = down',
          'last node.down.mode node=store-3 = loseAll',
          'count hole.saved node=store-3 group=g1 = 1',
        ],
        focus: onNode('store-3'),
      },
    ),
    predict('rebuilt', {
      facts: { last: 'store-3 store.groups.g1.nwl' },
      afterClaims: [
        'last hole.rebuild.holes node=store-3 group=g1 = 2',
        'store-3 holes.g1 = 2',
        'own store-3 store.groups.g1.nwl = 117',
        'own count wal.ack node=store-3 group=g1 nwl=119 = 0',
      ],
      trigger: at.before('hole.rebuild', onStore3),
      ask: {
        en: '{store-3} has only the records on its disk; each names the record before it. Which list does it work out?',
        zh: '{store-3} 只有磁盘上的记录，每条都写明前一条是谁。它能推出怎样的列表？',
      },
      hint: {
        en: 'A record behind a hole names one that is not here. And what was not on disk is not known.',
        zh: '空洞之后的记录指明的前一条不在盘上。没落盘的，它不知道。',
      },
      question: {
        form: 'ranges',
        first: 106,
        last: 120,
        types: ['data', 'hole', 'sent'],
        start: [{ first: 106, last: 120, type: 'data' }],
        answer: 'store-3 list.g1',
      },
      reveal: at.on('hole.rebuild', onStore3),
      says: null,
      after: {
        en: 'It finds both holes again from the chain of records, up to LSN {last}. It does not know of newer log, and never acknowledged any.',
        zh: '它仅凭记录链就找回两个空洞，直到 LSN {last}。更新的日志它不知道，也从未确认过。',
      },
      focus: onNode('store-3'),
      rule: 'hole.rebuild',
    }),
    act(at.next, line('heal store-1 store-2 > store-3')),
    say(
      at.when('count hole.rebuild node=store-3 group=g1 > 0', 'store-3 store.groups.g1.scl >= 119'),
      'The peers are in reach again. {store-3} got all it lacked: both holes, and the newest records. Its log is whole up to {lsn}.',
      '对等副本又能联系上了。{store-3} 补齐了两个空洞和最新的记录，日志完整到 {lsn}。',
      {
        facts: { lsn: 'store-3 store.groups.g1.scl' },
        claims: [
          'own store-3 store.groups.g1.scl = 119',
          'store-3 holes.g1 = 0',
          'count hole.fill node=store-3 group=g1 >= 3',
        ],
        focus: onNode('store-3'),
      },
    ),
    free(
      8,
      'Give it too little time to save, or cut its power while it fills. It trusts only what its disk can prove.',
      '让它来不及保存，或在补洞时断电。它只相信磁盘能证明的。',
      [
        {
          text: { en: 'Tell it to end, with 0.3 ms to do so', zh: '让它退出，只给 0.3 ms' },
          line: 'stop store-3 0.300 ms for 4.000 ms',
        },
        {
          text: { en: 'Crash {store-3} for 3 ms', zh: '{store-3} 断电 3 ms' },
          line: 'crash store-3 for 3.000 ms',
        },
        { text: { en: 'Write four more records', zh: '再写四条记录' }, line: 'padTo rw-1 123 "g1"' },
      ],
    ),
  ],
  pass: [
    'first hole.restore.holes node=store-3 group=g1 error= = first hole.saved.holes node=store-3 group=g1',
    // Each start tells the list it begins with: after the stop, after the crash.
    'nth 2 hole.rebuild.holes node=store-3 group=g1 = first hole.saved.holes node=store-3 group=g1',
    'nth 2 hole.rebuild.ncl node=store-3 group=g1 = first hole.saved.ncl node=store-3 group=g1',
    'holes = 0',
  ],
  passWords: {
    en: 'both drawings match, the saved list was used, the list after the crash has the same holes, and none is left',
    zh: '两次都画对；保存的列表被采用，断电后推出同样的空洞，且全部补齐',
  },
  challenge: {
    goal: {
      en: 'End {store-3} twice: once so that it can save its list, once with a warning but unable to. No fault, 60 ms.',
      zh: '让 {store-3} 退出两次：一次来得及保存列表，一次被告知却来不及。不许用故障，60 ms 之内。',
    },
    hints: [
      { en: 'Look for “stop” in the palette; it takes a time.', zh: '在命令面板里找“停止”，它带一个时限。' },
      {
        en: 'Three milliseconds are plenty, three tenths of one are not: a sync takes about a quarter.',
        zh: '3 ms 绰绰有余，0.3 ms 就不够：一次落盘约需 0.25 ms。',
      },
    ],
    budget: { faults: 0, ms: 60 },
    pass: [
      'count hole.restore node=store-3 group=g1 error= >= 1',
      'count hole.rebuild node=store-3 group=g1 > count hole.restore node=store-3 group=g1 error=',
      'store-3 status = up',
    ],
    solution: [
      { ms: 1, action: line('stop store-3 3.000 ms for 3.000 ms') },
      { ms: 15, action: line('stop store-3 0.300 ms for 3.000 ms') },
    ],
  },
};
