// H09 The slow one: one disk of three is fifty times slower. Who waits for it, and what would it cost if all had to?

import {
  act,
  at,
  free,
  type LibraryLesson,
  line,
  onNode,
  predict,
  type Question,
  say,
  sql,
} from '../format.ts';

/** Commits there were before the lesson. */
const BEFORE = 2;
/** The commit records from the lesson's first on, by their place: all well, a slow disk, a slow disk and a store less. */
type Place = 0 | 1 | 2;
const commit = (place: Place, field: 'end' | 'at'): string =>
  `nth ${place + BEFORE + 1} mtr.append.${field} commit=true`;

/** Virtual ms from a commit's record to its acknowledgement; none while it waits. */
const waited = (place: Place): string =>
  `first commit.ack.at scn={${commit(place, 'end')} - 1} - ${commit(place, 'at')}`;

/** The same to the moment when store-3, too, had it on disk and said so. */
const waitedForAll = (place: Place): string =>
  `first wal.ack.at node=store-3 group=g1 scl={${commit(place, 'end')} - 1} - ${commit(place, 'at')}`;

/** How a time compares with the commit while all was well. */
const beside = (ms: string): Extract<Question, { form: 'choice' }> => ({
  form: 'choice',
  options: lengths,
  answer: [
    { option: 'same', claims: [`{${ms}} * 2 < {${waited(0)}} * 3`] },
    { option: 'twice', claims: [`{${ms}} < {${waited(0)}} * 5`] },
    { option: 'much', claims: [] },
  ],
});

const lengths = [
  { id: 'same', text: { en: 'As long as before', zh: '和之前一样' } },
  { id: 'twice', text: { en: 'About twice as long', zh: '大约两倍' } },
  { id: 'much', text: { en: 'More than five times as long', zh: '五倍以上' } },
];

/** How much slower the disk gets. */
const TIMES = 50;

export const h09: LibraryLesson = {
  rev: 1,
  seeds: ['001', '002'],
  rules: ['wal.quorum-overlap', 'wal.acked-at-vdl'],
  goal: {
    en: 'One disk of three has become fifty times slower. Who waits for it? And what if everybody had to?',
    zh: '三块盘里有一块慢了五十倍。谁要等它？如果人人都得等它，又会怎样？',
  },
  start: {
    tape: [
      '6.000 sql d1 "create table t (id int primary key, v int)"',
      '10.000 sql d1 "insert into t values (1, 10)"',
    ],
    speed: 2000,
  },
  steps: [
    act(at.ms(41), sql('insert into t values (2, 20)')),
    say(
      at.on('commit.ack', {}),
      'All is well: the writer sends log to three stores, and the commit is acknowledged with the second “durable”. LSN {scn} is safe.',
      '一切正常：写节点把日志发往三台存储，第二个“已落盘”一到，LSN {scn} 处的提交就得到确认。',
      {
        facts: { scn: 'last commit.ack.scn' },
        claims: [
          'own last commit.ack.scn = 20',
          'own kinds wal.send.to group=g1 end=21 = 3',
          'own count wal.ackSeen node=rw-1 group=g1 scl=20 = 2',
        ],
        focus: onNode('rw-1'),
        rule: 'wal.acked-at-vdl',
      },
    ),
    act(at.ms(46), line(`diskSlow store-3 ${TIMES * 100} %`), {
      key: true,
      ask: {
        en: `Make the disk of {store-3} ${TIMES} times slower: it is worn out, or being rebuilt, or shared with a busy neighbour.`,
        zh: `让 {store-3} 的磁盘慢 ${TIMES} 倍：老化、重建中，或与繁忙的邻居共用。`,
      },
    }),
    act(at.next, sql('insert into t values (3, 30)')),
    predict('slow', {
      afterClaims: [
        'own last commit.ack.scn = 24',
        'own store-1 store.groups.g1.scl = 24',
        'own store-2 store.groups.g1.scl = 24',
        'own store-3 store.groups.g1.scl = 20',
      ],
      trigger: at.on('wal.receive', { node: 'store-3', group: 'g1' }),
      ask: {
        en: 'A row is being written; its log has just reached the slow store, {store-3}. How long will this commit take?',
        zh: '正在写一行，日志刚到慢的 {store-3}。这次提交要多久？',
      },
      hint: {
        en: 'Two of three are enough, whichever two they are.',
        zh: '三台里有两台就够，哪两台都行。',
      },
      question: beside(waited(1)),
      reveal: at.on('commit.ack', {}),
      says: 'same',
      after: {
        en: 'As long as before: {store-1} and {store-2} have it on disk, {store-3} does not yet. The writer waits for the second fastest only.',
        zh: '和之前一样：{store-1}、{store-2} 已落盘，{store-3} 还没有。写节点只等第二快的。',
      },
      focus: onNode('store-3'),
      rule: 'wal.quorum-overlap',
    }),
    predict('all', {
      afterClaims: [
        'own store-3 store.groups.g1.scl = 24',
        'last commit.ack.at < last mark.scl.at node=store-3 group=g1',
      ],
      trigger: at.next,
      ask: {
        en: '{store-3} is still busy with its sync. Had the commit to be on all three disks, how long would it have taken?',
        zh: '{store-3} 还在忙着落盘。倘若提交要等三块盘都写完，会花多久？',
      },
      hint: {
        en: `A sync takes a fraction of a millisecond. Take ${TIMES} times that, and two of them in a row.`,
        zh: `一次落盘不到一 ms。乘以 ${TIMES}，还要连着两次。`,
      },
      question: beside(waitedForAll(1)),
      reveal: at.when(`{${waitedForAll(1)}} > 0`),
      says: 'much',
      after: {
        en: 'Only now is the third copy on disk. “All of three” would make every commit as slow as the slowest disk.',
        zh: '第三份此刻才落盘。若要“三份全到”，每次提交都和最慢的盘一样慢。',
      },
      focus: onNode('store-3'),
    }),
    act(at.next, line('crash store-2'), {
      ask: {
        en: 'Now take the choice away: a crash of {store-2}. Two are left, and the slow one is one of them.',
        zh: '现在拿走选择的余地：让 {store-2} 断电。只剩两台，其中一台是慢的。',
      },
    }),
    act(at.next, sql('insert into t values (4, 40)')),
    predict('left', {
      afterClaims: [
        'own last commit.ack.scn = 28',
        'store-2 status = down',
        'own store-1 store.groups.g1.scl = 28',
        'own store-3 store.groups.g1.scl = 28',
      ],
      trigger: at.on('wal.receive', { node: 'store-3', group: 'g1' }),
      ask: {
        en: 'Another row. The quorum is still two of three, but only two are there. How long will this commit take?',
        zh: '再写一行。多数派仍是三分之二，但只剩两台。这次提交要多久？',
      },
      hint: { en: 'The second fastest of two is the slowest.', zh: '两台里第二快的，就是最慢的。' },
      question: beside(waited(2)),
      reveal: at.on('commit.ack', {}),
      says: 'much',
      after: {
        en: 'Now the writer has to wait for {store-3}. A quorum hides a slow store only while there is a spare one.',
        zh: '现在写节点得等 {store-3}。只有还有富余的存储时，多数派才能掩盖慢的那台。',
      },
      focus: onNode('rw-1'),
      rule: 'wal.quorum-overlap',
    }),
    act(at.next, line('diskOk store-3', 'restart store-2')),
    say(
      at.when('holes = 0', `store-2 store.groups.g1.scl >= ${commit(2, 'end')} - 1`),
      'The disk of {store-3} is fast again, and {store-2} is back with all log. Three fast stores: a commit needs two of them.',
      '{store-3} 的磁盘恢复，{store-2} 也回来补齐了日志。三台都快，提交只需其中两台。',
      {
        claims: [
          'store-2 status = up',
          'own store-2 store.groups.g1.scl = 28',
          'holes = 0',
          'count world.action action=diskOk = 1',
        ],
      },
    ),
    free(
      10,
      'Slow down two disks, or the links instead of the disks. Always look for the second fastest.',
      '试试让两块盘变慢，或者让链路变慢。永远看第二快的。',
      [
        {
          text: { en: 'Slow links to {store-1}, 8 ms', zh: '{store-1} 的链路变慢，8 ms' },
          line: 'latency rw-1 | store-1 : 4.000 ms for 8.000 ms',
        },
        {
          text: { en: 'Slow disk on {store-2}, 8 ms', zh: '{store-2} 磁盘变慢，8 ms' },
          line: 'diskSlow store-2 2000 % for 8.000 ms',
        },
        {
          text: { en: 'Insert a row', zh: '插入一行' },
          line: 'sql d1 play "insert into t select max(id) + 1, 0 from t"',
        },
      ],
    ),
  ],
  pass: [
    `{${waited(1)}} * 2 < {${waited(0)}} * 3`,
    `{${waitedForAll(1)}} > {${waited(1)}} * 5`,
    `{${waited(2)}} > {${waited(0)}} * 5`,
    'violations = 0',
  ],
  passWords: {
    en: 'three right answers; the commit did not wait for the slow disk while two others were there, and did when not',
    zh: '三个问题都答对；另有两台时提交没等慢盘，只剩它时才等',
  },
  challenge: {
    goal: {
      en: 'Make a commit wait more than 10 ms without taking anything down. Two faults at most, within 60 ms.',
      zh: '不让任何节点下线，使一次提交等待超过 10 ms。最多两次故障，60 ms 之内。',
    },
    hints: [
      {
        en: 'One slow store is not enough: the second fastest has to be slow.',
        zh: '一台慢不够：要让第二快的也慢。',
      },
      {
        en: 'diskSlow on {store-2} and on {store-3}, then a commit.',
        zh: '让 {store-2} 和 {store-3} 的磁盘都变慢，再提交一次。',
      },
    ],
    budget: { faults: 2, ms: 60 },
    pass: [
      'count node.down = 0',
      'last commit.ack.at - last mtr.append.at commit=true end={last commit.ack.scn + 1} > 10',
    ],
    solution: [
      { ms: 1, action: line('diskSlow store-2 5000 %', 'diskSlow store-3 5000 %') },
      { ms: 2, action: sql('insert into t values (2, 20)') },
    ],
  },
};
