// C07 An old writer wakes: a writer that was taken for dead wakes up beside its successor, and finds its token refused everywhere.

import { act, at, free, type LibraryLesson, line, onNode, predict, say } from '../format.ts';
import { underWrites } from '../ha-nodes.ts';

/** Stores that have refused the old writer. */
const REFUSING = 'kinds wal.refused.node from=rw-1 code=TOKEN_STALE';

export const c07: LibraryLesson = {
  rev: 1,
  seeds: ['002'],
  rules: ['fence.stale-write-inert', 'fence.token-unique', 'wal.acked-survives'],
  goal: {
    en: 'A writer stands still, a standby takes its place, and then the first one goes on as if nothing had happened. Does its write land?',
    zh: '写节点停住了，备机接了班，前者又若无其事地继续。它的写会落盘吗？',
  },
  start: underWrites,
  steps: [
    say(
      at.next,
      '{rw-1} writes under token {token}. {ha-1} follows its log and may take over; {ro-1} only reads.',
      '{rw-1} 持令牌 {token} 写。{ha-1} 跟着日志，可以接班；{ro-1} 只读。',
      {
        facts: { token: 'writer token' },
        claims: [
          'writer token = 1',
          'last commit.ack.node = rw-1',
          'own ha-1 compute.reader.receivedTo = 302',
          'own ro-1 compute.reader.receivedTo = 302',
        ],
        focus: onNode('rw-1'),
      },
    ),
    act(at.next, line('freeze rw-1'), {
      key: true,
      ask: { en: 'Freeze {rw-1}: its clock stops, its memory stays.', zh: '冻结 {rw-1}：时钟停，内存还在。' },
    }),
    say(
      at.on('recovery.done', { node: 'ha-1' }),
      'The metadata heard nothing from {rw-1} and granted token {token} to {ha-1}. The stores have it on disk; {ha-1} has opened the volume.',
      '元数据收不到 {rw-1} 的消息，把令牌 {token} 授予 {ha-1}。存储已把它落盘，{ha-1} 已打开卷。',
      {
        facts: { token: 'last token.grant.token' },
        claims: [
          'rw-1 status = frozen',
          'last token.grant.token = 2',
          'last token.grant.holder = ha-1',
          'store-1 store.groups.g1.maxToken = 2',
          'store-2 store.groups.g1.maxToken = 2',
          'store-3 store.groups.g1.maxToken = 2',
          'ha-1 compute.state = open',
        ],
        focus: onNode('ha-1'),
      },
    ),
    act(at.next, line('resume rw-1'), {
      ask: { en: 'Let {rw-1} go on.', zh: '让 {rw-1} 继续。' },
    }),
    predict('lands', {
      claims: ['last wal.send.resend node=rw-1 = true', 'last world.action.action = resume'],
      afterClaims: [
        'count wal.refused from=rw-1 code=TOKEN_STALE > 0',
        'store-1 store.groups.g1.maxToken = 2',
      ],
      trigger: at.next,
      ask: {
        en: 'As it resumed, {rw-1} at once sent again the log that the stores had not acknowledged, under its old token. What becomes of it?',
        zh: '{rw-1} 一恢复就用旧令牌重发了尚未得到存储确认的日志。这些写会怎样？',
      },
      hint: {
        en: 'Who decides: the writer, the network, or whoever has the disk?',
        zh: '由谁说了算：写节点、网络，还是有盘的一方？',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'refused', text: { en: 'The stores refuse it', zh: '存储拒绝' } },
          { id: 'lands', text: { en: 'It lands beside those of {ha-1}', zh: '与 {ha-1} 的写并存' } },
          { id: 'waits', text: { en: 'It waits until the metadata decides', zh: '等元数据裁决' } },
        ],
        answer: [
          { option: 'refused', claims: [`${REFUSING} > 0`] },
          { option: 'lands', claims: [] },
        ],
      },
      reveal: at.on('wal.refused', { from: 'rw-1', code: 'TOKEN_STALE' }),
      says: 'refused',
      after: {
        en: 'Refused: each store compares the token with the one on its disk. No lease, no clock, no good will of {rw-1} is needed.',
        zh: '拒绝：每个存储把令牌与盘上的相比。不靠租约，不靠时钟，也不靠 {rw-1} 自觉。',
      },
      rule: 'fence.stale-write-inert',
    }),
    predict('stores', {
      afterClaims: [
        'count wal.refused node=store-1 code=TOKEN_STALE > 0',
        'count wal.refused node=store-2 code=TOKEN_STALE > 0',
        'count wal.refused node=store-3 code=TOKEN_STALE > 0',
      ],
      trigger: at.next,
      ask: {
        en: 'Two stores of three make a write quorum. How many of the three refuse the old token by the time {rw-1} is a reader?',
        zh: '三取二即达写多数派。到 {rw-1} 成为只读节点时，三个存储中有几个拒绝了旧令牌？',
      },
      hint: {
        en: 'The new token was installed on every store that answered.',
        zh: '凡应答的存储都装上了新令牌。',
      },
      question: { form: 'number', low: 0, high: 3, answer: REFUSING },
      reveal: at.on('ro.ready', { node: 'rw-1' }),
      says: 3,
      after: {
        en: 'All three. Two would do: of any two write quorums at least one store has both, and it has the newer token.',
        zh: '三个都拒绝。两个就够：任何两个写多数派必有共同的存储，而它持有更新的令牌。',
      },
      rule: 'fence.token-unique',
    }),
    say(
      at.next,
      '{rw-1} has become a reader without a restart. Each commit that it acknowledged is in the log that {ha-1} recovered.',
      '{rw-1} 未经重启就成了只读节点。它确认过的每次提交都在 {ha-1} 恢复出的日志里。',
      {
        claims: [
          'rw-1 compute.mode = ro',
          'rw-1 compute.state = open',
          'count node.down node=rw-1 = 0',
          'last commit.ack.scn node=rw-1 <= last recovery.computed.vdlPrime',
        ],
        focus: onNode('rw-1'),
        rule: 'wal.acked-survives',
      },
    ),
    free(
      60,
      'Freeze the new writer as well, or cut it off from the metadata only.',
      '把新写节点也冻住，或只切断它与元数据的联系。',
      [
        {
          text: { en: 'Freeze {ha-1} for 60 ms', zh: '冻结 {ha-1} 60 ms' },
          line: 'freeze ha-1 for 60.000 ms',
        },
        {
          text: { en: 'Cut {ha-1} from the metadata', zh: '切断 {ha-1} 与元数据' },
          line: 'cut ha-1 | pcs-1 pcs-2 pcs-3 for 60.000 ms',
        },
      ],
    ),
  ],
  pass: [`${REFUSING} > 0`, 'violations = 0'],
  passWords: {
    en: 'both answers right; a write under token 1 was refused, and one node writes',
    zh: '两个问题都答对；令牌 1 的写被拒绝，只有一个写节点',
  },
  challenge: {
    goal: {
      en: 'Have {rw-1} fenced although it ran all the time. One fault, 200 ms.',
      zh: '让一直在运行的 {rw-1} 也被隔离。最多一次故障，200 ms 之内。',
    },
    hints: [
      {
        en: 'It is enough that the metadata does not hear it.',
        zh: '只要元数据收不到它的消息就够了。',
      },
      {
        en: 'cut {rw-1} | {pcs-1} {pcs-2} {pcs-3} for 100 ms: it commits on until token 2 is at the stores.',
        zh: 'cut {rw-1} | {pcs-1} {pcs-2} {pcs-3} for 100.000 ms：令牌 2 到达存储之前它照常提交。',
      },
    ],
    budget: { faults: 1, ms: 200 },
    pass: ['count volume.fenced node=rw-1 > 0', 'count node.down node=rw-1 = 0', 'violations = 0'],
    solution: [{ ms: 1, action: line('cut rw-1 | pcs-1 pcs-2 pcs-3 for 100.000 ms') }],
  },
};
