// C05 A standby takes over: the writer dies under load, and a standby writes without replaying what a classic one would have to.

import { act, at, free, type LibraryLesson, line, onNode, predict, say } from '../format.ts';
import { underWrites } from '../ha-nodes.ts';

/** Virtual ms for which the writer is off. */
const OFF = 120;

export const c05: LibraryLesson = {
  rev: 1,
  seeds: ['002'],
  rules: ['wal.acked-survives', 'fence.token-chosen', 'ro.never-ahead'],
  goal: {
    en: 'The writer loses its power at full load. Who writes next, and what has to be done before the first new commit?',
    zh: '写节点在满载时断电。接下来由谁写？第一次新的提交之前要做什么？',
  },
  start: underWrites,
  steps: [
    say(
      at.next,
      'Three clients insert through {rw-1}. {ha-1} and {ro-1} receive its log, so far up to LSN {lsn}, and apply what they hold pages of.',
      '三个客户端经 {rw-1} 插入。{ha-1}、{ro-1} 收到 LSN {lsn} 以前的日志，应用所持的页。',
      {
        facts: { lsn: 'ha-1 compute.reader.receivedTo' },
        claims: [
          'writer token = 1',
          'own ha-1 compute.reader.receivedTo = 302',
          'own ro-1 compute.reader.receivedTo = 302',
          'count commit.ack node=rw-1 >= 3',
        ],
        focus: onNode('rw-1'),
      },
    ),
    act(at.next, line(`crash rw-1 for ${OFF}.000 ms`), {
      key: true,
      ask: { en: `Switch the writer off for ${OFF} ms.`, zh: `让写节点断电 ${OFF} ms。` },
    }),
    predict('who', {
      afterClaims: ['last token.grant.holder = ha-1', 'rw-1 status = down'],
      trigger: at.next,
      ask: {
        en: 'The metadata stops hearing {rw-1}. Whom does it grant the next token?',
        zh: '元数据收不到 {rw-1} 的消息。下一个令牌授予谁？',
      },
      hint: {
        en: 'Which of them is in the HA group?',
        zh: '谁属于 HA 组？',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'ha-1', text: { en: '{ha-1}, the standby', zh: '{ha-1}，备机' } },
          { id: 'ro-1', text: { en: '{ro-1}, it has as much log', zh: '{ro-1}，它的日志一样多' } },
          { id: 'rw-1', text: { en: '{rw-1}, once it is back', zh: '{rw-1}，等它回来' } },
        ],
        answer: [
          { option: 'ha-1', claims: ['last token.grant.holder = ha-1'] },
          { option: 'ro-1', claims: ['last token.grant.holder = ro-1'] },
          { option: 'rw-1', claims: ['last token.grant.holder = rw-1'] },
        ],
      },
      reveal: at.on('token.grant'),
      says: 'ha-1',
      after: {
        en: '{ha-1}. Readers only read, and nobody waits for {rw-1}: that it is dead cannot be known, that it is fenced can.',
        zh: '{ha-1}。只读节点只读，也不等待 {rw-1}：它是否宕机无从得知，但可以隔离它的写入。',
      },
      rule: 'fence.token-chosen',
    }),
    predict('work', {
      afterClaims: [
        'ha-1 compute.state = open',
        'ha-1 compute.mode = rw',
        'count ro.applied node=ha-1 > 0',
        'last ro.applied.at node=ha-1 < last attachment.mode.at node=ha-1',
      ],
      trigger: at.next,
      ask: {
        en: 'A classic standby applies all the log that it received, then writes a checkpoint. What does {ha-1} apply before it opens the volume?',
        zh: '传统备机要应用收到的全部日志，再写检查点。{ha-1} 打开卷之前要应用什么？',
      },
      hint: {
        en: 'Who builds the pages, with or without a writer?',
        zh: '页由谁来造？有没有写节点都一样吗？',
      },
      question: {
        form: 'choice',
        options: [
          {
            id: 'none',
            text: { en: 'Nothing: it agrees on the log’s end', zh: '什么也不用：只商定日志终点' },
          },
          { id: 'log', text: { en: 'The log since the last checkpoint', zh: '上次检查点以来的日志' } },
          { id: 'pages', text: { en: 'All pages that {rw-1} had changed', zh: '{rw-1} 改过的所有页' } },
        ],
        answer: [
          { option: 'log', claims: ['last ro.applied.at node=ha-1 > last attachment.mode.at node=ha-1'] },
          { option: 'none', claims: [] },
        ],
      },
      reveal: at.on('recovery.done', { node: 'ha-1' }),
      says: 'none',
      after: {
        en: 'Nothing. Two of three stores say how far the log reaches; holes below are filled. Pages {ha-1} holds may stay; others come when asked for.',
        zh: '什么也不用。三个存储中两个说出日志到哪里，补齐其下的空洞。{ha-1} 缓存里的页若与该终点一致就留用，其余要用时才取。',
      },
      rule: 'wal.acked-survives',
    }),
    predict('lost', {
      afterClaims: [
        'last commit.ack.node = ha-1',
        'last commit.ack.scn node=rw-1 <= last recovery.computed.vdlPrime',
      ],
      trigger: at.next,
      ask: {
        en: '{rw-1} had acknowledged commits until it died. How many of them are missing under the new writer?',
        zh: '{rw-1} 断电前还在确认提交。在新写节点之下，其中有几次不见了？',
      },
      hint: {
        en: 'An acknowledged commit is on two disks. How many disks does the recovery read?',
        zh: '确认过的提交在两块盘上。恢复读几块盘？',
      },
      question: {
        form: 'number',
        low: 0,
        high: 99,
        // FENCE-56: acknowledged commits that the recovered log does not have.
        answer: 'count commit.ack node=rw-1 scn>{last recovery.computed.vdlPrime}',
      },
      reveal: at.on('commit.ack', { node: 'ha-1' }),
      says: 0,
      after: {
        en: 'None. The lens shows the steps with their times, and beside them what a classic switch would take, calculated.',
        zh: '零。透镜里有各步及其时间，旁边是算出的传统切换所需时间。',
      },
      rule: 'wal.acked-survives',
    }),
    free(
      60,
      'Once {rw-1} is back as a reader, hand the volume back by a planned switchover, which discards nothing.',
      '等 {rw-1} 回来当只读节点，可用计划切换把卷交还给它，什么也不丢弃。',
      [{ text: { en: 'Switch over to {rw-1}', zh: '切换到 {rw-1}' }, line: 'switchover rw-1' }],
    ),
  ],
  pass: ['count commit.ack node=ha-1 > 0', 'violations = 0'],
  passWords: {
    en: 'all three answers right; {ha-1} has committed, and nothing acknowledged is lost',
    zh: '三个问题都答对；{ha-1} 已提交，确认过的一次不少',
  },
  challenge: {
    goal: {
      en: 'Have {ha-1} write with nothing discarded and nobody killed. No fault, 100 ms.',
      zh: '让 {ha-1} 接着写，不丢弃任何东西，也不让谁宕机。不用任何故障，100 ms 之内。',
    },
    hints: [
      {
        en: 'A planned switchover freezes the writer, waits until its log is durable, and then grants the token.',
        zh: '计划切换先冻结写节点，等其日志落盘，再授予令牌。',
      },
      { en: 'switchover {ha-1}', zh: '执行 switchover {ha-1}' },
    ],
    budget: { faults: 0, ms: 100 },
    pass: [
      'count attachment.freeze state=handoff > 0',
      'last commit.ack.at node=ha-1 > last attachment.freeze.at state=handoff',
      'violations = 0',
    ],
    solution: [{ ms: 1, action: line('switchover ha-1') }],
  },
};
