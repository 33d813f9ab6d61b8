// P01 Cold start: three metadata nodes begin without a leader; one that asks for votes loses its links while they are counted.

import { act, at, free, type LibraryLesson, line, predict, say } from '../format.ts';
import { isWhole, pcsNodes } from '../pcs-nodes.ts';

/** Who stood for election first: the only one that voted for itself then. */
const FIRST = 'first raft.vote.candidate';

const cutOff = line(`cut {${FIRST}} | {others {${FIRST}} of ${pcsNodes.join(' ')}}`);

/** Virtual ms until which the first candidate stays cut off. */
const ALONE_UNTIL_MS = 200;

export const p01: LibraryLesson = {
  rev: 1,
  seeds: ['000'],
  rules: ['raft.election', 'raft.one-leader', 'raft.commit-rule'],
  goal: {
    en: 'Three nodes hold the metadata, and none leads yet. Who will, in which term, and from when on may it answer?',
    zh: '三个节点持有元数据，还没有领导者。谁来领导、在哪个任期、从何时起可以应答？',
  },
  start: { preset: 'cynosdb-pcs', tape: [], ms: 3, lens: 'pcs', speed: 3000 },
  steps: [
    say(
      at.next,
      'Every disk has the same first entry: the three voters, term {term}. No leader, so {rw-1} waits for its token and nobody can write.',
      '每块盘上是同样的第一条：三个投票成员，任期 {term}。没有领导者，{rw-1} 等待令牌，谁也不能写。',
      {
        facts: { term: 'pcs-1 meta.term' },
        claims: [
          'pcs-1 meta.term = 1',
          'pcs-2 meta.term = 1',
          'pcs-3 meta.term = 1',
          'pcs-1 meta.last = 1',
          'pcs-2 meta.last = 1',
          'pcs-3 meta.last = 1',
          'pcs-1 meta.voters = 3',
          'count raft.leader = 0',
          'count token.grant = 0',
        ],
        rule: 'pcs.outage',
      },
    ),
    act(at.on('raft.candidate'), cutOff, {
      key: true,
      facts: { one: 'last raft.candidate.node', term: 'last raft.candidate.term' },
      claims: ['count raft.candidate = 1', 'count raft.leader = 0'],
      ask: {
        en: '{one} has waited for a leader too long: it asked whether it could win, and stands in term {term}. Cut it off from the others now.',
        zh: '{one} 太久没有收到领导者消息：先问能否当选，再在任期 {term} 参选。此刻把它与其他成员切断。',
      },
    }),
    predict('term', {
      trigger: at.next,
      ask: {
        en: '{one} has voted for itself, and nobody hears it any more. In which term will the cluster have its first leader?',
        zh: '{one} 投了自己一票，但其他节点收不到它的消息。集群的第一个领导者会在哪个任期出现？',
      },
      hint: {
        en: 'Only {one}, which is cut off, knows of term {own}; the two others still stand where they began.',
        zh: '任期 {own} 只有被切断的 {one} 知道；另外两个还停在起点。',
      },
      question: {
        form: 'number',
        low: 1,
        high: 6,
        answer: 'first raft.leader.term',
      },
      reveal: at.on('raft.leader'),
      says: 2,
      facts: {
        one: 'first raft.candidate.node',
        own: 'first raft.candidate.term',
        term: 'last raft.leader.term',
        leader: 'last raft.leader.node',
      },
      claims: ['count raft.vote = 1', 'pcs-2 meta.term = 1', 'pcs-3 meta.term = 1'],
      afterClaims: [
        'count raft.leader = 1',
        'last raft.leader.node = pcs-2',
        'last raft.leader.term = first raft.candidate.term',
        'kinds raft.vote.node candidate=pcs-2 term=2 = 2',
        'kinds raft.vote.node candidate=pcs-1 term=2 = 1',
      ],
      after: {
        en: 'In term {term} as well: {leader} has two votes, {one} only its own. A node votes once in a term, so no term has two leaders.',
        zh: '也在任期 {term}：{leader} 得两票，{one} 只有自己一票。一个任期每个节点只投一票，不会有两个领导者。',
      },
      rule: 'raft.one-leader',
    }),
    predict('serve', {
      trigger: at.next,
      ask: {
        en: '{leader} was just elected. May it grant {rw-1} its token at once?',
        zh: '{leader} 刚刚当选。可以立刻把令牌授予 {rw-1} 吗？',
      },
      hint: {
        en: 'It cannot know yet which of the entries in its log are committed.',
        zh: '它还不知道日志里哪些条目已经提交。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'now', text: { en: 'Yes: it is the leader', zh: '可以：它是领导者' } },
          {
            id: 'after',
            text: { en: 'Not before an entry of its own term is committed', zh: '要先提交自己任期的一条' },
          },
        ],
        answer: [
          {
            option: 'after',
            claims: [
              'first token.grant.at > last raft.leader.at',
              'first raft.commit.at leads=true <= first token.grant.at',
            ],
          },
          { option: 'now', claims: [] },
        ],
      },
      reveal: at.on('token.grant'),
      says: 'after',
      facts: { leader: 'last raft.leader.node' },
      afterClaims: [
        'last raft.leader.term = 2',
        'kinds raft.durable.node first=2 = 2',
        'first raft.commit.term leads=true = 2',
        'first raft.commit.at leads=true <= first token.grant.at',
        'last token.grant.holder = rw-1',
        'leader meta.applied >= 2',
      ],
      after: {
        en: 'First an empty entry of its own term, on two disks. With it all before it is committed, applied, and true. Then the token.',
        zh: '先把自己任期的空条目写到两块盘上。它之前的一切随之提交、应用，成为定论。然后才授令牌。',
      },
      rule: 'raft.commit-rule',
    }),
    say(
      at.on('meta.writer', { state: 'OPEN' }),
      '{rw-1} has its token, the volume is open. Two of three decided all of it; {one}, which is cut off, knows nothing of it.',
      '{rw-1} 得到令牌，卷已打开。这一切由三个中的两个决定；被切断的 {one} 毫不知情。',
      {
        facts: { one: 'first raft.candidate.node' },
        claims: [
          'last token.grant.holder = rw-1',
          'last meta.writer.state = OPEN',
          'leader = pcs-2',
          'pcs-2 meta.applied >= 3',
          'pcs-3 meta.last >= 3',
          'pcs-1 meta.last = 1',
          'pcs-1 meta.token = 0',
        ],
      },
    ),
    predict('alone', {
      trigger: at.next,
      ask: {
        en: `{one} hears no leader and asks the others again and again. Which term will it be in at ${ALONE_UNTIL_MS} ms?`,
        zh: `{one} 收不到领导者消息，一再询问。到 ${ALONE_UNTIL_MS} ms 时，它会在哪个任期？`,
      },
      hint: {
        en: 'Before it raises its term it asks whether it could win at all.',
        zh: '抬高任期之前，它先问自己究竟能不能赢。',
      },
      question: {
        form: 'number',
        low: 1,
        high: 20,
        answer: `{${FIRST}} meta.term`,
      },
      reveal: at.ms(ALONE_UNTIL_MS),
      says: 2,
      facts: { one: 'first raft.candidate.node', term: 'pcs-1 meta.term' },
      afterClaims: [
        'pcs-1 meta.member = preCandidate',
        'pcs-1 meta.term = leader meta.term',
        'count raft.candidate node=pcs-1 = 1',
      ],
      after: {
        en: 'Still {term}: nobody answers its pre-vote, so it raises nothing. Otherwise it would depose the leader when it comes back.',
        zh: '仍是 {term}：没人回应它的预投票，任期便不抬高。否则它一回来就会逼领导者退位。',
      },
      rule: 'raft.election',
    }),
    act(at.next, line('healAll'), {
      ask: { en: 'Give it its links back.', zh: '恢复它的链路。' },
    }),
    say(
      at.when(isWhole),
      '{one} hears the leader, follows in the same term and copies what it lacks. {leader} led all the time.',
      '{one} 收到领导者消息，在同一任期跟随，补齐所缺。{leader} 始终是领导者。',
      {
        facts: { one: 'first raft.candidate.node', leader: 'leader' },
        claims: [
          'pcs-1 meta.member = follower',
          'pcs-1 meta.leader = pcs-2',
          'pcs-1 meta.term = 2',
          'pcs-1 meta.applied = leader meta.commit',
          'count raft.leader = 1',
          'count raft.follower node=pcs-2 = 0',
        ],
        rule: 'raft.election',
      },
    ),
    free(
      60,
      'Kill the leader. Cut one link only. Or leave one node alone, and look at its term.',
      '让领导者断电；只切一条链路；或只留一个节点，看看它的任期。',
      [
        {
          text: { en: 'Crash {pcs-1} for 60 ms', zh: '{pcs-1} 断电 60 ms' },
          line: 'crash pcs-1 for 60.000 ms',
        },
        {
          text: { en: 'Cut {pcs-2} from {pcs-3}, one way', zh: '单向切断 {pcs-2} 到 {pcs-3}' },
          line: 'cut pcs-2 > pcs-3 for 60.000 ms',
        },
      ],
    ),
  ],
  pass: [
    'count world.action action=cut > 0',
    'count raft.leader > 0',
    `leader != ${FIRST}`,
    isWhole,
    'violations = 0',
  ],
  passWords: {
    en: 'three right answers; another than the first candidate leads, and all three have applied the same metadata',
    zh: '三个问题都答对；领导者不是最先参选的那个，三个成员应用了相同的元数据',
  },
  challenge: {
    goal: {
      en: 'Have a second leader elected in a higher term, and all three agree again. One fault, 160 ms.',
      zh: '让第二个领导者在更高任期当选，并让三个成员重新一致。一次故障，160 ms 之内。',
    },
    hints: [
      { en: 'A leader that nobody hears is replaced.', zh: '其他成员收不到其消息的领导者会被取代。' },
      {
        en: 'Once it leads, crash it for 50 ms: the others need 20 to 40 ms to give it up.',
        zh: '它当选后让它断电 50 ms：其余成员 20–40 ms 后放弃它。',
      },
    ],
    budget: { faults: 1, ms: 160 },
    pass: ['count raft.leader >= 2', 'count token.grant >= 1', isWhole],
    solution: [{ ms: 45, action: line('crash {leader} for 50.000 ms') }],
  },
};
