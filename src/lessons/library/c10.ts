// C10 Two sets at once: a replica moves to another store under load. For a while every write needs a majority of the
// old members and a majority of the new ones, and so the change can be taken back.

import { act, at, free, type LibraryLesson, line, onNode, predict, say } from '../format.ts';

const stores = ['store-1', 'store-2', 'store-3', 'store-4'];

/** The newest commit record. */
const NEWEST = 'last mtr.append.end commit=true - 1';
/** The writer has heard that the store holds it. */
const hasNewest = (store: string): string => `writer groups.g1.replicas.${store}.scl >= ${NEWEST}`;
/** The store knows of the epoch in which both sets count. */
const isJoint = (store: string): string =>
  `${store} store.groups.g1.memberEpoch = last group.members.memberEpoch group=g1 step=joint`;

export const c10: LibraryLesson = {
  rev: 1,
  seeds: ['002'],
  rules: ['member.dual', 'member.step', 'member.commit-safe'],
  goal: {
    en: 'Move a replica to another store while clients write. At which moment do the old members stop to count?',
    zh: '客户端还在写，就把副本搬到另一台。旧成员从哪一刻起不算数？',
  },
  start: {
    preset: 'cynosdb-4',
    tape: [
      '6.000 workload d1 kind=transfer rows=8 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true',
    ],
    ms: 50,
  },
  steps: [
    say(
      at.next,
      'Group {g1} is on {store-1}, {store-2} and {store-3}; a write needs {vw} of them. {store-4} has no copy. Two clients transfer money.',
      '{g1} 在三个存储上，写需其中 {vw} 个；{store-4} 没有副本。两个客户端不停转账。',
      {
        facts: { vw: 'writer groups.g1.members.vw' },
        claims: [
          'writer groups.g1.members.sets = 1',
          'writer groups.g1.replicas = 3',
          'writer groups.g1.members.vw = 2',
          'store-2 store.groups.g1.memberState = voter',
          'store-4 store.groups = 0',
          'count commit.ack > 0',
        ],
      },
    ),
    act(at.on('commit.ack', {}, 2), line('moveReplica store-2 store-4 g1'), {
      key: true,
      ask: {
        en: 'Move the replica of {g1} from {store-2} to {store-4}, without stopping anybody.',
        zh: '把 {g1} 的副本从 {store-2} 搬到 {store-4}，不让任何人停下。',
      },
    }),
    say(
      at.on('base.installed', { node: 'store-4', group: 'g1' }),
      '{store-4} is a learner: it has an image of {pages} pages from {from}, up to LSN {scl}, and gets all new log, but counts in no majority.',
      '{store-4} 是学习者：从 {from} 取得 {pages} 页、到 {scl} 的镜像，收新日志，不算多数派。',
      {
        facts: {
          pages: 'last base.installed.pages node=store-4 group=g1',
          from: 'last base.installed.from node=store-4 group=g1',
          scl: 'last base.installed.scl node=store-4 group=g1',
        },
        claims: [
          'store-4 store.groups.g1.memberState = learner',
          'last base.installed.from node=store-4 group=g1 = store-2',
          'writer groups.g1.members.sets = 1',
          'writer groups.g1.members.learners = 1',
          'last commit.ack.scn > store-4 store.groups.g1.scl',
        ],
        focus: onNode('store-4'),
        rule: 'member.catchup',
      },
    ),
    // The metadata must not hear that store-4 has caught up, or the change is over before one can look at it.
    act(at.on('group.members', { step: 'joint' }), line('cut store-4 > meta-1')),
    say(
      at.on('member.adopt', { node: 'rw-1', group: 'g1' }),
      'Two sets hold now: the old one with {store-2}, the new one with {store-4} in its place. A write needs {vw} of each set.',
      '现在两组并存：旧组含 {store-2}，新组以 {store-4} 代之。写需要每组各 {vw} 个。',
      {
        facts: { vw: 'writer groups.g1.members.vw' },
        claims: [
          'last member.adopt.sets node=rw-1 group=g1 = store-1,store-2,store-3|store-1,store-4,store-3',
          'writer groups.g1.members.sets = 2',
          'writer groups.g1.members.vw = 2',
        ],
        focus: onNode('rw-1'),
        rule: 'member.dual',
      },
    ),
    act(
      // Nobody waits, and the new member has caught up: the next commit shows what two sets mean.
      at.when(...stores.map(isJoint), ...stores.map(hasNewest)),
      line('hold rw-1 > store-1 store-4'),
    ),
    predict('both', {
      facts: { scn: 'writer tail' },
      claims: [
        'last mtr.append.commit = true',
        'writer tail > last commit.ack.scn',
        'store-1 store.groups.g1.scl < writer tail',
        'store-4 store.groups.g1.scl < writer tail',
      ],
      afterClaims: [
        'own store-2 store.groups.g1.scl = 93',
        'own store-3 store.groups.g1.scl = 93',
        'store-1 store.groups.g1.scl < 93',
        'store-4 store.groups.g1.scl < 93',
        'writer commitsWaiting = 1',
        'last commit.ack.scn < 93',
      ],
      trigger: at.on('mtr.append', { commit: true }),
      ask: {
        en: 'Log to {store-1} and {store-4} is held back: the commit at LSN {scn} can reach {store-2} and {store-3} only. Will it be acknowledged?',
        zh: '发往 {store-1}、{store-4} 的日志被扣住，LSN {scn} 的提交只能到另外两个。会被确认吗？',
      },
      hint: {
        en: 'Count twice: who has it in the set with {store-2}? And in the set with {store-4}?',
        zh: '数两遍：含 {store-2} 的组里哪些有？含 {store-4} 的组里呢？',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'acked', text: { en: 'Yes: two of three have it', zh: '会：三个里两个有了' } },
          { id: 'waits', text: { en: 'No: it waits', zh: '不会：要等' } },
        ],
        answer: [
          { option: 'acked', claims: [`count commit.ack scn={${NEWEST}} > 0`] },
          { option: 'waits', claims: [] },
        ],
      },
      reveal: at.when(hasNewest('store-2'), hasNewest('store-3')),
      says: 'waits',
      after: {
        en: 'It waits: two of the old set have it, of the new only {store-3}. If {store-2} left now, one copy would remain. Both sets have to agree.',
        zh: '要等：旧组两个有了，新组只有 {store-3}。{store-2} 此刻若离开就只剩一份。',
      },
      rule: 'member.dual',
    }),
    act(at.next, line('release rw-1 > store-4')),
    say(
      at.on('commit.ack', {}),
      '{store-4} has it, too: two of the old, two of the new. LSN {scn} is acknowledged, without {store-1}, which is in both sets.',
      '{store-4} 也有了：旧组两个，新组两个。LSN {scn} 已确认，同在两组的 {store-1} 没用上。',
      {
        facts: { scn: 'last commit.ack.scn' },
        claims: [
          'own last commit.ack.scn = 93',
          'own store-2 store.groups.g1.scl = 93',
          'own store-3 store.groups.g1.scl = 93',
          'own store-4 store.groups.g1.scl = 93',
          'store-1 store.groups.g1.scl < 93',
          'writer groups.g1.members.sets = 2',
        ],
        focus: onNode('store-4'),
      },
    ),
    act(at.next, line('release rw-1 > store-1')),
    act(at.next, line('rollbackMove g1'), {
      ask: {
        en: 'You have changed your mind: take the move back, in the middle of it.',
        zh: '你改主意了：搬到一半，撤回来。',
      },
    }),
    predict('gone', {
      facts: { scn: 'last commit.ack.scn' },
      afterClaims: [
        'last member.dropped.node group=g1 = store-4',
        'store-1 store.groups.g1.scl >= last commit.ack.scn',
        'store-2 store.groups.g1.scl >= last commit.ack.scn',
        'store-3 store.groups.g1.scl >= last commit.ack.scn',
        'writer groups.g1.members.sets = 1',
      ],
      trigger: at.next,
      ask: {
        en: 'Commits went on under both sets. The move is being taken back: whose copy of {g1} will be deleted?',
        zh: '两组并存期间提交没停过。现在撤回：谁的那份 {g1} 会被删除？',
      },
      hint: {
        en: 'Whatever was acknowledged is on two of the old set. They need nothing from anybody.',
        zh: '凡确认过的，旧组里必有两份。无需补齐。',
      },
      question: {
        form: 'nodes',
        slots: [{ id: 'gone', text: { en: 'Deletes its copy', zh: '删除自己的副本' } }],
        nodes: stores,
        answer: ['last member.dropped.node group=g1'],
      },
      reveal: at.on('member.dropped', { group: 'g1' }),
      says: ['store-4'],
      after: {
        en: '{store-4}’s, and no commit up to LSN {scn} is lost: each had a majority of the old members, too. So a move can be taken back.',
        zh: '{store-4} 的，LSN {scn} 及以前的提交都没丢：每次在旧组里也有多数派，所以能撤回。',
      },
      rule: 'member.removed',
    }),
    act(
      at.on('group.move.done', { group: 'g1', outcome: 'rolledBack' }),
      line('healAll', 'moveReplica store-2 store-4 g1'),
    ),
    say(
      at.on('group.move.done', { group: 'g1', outcome: 'done' }),
      'Moved once more, undisturbed. {rw-1} counts the new set only, and {store-2} has deleted its copy: it no longer counts.',
      '不加干扰又搬了一次。{rw-1} 只按新组计数，{store-2} 已删掉自己的那份，不再算数。',
      {
        claims: [
          'last group.move.done.outcome = done',
          'last group.move.done.to = store-4',
          'last member.adopt.sets node=rw-1 group=g1 = store-1,store-4,store-3',
          'last member.dropped.node group=g1 = store-2',
          'store-4 store.groups.g1.memberState = voter',
          'store-4 store.groups.g1.scl >= last commit.ack.scn',
        ],
        focus: onNode('store-2'),
        rule: 'member.commit-safe',
      },
    ),
    free(
      15,
      'Move it back, and disturb it: crash the writer, the metadata, or the new member at any moment.',
      '再搬回去，并捣乱：任意时刻让写节点、元数据或新成员断电。',
      [
        {
          text: {
            en: 'Move {g1} from {store-4} back to {store-2}',
            zh: '把 {g1} 从 {store-4} 搬回 {store-2}',
          },
          line: 'moveReplica store-4 store-2 g1',
        },
        {
          text: { en: 'Crash the metadata for 5 ms', zh: '元数据断电 5 ms' },
          line: 'crash meta-1 for 5.000 ms',
        },
        {
          text: { en: 'Crash the writer for 2 ms', zh: '写节点断电 2 ms' },
          line: 'crash rw-1 for 2.000 ms',
        },
      ],
    ),
  ],
  pass: [
    'count group.move.done group=g1 outcome=rolledBack >= 1',
    'count group.move.done group=g1 outcome=done >= 1',
    'violations = 0',
  ],
  passWords: {
    en: 'both answers right; the move was taken back once and done once, and no rule was broken under load',
    zh: '两个问题都答对；搬迁撤回过一次、完成过一次，负载下没有违反任何规则',
  },
  challenge: {
    goal: {
      en: 'Move {g1} to {store-4} although the metadata loses power on the way. One fault, 80 ms.',
      zh: '元数据在途中断电一次，仍把 {g1} 搬到 {store-4}。一次故障，80 ms 之内。',
    },
    hints: [
      {
        en: 'What the metadata has decided is on its disk. It goes on where it was.',
        zh: '元数据决定过的都在它的盘上，它会从断处继续。',
      },
      {
        en: 'moveReplica {store-2} {store-4} {g1}, and two or three milliseconds later crash meta-1 for 5 ms.',
        zh: '先 moveReplica {store-2} {store-4} {g1}，2–3 ms 后让 meta-1 断电 5 ms。',
      },
    ],
    budget: { faults: 1, ms: 80 },
    pass: [
      'count node.down node=meta-1 >= 1',
      'count group.move.done group=g1 to=store-4 outcome=done >= 1',
      'violations = 0',
    ],
    solution: [
      { ms: 1, action: line('moveReplica store-2 store-4 g1') },
      { ms: 4, action: line('crash meta-1 for 5.000 ms') },
    ],
  },
};
