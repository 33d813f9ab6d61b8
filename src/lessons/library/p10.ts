// P10 Changing the guard: a node joins those that hold the metadata, then the leader itself is removed, while clients write.

import { act, at, free, type LibraryLesson, line, onNode, predict, say } from '../format.ts';
import { isWhole, underLoad } from '../pcs-nodes.ts';

const removeLeader = line('removePcs {leader}');

/** Nodes for which a change of members was carried out. */
const changed = (want: 'in' | 'out'): string => `count pcs.change.done want=${want}`;

export const p10: LibraryLesson = {
  rev: 1,
  seeds: ['000'],
  rules: ['raft.joint', 'raft.one-leader', 'pcs.outage'],
  goal: {
    en: 'Add a node to the three that hold the metadata, and take the leader away. At no moment may two majorities disagree.',
    zh: '给持有元数据的三个节点添一个，再撤走领导者。任何时刻都不能有两个意见不一的多数派。',
  },
  start: underLoad,
  steps: [
    say(
      at.next,
      'Three nodes hold the metadata and vote; {pcs-4} runs and holds nothing. Clients write all the time and need none of this.',
      '三个节点持有元数据并投票；{pcs-4} 在运行，但什么也没有。客户端不停地写，与此无关。',
      {
        claims: [
          'leader meta.voters = 3',
          'leader meta.learners = 0',
          'pcs-4 status = up',
          'count raft.members node=pcs-4 = 0',
          'count commit.ack > 0',
        ],
      },
    ),
    act(at.on('commit.ack'), line('addPcs pcs-4'), {
      key: true,
      ask: { en: 'Add {pcs-4} to the metadata.', zh: '把 {pcs-4} 加入元数据。' },
    }),
    say(
      at.on('pcs.admitted', { as: 'pcs-4' }),
      'An entry of the log gives it an identity that nobody ever had: no promise of an earlier member can be forgotten under it.',
      '日志中的一条授予它从未用过的身份：任何旧成员的承诺都不会在它名下被遗忘。',
      {
        claims: ['count pcs.admitted as=pcs-4 = 1', 'leader meta.learners.0 = pcs-4'],
        focus: onNode('pcs-4'),
      },
    ),
    say(
      at.on('raft.members', { node: 'pcs-4', learners: 'pcs-4' }),
      'First it is a learner: it receives the whole log and counts in no majority, so a slow newcomer holds nobody up.',
      '先当学习者：它接收全部日志，但不计入任何多数派，新来者再慢也不耽误别人。',
      {
        claims: [
          'pcs-4 meta.learners.0 = pcs-4',
          'pcs-4 meta.voters = 3',
          'leader meta.voters = 3',
          'pcs-4 meta.last > 0',
        ],
        focus: onNode('pcs-4'),
        rule: 'raft.joint',
      },
    ),
    predict('both', {
      trigger: at.on('raft.members', { voters: 'pcs-1,pcs-2,pcs-3,pcs-4' }),
      ask: {
        en: 'It has caught up. Now both sets are in force: the old three and the new four. On how many disks must an entry be at least?',
        zh: '它追上了。现在两组同时生效：旧的三个和新的四个。一个条目至少要在几块盘上？',
      },
      hint: {
        en: 'A majority of three, and a majority of four.',
        zh: '三个的多数派，并且四个的多数派。',
      },
      question: {
        form: 'number',
        low: 1,
        high: 5,
        // A majority of the greater of the two sets; the smaller one is a part of it.
        answer: 'first raft.members.voters.words outgoing!= / 2 + 1',
      },
      reveal: at.on('pcs.change.done', { want: 'in' }),
      says: 3,
      claims: ['leader meta.outgoing = 3', 'leader meta.voters = 4'],
      afterClaims: [
        'leader meta.voters = 4',
        'leader meta.outgoing = 0',
        'count raft.members node=pcs-1 voters=pcs-1,pcs-2,pcs-3,pcs-4 outgoing=pcs-1,pcs-2,pcs-3 = 1',
      ],
      after: {
        en: 'Three: two of the old three and three of the new four. Any two such majorities meet, whichever set somebody goes by.',
        zh: '三块：旧的三个里两个，新的四个里三个。无论按哪一组，两个这样的多数派总会相交。',
      },
      rule: 'raft.joint',
    }),
    act(at.next, removeLeader, {
      ask: {
        en: 'Four voters stand no more failures than three. Remove one again: the leader itself.',
        zh: '四个投票成员并不比三个更能容错。再撤一个：就撤领导者自己。',
      },
    }),
    predict('who', {
      trigger: at.next,
      ask: {
        en: 'Two entries change the voters. Who brings them through?',
        zh: '变更投票成员要两个条目。由谁来完成？',
      },
      hint: {
        en: 'Nobody else leads yet, and an election in the middle would only cost time.',
        zh: '此时没有别的领导者，半途选举只会耽误时间。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'itself', text: { en: 'The leader itself, and then it goes', zh: '领导者自己，完成后离开' } },
          { id: 'other', text: { en: 'Its successor: it steps down first', zh: '继任者：它先退位' } },
        ],
        answer: [
          // It was a leader until it was a member no more, and only then another was elected.
          { option: 'itself', claims: ['first raft.identityLost.at why=removed < last raft.leader.at'] },
          { option: 'other', claims: [] },
        ],
      },
      reveal: at.on('raft.leader'),
      says: 'itself',
      facts: { leads: 'last raft.leader.node' },
      claims: ['leader = pcs-1'],
      afterClaims: [
        'count raft.members node=pcs-1 voters=pcs-2,pcs-3,pcs-4 outgoing= = 1',
        'count raft.identityLost node=pcs-1 why=removed = 1',
        'last raft.leader.at > last raft.identityLost.at',
        'last raft.leader.node = pcs-3',
        'last raft.leader.term = 3',
      ],
      after: {
        en: '{pcs-1} itself, without counting its own disk at the end. Then it asked {leads}, up to date, to stand at once: nobody waited for a timeout.',
        zh: '{pcs-1} 自己，最后不计自己的盘。随后它叫进度最靠前的 {leads} 立即参选：不必等超时。',
      },
      rule: 'raft.joint',
    }),
    say(
      at.when(`${changed('out')} > 0`, isWhole),
      '{leader} leads, three vote again, and clients committed all the while. {pcs-1}, removed, takes part in nothing any more.',
      '{leader} 领导，又是三个投票成员，其间客户端照常提交。被移出的 {pcs-1} 不再参与任何事。',
      {
        facts: { leader: 'leader' },
        claims: [
          'leader = pcs-3',
          'leader meta.voters = 3',
          'count pcs.change.done want=out = 1',
          'last commit.ack.at > first pcs.change.begin.at want=out',
          'pcs-1 meta.member = removed',
        ],
        rule: 'pcs.outage',
      },
    ),
    free(
      60,
      'Take it back: it comes in under another identity. Or kill the leader in the middle of a change.',
      '把它请回来：它会以新的身份加入。或在变更中途让领导者断电。',
      [
        { text: { en: 'Add {pcs-5}', zh: '加入 {pcs-5}' }, line: 'addPcs pcs-5' },
        { text: { en: 'Remove {pcs-4}', zh: '移出 {pcs-4}' }, line: 'removePcs pcs-4' },
        {
          text: { en: 'Crash {pcs-2} for 60 ms', zh: '{pcs-2} 断电 60 ms' },
          line: 'crash pcs-2 for 60.000 ms',
        },
      ],
    ),
  ],
  pass: [
    `${changed('in')} event.node=pcs-4 > 0`,
    `${changed('out')} > 0`,
    'last commit.ack.at > last pcs.change.begin.at',
    'violations = 0',
  ],
  passWords: {
    en: 'both answers right; {pcs-4} came in, the leader went out, and commits were acknowledged meanwhile',
    zh: '两个问题都答对；{pcs-4} 加入，领导者移出，其间提交照常得到确认',
  },
  challenge: {
    goal: {
      en: 'Let {pcs-5} take the place of {pcs-2} although the leader crashes on the way. One fault, 300 ms.',
      zh: '让 {pcs-5} 接替 {pcs-2}，途中领导者宕机一次。最多一次故障，300 ms 之内。',
    },
    hints: [
      {
        en: 'What is committed of a change is on a majority of disks: the next leader goes on with it.',
        zh: '变更中已提交的部分在多数派的盘上：下一个领导者会接着做。',
      },
      {
        en: 'addPcs {pcs-5}; crash the leader for 40 ms a moment later; once {pcs-5} is in, removePcs {pcs-2}.',
        zh: '先 addPcs {pcs-5}；稍后让领导者断电 40 ms；{pcs-5} 加入之后 removePcs {pcs-2}。',
      },
    ],
    budget: { faults: 1, ms: 300 },
    pass: [
      `${changed('in')} event.node=pcs-5 > 0`,
      `${changed('out')} event.node=pcs-2 > 0`,
      'count node.down >= 1',
      'violations = 0',
    ],
    solution: [
      { ms: 1, action: line('addPcs pcs-5') },
      { ms: 4, action: line('crash {leader} for 40.000 ms') },
      { ms: 150, action: line('removePcs pcs-2') },
    ],
  },
};
