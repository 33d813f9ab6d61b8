// H04 Echoes: the answer to a request is late and comes twice. Nobody can tell late from lost, and nothing is written twice.

import {
  act,
  at,
  both,
  drop,
  free,
  hold,
  type LibraryLesson,
  line,
  onNode,
  padTo,
  predict,
  release,
  say,
} from '../format.ts';
import type { LessonState } from '../lesson-state.ts';

const onStore3 = { node: 'store-3', group: 'g1' } as const;

/** Whom store-3 asked for LSN 108, in order. */
const asked = (s: LessonState): readonly string[] =>
  s.events('hole.sent', { ...onStore3, lsn: 108 }).map(({ to }) => to);

/** The answer to the first of these requests, and its copies. */
const firstAnswer = (s: LessonState) =>
  ({ family: 'holeFill', from: asked(s)[0] ?? '', to: 'store-3', group: 'g1' }) as const;

const written = (s: LessonState, lsn: number): number =>
  s.events('wal.durable', onStore3).filter(({ lsns }) => lsns.includes(lsn)).length;

export const h04: LibraryLesson = {
  rev: 1,
  seeds: ['001'],
  rules: ['hole.timeout', 'hole.ignored', 'hole.one-live-request'],
  goal: {
    en: 'A replica asks for what it lacks and hears nothing. Is the answer lost, or only late? What if it comes twice?',
    zh: '副本索要缺失的日志，却没有回音。应答是丢了，还是迟到？要是来了两遍呢？',
  },
  start: {
    tape: ['8.000 padTo rw-1 100 "g1"', '14.000 padTo rw-1 107 "g1"'],
  },
  steps: [
    act(at.ms(41), padTo(111)),
    act(
      at.on('wal.send', { group: 'g1', to: 'store-3', lsn: 111 }),
      drop({ family: 'wal', from: 'rw-1', to: 'store-3', group: 'g1', lsn: [108, 112] }),
    ),
    act(at.ms(42), padTo(115)),
    say(
      at.on('hole.open', onStore3),
      '{store-3} has lost 108 to 111 on the way and sees the gap: its log jumps from 107 to 112.',
      '{store-3} 在路上丢了 108–111，它看得见这个缺口：日志从 107 跳到 112。',
      { focus: onNode('store-3') },
    ),
    say(
      at.on('hole.sent', { ...onStore3, first: 108 }),
      'It asks a peer, marks the hole as asked for, and starts a clock: 6 ms. Until then it asks nobody else for it.',
      '它向同伴请求，把空洞标为“已请求”，并开始计时：6 ms。在此之前不再问别人。',
      { focus: onNode('store-3'), rule: 'hole.one-live-request' },
    ),
    act(
      at.on('hole.serve', { group: 'g1', to: 'store-3', lsn: 108 }),
      (s) => s.messages(firstAnswer(s)).flatMap((name) => [`duplicateMessage ${name}`]),
      {
        key: true,
        ask: {
          en: 'The answer has just left the peer. Make a twin of it; then both get stuck in the network.',
          zh: '应答刚离开同伴。给它造一个孪生副本，然后让两份都卡在网络里。',
        },
      },
    ),
    act(at.next, (s) => hold(firstAnswer(s))(s)),
    say(
      at.next,
      'Two copies of one answer, both stuck. {store-3} cannot know: silence looks the same whether it is lost or late.',
      '同一个应答的两份副本，都卡住了。{store-3} 无从得知：丢失与迟到，看起来都是没有应答。',
      { focus: onNode('store-3') },
    ),
    predict('next', {
      trigger: at.before('hole.timeout', onStore3),
      ask: {
        en: '6 ms have passed without a word: the clock runs out now, and the hole still wants filling. Whom will {store-3} ask?',
        zh: '6 ms 过去仍无回音：时限到了，空洞还没补上。这次 {store-3} 会问谁？',
      },
      hint: {
        en: 'Never the writer. And who was just silent comes last.',
        zh: '绝不问写节点。刚才沉默的排在最后。',
      },
      question: {
        form: 'nodes',
        slots: [{ id: 'to', text: { en: 'Hole [108,112)', zh: '空洞 [108,112)' } }],
        nodes: ['rw-1', 'store-1', 'store-2'],
        answer: (s) => [asked(s)[1] ?? ''],
      },
      reveal: at.on('hole.sent', { ...onStore3, first: 108 }),
      says: ['store-1'],
      after: {
        en: 'The mark “asked” is cleared, the silent peer is suspect, and the other one is asked, under a new number.',
        zh: '“已请求”被清除，沉默的同伴受到怀疑，改用新编号去问另一个。',
      },
      focus: onNode('store-3'),
      rule: 'hole.timeout',
    }),
    say(
      at.on('hole.closed', onStore3),
      'Filled, by the second peer. The list is whole. But in the network two copies of the first answer still wait.',
      '第二个同伴补齐了它，列表完整。可网络里还卡着第一个应答的两份副本。',
      { focus: onNode('store-3') },
    ),
    act(at.next, (s) => release(firstAnswer(s))(s)),
    say(
      at.next,
      'Now they are let go, records and all. Two echoes of a question that nobody asks any more.',
      '现在放行，连同里面的记录。两个回声，回答一个已没人在问的问题。',
      { focus: onNode('store-3') },
    ),
    predict('times', {
      trigger: at.before('hole.ignored', onStore3),
      ask: {
        en: 'Once both echoes have arrived: how many times will record 108 have been written to the disk of {store-3}?',
        zh: '两个回声都到达之后，记录 108 一共在 {store-3} 的磁盘上写过几次？',
      },
      hint: {
        en: 'An answer counts only for a request that is alive.',
        zh: '应答只对在途的请求有效。',
      },
      question: { form: 'number', low: 0, high: 9, answer: (s) => written(s, 108) },
      reveal: at.on('hole.ignored', onStore3, 2),
      says: 1,
      after: {
        en: 'Once, by the second answer. The echoes name a request that has ended: ignored, both, and nothing is touched.',
        zh: '一次，由第二个应答写入。回声指名的请求已结束：两份都被忽略，什么也没动。',
      },
      focus: onNode('store-3'),
      rule: 'hole.ignored',
    }),
    say(
      at.next,
      'One thing is learned from an echo: how slow that peer is. Its next request gets more time before it counts as lost.',
      '从回声里只学到一件事：那个同伴有多慢。下次向它请求，会多等一会儿。',
      { focus: onNode('store-3'), rule: 'hole.timeout' },
    ),
    free(
      10,
      'Lose, delay and double what you like. The list comes out the same, only later.',
      '随你丢弃、延迟、重复。列表的结果总是一样，只是晚一点。',
      [
        {
          text: { en: 'Double half of all messages between stores', zh: '存储节点间一半消息重复' },
          line: 'duplicate store-1 store-2 | store-3 : 50 % for 8.000 ms',
        },
        {
          text: { en: 'Cut {rw-1} to {store-3} for 2 ms', zh: '切断 {rw-1} 到 {store-3}，持续 2 ms' },
          line: 'cut rw-1 > store-3 for 2.000 ms',
        },
        { text: { en: 'Write four more records', zh: '再写四条记录' }, line: 'padTo rw-1 119 "g1"' },
      ],
    ),
  ],
  pass: (s) => {
    const peers = asked(s);
    return (
      s.predicted('next') &&
      s.predicted('times') &&
      s.count('hole.ignored', onStore3) >= 2 &&
      peers.length === 2 &&
      peers[0] !== peers[1] &&
      [108, 109, 110, 111].every((lsn) => written(s, lsn) === 1) &&
      s.openHoles === 0
    );
  },
  passWords: {
    en: 'both answers right; both echoes were ignored, the other peer filled the hole, each record was written once',
    zh: '两个问题都答对；两个回声都被忽略，另一个同伴补齐了空洞，每条记录只写了一次',
  },
  challenge: {
    goal: {
      en: 'Let {store-3} ask both peers for one hole, ignore a late answer, and be whole. Two faults at most, 40 ms at most.',
      zh: '让 {store-3} 为同一个空洞问遍两个同伴，忽略一个迟到的应答，最后完整。最多两次故障，40 ms 之内。',
    },
    hints: [
      {
        en: 'A hole first: cut {rw-1} to {store-3} for 2 ms while you write, then write once more.',
        zh: '先要有空洞：写的同时切断 {rw-1} 到 {store-3}，持续 2 ms，然后再写一次。',
      },
      {
        en: 'An answer must be later than 6 ms, yet come: delay it, or make the links of the stores to {store-3} slow.',
        zh: '应答要晚于 6 ms，但终究要到：延迟它，或让各存储节点到 {store-3} 的链路变慢。',
      },
    ],
    budget: { faults: 2, ms: 40 },
    pass: (s) => {
      const targets = new Set(s.events('hole.sent', onStore3).map(({ to }) => to));
      return targets.size === 2 && s.count('hole.ignored', onStore3) >= 1 && s.openHoles === 0;
    },
    solution: [
      { ms: 1, action: both(line('cut rw-1 > store-3 for 2.000 ms'), padTo(111)) },
      { ms: 4, action: both(line('latency store-1 store-2 > store-3 : 8.000 ms for 16.000 ms'), padTo(115)) },
    ],
  },
};
