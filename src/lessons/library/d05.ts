// D05 Slow reader tax: a reader that sleeps holds pages back, copies let hot pages be stored, and its slot goes when its lease is over.

import { act, at, free, type LibraryLesson, line, onNode, predict, say } from '../format.ts';

const FREEZE_MS = 150;
/** As the profile has it. */
const HEARTBEAT_MS = 4;

const FROZEN = 'first world.action.at action=freeze';
/** Of the challenge: ro-2 freezes, and wakes. */
const FROZEN_2 = 'first world.action.at node=ro-2 action=freeze isUndo=false';
const WOKEN_2 = 'first world.action.at node=ro-2 action=freeze isUndo=true';

export const d05: LibraryLesson = {
  rev: 1,
  seeds: ['004'],
  rules: ['page.flush-gate', 'checkpoint.covers'],
  goal: {
    en: 'One reader falls asleep under load. What does the writer have to wait for, and how long?',
    zh: '负载之下一个只读节点停顿。写节点要等什么，等多久？',
  },
  start: {
    preset: 'polardb',
    tape: [
      '0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true',
    ],
    ms: 400,
    lens: 'shared',
    group: null,
    speed: 2000,
  },
  steps: [
    say(
      at.next,
      'Two clients move money. Both readers have a slot, and renew its lease with each report.',
      '两个客户端在转账。两个只读节点各有槽位，每次上报都续租。',
      {
        claims: [
          'count slot.given reader=ro-1 > 0',
          'count slot.given reader=ro-2 > 0',
          'count slot.dropped = 0',
          'count commit.ack > 20',
        ],
        focus: onNode('ro-1'),
        rule: 'page.flush-gate',
      },
    ),
    act(at.next, line(`freeze ro-1 for ${FREEZE_MS}.000 ms`), {
      key: true,
      ask: { en: `Freeze {ro-1} for ${FREEZE_MS} ms.`, zh: `冻结 {ro-1} ${FREEZE_MS} ms。` },
    }),
    predict('stalls', {
      trigger: at.when(`last flush.blocked.at readers~ro-1 > ${FROZEN}`),
      ask: {
        en: 'A page cannot be stored because of {ro-1}. Have commits been acknowledged since {ro-1} sleeps?',
        zh: '因 {ro-1}，有一页不能写入。{ro-1} 停顿之后，还有提交得到确认吗？',
      },
      hint: {
        en: 'A commit waits for its log in shared storage. Does it wait for pages?',
        zh: '提交等待日志写入共享存储。它等页吗？',
      },
      question: {
        form: 'choice',
        options: [
          { id: 'go-on', text: { en: 'Yes, commits go on', zh: '有，提交照常' } },
          { id: 'stall', text: { en: 'No, they wait for the page', zh: '没有，提交在等页' } },
        ],
        answer: [
          { option: 'go-on', claims: [`last commit.ack.at > ${FROZEN}`] },
          { option: 'stall', claims: [] },
        ],
      },
      reveal: at.next,
      says: 'go-on',
      claims: ['ro-1 status = frozen', 'last flush.blocked.at > last world.action.at action=freeze'],
      afterClaims: [
        'last commit.ack.at > last world.action.at action=freeze',
        'rw-1 compute.shared.blocked > 0',
        'rw-1 compute.shared.oldestApplyLsn < last commit.ack.scn',
      ],
      after: {
        en: 'They go on. What waits are stores of pages, so the checkpoint, and the log that is kept, grow behind.',
        zh: '照常。等待的是刷脏：检查点停留，须保留的日志变长。',
      },
      focus: onNode('rw-1'),
      rule: 'checkpoint.covers',
    }),
    say(
      at.when('count page.stored how=copy > 0'),
      'A hot page need not wait: {copies} were stored from copies so far, images frozen earlier that every reader had applied.',
      '热页不必等待：至今有 {copies} 次由拷贝写入，即较早冻结、各只读节点都已应用的镜像。',
      {
        facts: { copies: 'count page.stored how=copy' },
        claims: [
          'ro-1 status = frozen',
          'count page.stored how=copy > 1',
          'last page.stored.pageLsn how=copy <= rw-1 compute.shared.oldestApplyLsn',
        ],
        rule: 'page.flush-gate',
      },
    ),
    predict('slot', {
      trigger: at.next,
      ask: {
        en: '{ro-1} sleeps on and reports nothing. What becomes of its slot?',
        zh: '{ro-1} 继续停顿，不再上报。它的槽位会怎样？',
      },
      hint: {
        en: `A slot is given for a lease: ten heartbeats of ${HEARTBEAT_MS} ms, and one for two clocks that differ.`,
        zh: `槽位按租约发放：十次 ${HEARTBEAT_MS} ms 的心跳，另加一次容纳时钟偏差。`,
      },
      question: {
        form: 'choice',
        options: [
          {
            id: 'dropped',
            text: { en: 'It is dropped while {ro-1} still sleeps', zh: '{ro-1} 停顿期间就被收回' },
          },
          { id: 'kept', text: { en: 'It is kept until {ro-1} wakes', zh: '保留到 {ro-1} 恢复' } },
        ],
        answer: [
          { option: 'dropped', claims: [`last slot.dropped.at reader=ro-1 - ${FROZEN} < ${FREEZE_MS}`] },
          { option: 'kept', claims: [] },
        ],
      },
      reveal: at.on('slot.dropped', { reader: 'ro-1' }),
      says: 'dropped',
      claims: ['ro-1 status = frozen'],
      afterClaims: ['ro-1 status = frozen', 'count slot.dropped reader=ro-1 = 1', 'count ro.future = 0'],
      after: {
        en: 'Dropped once its lease is over: by its own clock {ro-1} may not serve either, so nobody reads a future page.',
        zh: '租约到期即收回：按自己的时钟 {ro-1} 也不得再服务，因此不会读到未来页。',
      },
      focus: onNode('rw-1'),
      rule: 'page.flush-gate',
    }),
    say(
      at.on('page.stored', { how: 'buffer' }),
      'The gate is at {gate}, what {ro-2} has applied, and pages are stored again.',
      '上限在 {gate}，即 {ro-2} 已应用的位置，刷脏恢复。',
      {
        facts: { gate: 'rw-1 compute.shared.oldestApplyLsn' },
        claims: [
          'last page.stored.at > last slot.dropped.at',
          'rw-1 compute.shared.oldestApplyLsn <= last ro.applied.applyLsn node=ro-2',
          'ro-1 status = frozen',
        ],
        focus: onNode('ro-2'),
        rule: 'page.flush-gate',
      },
    ),
    say(
      at.on('slot.given', { reader: 'ro-1' }),
      '{ro-1} wakes, may not answer, drops its buffer and registers again: a new slot, from LSN {ready}, which is durable now.',
      '{ro-1} 恢复，不得应答，丢弃缓冲并重新登记：新的槽位从现在已持久的 LSN {ready} 开始。',
      {
        facts: { ready: 'last slot.given.readyLsn reader=ro-1' },
        claims: [
          'ro-1 status = up',
          'last ro.lost.why node=ro-1 = lease',
          'last slot.given.at reader=ro-1 > last slot.dropped.at',
          'last slot.given.readyLsn reader=ro-1 >= last commit.ack.scn',
        ],
        focus: onNode('ro-1'),
        rule: 'ro.never-ahead',
      },
    ),
    free(60, 'Freeze it for less than its lease, or both readers.', '冻结短于租约的时间，或冻结两者。', [
      { text: { en: 'Freeze {ro-1} for 25 ms', zh: '冻结 {ro-1} 25 ms' }, line: 'freeze ro-1 for 25.000 ms' },
      { text: { en: 'Freeze {ro-2} for 25 ms', zh: '冻结 {ro-2} 25 ms' }, line: 'freeze ro-2 for 25.000 ms' },
    ]),
  ],
  pass: [
    `last slot.dropped.at reader=ro-1 > ${FROZEN}`,
    'last page.stored.at > last slot.dropped.at',
    'last slot.given.at reader=ro-1 > last slot.dropped.at',
    'violations = 0',
  ],
  passWords: {
    en: 'commits went on, the slot was dropped with its lease, pages were stored again and {ro-1} has a new slot',
    zh: '提交照常，槽位随租约收回，刷脏恢复，{ro-1} 得到新槽位',
  },
  challenge: {
    goal: {
      en: 'Freeze {ro-2} for 20 ms or longer, have it keep its slot and apply again, and a page stored after that. One fault, 120 ms.',
      zh: '冻结 {ro-2} 至少 20 ms，让它保住槽位并重新应用日志，之后再写入一页。最多一次故障，120 ms 之内。',
    },
    hints: [
      {
        en: 'Its lease is ten heartbeats of 4 ms since its last report.',
        zh: '租约从上次上报算起，为十次 4 ms 的心跳。',
      },
      { en: 'freeze {ro-2} for 25 ms.', zh: '一次 freeze {ro-2} 25 ms 即可。' },
    ],
    budget: { faults: 1, ms: 120 },
    pass: [
      `${WOKEN_2} - ${FROZEN_2} >= 20`,
      `last ro.applied.at node=ro-2 >= ${WOKEN_2}`,
      'last page.stored.at > last ro.applied.at node=ro-2',
      'count slot.dropped = 0',
    ],
    solution: [{ ms: 1, action: line('freeze ro-2 for 25.000 ms') }],
  },
};
