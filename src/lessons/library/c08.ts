// C08 Rows back after a wrong DELETE: replicas do not help against a wrong DELETE. An archive does: a second volume, as of the moment before.

import { act, at, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';

/** The note that is written last. */
const NEWEST = 9;
const WRONG = 'id <= 7';
const rows = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay', 'gus', 'hal'].map(
  (name, i) => `(${i + 1}, '${name}')`,
);

/** A time at which the commit before the newest one was acknowledged, and the newest was still to come. */
const BEFORE = 'first commit.ack.at scn={nth -2 commit.ack.scn}';

export const c08: LibraryLesson = {
  rev: 1,
  seeds: ['002'],
  rules: ['restore.restorable', 'restore.equals-source', 'archive.gc-behind'],
  goal: {
    en: 'A DELETE that should not have been, committed on every replica. How do you get the rows back, and nothing else?',
    zh: '一条不该有的 DELETE，已在所有副本上提交。怎样把那些行找回来，而不动别的？',
  },
  start: {
    preset: 'cynosdb-backup',
    config: { archiveSegmentLsns: 16, archiveMaxMs: 10 },
    tape: [
      '6.000 sql d1 "create table notes (id int primary key, note text)"',
      `12.000 sql d1 "insert into notes values ${rows.join(', ')}"`,
    ],
    ms: 50,
    lens: 'chains',
    speed: 3000,
  },
  steps: [
    say(
      at.next,
      '{cos-1} is an object store. One replica of each group uploads the log there, in segments: so far up to LSN {lsn}.',
      '{cos-1} 是对象存储。每组由一个副本把日志分段上传，已到 LSN {lsn}。',
      {
        facts: { lsn: 'cos-1 objectStore.backups.v1.groups.g1.archivedTo' },
        claims: [
          'cos-1 objectStore.backups.v1.groups.g1.archiver = store-1',
          'cos-1 objectStore.backups.v1.groups.g2.archiver = store-2',
          'own cos-1 objectStore.backups.v1.groups.g1.archivedTo = 30',
          'own cos-1 objectStore.backups.v1.groups.g2.archivedTo = 30',
          'kinds archive.segment.from group=g1 = 1',
          'kinds archive.segment.from group=g2 = 1',
        ],
        focus: onNode('cos-1'),
      },
    ),
    act(at.ms(52), sql(`insert into notes values (${NEWEST}, 'ivy')`)),
    act(at.on('commit.ack', {}), sql('select count(*) from notes', 'before')),
    say(
      at.on('sql.end', { session: 'before' }),
      'Note {rows} is committed at LSN {scn}, on all three stores. The archive still ends at {lsn}: the upload comes later.',
      '第 {rows} 条提交于 LSN {scn}，三个存储都有；归档还止于 {lsn}，稍后才上传。',
      {
        facts: {
          rows: 'row before 0',
          scn: 'last commit.ack.scn',
          lsn: 'cos-1 objectStore.backups.v1.groups.g1.archivedTo',
        },
        claims: [
          `row before 0 = ${NEWEST}`,
          'own last commit.ack.scn = 34',
          'own store-1 store.groups.g1.scl = 34',
          'own store-2 store.groups.g1.scl = 34',
          'own store-3 store.groups.g1.scl = 34',
          'own cos-1 objectStore.backups.v1.groups.g1.archivedTo = 30',
          'own cos-1 objectStore.backups.v1.groups.g2.archivedTo = 30',
        ],
      },
    ),
    act(at.next, line('isolate cos-1')),
    act(at.next, sql(`delete from notes where ${WRONG}`), {
      facts: { now: 'time' },
      ask: {
        en: `{now} ms: somebody runs DELETE … WHERE ${WRONG} in the wrong window. {cos-1} is cut off the network just now.`,
        zh: `{now} ms，有人在错误的窗口执行了 DELETE … WHERE ${WRONG}。此刻 {cos-1} 正好断网。`,
      },
    }),
    say(
      at.on('commit.ack', {}),
      'The DELETE is committed at LSN {scn}, on all three stores. Replication guards against disks that fail, not against wrong statements.',
      'DELETE 提交于 LSN {scn}，三个存储都已落盘。复制防的是坏盘，防不了错误的语句。',
      {
        facts: { scn: 'last commit.ack.scn' },
        claims: [
          'own last commit.ack.scn = 43',
          'own store-1 store.groups.g1.scl = 43',
          'own store-2 store.groups.g1.scl = 43',
          'own store-3 store.groups.g1.scl = 43',
        ],
        focus: onNode('rw-1'),
      },
    ),
    say(
      at.on('archive.outage', {}),
      '{store-1}, which archives {g1}, reports that it cannot reach {cos-1}. Writes do not wait for it; log above LSN {floor} is kept for it.',
      '{store-1} 归档 {g1}，报告联系不上 {cos-1}。写不等它；{floor} 之后的日志为它留着。',
      {
        facts: { floor: 'store-1 store.groups.g1.logFloor' },
        claims: [
          'last archive.outage.node = store-1',
          'last archive.outage.group = g1',
          'last archive.outage.state = begin',
          'last commit.ack.scn > cos-1 objectStore.backups.v1.groups.g1.archivedTo',
          'store-1 store.groups.g1.logFloor <= cos-1 objectStore.backups.v1.groups.g1.archivedTo',
          'store-2 store.groups.g2.logFloor <= cos-1 objectStore.backups.v1.groups.g2.archivedTo',
        ],
        focus: onNode('cos-1'),
        rule: 'archive.gc-behind',
      },
    ),
    predict('newest', {
      facts: { lsn: 'cos-1 objectStore.backups.v1.newestCommit.lsn' },
      afterClaims: [
        'own cos-1 objectStore.backups.v1.newestCommit.lsn = 30',
        'cos-1 objectStore.backups.v1.groups.g1.gaps = 0',
        'cos-1 objectStore.backups.v1.groups.g2.gaps = 0',
      ],
      trigger: at.next,
      ask: {
        en: 'If one had to restore from what {cos-1} holds now: at which LSN lies the newest commit that can be had?',
        zh: '如果现在就用 {cos-1} 里的东西恢复：能得到的最新提交在哪个 LSN？',
      },
      hint: {
        en: 'Lens and inspector show how far each group is archived. All groups have to reach the commit.',
        zh: '透镜和检查器显示每组归档到哪里。每个组都得够到那个提交。',
      },
      question: { form: 'number', low: 0, high: 60, answer: 'cos-1 objectStore.backups.v1.newestCommit.lsn' },
      reveal: at.next,
      says: null,
      after: {
        en: 'LSN {lsn}: what the manifest names counts, for every group from its base image on without a gap, up to the end of a commit.',
        zh: 'LSN {lsn}：清单写明的才算，每组从基础镜像起，日志无缺口，直到一次提交的末尾。',
      },
      rule: 'restore.restorable',
    }),
    act(at.next, line('healAll')),
    say(
      at.when(
        'cos-1 objectStore.backups.v1.groups.g1.archivedTo >= last commit.ack.scn',
        'cos-1 objectStore.backups.v1.groups.g2.archivedTo >= last commit.ack.scn',
      ),
      '{cos-1} is back and has the log that was kept for it, up to the DELETE at LSN {lsn}. Any commit in it can be restored.',
      '{cos-1} 回来了，替它留着的日志已上传到 DELETE 的 LSN {lsn}。其中任一提交都能恢复。',
      {
        facts: { lsn: 'cos-1 objectStore.backups.v1.newestCommit.lsn' },
        claims: [
          'own cos-1 objectStore.backups.v1.newestCommit.lsn = 43',
          'cos-1 objectStore.backups.v1.newestCommit.lsn = last commit.ack.scn',
          'own cos-1 objectStore.backups.v1.groups.g1.archivedTo = 43',
          'own cos-1 objectStore.backups.v1.groups.g2.archivedTo = 43',
          'last archive.outage.state = end',
        ],
        focus: onNode('cos-1'),
      },
    ),
    act(at.next, line(`restore v1 to time {${BEFORE}} ms as v2`), {
      key: true,
      ask: {
        en: 'Restore to the moment before the DELETE. Not over the old volume: as a new one beside it, {v2}.',
        zh: '恢复到 DELETE 之前的一刻。不是覆盖旧卷，而是在旁边建一个新卷 {v2}。',
      },
    }),
    say(
      at.on('restore.begin', {}),
      'The metadata restores up to LSN {lsn}: each replica of {v2} loads base and segments, then {rw-2} recovers {v2} under its own token.',
      '元数据恢复到 LSN {lsn}：{v2} 的各副本装入基础镜像与日志段，{rw-2} 再以其令牌恢复。',
      {
        facts: { lsn: 'last restore.begin.lsn' },
        claims: [
          'last restore.begin.volume = v2',
          'last restore.begin.source = v1',
          'own last restore.begin.lsn = 34',
          'last restore.begin.writer = rw-2',
        ],
        focus: onNode('meta-1'),
      },
    ),
    act(at.on('recovery.done', { node: 'rw-2' }), sql('select count(*) from notes', 'twin@v2')),
    predict('twin', {
      facts: { newest: 'row before 0', lsn: 'last restore.done.lsn' },
      afterClaims: [
        `row twin@v2 0 = ${NEWEST}`,
        'own last restore.done.lsn = 34',
        'last recovery.done.node = rw-2',
        'last recovery.done.token > 1',
      ],
      trigger: at.next,
      ask: {
        en: '{v2} is open, with {rw-2} as its writer, and somebody counts the notes in it. How many are there?',
        zh: '{v2} 已打开，写节点是 {rw-2}。有人在里面数 notes，有多少行？',
      },
      hint: {
        en: 'Note {newest} was not in the archive when the DELETE came. It is now.',
        zh: 'DELETE 到来时第 {newest} 条还没归档。现在归档了。',
      },
      question: { form: 'number', low: 0, high: 20, answer: 'row twin@v2 0' },
      reveal: at.on('sql.end', { session: 'twin@v2' }),
      says: NEWEST,
      after: {
        en: `All ${NEWEST}: every commit up to LSN {lsn}, that of note {newest} included, and not the DELETE, which came after it.`,
        zh: `共 ${NEWEST} 行：LSN {lsn} 及以前的提交都在，含第 {newest} 条；其后的 DELETE 不在。`,
      },
      rule: 'restore.equals-source',
    }),
    act(at.next, sql('select count(*) from notes', 'source')),
    say(
      at.on('sql.end', { session: 'source' }),
      'The source, {source}, still has {rows} rows, as the DELETE left it, and works on. Compare both volumes, copy back what you need.',
      '源卷 {source} 仍是 DELETE 之后的 {rows} 行，照常运行。可比对两个卷，再按需拷回。',
      {
        facts: { source: 'last restore.begin.source', rows: 'row source 0' },
        claims: ['row source 0 = 2', `row twin@v2 0 = ${NEWEST}`, 'rw-1 compute.state = open'],
        rule: 'restore.source-untouched',
      },
    ),
    free(
      20,
      'Delete {v2} and restore to an earlier moment, or let {cos-1} fail in the middle of it.',
      '删掉 {v2}，恢复到更早的时刻，或在恢复途中让 {cos-1} 出故障。',
      [
        {
          text: { en: 'Write a note in {v2}', zh: '在 {v2} 里写一条' },
          line: `sql d1 play@v2 "insert into notes values (10, 'joe')"`,
        },
        {
          text: { en: 'Count in {v2}', zh: '在 {v2} 里计数' },
          line: 'sql d1 play@v2 "select count(*) from notes"',
        },
        {
          text: { en: 'Count in the source', zh: '在源卷里计数' },
          line: 'sql d1 play "select count(*) from notes"',
        },
        { text: { en: 'Delete {v2}', zh: '删除 {v2}' }, line: 'dropVolume v2' },
      ],
    ),
  ],
  pass: [
    'count restore.done volume=v2 = 1',
    'row twin@v2 0 = row before 0',
    'row source 0 != row before 0',
    'violations = 0',
  ],
  passWords: {
    en: 'both numbers right; {v2} has as many rows as before the DELETE, and {v1} is untouched',
    zh: '两个数都对；{v2} 的行数与 DELETE 之前相等，{v1} 没被动过',
  },
  challenge: {
    goal: {
      en: 'Restore {v1} as of its newest commit as {v2}, although {cos-1} loses power while {v2} is loaded. One fault, 120 ms.',
      zh: '把 {v1} 恢复到最新提交，建成 {v2}；装载途中 {cos-1} 断电一次。一次故障，120 ms 之内。',
    },
    hints: [
      {
        en: 'A restore goes on where it was cut short.',
        zh: '恢复会从中断处继续。',
      },
      {
        en: 'restore {v1} to time … as {v2}; four milliseconds later crash {cos-1} for 10 ms.',
        zh: '执行 restore {v1} to time … as {v2}，4 ms 后让 {cos-1} 断电 10 ms。',
      },
    ],
    budget: { faults: 1, ms: 120 },
    pass: [
      'first restore.begin.at volume=v2 < first node.down.at node=cos-1',
      'first node.down.at node=cos-1 < first restore.done.at volume=v2',
      'violations = 0',
    ],
    solution: [
      { ms: 1, action: line('restore v1 to time 50.000 ms as v2') },
      { ms: 5, action: line('crash cos-1 for 10.000 ms') },
    ],
  },
};
