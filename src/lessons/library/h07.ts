// H07 VCL and VDL part: VCL is not the least PGCL, and VDL is VCL rounded down to the end of an MTR.

import {
  act,
  at,
  both,
  free,
  hold,
  type LibraryLesson,
  onLsns,
  padTo,
  predict,
  release,
  say,
} from '../format.ts';

const late = (group: string, lsn: readonly [number, number]) =>
  both(
    hold({ family: 'wal', from: 'rw-1', to: 'store-2', group, lsn }),
    hold({ family: 'wal', from: 'rw-1', to: 'store-3', group, lsn }),
  );

const arrive = both(
  release({ family: 'wal', from: 'rw-1', to: 'store-2' }),
  release({ family: 'wal', from: 'rw-1', to: 'store-3' }),
);

export const h07: LibraryLesson = {
  rev: 1,
  seeds: ['001', '002'],
  rules: ['wal.vdl-is-cpl', 'wal.quorum-overlap'],
  goal: {
    en: 'Two groups of replicas, one log. How far is it complete, and how far may a client rely on it?',
    zh: '两个副本组，一份日志。它完整到哪里？客户端能依赖到哪里？',
  },
  start: {
    config: { lal: 1000 },
    tape: ['8.000 padTo rw-1 100 "g1 g2"'],
    lens: 'mtr',
  },
  steps: [
    say(
      at.next,
      'One volume, two groups. Odd LSNs will go to {g1} now, even ones to {g2}. Each group counts its own quorum: its PGCL.',
      '一个卷，两个组。接下来奇数 LSN 归 {g1}，偶数归 {g2}。每组各自数多数派：PGCL。',
      {
        claims: ['own writer groups.g1.pgcl = 99', 'own writer groups.g2.pgcl = 100', 'own writer vcl = 100'],
      },
    ),
    act(at.ms(42), both(padTo(104, 'g1 g2'), padTo(105, 'g1'))),
    act(at.on('wal.send', { to: 'store-3', lsn: 105 }), late('g1', [105, 106])),
    say(
      at.next,
      'LSN {lsn} is on its way to {g1}, but two of its three copies are held: only {store-1} will have it for now.',
      'LSN {lsn} 正发往 {g1}，但三份里有两份被扣住：眼下只有 {store-1} 会有它。',
      {
        facts: { lsn: 'writer tail' },
        claims: [
          'own writer tail = 105',
          'own kinds wal.send.to group=g1 first=105 = 3',
          'count world.action action=holdMessage = 2',
        ],
      },
    ),
    predict('vcl', {
      facts: { one: 'writer groups.g1.pgcl', two: 'last mark.scl.value group=g2', vcl: 'writer vcl' },
      claims: [
        'own writer groups.g1.pgcl = 103',
        'own store-1 store.groups.g2.scl = 104',
        'own store-2 store.groups.g2.scl = 104',
      ],
      afterClaims: ['own writer groups.g1.pgcl = 103', 'own writer groups.g2.pgcl = 104'],
      trigger: at.before('mark.vcl', { value: 104 }),
      ask: {
        en: 'PGCL of {g1} is {one}, that of {g2} becomes {two} right now. Up to which LSN is the volume complete? That is VCL.',
        zh: '{g1} 的 PGCL 是 {one}，{g2} 的此刻变成 {two}。整个卷完整到哪个 LSN？这就是 VCL。',
      },
      hint: {
        en: 'Count up LSN by LSN and ask for each: does the group it belongs to have it?',
        zh: '从小到大逐个 LSN 问：它所属的组有它吗？',
      },
      question: { form: 'number', low: 100, high: 106, answer: 'writer vcl' },
      reveal: at.on('mark.vcl', { value: 104 }),
      says: 104,
      after: {
        en: 'VCL is {vcl}, not the smaller PGCL {one}: that LSN belongs to {g2}, and {g2} has it. The next LSN, of {g1}, is missing.',
        zh: 'VCL 是 {vcl}，不是较小的 PGCL {one}：它归 {g2}，{g2} 有它。缺的是下一个。',
      },
      rule: 'wal.quorum-overlap',
    }),
    act(at.next, arrive),
    say(
      at.on('mark.vcl', { value: 105 }),
      'A late copy is on a second disk now: VCL goes on to {vcl}. Next come three mini-transactions (MTRs), each all or nothing.',
      '迟到的一份已落盘，VCL 到 {vcl}。再来三个小事务（MTR），各自要么全有要么全无。',
      { facts: { vcl: 'writer vcl' }, claims: ['own writer vcl = 105', 'own writer groups.g1.pgcl = 105'] },
    ),
    act(at.next, padTo(900)),
    act(at.on('mark.vdl', { value: 900 }), both(padTo(1000), padTo(1100, 'g1*7 g2*93'))),
    act(at.on('wal.send', { to: 'store-3', group: 'g2', first: 1008 }), late('g2', [1008, 1101]), {
      key: true,
    }),
    say(
      at.next,
      'The ends of the MTRs are CPLs; the last is LSN {last}. Of that MTR, {g1} gets the beginning; two copies of {g2}’s part are held.',
      'MTR 末尾是 CPL，最后是 {last}。其开头归 {g1}；归 {g2} 的部分有两份被扣住。',
      {
        facts: { last: 'writer tail' },
        claims: [
          'own writer tail = 1100',
          'own writer groups.g1.tail = 1007',
          'own writer groups.g2.tail = 1100',
          'own count mtr.append end=901 = 1',
          'own count mtr.append end=1001 = 1',
          'count world.action action=holdMessage = 4',
        ],
        focus: onLsns(880, 1100),
      },
    ),
    predict('vdl', {
      facts: { vcl: 'writer groups.g1.tail', cpl: 'writer vdl' },
      claims: ['own writer groups.g1.tail = 1007'],
      afterClaims: ['own writer vcl = 1007', 'own writer vdl = 1000', 'own count mtr.append end=1001 = 1'],
      trigger: at.next,
      ask: {
        en: 'Soon all log up to LSN {vcl} is durable: that is VCL. Where will VDL stand then, the mark that commits and readers go by?',
        zh: '很快直到 LSN {vcl} 的日志都已落盘，即 VCL。那时提交和读所依据的 VDL 停在哪里？',
      },
      hint: {
        en: 'Nobody may ever see half of a mini-transaction.',
        zh: '任何人都不能看到半个小事务。',
      },
      question: {
        form: 'mark',
        low: 880,
        high: 1100,
        label: { en: 'VDL', zh: 'VDL' },
        answer: 'writer vdl',
      },
      reveal: at.on('mark.vcl', { value: 1007 }),
      says: 1000,
      after: {
        en: 'VDL is {cpl}: the highest CPL not above VCL {vcl}. The records between are durable, and still no reader sees them.',
        zh: 'VDL 是 {cpl}：不超过 VCL {vcl} 的最大 CPL。其间的记录已落盘，但还不给任何人看。',
      },
      rule: 'wal.vdl-is-cpl',
    }),
    act(at.next, arrive),
    say(
      at.on('mark.vdl', { value: 1100 }),
      'The rest is on disk, and VDL goes to the end of the MTR, {vdl}, in one step. VCL stands there, too. No half MTR was ever visible.',
      '其余已落盘，VDL 一步到达该 MTR 的末尾 {vdl}，VCL 也在那里。半个 MTR 从未可见。',
      {
        facts: { vdl: 'writer vdl' },
        claims: [
          'own writer vdl = 1100',
          'own writer vcl = 1100',
          'own writer groups.g2.pgcl = 1100',
          'own count mark.vdl value=1007 = 0',
        ],
        focus: onLsns(880, 1100),
        rule: 'wal.vdl-is-cpl',
      },
    ),
    free(
      8,
      'Make VCL and VDL differ yourself: hold what goes to two replicas.',
      '自己动手让 VCL 与 VDL 不同：扣住发往两个副本的消息。',
      [
        {
          text: {
            en: 'Hold the log for {store-2} and {store-3}, 4 ms',
            zh: '扣住发往 {store-2}、{store-3} 的日志，4 ms',
          },
          line: 'hold rw-1 > store-2 store-3 for 4.000 ms',
        },
        {
          text: { en: 'Write ten records in both groups', zh: '在两组各写五条记录' },
          line: 'padTo rw-1 1110 "g1 g2"',
        },
      ],
    ),
  ],
  pass: [
    // The rulers stood apart for a while, not just between two acknowledgements.
    'first mark.vdl.at value=1100 - first mark.vcl.at value=1007 >= 1',
    'writer vdl >= 1100',
  ],
  passWords: {
    en: 'both numbers are right, the rulers did part, and the log is whole again',
    zh: '两个数都对，两把标尺确实分开过，日志又完整了',
  },
  challenge: {
    goal: {
      en: 'Let VCL stand five records ahead of VDL for 1 ms, then let VDL catch up to 110. Two faults at most, 20 ms.',
      zh: '让 VCL 领先 VDL 五条记录达 1 ms，再让 VDL 追到 110。最多两次故障，20 ms 之内。',
    },
    hints: [
      {
        en: 'VDL stands at the end of an MTR; VCL may go on into one that is not whole.',
        zh: 'VDL 停在小事务的末尾；VCL 可以走进一个还不完整的小事务。',
      },
      {
        en: 'padTo 110 with "{g1}*6 {g2}*4", and hold back two of the three copies of what goes to {g2}.',
        zh: '用 "{g1}*6 {g2}*4" 执行 padTo 110，并扣住发往 {g2} 的三份中的两份。',
      },
    ],
    budget: { faults: 2, ms: 20 },
    pass: ['writer vdl >= 110', 'first mark.vdl.at value=110 - first mark.vcl.at value>=105 value<110 >= 1'],
    solution: [
      { ms: 1, action: padTo(110, 'g1*6 g2*4') },
      { ms: 1.001, action: late('g2', [107, 111]) },
      { ms: 6, action: arrive },
    ],
  },
};
