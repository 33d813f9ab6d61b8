// F01 Format a disk: six chunks become one file system; what a superblock takes, and what a file is made of.

import { inodeOf } from '../file-nodes.ts';
import { act, at, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';
import type { LessonState } from '../lesson-state.ts';

/** Blocks of a chunk that can hold data of files, and blocks of the first segment of WAL, as the writer's mount has them. */
const dataBlocks = (s: LessonState): number => s.node('rw-1').mount?.dataBlocks ?? -1;

const blocksOf = (s: LessonState, directory: string, name: string): number =>
  inodeOf(s, 'rw-1', directory, name)?.nblock ?? -1;

export const f01: LibraryLesson = {
  rev: 1,
  seeds: ['003'],
  rules: ['pfs.fsck-clean', 'pfs.journal-atomic', 'chunk.majority'],
  goal: {
    en: 'A device of six chunks, and nothing on it. What does a file system need before the first file?',
    zh: '一块由六个 chunk 组成的设备，上面什么都没有。第一个文件之前，文件系统需要什么？',
  },
  start: { preset: 'polardb', tape: [], ms: 70, lens: 'disk', group: null, speed: 2000 },
  steps: [
    say(
      at.next,
      'Three chunk servers keep six chunks, each chunk on all three. The writer waits for its token; nothing is formatted.',
      '三台 ChunkServer 保存六个 chunk，每个都有三副本。写节点在等令牌，设备尚未格式化。',
      { focus: onNode('cs-1'), rule: 'chunk.majority' },
    ),
    predict('blocks', {
      trigger: at.next,
      ask: {
        en: 'A chunk of this device has 40 blocks of 16 KiB. How many of them can hold data of files?',
        zh: '此设备的每个 chunk 有 40 个 16 KiB 的数据块。其中多少个能存放文件数据？',
      },
      hint: {
        en: 'Somewhere the chunk must say which of its blocks are free, and whose the others are.',
        zh: 'chunk 总要在某处记下哪些块空闲，其余的块又属于谁。',
      },
      question: { form: 'number', low: 0, high: 40, answer: dataBlocks },
      reveal: at.on('fs.mounted', { mode: 'rw' }),
      says: 39,
      after: {
        en: '39. Block 0 of every chunk is its superblock: blktags, direntries and inodes. At 10 GiB it is 2,559 of 2,560.',
        zh: '39。每个 chunk 的第 0 块存 blktag、direntry 与 inode。10 GiB 时是 2559。',
      },
      focus: onNode('rw-1'),
      rule: 'pfs.fsck-clean',
    }),
    predict('wal', {
      trigger: at.next,
      ask: {
        en: 'The first segment of WAL is a file of 64 KiB, filled with zeros before its first use. How many blocks has it?',
        zh: 'WAL 的第一段是 64 KiB 的文件，使用前先填零。它有多少个数据块？',
      },
      hint: {
        en: 'A block is 16 KiB, and a file has a blktag for each of its blocks.',
        zh: '一块 16 KiB，文件的每一块都有一个 blktag。',
      },
      question: { form: 'number', low: 0, high: 16, answer: (s) => blocksOf(s, 'wal', '0') },
      reveal: at.on('recovery.done'),
      says: 4,
      after: {
        en: 'Four, in different chunks. All of it is allocated now, so a later write of WAL changes no metadata.',
        zh: '四个，位于不同的 chunk。空间已全部分配，之后写 WAL 不再改动元数据。',
      },
      focus: onNode('rw-1'),
      rule: 'pfs.journal-atomic',
    }),
    act(at.next, sql("create table t (id int primary key, v text); insert into t values (1, 'a')"), {
      key: true,
      ask: { en: 'Make a table, with one row.', zh: '建一张表，插入一行。' },
    }),
    say(
      at.on('page.stored', {}),
      'Its first page is stored: a file under /base, made by transactions of the journal. The map shows whose each block is.',
      '它的第一页已写入：/base 下的一个文件，由日志事务建立。图中标出每块的归属。',
      { focus: onNode('rw-1'), rule: 'pfs.journal-atomic' },
    ),
    free(
      60,
      'Add rows, or lose a chunk server while the file grows.',
      '再插几行，或在文件增长时让一台 ChunkServer 断电。',
      [
        { text: { en: 'Insert a row', zh: '插入一行' }, line: `sql d1 "insert into t values (2, 'b')"` },
        { text: { en: 'Crash {cs-2} for 20 ms', zh: '{cs-2} 断电 20 ms' }, line: 'crash cs-2 for 20.000 ms' },
      ],
    ),
  ],
  pass: (s) =>
    s.predicted('blocks') &&
    s.predicted('wal') &&
    s.count('sql.end', { outcome: 'ok' }) > 0 &&
    s.count('page.stored') > 0 &&
    blocksOf(s, 'wal', '0') === 4 &&
    s.violations.length === 0,
  passWords: {
    en: 'both numbers are those of the writer’s mount, and a page of the table is in its file',
    zh: '两个数字与写节点的挂载一致，且表的一页已写入文件',
  },
  challenge: {
    goal: {
      en: 'Have a page stored while one chunk server is down. One fault, 200 ms.',
      zh: '在一台 ChunkServer 宕机时仍写入一页。最多一次故障，200 ms 之内。',
    },
    hints: [
      { en: 'Two of three servers are a majority.', zh: '三台中的两台就是多数。' },
      {
        en: 'crash {cs-2} once the volume is open, then create a table.',
        zh: '卷打开后让 {cs-2} 断电，再建一张表。',
      },
    ],
    budget: { faults: 1, ms: 200 },
    pass: (s) => !s.node('cs-2').isUp && s.newest('page.stored') > s.newest('node.down', { node: 'cs-2' }),
    solution: [
      { ms: 75, action: line('crash cs-2') },
      { ms: 76, action: sql('create table c (id int primary key)') },
    ],
  },
};
