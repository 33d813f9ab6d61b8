// P03 Wrong door: while the driver hears nothing another node is elected primary, and the driver's next statements go by the old map.

import { act, at, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';
import { primaryOf, twoTablets } from '../shard-nodes.ts';

const GROUP = 'g1';
/** Virtual ms: the partition and the crash are over. */
const OVER_MS = 160;

export const p03: LibraryLesson = {
  rev: 2,
  seeds: ['000'],
  rules: ['leader.greatest-tail', 'read.latest'],
  goal: {
    en: 'The driver routes by a copy of the map that may be old. See what an old copy costs, and what it cannot do.',
    zh: '驱动按一份可能过时的映射路由。看清过时的映射有何代价，又不会造成什么。',
  },
  start: { ...twoTablets, speed: 2000 },
  steps: [
    say(
      at.next,
      'Two tablets, a group each. The driver knows the primary of both from its copy of the map, and asks nobody.',
      '两个 tablet，各有一个组。驱动从自己的映射副本得知两者的主副本，不必询问任何人。',
      {
        claims: [
          'd1 driver.shards.groups.g1.leader = n1',
          'd1 driver.shards.groups.g2.leader = n2',
          'kinds group.made.group = 2',
        ],
        focus: onNode('d1'),
      },
    ),
    act(
      at.next,
      line('partition d1 | n1 n2 n3 for 150.000 ms', `crash {${primaryOf(GROUP)}} for 120.000 ms`),
      {
        key: true,
        ask: {
          en: 'Cut the driver off, and crash the primary of {g1} meanwhile.',
          zh: '切断驱动，并让 {g1} 的主副本断电。',
        },
      },
    ),
    say(
      at.on('token.grant', { volume: 'v1' }),
      'The metadata heard nothing of {n1} and took its token away. Two replicas said what they hold; {holder} has no less than the other and leads.',
      '元数据收不到 {n1} 的心跳，收回了它的令牌。两个副本报告所持日志；{holder} 的不少于另一个，由它当主。',
      {
        facts: { holder: 'last token.grant.holder volume=v1' },
        claims: [
          'n1 status = down',
          'last leader.lost.leader = n1',
          'last leader.lost.why = silent',
          'last volume.fence.token volume=v1 = 2',
          'kinds leader.answer.replica token=2 = 2',
          'last leader.answer.ncl replica=n2 >= last leader.answer.ncl replica=n3',
          'last token.grant.holder volume=v1 = n2',
        ],
        rule: 'leader.greatest-tail',
      },
    ),
    predict('believed', {
      trigger: at.when(`time >= first node.down.at + ${OVER_MS}`, `${primaryOf(GROUP)} != null`),
      ask: {
        en: 'The driver is reachable again, the old primary is up again. Which node does the driver’s map name for {g1}?',
        zh: '驱动又连通了，旧主也回来了。驱动的映射认为 {g1} 的主副本是哪个节点？',
      },
      hint: {
        en: 'Has anybody notified the driver? It asks only when it is refused.',
        zh: '有人通知过驱动吗？它只在被拒绝时才询问。',
      },
      question: {
        form: 'nodes',
        slots: [{ id: 'g1', text: { en: '{g1}, as the driver believes', zh: '驱动所信的 {g1}' } }],
        nodes: ['n1', 'n2', 'n3'],
        answer: [`d1 driver.shards.groups.${GROUP}.leader`],
      },
      reveal: at.next,
      says: ['n1'],
      facts: {
        believed: 'd1 driver.shards.groups.g1.leader',
        leads: 'leader meta.sharding.groups.g1.leader',
      },
      claims: ['n1 status = up', 'count world.action action=partition isUndo=true = 1'],
      afterClaims: ['d1 driver.shards.groups.g1.leader = n1', 'leader meta.sharding.groups.g1.leader = n3'],
      after: {
        en: '{believed}, the old one, though {leads} leads by now. A copy may be arbitrarily old; nobody keeps it up to date, and no safety rests on it.',
        zh: '{believed}，旧的那个，而此刻当主的是 {leads}。副本可以任意过时；没有人维护它，也没有任何安全性依赖它。',
      },
    }),
    act(at.next, sql('UPDATE t SET v = v + 1 WHERE k = 1')),
    predict('answer', {
      trigger: at.next,
      ask: {
        en: 'The driver sends an UPDATE of {g1} to {to}, the node that its map names. What does the client get?',
        zh: '驱动把对 {g1} 的 UPDATE 发给映射中的节点 {to}。客户端得到什么？',
      },
      hint: {
        en: 'The server compares term and epochs of the request with its own before it does anything.',
        zh: '服务端先把请求的任期与纪元同自己的比较，再做任何事。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'ok', text: { en: 'Its answer: the driver is redirected', zh: '正常应答：驱动被重定向' } },
          { id: 'error', text: { en: 'An error: NOT_PRIMARY', zh: '错误：NOT_PRIMARY' } },
          { id: 'lost', text: { en: 'OK, but the write is lost', zh: '成功，但写入丢失' } },
        ],
        answer: [
          { option: 'error', claims: ['last sql.end.outcome != ok'] },
          { option: 'ok', claims: ['count driver.retry > 0'] },
          { option: 'lost', claims: [] },
        ],
      },
      reveal: at.on('sql.end'),
      says: 'ok',
      facts: { to: 'last driver.route.to group=g1', term: 'last driver.route.term group=g1' },
      claims: ['last driver.route.to group=g1 = n1'],
      afterClaims: [
        'count driver.retry why=NOT_PRIMARY = 1',
        'last driver.route.to group=g1 = n3',
        'last driver.route.term group=g1 = 3',
        'last sql.end.outcome = ok',
        'count commit.ack volume=v1 = 2',
      ],
      after: {
        en: 'Its answer. {n1} refused and named {to} with term {term}; the driver stored both and sent again. The UPDATE was done once.',
        zh: '正常应答。{n1} 拒绝，并指出 {to} 与任期 {term}；驱动记下二者并重发。UPDATE 只做了一次。',
      },
      rule: 'leader.greatest-tail',
    }),
    free(
      60,
      'Look at what the driver believes, below the drawing; or do it again with the other group.',
      '看图下方“驱动所信”；或对另一个组再做一遍。',
      [
        { text: { en: 'Read key 1', zh: '读键 1' }, line: 'sql d1 "SELECT v FROM t WHERE k = 1"' },
        { text: { en: 'Read key 150', zh: '读键 150' }, line: 'sql d1 "SELECT v FROM t WHERE k = 150"' },
      ],
    ),
  ],
  pass: ['count leader.lost > 0', 'count driver.retry > 0', 'violations = 0'],
  passWords: {
    en: 'both answers right; another node leads {g1}, and the driver was redirected',
    zh: '两个问题都答对；{g1} 换了主，驱动被重定向',
  },
  challenge: {
    goal: {
      en: 'Change the primary of both groups while the driver hears nothing, then write to both. Three faults, 700 ms.',
      zh: '在驱动失联时让两个组都更换主副本，然后写两个组。最多三次故障，700 ms 之内。',
    },
    hints: [
      {
        en: 'Both primaries may die at once: each group has two other replicas.',
        zh: '两个主副本可以同时断电：每组还有两个副本。',
      },
      {
        en: 'partition {d1} | {n1} {n2} {n3} for 400 ms; crash one primary for 120 ms, then the other; UPDATE both keys at last.',
        zh: 'partition {d1} | {n1} {n2} {n3} for 400 ms；先让一个主副本断电 120 ms，再让另一个；最后 UPDATE 两个键。',
      },
    ],
    budget: { faults: 3, ms: 700 },
    pass: [
      'count leader.lost volume=v1 > 0',
      'count leader.lost volume=v2 > 0',
      'count commit.ack volume=v1 > 1',
      'count commit.ack volume=v2 > 1',
      'violations = 0',
    ],
    solution: [
      {
        ms: 1,
        action: line('partition d1 | n1 n2 n3 for 400.000 ms', `crash {${primaryOf('g1')}} for 120.000 ms`),
      },
      { ms: 220, action: line(`crash {${primaryOf('g2')}} for 120.000 ms`) },
      { ms: 420, action: sql('UPDATE t SET v = v + 1 WHERE k = 1', 'a') },
      { ms: 421, action: sql('UPDATE t SET v = v + 1 WHERE k = 150', 'b') },
    ],
  },
};
