// P09 Tell everyone: a version of the configuration is pushed while one store hears nobody; all agents are asked what they use.

import { act, at, free, type LibraryLesson, line, onNode, predict, say } from '../format.ts';
import { pcsNodes, underLoad } from '../pcs-nodes.ts';

const FAR = 'store-3';
const everyone = ['d1', 'rw-1', 'store-1', 'store-2', FAR, ...pcsNodes] as const;

/** The setting as it is refused, and as it is taken. */
const BAD_MS = 0;
const GOOD_MS = 700;

/** Versions of the configuration that the node has applied. */
const appliedBy = (node: string): string => `count config.applied node=${node}`;

export const p09: LibraryLesson = {
  rev: 1,
  seeds: ['000'],
  rules: ['config.same', 'config.valid', 'config.durable'],
  goal: {
    en: 'Change one setting for the whole cluster while a node cannot be reached. Who uses what, and who finds out?',
    zh: '在一个节点失联时，为整个集群修改一项设置。谁在用什么，谁会发现？',
  },
  start: underLoad,
  steps: [
    say(
      at.next,
      'Every node has an agent. Nothing was ever set, so each one runs with its built-in values and no agent sends anything.',
      '每个节点都有代理。尚未设置过任何值，各节点使用内置值，代理不发送任何消息。',
      { claims: ['count config.put = 0', 'count config.applied = 0'], rule: 'config.same' },
    ),
    act(at.on('commit.ack'), line('cut store-3 | rw-1 store-1 store-2 pcs-1 pcs-2 pcs-3'), {
      key: true,
      ask: {
        en: 'Cut {store-3} off from the writer, the other stores and the metadata.',
        zh: '把 {store-3} 与写节点、其他存储节点和元数据节点断开。',
      },
    }),
    act(at.next, line(`putConfig global scrubEveryMs ${BAD_MS}`), {
      ask: {
        en: `Set how often stores scrub their disks: every ${BAD_MS} ms.`,
        zh: `设置存储的巡检周期：每 ${BAD_MS} ms。`,
      },
    }),
    say(
      at.on('config.refused', { code: 'BAD_VALUE' }),
      'Refused before it enters the log: the field takes {range}. No node ever sees a value that it could not use.',
      '在进入日志之前就被拒绝：该字段的取值范围是 {range}。任何节点都不会见到它用不了的值。',
      {
        facts: { range: 'last config.refused.range' },
        claims: [
          'last config.refused.code = BAD_VALUE',
          'last config.refused.value = 0',
          'count config.put = 0',
        ],
        rule: 'config.valid',
      },
    ),
    act(at.next, line(`putConfig global scrubEveryMs ${GOOD_MS}`), {
      ask: { en: `Now ${GOOD_MS} ms.`, zh: `改为 ${GOOD_MS} ms。` },
    }),
    predict('far', {
      trigger: at.on('config.applied', { node: 'store-1' }),
      ask: {
        en: 'The entry is committed, {store-1} has it on its disk and uses it. What does {store-3} do meanwhile?',
        zh: '条目已提交，{store-1} 已落盘并启用。{store-3} 此时在做什么？',
      },
      hint: {
        en: 'A version is in force once it is on the node’s own disk.',
        zh: '版本在写入本节点磁盘之后才生效。',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'old', text: { en: 'It works with the old value', zh: '用旧值继续工作' } },
          { id: 'new', text: { en: 'It uses the new value already', zh: '已经使用新值' } },
        ],
        answer: [
          { option: 'old', claims: [`${appliedBy(FAR)} = 0`] },
          { option: 'new', claims: [] },
        ],
      },
      reveal: at.on('config.applied', { node: 'rw-1' }),
      says: 'old',
      claims: ['count config.put = 1', 'count config.applied node=store-1 = 1'],
      afterClaims: [
        'count config.applied node=store-3 = 0',
        'count config.applied node=rw-1 = 1',
        'store-3 status = up',
      ],
      after: {
        en: 'The old one. A push waits for nobody: who was not reached is behind, and the leader knows it, since nothing was acknowledged.',
        zh: '旧值。推送不等任何节点：未送达者落后，领导者知道这一点，因为没有收到确认。',
      },
      rule: 'config.same',
    }),
    act(at.next, line('ask pcs-1 pcs-2 pcs-3 rw-1 store-1 store-2 store-3 : getConfig'), {
      ask: { en: 'Ask every node which values it uses.', zh: '询问每个节点使用的值。' },
    }),
    predict('missing', {
      trigger: at.next,
      ask: {
        en: 'How many of the seven will be named as missing in the answer?',
        zh: '七个节点中，答复里会有几个被列为缺失？',
      },
      hint: { en: 'A node that is silent is named, never left out.', zh: '沉默的节点会被点名，绝不省略。' },
      question: { form: 'number', low: 0, high: 7, answer: 'first agent.asked.missing.words' },
      reveal: at.on('agent.asked'),
      says: 1,
      afterClaims: ['last agent.asked.missing = store-3', 'last agent.asked.answers = 6'],
      after: {
        en: 'One, {store-3}. The others answered in one list, ordered by time and node.',
        zh: '一个：{store-3}。其余的答复按时间和节点排成一个列表。',
      },
      rule: 'config.same',
    }),
    act(at.next, line('healAll'), {
      ask: { en: 'Connect {store-3} again.', zh: '重新连接 {store-3}。' },
    }),
    say(
      at.on('config.applied', { node: FAR }),
      '{store-3} receives the version, makes it durable, and acknowledges only then. Clients committed all the while.',
      '{store-3} 收到该版本，先落盘，然后才确认。其间客户端照常提交。',
      {
        claims: [
          'count config.applied node=store-3 = 1',
          'last config.applied.version node=store-3 = last config.put.version',
          'last commit.ack.at > last agent.asked.at',
          'last commit.ack.at > first config.put.at',
        ],
        focus: onNode(FAR),
        rule: 'config.durable',
      },
    ),
    free(
      60,
      'Edit the file on a node by hand and see it healed; or open a statement’s trace and follow it to each disk.',
      '在某个节点上手工修改配置文件，看它被修复；或打开一条语句的追踪，跟到每块盘。',
      [
        {
          text: { en: 'Edit {store-1} by hand', zh: '手工修改 {store-1}' },
          line: 'editConfig store-1 scrubEveryMs 900',
        },
        {
          text: { en: 'Push another version', zh: '再推送一个版本' },
          line: 'putConfig role:store scrubEveryMs 300',
        },
        {
          text: { en: 'Crash {store-2} for 60 ms', zh: '{store-2} 断电 60 ms' },
          line: 'crash store-2 for 60.000 ms',
        },
      ],
    ),
  ],
  pass: [
    'count config.refused code=BAD_VALUE > 0',
    `${appliedBy(FAR)} > 0`,
    `first agent.asked.missing ~ ${FAR}`,
    'last commit.ack.at > last config.put.at',
    'violations = 0',
  ],
  passWords: {
    en: 'both answers right; the bad value was refused, {store-3} was named as missing and has the version now, and commits were acknowledged meanwhile',
    zh: '两个问题都答对；错误的值被拒绝，{store-3} 被列为缺失而现在已有该版本，其间提交照常得到确认',
  },
  challenge: {
    goal: {
      en: 'Let the PCS leader crash between the entry and the acknowledgements, and still bring the version to every node. One fault, 200 ms.',
      zh: '让 PCS 领导者在条目提交与确认之间宕机，仍使每个节点得到该版本。最多一次故障，200 ms 之内。',
    },
    hints: [
      {
        en: 'The entry is on a majority of disks: the next leader pushes what its own log has.',
        zh: '条目已在多数磁盘上：下一任领导者推送自己日志中的内容。',
      },
      {
        en: 'Crash the leader right after the command, for less than 100 ms.',
        zh: '下令之后立即让领导者断电，不超过 100 ms。',
      },
    ],
    budget: { faults: 1, ms: 200 },
    pass: [
      'count node.down >= 1',
      'count config.put >= 1',
      ...everyone.map((node) => `${appliedBy(node)} > 0`),
      'violations = 0',
    ],
    solution: [
      { ms: 1, action: line('putConfig global scrubEveryMs 700') },
      { ms: 3, action: line('crash {leader} for 40.000 ms') },
    ],
  },
};
