// C06 Start without catching up: a reader is added beside a long log and serves at once, where a classic standby would replay it.

import { act, at, free, type LibraryLesson, line, onNode, predict, say } from '../format.ts';
import { underReads } from '../reader-nodes.ts';

export const c06: LibraryLesson = {
  rev: 1,
  seeds: ['002'],
  rules: ['ro.mtr-atomic', 'ro.never-ahead', 'store.read-window'],
  goal: {
    en: 'Add a reader to a volume that has been written for a while. How long does it take until it may answer?',
    zh: '给一个已写了一阵子的卷添一个只读节点。它要多久才能应答？',
  },
  start: underReads,
  steps: [
    say(
      at.next,
      'Clients write without a pause, and two readers follow the log of the writer. All three nodes read from the same stores.',
      '客户端不停地写，两个只读节点跟着写节点的日志。三者读的是同样的存储。',
      {
        claims: [
          'count commit.ack >= 3',
          'own ro-1 compute.reader.receivedTo = 118',
          'own ro-2 compute.reader.receivedTo = 118',
          'writer readers = 2',
        ],
        focus: onNode('ro-1'),
      },
    ),
    act(at.next, line('addNode ro-3 reader a'), {
      key: true,
      ask: { en: 'Add a third reader.', zh: '再添一个只读节点。' },
    }),
    predict('replay', {
      afterClaims: [
        'own ro-3 compute.reader.applyLsn = 118',
        'ro-3 compute.reader.counts.applied = 0',
        'ro-3 compute.buffer.used = 0',
      ],
      trigger: at.on('node.open', { node: 'ro-3' }),
      ask: {
        en: 'Its disk and its buffer are empty. How many log records does {ro-3} apply before it may answer its first read?',
        zh: '它的盘和缓冲池都是空的。{ro-3} 在应答第一次读之前，要应用多少条日志记录？',
      },
      hint: {
        en: 'Where are the pages, and who brings them up to date?',
        zh: '页在哪里？由谁把它们更新到最新？',
      },
      question: {
        form: 'number',
        low: 0,
        high: 9999,
        answer: 'sum ro.applied.applied node=ro-3',
      },
      reveal: at.on('ro.ready', { node: 'ro-3' }),
      says: 0,
      after: {
        en: 'None. It pins the writer’s VDL, and that is its read point: the stores build any page as of it. A classic standby would replay first.',
        zh: '零条。它钉住写节点的 VDL 作为读点：存储能按它造出任何页。传统备库则要先回放日志。',
      },
      rule: 'ro.start',
    }),
    say(
      at.on('session.read', { from: 'ro-3' }),
      '{ro-3} has answered its first reads. The {n} pages that it needed came from the stores; it loads no others.',
      '{ro-3} 应答了最初的读。所需的 {n} 个页来自存储；别的页它不装入。',
      {
        facts: { n: 'ro-3 compute.buffer.used' },
        claims: [
          'count session.read from=ro-3 >= 1',
          'own ro-3 compute.buffer.used = 5',
          'ro-3 compute.reader.counts.applied = 0',
          'count page.read node=ro-3 > 0',
        ],
        focus: onNode('ro-3'),
        rule: 'ro.start',
      },
    ),
    act(at.next, line('removeNode ro-1'), {
      ask: { en: 'Take {ro-1} away again, while it serves reads.', zh: '在它服务读的同时，把 {ro-1} 撤走。' },
    }),
    predict('changes', {
      afterClaims: [
        'last node.removed.volume = v1',
        'count ro.revoked reader=ro-1 >= 1',
        'count token.grant = 1',
        'count group.members = 0',
      ],
      trigger: at.next,
      ask: {
        en: 'One reader came, one goes. What does that change for the log and the stores?',
        zh: '来了一个，走了一个。对日志和存储节点有什么改变？',
      },
      hint: {
        en: 'Does a reader hold any copy that somebody would have to move?',
        zh: '只读节点持有什么必须搬走的副本吗？',
      },
      question: {
        form: 'choice',
        options: [
          {
            id: 'nothing',
            text: { en: 'Nothing: no group, no token, no page moves', zh: '没有：组、令牌、页都不动' },
          },
          { id: 'members', text: { en: 'The groups get other members', zh: '各组换了成员' } },
          { id: 'token', text: { en: 'The writer gets a new token', zh: '写节点得到新令牌' } },
        ],
        answer: [
          { option: 'members', claims: ['count group.members > 0'] },
          { option: 'token', claims: ['count token.grant > 1'] },
          { option: 'nothing', claims: [] },
        ],
      },
      reveal: at.on('node.exit', { node: 'ro-1' }),
      says: 'nothing',
      after: {
        en: 'Nothing. The metadata has one name less, the writer sends it no log, drivers read elsewhere, and its pin is gone.',
        zh: '没有。元数据少了一个名字，写节点不再给它发日志，驱动改读别处，它的钉住点也没了。',
      },
      rule: 'node.life',
    }),
    free(
      60,
      'Add more, up to fifteen, or crash one as it joins.',
      '再添几个，最多十五个；或在它加入时让它断电。',
      [
        { text: { en: 'Add another reader', zh: '再添一个只读节点' }, line: 'addNode ro-4 reader b' },
        { text: { en: 'Crash {ro-3} for 20 ms', zh: '{ro-3} 断电 20 ms' }, line: 'crash ro-3 for 20.000 ms' },
        { text: { en: 'Remove {ro-2}', zh: '移除 {ro-2}' }, line: 'removeNode ro-2' },
      ],
    ),
  ],
  pass: ['count session.read from=ro-3 > 0', 'count node.exit node=ro-1 > 0', 'violations = 0'],
  passWords: {
    en: 'both answers right; {ro-3} has served a read, and {ro-1} has ended',
    zh: '两个问题都答对；{ro-3} 应答过读，{ro-1} 已结束',
  },
  challenge: {
    goal: {
      en: 'Bring the volume to six readers that have all served a read. No fault, 120 ms.',
      zh: '让该卷有六个只读节点，且都应答过读。不用任何故障，120 ms 之内。',
    },
    hints: [
      {
        en: 'A reader needs no time to catch up, so all may come at once.',
        zh: '只读节点无须追赶，可以一起来。',
      },
      {
        en: 'addNode {ro-4} reader b, and so on to {ro-7}: each in a zone a, b or c.',
        zh: 'addNode {ro-4} reader b，直到 {ro-7}：可用区为 a、b 或 c。',
      },
    ],
    budget: { faults: 0, ms: 120 },
    pass: [
      'count session.read from=ro-4 > 0',
      'count session.read from=ro-5 > 0',
      'count session.read from=ro-6 > 0',
      'count session.read from=ro-7 > 0',
      'violations = 0',
    ],
    solution: [
      {
        ms: 1,
        action: line(
          'addNode ro-4 reader a',
          'addNode ro-5 reader b',
          'addNode ro-6 reader c',
          'addNode ro-7 reader a',
        ),
      },
    ],
  },
};
