// H05 Amnesia: a replica's list is memory. Instructed to end it writes the list down; struck by a power cut it has to work it
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
      'Two messages to {store-3} were lost: two holes, behind 107 and behind 111. The other replicas have everything.',
      '发往 {store-3} 的两条消息丢了：107 之后、111 之后各有一个空洞。其他副本什么都有。',
      { focus: onNode('store-3') },
    ),
    // The answers are lost, so that the holes stay for as long as the story needs them.
    act(at.on('hole.serve', { group: 'g1', to: 'store-3', first: 108 }), (s) =>
      ['store-1', 'store-2'].flatMap((from) =>
        drop({ family: 'holeFill', from, to: 'store-3', group: 'g1' })(s),
      ),
    ),
    act(at.on('hole.sent', { ...onStore3, first: 112 }), line('cut store-1 store-2 > store-3')),
    say(
      at.next,
      'It asks for both and marks them so; the answers get lost, too. All this it knows from memory: its disk holds only log.',
      '它为两个空洞发出请求并标记；可应答也丢了。这些都在内存里：磁盘上只有日志。',
      { focus: onNode('store-3'), rule: 'hole.one-live-request' },
    ),
    act(at.next, line('stop store-3 3.000 ms for 4.000 ms'), {
      ask: {
        en: 'First the gentle way: tell {store-3} to end in good order.',
        zh: '先来温和的：让 {store-3} 正常退出。',
      },
    }),
    say(
      at.on('hole.saved', onStore3),
      'Before it ends it takes nothing more, lets its writes finish, and saves the list: with a checksum, and a flag.',
      '退出前，它不再接活，等写入完成，然后保存列表：带校验和，再立一个标志。',
      { focus: onNode('store-3'), rule: 'hole.saved' },
    ),
    predict('restored', {
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
        answer: (s) => s.node('store-3').list('g1', 106, 116),
      },
      reveal: at.on('hole.restore', onStore3),
      says: null,
      after: {
        en: 'The same holes, but not asked for: an answer to a question of its former life would be ignored. It asks anew.',
        zh: '空洞照旧，但都是“未请求”：上次启动的应答会被忽略，所以要重新请求。',
      },
      focus: onNode('store-3'),
      rule: 'hole.saved',
    }),
    act(at.next, padTo(117)),
    act(at.on('wal.durable', { ...onStore3, source: 'writer' }), padTo(119)),
    act(at.on('wal.receive', onStore3), line('crash store-3 loseAll for 3.000 ms'), {
      key: true,
      ask: {
        en: '116 and 117 are on its disk, 118 and 119 have just come in and are not. Now the hard way: pull the plug.',
        zh: '116、117 已落盘；118、119 刚到，还没落盘。现在来硬的：拔电源。',
      },
    }),
    say(
      at.on('node.down', { node: 'store-3' }),
      'No warning, so nothing was saved, and the list of the last stop is gone: it was struck out when it was used.',
      '没有预警，什么也没保存。上次保存的列表也没了：用过之后就作废了。',
      { focus: onNode('store-3') },
    ),
    predict('rebuilt', {
      trigger: at.before('hole.rebuild', onStore3),
      ask: {
        en: 'It has nothing but the records on its disk; each names the record before it. Which list does it work out?',
        zh: '它只剩磁盘上的记录，每条都写着前一条是谁。它能推出怎样的列表？',
      },
      hint: {
        en: '110 says “before me comes 109”, and 109 is not here. And what was not yet on disk never was.',
        zh: '110 说“我前面是 109”，而 109 不在。还没落盘的，等于没来过。',
      },
      question: {
        form: 'ranges',
        first: 106,
        last: 120,
        types: ['data', 'hole', 'sent'],
        start: [{ first: 106, last: 120, type: 'data' }],
        answer: (s) => s.node('store-3').list('g1', 106, 120),
      },
      reveal: at.on('hole.rebuild', onStore3),
      says: null,
      after: {
        en: 'Both holes found again, from the chain alone. 118 and 119 are unknown to it: it never acknowledged them.',
        zh: '仅凭链就重新找到了两个空洞。118、119 它不知道：它也从未确认过。',
      },
      focus: onNode('store-3'),
      rule: 'hole.rebuild',
    }),
    act(at.next, line('heal store-1 store-2 > store-3')),
    say(
      at.when(
        (s) => s.count('hole.rebuild', onStore3) > 0 && (s.node('store-3').group('g1')?.scl ?? 0) >= 119,
      ),
      'The peers are in reach again. It asks, and gets all it lacked: both holes, and the tail it never knew of.',
      '同伴又能联系上了。它一问，缺的全到齐：两个空洞，还有它从不知道的尾部。',
      { focus: onNode('store-3') },
    ),
    free(
      8,
      'Stop it too quickly, or crash it while it fills. It never believes more than its disk can prove.',
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
  pass: (s) => {
    const [saved] = s.events('hole.saved', onStore3);
    const [restored] = s.events('hole.restore', onStore3);
    // Each start tells the list it begins with: after the stop, after the crash.
    const [, rebuilt] = s.events('hole.rebuild', onStore3);
    return (
      s.predicted('restored') &&
      s.predicted('rebuilt') &&
      restored?.error === '' &&
      restored.holes === saved?.holes &&
      rebuilt?.holes === saved.holes &&
      rebuilt.ncl === saved.ncl &&
      s.openHoles === 0
    );
  },
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
    pass: (s) => {
      const used = s.count('hole.restore', { ...onStore3, error: '' });
      return used >= 1 && s.count('hole.rebuild', onStore3) > used && s.node('store-3').isUp;
    },
    solution: [
      { ms: 1, action: line('stop store-3 3.000 ms for 3.000 ms') },
      { ms: 15, action: line('stop store-3 0.300 ms for 3.000 ms') },
    ],
  },
};
