// P05 Growing pains: a node is added under load and gets its share, replica by replica; it crashes while one catches up.

import { act, at, free, type LibraryLesson, line, onNode, predict, say } from '../format.ts';
import { isCalm, replicasOn, shardNodes, underTransfers } from '../shard-nodes.ts';

const ADDED = 'n4';

const isSettled = [`${replicasOn(ADDED)} > 0`, isCalm, 'last plan.rest.at > last plan.begin.at'];

export const p05: LibraryLesson = {
  rev: 1,
  seeds: ['000'],
  rules: ['placement.converges', 'member.quorums-meet'],
  goal: {
    en: 'Add a node under load. Who decides what moves to it, in which steps, and what if it dies on the way?',
    zh: '在负载下加一个节点。谁决定迁什么给它，分哪几步，中途断电又如何？',
  },
  start: underTransfers,
  steps: [
    say(
      at.next,
      'Four groups of three replicas on three nodes: each node has one of every group. Clients move money all the time.',
      '四个组，每组三个副本，分布在三个节点：每个节点都有每组的一个副本。客户端不停转账。',
      {
        claims: [
          'leader meta.groups = 4',
          'leader meta.groups.g1.members.sets.0 = 3',
          'leader meta.groups.g4.members.sets.0 = 3',
          'n1 store.groups = 4',
          'n2 store.groups = 4',
          'n3 store.groups = 4',
          'count commit.ack > 10',
        ],
      },
    ),
    act(at.next, line(`addNode ${ADDED} node a`), {
      key: true,
      ask: { en: 'Add a fourth node, {n4}.', zh: '添加第四个节点 {n4}。' },
    }),
    predict('share', {
      trigger: at.on('node.joined'),
      ask: {
        en: 'There are twelve replicas. How many will the planner have moved to {n4} by the time placement converges?',
        zh: '共有十二个副本。规划器停下时，会有几个副本移到 {n4}？',
      },
      hint: {
        en: '{n4} is in zone a, as {n1} is. Would it pay to make the nodes even, and may a group lose a zone for it?',
        zh: '{n4} 与 {n1} 同在 a 区。为求均匀，组可以少占一个可用区吗？',
      },
      question: { form: 'number', low: 0, high: 12, answer: replicasOn(ADDED) },
      reveal: at.when(...isSettled),
      says: 2,
      claims: ['n4 status = up', 'n4 store.groups = 0'],
      afterClaims: [
        'count group.move.done outcome=done = 2',
        'count group.move.done from=n1 to=n4 outcome=done = 2',
        'n4 store.groups = 2',
        'n1 store.groups = 2',
        'last plan.rest.at > last group.move.done.at',
      ],
      after: {
        en: 'Two, both from {n1}: one from {n2} or {n3} would take a zone from its group, and a third from {n1} would not pay.',
        zh: '两个，都来自 {n1}：从 {n2} 或 {n3} 迁会使组少一个可用区，从 {n1} 再迁第三个则没有收益。',
      },
      rule: 'placement.converges',
      focus: onNode(ADDED),
    }),
    say(
      at.next,
      'Each was a learner first: a base image, then log; then both sets voted. Other groups committed on; {g1} waited for its new primary.',
      '每个先作学习者：取基础镜像，再追日志；然后新旧集合一起投票。其他组照常提交；{g1} 等待新的主副本。',
      {
        claims: [
          'count base.installed node=n4 why=learner = 2',
          'count group.move.catchup to=n4 = 2',
          'count group.members step=joint >= 2',
          'n1 store.groups = 2',
          'last commit.ack.at volume=v4 > first group.move.begin.at',
          'last commit.ack.at volume=v1 < first group.move.begin.at',
          'last token.grant.holder volume=v1 = n4',
        ],
        rule: 'member.quorums-meet',
      },
    ),
    act(at.next, line('addNode n5 node b')),
    act(at.on('group.move.begin'), line('crash n5 for 60.000 ms')),
    predict('dies', {
      trigger: at.next,
      ask: {
        en: '{n5} came, and lost its power while it was a learner of {group}. What becomes of acknowledged commits?',
        zh: '{n5} 加入后，在作为 {group} 的学习者时断电。已确认的提交会怎样？',
      },
      hint: {
        en: 'Does a learner count for any quorum?',
        zh: '学习者计入任何多数派吗？',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'kept', text: { en: 'Nothing is lost, and commits go on', zh: '一个不丢，提交继续' } },
          { id: 'stall', text: { en: 'Commits wait until it is back', zh: '提交要等它回来' } },
          { id: 'lost', text: { en: 'Some of the group are lost', zh: '该组丢失一部分' } },
        ],
        answer: [
          { option: 'lost', claims: ['violations > 0'] },
          { option: 'kept', claims: ['last commit.ack.at > last node.down.at'] },
          { option: 'stall', claims: [] },
        ],
      },
      reveal: at.on('node.open', { node: 'n5' }),
      says: 'kept',
      facts: { group: 'last group.move.begin.group' },
      claims: ['n5 status = down', 'last group.move.begin.to = n5'],
      afterClaims: [
        'last commit.ack.at > last node.down.at node=n5',
        'violations = 0',
        'leader meta.groups.g1.members.sets = 1',
        'leader meta.groups.g1.members.sets.0 = 3',
        'leader meta.groups.g1.members.learners.0 = n5',
      ],
      after: {
        en: 'Nothing: the old three are the voters until both sets vote. The change waits for it, or is taken back at its deadline.',
        zh: '都不受影响：进入联合配置前，投票者仍是旧的三个。变更等它回来，或到期撤回。',
      },
      rule: 'member.quorums-meet',
    }),
    free(
      150,
      'See in the lens why each replica moved; add another, or move one yourself.',
      '在透镜中看每个副本为何迁移；再加一个节点，或自己迁移一个。',
      [
        { text: { en: 'Add n6 in zone c', zh: '在 c 区加 n6' }, line: 'addNode n6 node c' },
        { text: { en: 'Crash {n4} for 30 ms', zh: '{n4} 断电 30 ms' }, line: 'crash n4 for 30.000 ms' },
      ],
    ),
  ],
  pass: [`count group.move.done to=${ADDED} outcome=done > 0`, 'violations = 0'],
  passWords: {
    en: 'both answers right; {n4} has its share, and no acknowledged commit is missing',
    zh: '两个问题都答对；{n4} 得到其份额，没有已确认的提交丢失',
  },
  challenge: {
    goal: {
      en: 'Bring the cluster to six nodes with two replicas each, at rest. No fault, 1,200 ms.',
      zh: '让集群有六个节点，各两个副本，且已平稳。不用故障，1200 ms 之内。',
    },
    hints: [
      {
        en: 'Twelve replicas, six nodes; the planner does the rest.',
        zh: '十二个副本，六个节点；其余由规划器完成。',
      },
      {
        en: 'addNode {n4} node a, addNode {n5} node b, addNode {n6} node c, at once.',
        zh: '一起 addNode {n4} node a、{n5} node b、{n6} node c。',
      },
    ],
    budget: { faults: 0, ms: 1200 },
    pass: [
      isCalm,
      ...[...shardNodes, 'n4', 'n5', 'n6'].map((node) => `${replicasOn(node)} = 2`),
      'violations = 0',
    ],
    solution: [{ ms: 1, action: line('addNode n5 node b', 'addNode n6 node c', `addNode ${ADDED} node a`) }],
  },
};
