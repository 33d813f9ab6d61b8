// C08 Back to 10:15: replicas do not help against a wrong DELETE. An archive does: a second volume, as of the moment before.

import { act, at, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';
import type { LessonState } from '../lesson-state.ts';

const rows = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay', 'gus', 'hal'].map(
  (name, i) => `(${i + 1}, '${name}')`,
);

const commits = (s: LessonState): readonly number[] => s.events('commit.ack').map(({ scn }) => scn);

/** The newest commit that lies where bases and segments of every group reach. */
function newestRestorable(s: LessonState): number {
  const ranges = s.node('cos-1').archive?.backups[0]?.restorable ?? [];
  const isIn = (lsn: number): boolean => ranges.some(([first, last]) => first <= lsn && lsn < last);
  return commits(s).filter(isIn).at(-1) ?? -1;
}

/** How far every group is archived. */
const archivedTo = (s: LessonState): number => {
  const groups = s.node('cos-1').archive?.backups[0]?.groups ?? [];
  return groups.length === 0 ? -1 : Math.min(...groups.map((group) => group.archivedTo));
};

/** A time at which the commit before the newest one was acknowledged, and the newest was still to come. */
const before = (s: LessonState): string =>
  (s.when('commit.ack', { scn: commits(s).at(-2) ?? -1 }) / 1000).toFixed(3);

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
      'Beside the cluster stands {cos-1}, an object store. One replica of each group uploads its log there, piece by piece.',
      '集群旁有一个对象存储 {cos-1}。每组由一个副本把日志一段段传上去。',
      { focus: onNode('cos-1') },
    ),
    act(at.ms(52), sql("insert into notes values (9, 'ivy')")),
    act(at.on('commit.ack', {}), sql('select count(*) from notes', 'before')),
    say(
      at.on('sql.end', { session: 'before' }),
      'A ninth note is written and committed. It is on the replicas; in the archive it is not yet: that comes a little later.',
      '写入并提交了第九条。副本上已有；归档里还没有：那要稍晚一点。',
    ),
    act(at.next, line('isolate cos-1')),
    act(at.next, sql('delete from notes where id <= 7'), {
      ask: {
        en: 'It is 10:15. Somebody runs DELETE … WHERE id <= 7 on the wrong screen. And {cos-1} is out of reach just now.',
        zh: '10:15，有人在错误的窗口执行了 DELETE … WHERE id <= 7。偏偏此时 {cos-1} 联系不上。',
      },
    }),
    say(
      at.on('commit.ack', {}),
      'Committed, on two of three, as it should be. Replication guards against disks that fail, not against people who err.',
      '照章提交，三台里有两台落盘。复制防的是磁盘坏，防不了人犯错。',
      { focus: onNode('rw-1') },
    ),
    say(
      at.on('archive.outage', {}),
      'The archivers cannot reach it and say so. Writes do not wait for a backup, but log that is not archived is not dropped.',
      '归档者够不到它，并如实报告。写不等备份；但没归档的日志绝不回收。',
      { focus: onNode('cos-1'), rule: 'archive.gc-behind' },
    ),
    predict('newest', {
      trigger: at.next,
      ask: {
        en: 'If one had to restore from what {cos-1} holds now: at which LSN lies the newest commit that can be had?',
        zh: '如果现在就用 {cos-1} 里的东西恢复：能得到的最新提交在哪个 LSN？',
      },
      hint: {
        en: 'Lens and inspector show how far each group is archived. All groups have to reach the commit.',
        zh: '透镜和检查器显示每组归档到哪里。每个组都得够到那个提交。',
      },
      question: { form: 'number', low: 0, high: 60, answer: newestRestorable },
      reveal: at.next,
      says: null,
      after: {
        en: 'Only what the manifest names counts: every group from its base image on, without a gap, up to the end of a commit.',
        zh: '只有清单里写明的才算：每组从基础镜像起，日志无缺口，直到某次提交的末尾。',
      },
      rule: 'restore.restorable',
    }),
    act(at.next, line('healAll')),
    say(
      at.when((s) => archivedTo(s) >= (commits(s).at(-1) ?? 0)),
      '{cos-1} is back, and what was kept for it goes up: everything to the DELETE and beyond. Any commit in it can be restored.',
      '{cos-1} 回来了，替它留着的都传上去了，直到 DELETE 之后。其中任何一次提交都能恢复。',
      { focus: onNode('cos-1') },
    ),
    act(at.next, (s) => [`restore v1 to time ${before(s)} ms as v2`], {
      key: true,
      ask: {
        en: 'Restore to the moment before the DELETE. Not over the old volume: as a new one beside it, {v2}.',
        zh: '恢复到 DELETE 之前的一刻。不是覆盖旧卷，而是在旁边建一个新卷 {v2}。',
      },
    }),
    say(
      at.on('restore.begin', {}),
      'Each replica of {v2} loads base and segments up to that commit. Then {v2} opens by an ordinary recovery, with a token of its own.',
      '{v2} 的每个副本装入基础镜像和到该提交为止的日志段，然后以自己的令牌照常恢复、打开。',
      { focus: onNode('meta-1') },
    ),
    act(at.on('recovery.done', { node: 'rw-2' }), sql('select count(*) from notes', 'twin@v2')),
    predict('twin', {
      trigger: at.next,
      ask: {
        en: '{v2} is open, with {rw-2} as its writer, and somebody counts the notes in it. How many are there?',
        zh: '{v2} 已打开，写节点是 {rw-2}。有人在里面数 notes，有多少行？',
      },
      hint: {
        en: 'The ninth note was not in the archive when the DELETE came. It is now.',
        zh: 'DELETE 到来时第九条还没归档。现在归档了。',
      },
      question: { form: 'number', low: 0, high: 20, answer: (s) => Number(s.row('twin@v2')[0] ?? -1) },
      reveal: at.on('sql.end', { session: 'twin@v2' }),
      says: 9,
      after: {
        en: 'All nine: every commit up to that moment, the youngest included, and not the one that should not have been.',
        zh: '九行：那一刻之前的每次提交都在，连最新的也在，唯独没有不该有的那次。',
      },
      rule: 'restore.equals-source',
    }),
    act(at.next, sql('select count(*) from notes', 'source')),
    say(
      at.on('sql.end', { session: 'source' }),
      'And {v1}? Two rows, as the DELETE left it, and it works on. Compare the two at leisure, copy back what you need.',
      '{v1} 呢？DELETE 之后的两行，照常运转。慢慢比对两边，需要什么再拷回去。',
      { rule: 'restore.source-untouched' },
    ),
    free(
      20,
      'Restore to an earlier moment as {v3} when {v2} is given up, or let {cos-1} fail in the middle of it.',
      '试试恢复到更早的时刻，或在恢复途中让 {cos-1} 出故障。',
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
          text: { en: 'Count in {v1}', zh: '在 {v1} 里计数' },
          line: 'sql d1 play "select count(*) from notes"',
        },
        { text: { en: 'Delete {v2}', zh: '删除 {v2}' }, line: 'dropVolume v2' },
      ],
    ),
  ],
  pass: (s) =>
    s.predicted('newest') &&
    s.predicted('twin') &&
    s.count('restore.done', { volume: 'v2' }) === 1 &&
    s.row('twin@v2')[0] === s.row('before')[0] &&
    s.row('source')[0] !== s.row('before')[0] &&
    s.violations.length === 0,
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
        zh: '执行 restore {v1} to time … as {v2}，四毫秒后让 {cos-1} 断电 10 ms。',
      },
    ],
    budget: { faults: 1, ms: 120 },
    pass: (s) =>
      s.when('restore.begin', { volume: 'v2' }) < s.when('node.down', { node: 'cos-1' }) &&
      s.when('node.down', { node: 'cos-1' }) < s.when('restore.done', { volume: 'v2' }) &&
      s.violations.length === 0,
    solution: [
      { ms: 1, action: line('restore v1 to time 50.000 ms as v2') },
      { ms: 5, action: line('crash cos-1 for 10.000 ms') },
    ],
  },
};
