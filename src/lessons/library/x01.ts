// X01 Three answers: the writer dies under the same load in three architectures. One is seen, the two others run beside it.

import { act, at, free, type LibraryLesson, line, onNode, predict, say } from '../format.ts';

const columns = ['cynosdb', 'postdb-v4', 'polardb'] as const;

const names = columns.map((id) => ({ id, text: { en: id, zh: `${id} 架构` } }));

export const x01: LibraryLesson = {
  rev: 1,
  seeds: ['000', '002', '003', '004'],
  rules: ['wal.acked-survives', 'fence.token-chosen'],
  goal: {
    en: 'The same load, the same death of the writer, three architectures. Who commits again first, and what does a commit cost in each?',
    zh: '同样的负载，写节点同样断电，三种架构。谁最先再次提交？各自一次提交的代价是多少？',
  },
  start: {
    preset: 'cynosdb-ha',
    tape: [
      '0.000 workload d1 kind=transfer rows=100 clients=6 thinkUs=2000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=40 load=true',
    ],
    ms: 150,
    lens: 'recovery',
    speed: 2000,
  },
  steps: [
    say(
      at.next,
      `{clients} clients transfer money through {rw-1}. ${columns[1]} and ${columns[2]} run the same load when you first answer: some seconds.`,
      `{clients} 个客户端经 {rw-1} 转账。首次作答时，${columns[1]}、${columns[2]} 跑同样负载，需几秒。`,
      {
        facts: { clients: 'd1 driver.clients' },
        claims: ['d1 driver.clients = 6', 'd1 driver.writer = rw-1', 'count commit.ack node=rw-1 > 0'],
        focus: onNode('rw-1'),
      },
    ),
    predict('bytes', {
      trigger: at.next,
      ask: {
        en: 'Which of the three sends the most bytes over the network for one commit, heartbeats counted in?',
        zh: '三者中，哪个为一次提交在网络上发送的字节最多（含心跳）？',
      },
      hint: {
        en: 'Who sends log only, who shares a node with a replica, and who reads and writes whole pages as well?',
        zh: '谁只发日志？谁与一个副本同在一个节点？谁还要读写整页？',
      },
      question: {
        form: 'choice',
        options: names,
        answer: columns.map((option) => ({
          option,
          claims: columns.map((other) => `beside ${option}.bytesPerCommit >= beside ${other}.bytesPerCommit`),
        })),
      },
      reveal: at.ms(160),
      says: 'polardb',
      facts: {
        c: 'beside cynosdb.bytesPerCommit / 1',
        v: 'beside postdb-v4.bytesPerCommit / 1',
        p: 'beside polardb.bytesPerCommit / 1',
      },
      afterClaims: [
        'beside polardb.bytesPerCommit > beside cynosdb.bytesPerCommit',
        'beside polardb.bytesPerCommit > beside postdb-v4.bytesPerCommit',
      ],
      after: {
        en: `Bytes for one commit: cynosdb {c}, ${columns[1]} {v}, polardb {p}. Its pages cross the network as well, elsewhere the log alone.`,
        zh: `一次提交的字节：cynosdb {c}，${columns[1]} {v}，polardb {p}，它的页也过网络。`,
      },
      rule: 'wal.acked-survives',
    }),
    act(at.next, line('crash rw-1'), {
      key: true,
      ask: {
        en: 'Switch the writer off. The two others lose theirs, too.',
        zh: '让写节点断电。另外两处也一样。',
      },
    }),
    predict('order', {
      facts: {
        c: 'beside cynosdb.rto.value / 1000',
        v: 'beside postdb-v4.rto.value / 1000',
        p: 'beside polardb.rto.value / 1000',
      },
      afterClaims: [
        'rw-1 status = down',
        'last token.grant.holder = ha-1',
        'last commit.ack.node = ha-1',
        'beside cynosdb.rto.value < beside postdb-v4.rto.value',
        'beside postdb-v4.rto.value < beside polardb.rto.value',
      ],
      trigger: at.next,
      ask: {
        en: 'Order them by the time from the death of the writer to the first commit of the next one, the shortest first.',
        zh: '按从写节点断电到继任者第一次提交的时间排序，最短的在前。',
      },
      hint: {
        en: 'All must notice it first. Then: who agrees on the log’s end only, and who mounts files and scans log?',
        zh: '都得先发现。然后：谁只商定日志终点？谁要挂载文件并扫描日志？',
      },
      question: {
        form: 'order',
        items: names,
        answer: columns.map((item) => ({ item, time: `beside ${item}.rto.value` })),
      },
      reveal: at.on('commit.ack', { node: 'ha-1' }),
      says: ['cynosdb', 'postdb-v4', 'polardb'],
      after: {
        en: `Measured: cynosdb {c} ms, ${columns[1]} {v} ms, polardb {p} ms. Compare in the rail shows each phase with its events.`,
        zh: `测得：cynosdb {c} ms，${columns[1]} {v} ms，polardb {p} ms，见“对比”。`,
      },
      rule: 'fence.token-chosen',
    }),
    predict('lost', {
      afterClaims: [
        'last commit.ack.scn node=rw-1 <= last recovery.computed.vdlPrime',
        ...columns.map((column) => `beside ${column}.lost.value = 0`),
      ],
      trigger: at.next,
      ask: {
        en: 'All three had acknowledged commits until the end. How many of them are missing, in all three together?',
        zh: '三者直到最后都在确认提交。三者合计，少了几次？',
      },
      hint: {
        en: 'On how many disks is a commit before it is acknowledged?',
        zh: '一次提交在确认之前落到几块盘上？',
      },
      question: {
        form: 'number',
        low: 0,
        high: 99,
        answer: columns.map((column) => `beside ${column}.lost.value`).join(' + '),
      },
      reveal: at.next,
      says: 0,
      after: {
        en: 'None: the ways differ, the promise does not. The rows were read back in all three.',
        zh: '零：走法不同，承诺相同。三者都读回了全部行来核对。',
      },
      rule: 'wal.acked-survives',
    }),
    free(
      40,
      'Open Compare in the rail: kill another part, and follow a figure to its event.',
      '打开侧栏的“对比”：换一个故障，沿数字找到它的事件。',
    ),
  ],
  pass: ['count commit.ack node=ha-1 > 0', 'violations = 0'],
  passWords: {
    en: 'all three answers right; {ha-1} commits, and nothing acknowledged is lost',
    zh: '三个问题都答对；{ha-1} 已在提交，确认过的一次不少',
  },
  challenge: {
    goal: {
      en: 'Have {ha-1} commit sooner than after any death of the writer. No fault, 40 ms.',
      zh: '让 {ha-1} 比写节点断电后更早提交。不用任何故障，40 ms 之内。',
    },
    hints: [
      { en: 'Most of the wait is noticing that the writer is gone.', zh: '等待的大半用于检测写节点失效。' },
      { en: 'switchover {ha-1}', zh: '执行 switchover {ha-1}' },
    ],
    budget: { faults: 0, ms: 40 },
    pass: ['count commit.ack node=ha-1 > 0', 'violations = 0'],
    solution: [{ ms: 1, action: line('switchover ha-1') }],
  },
};
