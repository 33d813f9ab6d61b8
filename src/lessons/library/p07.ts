// P07 Headless but alive: most of the metadata's nodes are off. Commits go on; a writer that starts anew waits for its token.

import { act, at, free, type LibraryLesson, line, onNode, predict, say } from '../format.ts';
import { isWhole, pcsNodes, underLoad } from '../pcs-nodes.ts';

/** The leader and one follower lose their power. */
const most = line(`powerOff {leader} {other {leader} of ${pcsNodes.join(' ')}}`);

/** Virtual ms at which the majority was lost, and came back. */
const LOST_AT = 'first world.action.at action=powerOff';
const BACK_AT = 'last world.action.at action=powerOn';

/** Virtual ms that the writer is down, and that it is watched after its start. */
const DOWN_MS = 3;
const WAIT_MS = 30;

const events = [
  { id: 'raft.leader', text: { en: 'a leader is elected', zh: '选出领导者' } },
  { id: 'token.grant', text: { en: 'a token is granted', zh: '授予令牌' } },
  { id: 'recovery.done', text: { en: 'the volume opens', zh: '卷打开' } },
  { id: 'commit.ack', text: { en: 'a transfer is committed', zh: '一笔转账提交' } },
] as const;

export const p07: LibraryLesson = {
  rev: 1,
  seeds: ['000', '002'],
  rules: ['pcs.outage', 'raft.check-quorum', 'token.grant'],
  goal: {
    en: 'Two of the three metadata nodes go dark under load. What goes on without them, and what stands still?',
    zh: '负载之下，三个元数据节点灭了两个。没有它们，什么照常，什么停住？',
  },
  start: underLoad,
  steps: [
    say(
      at.next,
      'Three nodes decide who writes and where copies are; one of them leads. Two clients move money through {rw-1}.',
      '三个节点决定谁来写、副本在哪里，其中一个领导。两个客户端经 {rw-1} 转账。',
      { claims: ['leader = pcs-1', 'leader meta.voters = 3', 'writer state = open', 'count commit.ack > 0'] },
    ),
    act(at.on('commit.ack'), most, {
      key: true,
      ask: {
        en: 'Switch off two of the three, the leader among them.',
        zh: '给三个中的两个断电，包括领导者。',
      },
    }),
    predict('commits', {
      trigger: at.next,
      ask: {
        en: 'No leader, no majority: the metadata can decide nothing. Will the next transfer be committed?',
        zh: '没有领导者，没有多数派：元数据什么也决定不了。下一笔转账还会提交吗？',
      },
      hint: {
        en: 'Who has to agree to a commit? Follow one: client, writer, stores.',
        zh: '一次提交须经谁同意？跟着走一遍：客户端、写节点、存储。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'yes', text: { en: 'Yes, as before', zh: '会，与之前一样' } },
          { id: 'no', text: { en: 'No: it waits for a leader', zh: '不会：要等领导者' } },
        ],
        answer: [
          { option: 'yes', claims: [`last commit.ack.at > ${LOST_AT}`] },
          { option: 'no', claims: [] },
        ],
      },
      reveal: at.on('commit.ack', {}, 3),
      says: 'yes',
      claims: ['pcs-1 status = down', 'pcs-2 status = down', 'pcs-3 status = up', 'leader = null'],
      afterClaims: [
        'last commit.ack.at > last node.down.at node=pcs-1',
        'leader = null',
        'store-1 status = up',
        'store-2 status = up',
        'store-3 status = up',
      ],
      after: {
        en: 'As before. The driver knows the writer, the writer its stores, two of three acknowledge. The metadata is not on that path.',
        zh: '照常。驱动知道写节点，写节点知道存储，三取二确认。元数据不在这条路上。',
      },
      rule: 'pcs.outage',
    }),
    say(
      at.when('nodes meta.member=preCandidate > 0'),
      '{pcs-3}, the last of the three, hears no leader and asks whether it could win. Nobody answers: it leads nothing and raises no term.',
      '剩下的 {pcs-3} 收不到领导者消息，发起预投票。没有应答：它既不领导，也不抬高任期。',
      {
        claims: [
          'pcs-3 meta.member = preCandidate',
          'pcs-3 meta.term = 2',
          'count raft.candidate node=pcs-3 = 0',
          'pcs-1 status = down',
          'pcs-2 status = down',
        ],
        rule: 'raft.election',
      },
    ),
    act(at.next, line(`crash rw-1 for ${DOWN_MS}.000 ms`), {
      ask: {
        en: `Now the writer dies as well, and is back ${DOWN_MS} ms later.`,
        zh: `这时写节点也断电，${DOWN_MS} ms 后又起来。`,
      },
    }),
    predict('writer', {
      trigger: at.next,
      ask: {
        en: `Its disk is fine, its stores are all there. Where will it be when ${WAIT_MS} ms have passed since its start?`,
        zh: `它的盘没事，存储都在。启动之后过了 ${WAIT_MS} ms，它会处在哪一步？`,
      },
      hint: {
        en: 'Another writer could have been named meanwhile. How can it know?',
        zh: '这期间也许已任命了别的写节点。它怎么知道？',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'open', text: { en: 'Open again: it goes on with its old token', zh: '已打开：沿用旧令牌' } },
          { id: 'token', text: { en: 'Waiting for a new token', zh: '在等新令牌' } },
        ],
        answer: [
          { option: 'open', claims: ['writer state = open'] },
          { option: 'token', claims: [] },
        ],
      },
      reveal: at.when(`time > last node.boot.at node=rw-1 + ${WAIT_MS}`, `time > ${LOST_AT} + 60`),
      says: 'token',
      claims: ['rw-1 status = down', 'store-1 status = up', 'store-2 status = up', 'store-3 status = up'],
      afterClaims: [
        'rw-1 status = up',
        'writer state = null',
        'count token.grant = 1',
        'leader = null',
        'last commit.ack.at < last node.down.at node=rw-1',
        'count driver.retry > 0',
      ],
      after: {
        en: 'It waits. Each start of a writer needs a token of its own, and only a majority of the metadata grants one. Now clients wait.',
        zh: '在等。写节点每次启动都要新令牌，只有元数据的多数派能授予。现在客户端才真的在等。',
      },
      focus: onNode('rw-1'),
      rule: 'token.grant',
    }),
    act(at.next, line(`powerOn ${pcsNodes.join(' ')}`), {
      ask: { en: 'Give the metadata its majority back.', zh: '让元数据恢复多数派。' },
    }),
    predict('order', {
      trigger: at.next,
      ask: {
        en: 'Four things have to happen until a client sees a commit again. In which order?',
        zh: '客户端再次看到提交之前，要发生四件事。顺序如何？',
      },
      hint: { en: 'Each needs the one before it.', zh: '每一件都以前一件为前提。' },
      question: {
        form: 'order',
        items: [events[3], events[1], events[0], events[2]],
        answer: events.map(({ id }) => ({ item: id, time: `first ${id}.at at>{${BACK_AT}}` })),
      },
      reveal: at.on('commit.ack'),
      says: ['raft.leader', 'token.grant', 'recovery.done', 'commit.ack'],
      claims: ['pcs-1 status = up', 'pcs-2 status = up', 'leader = null'],
      afterClaims: [
        'last raft.leader.at < last token.grant.at',
        'count token.grant holder=rw-1 = 2',
        'last recovery.done.token = 2',
        'last commit.ack.term = 2',
      ],
      after: {
        en: 'Leader, token, volume, commit. This was a stalled failover: the data was there all the time, the permission to write was not.',
        zh: '领导者、令牌、卷、提交。这就是停住的故障切换：数据一直都在，缺的是写的许可。',
      },
      rule: 'pcs.outage',
    }),
    free(
      60,
      'Try the other way round: first a writer that dies, then the metadata. Or cut links instead of power.',
      '换个顺序试试：先坏写节点，再坏元数据。或者切链路而不断电。',
      [
        {
          text: { en: 'Crash {pcs-1} and {pcs-2} for 80 ms', zh: '{pcs-1}、{pcs-2} 断电 80 ms' },
          line: 'powerOff pcs-1 pcs-2 for 80.000 ms',
        },
        { text: { en: 'Crash {rw-1} for 2 ms', zh: '{rw-1} 断电 2 ms' }, line: 'crash rw-1 for 2.000 ms' },
      ],
    ),
  ],
  pass: ['count world.action action=powerOff > 0', 'writer state = open', isWhole, 'violations = 0'],
  passWords: {
    en: 'three right answers; transfers were committed without the metadata, and all three of its nodes agree again',
    zh: '三个问题都答对；没有元数据时仍有转账提交，最后它的三个节点重新一致',
  },
  challenge: {
    goal: {
      en: 'Make the leader step down without any node losing power, with commits going on, and a leader again. Two faults, 160 ms.',
      zh: '不让任何节点断电而使领导者退位，提交照常，最后重有领导者。最多两次故障，160 ms 之内。',
    },
    hints: [
      {
        en: 'A leader that hears no majority steps down by itself.',
        zh: '收不到多数派应答的领导者会自行退位。',
      },
      {
        en: 'Cut it from both others for 60 ms. The two elect another, and it follows when it is back.',
        zh: '把它与另外两个切断 60 ms。那两个会另选，它回来后跟随。',
      },
    ],
    budget: { faults: 2, ms: 160 },
    pass: [
      'count raft.follower >= 1',
      'count raft.leader >= 2',
      'count node.down = 0',
      'last commit.ack.at > last raft.leader.at',
      isWhole,
    ],
    solution: [
      {
        ms: 2,
        action: line(`cut {leader} | {others {leader} of ${pcsNodes.join(' ')}} for 60.000 ms`),
      },
    ],
  },
};
