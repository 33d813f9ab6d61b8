// P06 Graceful exit: a node that votes on the metadata is drained. Another takes its vote, each of its replicas gets a successor, and
// only then may it end.

import { act, at, free, type LibraryLesson, line, onNode, predict, say } from '../format.ts';
import { isCalm, replicasOn, underTransfers } from '../shard-nodes.ts';

const LEAVES = 'n2';
const COMES = 'n4';

export const p06: LibraryLesson = {
  rev: 1,
  seeds: ['000'],
  rules: ['placement.drained', 'placement.leader-stays'],
  goal: {
    en: 'Take a node out of the cluster without losing a copy: what has to happen before it may stop?',
    zh: '在不少一份副本的前提下让一个节点退出：它停下之前必须发生什么？',
  },
  start: {
    ...underTransfers,
    tape: [...(underTransfers.tape ?? []), `200.000 addNode ${COMES} node a`],
    ms: 700,
  },
  steps: [
    say(
      at.next,
      'Four nodes, twelve replicas, clients at work. {n1} to {n3} also vote on the metadata; {n4} came later and does not.',
      '四个节点，十二个副本，客户端在工作。{n1} 到 {n3} 还参与元数据投票；{n4} 后来加入，不投票。',
      {
        claims: [
          'leader meta.groups = 4',
          'n1 status = up',
          'n4 status = up',
          'leader meta.voters = 3',
          'leader meta.voters.0 = n1',
          'leader meta.voters.2 = n3',
          'count commit.ack > 10',
          'n4 store.groups = 2',
        ],
      },
    ),
    act(at.next, line(`offline ${LEAVES}`), {
      key: true,
      ask: { en: 'Take {n2} out: drain it.', zh: '让 {n2} 退出：排空它。' },
    }),
    predict('voter', {
      trigger: at.next,
      ask: {
        en: '{n2} votes on the metadata. How many nodes vote while its vote is being handed over?',
        zh: '{n2} 参与元数据投票。在它的投票权移交期间，有几个节点投票？',
      },
      hint: {
        en: 'What if another node were lost in between?',
        zh: '如果其间再失去一个节点会怎样？',
      },
      question: {
        form: 'number',
        low: 0,
        high: 4,
        answer: 'max raft.members.voters.words outgoing=',
      },
      reveal: at.on('pcs.change.begin', { want: 'out' }),
      says: 4,
      claims: ['leader meta.voters = 3'],
      afterClaims: [
        'count raft.members learners=n4 > 0',
        'count raft.members voters=n1,n2,n3,n4 outgoing=n1,n2,n3 > 0',
        'count pcs.change.done want=in = 1',
        'count raft.members voters=n1,n3,n4 outgoing=n1,n2,n3,n4 = 1',
      ],
      after: {
        en: 'Four: {n4} is a learner, then a voter, and only then {n2} leaves, each step by joint consensus.',
        zh: '四个：{n4} 先作学习者，再成为投票者，然后 {n2} 才离开；每一步都经过联合共识。',
      },
    }),
    say(
      at.on('plan.begin', { from: LEAVES }),
      '{n2} is offline, not gone: it still serves what it has. Each of its replicas gets a successor that replays the log first.',
      '{n2} 已下线但未消失：它仍为所持副本服务。它的每个副本先有后继者回放日志。',
      {
        claims: [
          'count node.offline isOffline=true = 1',
          'n2 status = up',
          'n2 store.groups = 4',
          'leader meta.sharding.groups.g2.leader = n2',
          'last plan.begin.from = n2',
        ],
        rule: 'placement.drained',
        focus: onNode(LEAVES),
      },
    ),
    predict('stop', {
      trigger: at.next,
      ask: {
        en: 'How many replicas are left on {n2} at the moment at which it ends?',
        zh: '在 {n2} 结束的那一刻，它上面还剩几个副本？',
      },
      hint: {
        en: 'What would a group have if the node ended earlier?',
        zh: '如果它更早结束，组里会少什么？',
      },
      question: { form: 'number', low: 0, high: 6, answer: replicasOn(LEAVES) },
      reveal: at.on('node.exit', { node: LEAVES }),
      says: 0,
      afterClaims: [
        'count group.move.done from=n2 outcome=done = 4',
        'last group.move.done.at from=n2 < last node.removed.at',
        'last node.removed.at < last node.exit.at',
      ],
      after: {
        en: 'None. All four had moved, then the tombstone was committed, then {n2} ended; its name is never used again.',
        zh: '零个。四个都迁走后提交墓碑，然后 {n2} 才结束；其名字不再使用。',
      },
      rule: 'placement.drained',
    }),
    say(
      at.next,
      'Where {n2} led it handed over first: {holder} was the primary of {g2} before the change that removed {n2} from it was done.',
      '{n2} 担任主副本之处先交接：{n2} 移出 {g2} 之前，{holder} 已是 {g2} 的主副本。',
      {
        facts: { holder: 'last token.grant.holder volume=v2' },
        claims: [
          'last token.grant.holder volume=v2 = n1',
          'last token.grant.at volume=v2 < last group.move.done.at group=g2',
          'leader meta.sharding.groups.g2.leader = n1',
          'count node.exit node=n2 = 1',
        ],
        rule: 'placement.leader-stays',
      },
    ),
    free(80, 'Add a node and drain it again; or keep it half way.', '再加一个节点并排空；或中途留下它。', [
      { text: { en: 'Add n5', zh: '添加 n5' }, line: 'addNode n5 node b' },
      { text: { en: 'Drain n5', zh: '排空 n5' }, line: 'offline n5' },
    ]),
  ],
  pass: [
    `count node.exit node=${LEAVES} > 0`,
    ...['n1', 'n3', COMES].map((node) => `${replicasOn(node)} = 4`),
    'violations = 0',
  ],
  passWords: {
    en: 'both answers right; {n2} has ended, and every group has three replicas',
    zh: '两个问题都答对；{n2} 已结束，每个组都有三个副本',
  },
  challenge: {
    goal: {
      en: 'Have a fifth node come and go again, all groups with three replicas at the end. No fault, 1,500 ms.',
      zh: '让第五个节点加入后再离开，最后每组都有三个副本。不用故障，1500 ms 之内。',
    },
    hints: [
      { en: 'It has to have got something before it leaves.', zh: '离开之前它要先得到一些副本。' },
      {
        en: 'addNode {n5} node b; 400 ms later offline {n5}.',
        zh: 'addNode {n5} node b；400 ms 后 offline {n5}。',
      },
    ],
    budget: { faults: 0, ms: 1500 },
    pass: [
      'count group.move.done to=n5 outcome=done > 0',
      'count node.exit node=n5 > 0',
      isCalm,
      'violations = 0',
    ],
    solution: [
      { ms: 1, action: line('addNode n5 node b') },
      { ms: 500, action: line('offline n5') },
    ],
  },
};
