// P08 Tables are metadata (PCS-83 to PCS-87): a table is made and dropped by entries of the metadata's log, one step at a time on every node; a node
// that is cut off is waited for until its lease has ended, and answers nobody by definitions that are gone.

import { act, at, both, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';
import { shardNodes, twoTablets } from '../shard-nodes.ts';

const STALE = 'n3';
/** Virtual ms that n3 is cut off; a lease takes 40 of them. */
const CUT_MS = 90;

const words = {
  answered: { en: 'The client gets CREATE TABLE', zh: '客户端得到 CREATE TABLE' },
  nodes: { en: 'The last node has the new version', zh: '最后一个节点得到新版本' },
  active: { en: 'The second entry is committed', zh: '第二个条目提交' },
  prepared: { en: 'The first entry is committed', zh: '第一个条目提交' },
} as const;

/** Every node has the newest version of the definitions. */
const isCommon = shardNodes.map((node) => `last schema.node.version node=${node} = last table.step.version`);

/** Virtual ms that the second step of DROP TABLE waited. */
const WAITED = 'last table.step.at table=u state=dropped - last table.step.at table=u state=dropping';
const REFUSALS = 'count driver.retry why=SCHEMA_LEASE_EXPIRED';
const IN_FORCE = 'last table.step.at state=active';

export const p08: LibraryLesson = {
  rev: 1,
  seeds: ['000'],
  rules: ['catalog.one-step-apart'],
  goal: {
    en: 'Every node plans by its own copy of the definitions. See how a table comes and goes when one copy is old.',
    zh: '每个节点都按自己那份定义来规划。看清其中一份过时时，表如何建立、如何删除。',
  },
  start: {
    ...twoTablets,
    tape: [...(twoTablets.tape ?? []), `205.000 session d1 me ${STALE} session`],
    ms: 210,
    speed: 2500,
  },
  steps: [
    say(
      at.next,
      'Definitions are entries of the metadata’s log, not rows of a volume. Each node has a copy, with a version.',
      '定义是元数据日志的条目，不是卷里的行。每个节点有一份副本，带版本号。',
      {
        claims: [
          'last table.step.version = 1',
          'last schema.node.version node=n1 = 1',
          'last schema.node.version node=n2 = 1',
          'last schema.node.version node=n3 = 1',
        ],
        rule: 'catalog.one-step-apart',
      },
    ),
    act(at.next, sql('CREATE TABLE u (k int PRIMARY KEY)', 'ddl'), {
      ask: { en: 'Make another table.', zh: '再建一张表。' },
    }),
    predict('order', {
      trigger: at.next,
      ask: {
        en: 'CREATE TABLE takes two entries of the metadata’s log. In which order does it happen?',
        zh: 'CREATE TABLE 用元数据日志的两个条目。先后顺序如何？',
      },
      hint: {
        en: 'May a node write to a table that another node does not know?',
        zh: '一个节点能否写另一个节点还不知道的表？',
      },
      question: {
        form: 'order',
        items: (['answered', 'nodes', 'active', 'prepared'] as const).map((id) => ({ id, text: words[id] })),
        answer: [
          { item: 'prepared', time: 'last table.step.at table=u state=prepared' },
          { item: 'nodes', time: 'last schema.node.at' },
          { item: 'active', time: 'last table.step.at table=u state=active' },
          { item: 'answered', time: 'last sql.end.at session=ddl' },
        ],
      },
      reveal: at.on('sql.end', { session: 'ddl' }),
      says: ['prepared', 'nodes', 'active', 'answered'],
      afterClaims: [
        'last table.step.state = active',
        'last table.step.version = 2',
        'kinds schema.node.node version=2 = 3',
        'last schema.node.at < last table.step.at',
        'last sql.end.outcome session=ddl = ok',
      ],
      after: {
        en: 'The first entry announces the step. Only when every node has it does the table take effect and the client get its answer.',
        zh: '第一个条目宣布这一步。每个节点都得到它之后，表才生效，客户端才得到回复。',
      },
      rule: 'catalog.one-step-apart',
    }),
    act(at.next, both(line(`partition ${STALE} | n1 n2 for ${CUT_MS}.000 ms`), sql('DROP TABLE u', 'ddl')), {
      key: true,
      ask: {
        en: 'Cut {n3} off from the other nodes, not from the clients, and drop the table.',
        zh: '把 {n3} 与其他节点断开（客户端仍可达），并删除该表。',
      },
    }),
    predict('wait', {
      trigger: at.on('table.step', { state: 'dropping' }),
      ask: {
        en: 'Two of three have committed the first entry; {n3} has not heard of it. Until when does DROP TABLE wait?',
        zh: '三者中两者已提交第一个条目；{n3} 还没有收到。DROP TABLE 要等到何时？',
      },
      hint: {
        en: '{n3} cannot be asked. But it serves only as long as the metadata has answered it lately.',
        zh: '问不到 {n3}。但只有元数据最近答复过它，它才提供服务。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'majority', text: { en: 'No longer: two of three are enough', zh: '不再等：三中有二即可' } },
          {
            id: 'lease',
            text: { en: 'Until {n3} serves nobody any more', zh: '等到 {n3} 不再为任何人服务' },
          },
          { id: 'back', text: { en: 'Until {n3} is back', zh: '等到 {n3} 回来' } },
        ],
        answer: [
          { option: 'majority', claims: [`${WAITED} < 20`] },
          { option: 'lease', claims: [`${WAITED} < ${CUT_MS - 10}`] },
          { option: 'back', claims: [] },
        ],
      },
      reveal: at.on('table.step', { state: 'dropped' }),
      says: 'lease',
      claims: [
        'last table.step.state = dropping',
        'own last table.step.version = 3',
        'last schema.node.version node=n3 = 2',
      ],
      afterClaims: [
        'last table.step.state = dropped',
        'own last schema.node.version node=n2 = 3',
        'last schema.node.version node=n3 = 2',
        'count world.action action=partition isUndo=true = 0',
      ],
      after: {
        en: 'Until its lease is over. The entry needs two of three; the next step needs every node that may serve.',
        zh: '等到它的租约结束。条目只需三中有二；下一步则需要每个可能服务的节点。',
      },
      focus: onNode(STALE),
      rule: 'catalog.one-step-apart',
    }),
    act(at.next, sql('SELECT sum(v) FROM t', 'me'), {
      ask: {
        en: '{n3} still hears clients. Have it read the other table, t.',
        zh: '{n3} 仍能收到客户端请求。让它去读另一张表 t。',
      },
    }),
    predict('stale', {
      trigger: at.next,
      ask: {
        en: 'The driver sends the read to {n3}, whose definitions are one version behind. What does the client get?',
        zh: '驱动把读取发给 {n3}，它的定义落后一个版本。客户端得到什么？',
      },
      hint: {
        en: '{n3} does not know that it is behind. It knows when it was last answered.',
        zh: '{n3} 不知道自己落后。它知道上次得到答复是何时。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'old', text: { en: '{n3}’s answer, by the old definitions', zh: '{n3} 按旧定义作答' } },
          {
            id: 'next',
            text: { en: 'The sum: {n3} refuses, another node reads', zh: '总和：{n3} 拒绝，另一节点来读' },
          },
          { id: 'error', text: { en: 'An error', zh: '一个错误' } },
        ],
        answer: [
          { option: 'error', claims: ['last sql.end.outcome session=me != ok'] },
          { option: 'next', claims: [`${REFUSALS} > 0`] },
          { option: 'old', claims: [] },
        ],
      },
      reveal: at.on('sql.end', { session: 'me' }),
      says: 'next',
      facts: { sum: 'row me 0' },
      claims: ['last schema.node.version node=n3 = 2', 'own last table.step.version = 3'],
      afterClaims: [
        'count driver.retry session=me why=SCHEMA_LEASE_EXPIRED = 1',
        'last sql.end.outcome session=me = ok',
        'last schema.node.version node=n3 = 2',
      ],
      after: {
        en: '{sum}, the sum. {n3} answered SCHEMA_LEASE_EXPIRED, and the driver asked another node. An old copy costs a retry, no more.',
        zh: '总和 {sum}。{n3} 答 SCHEMA_LEASE_EXPIRED，驱动改问另一个节点。过时的副本只费一次重试。',
      },
      focus: onNode(STALE),
      rule: 'catalog.one-step-apart',
    }),
    say(
      at.when(...isCommon),
      '{n3} is back. The answer to its first report has brought the newest definitions: all three nodes are at version {version}.',
      '{n3} 回来了。对它首次报告的答复带来了最新定义：三个节点都是版本 {version}。',
      {
        facts: { version: 'last schema.node.version node=n3' },
        claims: [
          'count world.action action=partition isUndo=true = 1',
          'last schema.node.version node=n3 = last table.step.version',
          'last schema.node.version node=n1 = last table.step.version',
          'last schema.node.version node=n2 = last table.step.version',
        ],
        focus: onNode(STALE),
        rule: 'catalog.one-step-apart',
      },
    ),
    free(40, 'Make a table, or read one that is gone.', '再建一张表，或读已删除的表。', [
      {
        text: { en: 'Create u again', zh: '重新建 u' },
        line: 'sql d1 ddl "CREATE TABLE u (k int PRIMARY KEY)"',
      },
      { text: { en: 'Read u at {n3}', zh: '在 {n3} 读 u' }, line: 'sql d1 me "SELECT count(*) FROM u"' },
    ]),
  ],
  pass: ['count table.step table=u state=dropped > 0', `${REFUSALS} > 0`, ...isCommon, 'violations = 0'],
  passWords: {
    en: 'all three answers right; {n3} refused the read while it was behind, and all nodes have the same version in the end',
    zh: '三个问题都答对；{n3} 落后时拒绝了读取，最终所有节点版本相同',
  },
  challenge: {
    goal: {
      en: 'Have a table in force while one node is without power; it has the definition once it is back. One fault, 250 ms.',
      zh: '在一个节点断电期间让一张表生效；它恢复后得到该定义。最多一次故障，250 ms 之内。',
    },
    hints: [
      {
        en: 'A node without power is waited for like one that is cut off: as long as a lease.',
        zh: '断电的节点与被切断的一样，只等一个租约。',
      },
      {
        en: 'Crash {n3} for 120 ms, and create the table at once.',
        zh: '让 {n3} 断电 120 ms，随即建表。',
      },
    ],
    budget: { faults: 1, ms: 250 },
    pass: [
      `last node.down.at < ${IN_FORCE}`,
      `last schema.node.at node={last node.down.node} > ${IN_FORCE}`,
      ...isCommon,
    ],
    solution: [
      { ms: 1, action: line(`crash ${STALE} for 120.000 ms`) },
      { ms: 3, action: sql('CREATE TABLE w (k int PRIMARY KEY)', 'ddl') },
    ],
  },
};
