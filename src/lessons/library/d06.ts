// D06 Promote while open: the writer dies, a reader becomes the writer, commits before all pages are replayed, and dies in the middle of that.

import { act, at, free, type LibraryLesson, line, onNode, predict, say } from '../format.ts';

/** Pages that records from the redo LSN on change: what the promoted reader has to replay. */
const CHANGED = 'kinds wal.pages.pages lsns.-1>={ro-1 compute.shared.redoLsn}';

export const d06: LibraryLesson = {
  rev: 1,
  seeds: ['004'],
  rules: ['redo.whole', 'checkpoint.covers', 'logidx.complete'],
  goal: {
    en: 'The writer is gone. A reader has its log, but old pages. When may it take the next commit?',
    zh: '写节点没了。只读节点有日志，但页是旧的。它何时可以接受下一次提交？',
  },
  start: {
    preset: 'polardb',
    tape: [
      '0.000 workload d1 kind=transfer rows=400 clients=3 thinkUs=3000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true',
    ],
    ms: 345,
    lens: 'shared',
    group: null,
    speed: 3000,
  },
  steps: [
    say(
      at.next,
      'Three clients write. {ro-1} and {ro-2} know the log up to {lsn}; they replay a page when it is read, so their pages are older.',
      '三个客户端在写。{ro-1} 与 {ro-2} 已得知直到 {lsn} 的日志；页在被读时才回放，因此它们的页更旧。',
      {
        facts: { lsn: 'last ro.applied.applyLsn node=ro-1' },
        claims: [
          'last ro.applied.applyLsn node=ro-1 >= last commit.ack.scn',
          'last ro.applied.applyLsn node=ro-2 >= last commit.ack.scn',
          'count commit.ack > 40',
        ],
        focus: onNode('ro-1'),
        rule: 'logidx.complete',
      },
    ),
    act(at.next, line('crash rw-1'), {
      key: true,
      ask: { en: 'Cut the power of the writer.', zh: '让写节点断电。' },
    }),
    say(
      at.on('promote.step', { step: 'P1' }),
      '{ro-1} has the new token, and every chunk refuses the old one: whatever {rw-1} still sends is void.',
      '{ro-1} 得到新令牌，各 chunk 拒绝旧令牌：{rw-1} 再发什么都无效。',
      {
        claims: [
          'rw-1 status = down',
          'last token.grant.holder = ro-1',
          'last promote.step.node step=P1 = ro-1',
          'last promote.step.token = 2',
        ],
        focus: onNode('ro-1'),
        rule: 'chunk.token-order',
      },
    ),
    predict('lost', {
      trigger: at.next,
      ask: {
        en: 'The log ends where its last complete MTR in shared storage ends. How many acknowledged commits are lost?',
        zh: '日志止于共享存储中最后一个完整的 MTR。丢失了几次已确认的提交？',
      },
      hint: {
        en: 'When does a writer acknowledge a commit?',
        zh: '写节点在何时确认提交？',
      },
      question: {
        form: 'number',
        low: 0,
        high: 20,
        // Commits that the old writer acknowledged above the end of the log that the new one goes on from.
        answer: 'count commit.ack term=1 scn>{first promote.step.lsn step=P3}',
      },
      reveal: at.on('promote.step', { step: 'P3' }),
      says: 0,
      facts: { end: 'last promote.step.lsn step=P3', scn: 'last commit.ack.scn' },
      afterClaims: ['last promote.step.lsn step=P3 >= last commit.ack.scn term=1', 'violations = 0'],
      after: {
        en: 'None: the log ends at {end}, the last commit is {scn}. It was acknowledged once its log was durable. The rest may be cut off.',
        zh: '零次：日志止于 {end}，最后的提交是 {scn}，日志持久之后才确认。其余的日志可截断。',
      },
      rule: 'redo.whole',
    }),
    predict('open', {
      trigger: at.on('promote.step', { step: 'P5' }),
      ask: {
        en: '{ro-1} is open. Pages with changes since the last checkpoint are still to be replayed. When is the first commit?',
        zh: '{ro-1} 已开放。检查点之后改过的页仍待回放。第一次提交在何时？',
      },
      hint: {
        en: 'A statement needs few pages, and LogIndex says what each of them lacks.',
        zh: '一条语句只需要少数页，LogIndex 说明每页缺什么。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'before', text: { en: 'Before all pages are replayed', zh: '在所有页回放完之前' } },
          { id: 'after', text: { en: 'After the last one', zh: '在最后一页之后' } },
        ],
        answer: [
          { option: 'after', claims: ['count promote.step step=P6 token=2 > 0'] },
          { option: 'before', claims: [] },
        ],
      },
      reveal: at.on('commit.ack'),
      says: 'before',
      facts: {
        scn: 'last commit.ack.scn',
        pages: CHANGED,
        held: 'ro-1 compute.buffer.used',
      },
      claims: ['ro-1 compute.mode = rw', 'count promote.step step=P6 = 0'],
      afterClaims: [
        'last commit.ack.term = 2',
        'count promote.step step=P5 = 1',
        'count promote.step step=P6 = 0',
        'last commit.ack.node = ro-1',
        // A page that is in no buffer is replayed by nobody.
        `${CHANGED} > ro-1 compute.buffer.used`,
      ],
      after: {
        en: 'At {scn}, before P6: {pages} pages changed since the redo LSN, {held} pages are in the buffer. The others are replayed in the background.',
        zh: '在 {scn}，早于 P6：重做起点之后改过 {pages} 页，缓冲里只有 {held} 页，其余由后台回放。',
      },
      focus: onNode('ro-1'),
      rule: 'logidx.complete',
    }),
    act(at.next, line('crash ro-1'), {
      ask: { en: 'Cut the power of {ro-1} in the middle of that.', zh: '就在此时让 {ro-1} 断电。' },
    }),
    predict('redo', {
      trigger: at.next,
      ask: {
        en: '{ro-2} is promoted. {ro-1} had committed above the old log’s end, and not stored all pages. Where does {ro-2} begin to replay?',
        zh: '{ro-2} 升主。{ro-1} 已在旧日志末尾之上提交，却未写完所有页。{ro-2} 从何处开始回放？',
      },
      hint: {
        en: 'While pages are replayed, no checkpoint passes what has been replayed.',
        zh: '回放期间，检查点不会越过已回放的位置。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'behind', text: { en: 'Below the end of {rw-1}’s log', zh: '在 {rw-1} 的日志末尾之下' } },
          { id: 'end', text: { en: 'Where {ro-1} began to write', zh: '从 {ro-1} 开始写的位置' } },
        ],
        answer: [
          { option: 'behind', claims: ['nth 2 promote.step.lsn step=P4 <= first promote.step.lsn step=P3'] },
          { option: 'end', claims: [] },
        ],
      },
      reveal: at.on('promote.step', { step: 'P4' }),
      says: 'behind',
      facts: { redo: 'last promote.step.lsn step=P4', end: 'first promote.step.lsn step=P3' },
      claims: ['ro-1 status = down', 'last commit.ack.scn > first promote.step.lsn step=P3'],
      afterClaims: [
        'last promote.step.node step=P4 = ro-2',
        'last promote.step.lsn step=P4 < first promote.step.lsn step=P3',
        'last promote.step.lsn step=P4 = first promote.step.lsn step=P4',
      ],
      after: {
        en: 'At {redo}, below {end}: the redo LSN stayed behind background replay, so no page of the first promotion is missed.',
        zh: '从 {redo} 开始，在 {end} 之下：重做起点一直不超过后台回放的位置，第一次升主时的页一个不漏。',
      },
      focus: onNode('ro-2'),
      rule: 'checkpoint.covers',
    }),
    say(
      at.on('promote.step', { step: 'P6' }),
      '{ro-2} serves, and every page is replayed. Two writers have died, and no acknowledged commit is missing.',
      '{ro-2} 在服务，所有页已回放。两个写节点先后断电，已确认的提交一次不少。',
      {
        claims: [
          'rw-1 status = down',
          'ro-1 status = down',
          'ro-2 compute.mode = rw',
          'last promote.step.node step=P6 = ro-2',
          'last promote.step.lsn step=P6 >= last commit.ack.scn term=2',
          'violations = 0',
        ],
        focus: onNode('ro-2'),
        rule: 'redo.whole',
      },
    ),
    free(60, 'Bring the dead ones back: they become readers.', '让断电的节点回来：它们成为只读节点。', [
      { text: { en: 'Restart {rw-1}', zh: '重启 {rw-1}' }, line: 'restart rw-1' },
      { text: { en: 'Restart {ro-1}', zh: '重启 {ro-1}' }, line: 'restart ro-1' },
    ]),
  ],
  pass: [
    'count node.down node=ro-1 > 0',
    'ro-2 compute.mode = rw',
    'last commit.ack.at > last node.down.at node=ro-1',
    'violations = 0',
  ],
  passWords: {
    en: 'a promoted reader committed before its pages were replayed, died, and the next one commits with nothing lost',
    zh: '升主的节点在页回放完之前就已提交，随后断电；下一个继续提交，没有丢失',
  },
  challenge: {
    goal: {
      en: 'The writer dies for good. Have {ro-2} take over and commit, with {ro-1} as its reader. Two faults, 250 ms.',
      zh: '写节点不再回来。让 {ro-2} 接任并提交，{ro-1} 做它的只读节点。最多两次故障，250 ms 之内。',
    },
    hints: [
      {
        en: 'The metadata takes the reader with the highest priority of those that it hears.',
        zh: '元数据在保持心跳的只读节点中选优先级最高的。',
      },
      {
        en: 'crash {ro-1} for 60 ms, and crash {rw-1} 1 ms later.',
        zh: 'crash {ro-1} 60 ms，1 ms 后 crash {rw-1}。',
      },
    ],
    budget: { faults: 2, ms: 250 },
    pass: [
      'rw-1 status = down',
      'ro-2 compute.mode = rw',
      'last commit.ack.at > last promote.step.at node=ro-2 step=P5',
      'last ro.ready.at node=ro-1 > last promote.step.at node=ro-2 step=P5',
    ],
    solution: [
      { ms: 1, action: line('crash ro-1 for 60.000 ms') },
      { ms: 2, action: line('crash rw-1') },
    ],
  },
};
