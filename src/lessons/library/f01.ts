// F01 Format a disk: six chunks become one file system; what a superblock takes, and what a file is made of.

import { geometries } from '../../core/pfs/geometry.ts';
import { FIRST_FILE, firstTablePage } from '../file-nodes.ts';
import { act, at, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';

/** KiB of a block of this device, and of the first segment of WAL. */
const BLOCK_KIB = geometries.demo.blockBytes / 1024;
const SEGMENT_KIB = 64;
/** Blocks of a chunk at full size. */
const FULL = geometries.full.blocksPerChunk;

export const f01: LibraryLesson = {
  rev: 2,
  seeds: ['003'],
  rules: ['pfs.fsck-clean', 'pfs.journal-atomic', 'chunk.majority'],
  goal: {
    en: 'A device of six chunks, and nothing on it. What does a file system need before the first file?',
    zh: '一块由六个 chunk 组成的设备，上面什么都没有。第一个文件之前，文件系统需要什么？',
  },
  start: { preset: 'polardb', tape: [], ms: 70, lens: 'disk', group: null, speed: 2500 },
  steps: [
    say(
      at.next,
      'Three chunk servers keep six chunks, each chunk on all three. The writer has its token; nothing is formatted yet.',
      '三台 ChunkServer 保存六个 chunk，每个都有三副本。写节点已有令牌，设备尚未格式化。',
      {
        claims: [
          'cs-1 chunk.chunks = 6',
          'cs-2 chunk.chunks = 6',
          'cs-3 chunk.chunks = 6',
          'rw-1 status = up',
          'last token.grant.holder = rw-1',
          'count fs.mounted mode=rw = 0',
        ],
        focus: onNode('cs-1'),
        rule: 'chunk.majority',
      },
    ),
    predict('blocks', {
      trigger: at.next,
      ask: {
        en: `A chunk of this device has ${geometries.demo.blocksPerChunk} blocks of ${BLOCK_KIB} KiB. How many of them can hold data of files?`,
        zh: `此设备的每个 chunk 有 ${geometries.demo.blocksPerChunk} 个 ${BLOCK_KIB} KiB 的数据块。其中多少个能存放文件数据？`,
      },
      hint: {
        en: 'Somewhere the chunk must say which of its blocks are free, and whose the others are.',
        zh: 'chunk 总要在某处记下哪些块空闲，其余的块又属于谁。',
      },
      question: { form: 'number', low: 0, high: 40, answer: 'rw-1 mount.dataBlocks' },
      reveal: at.on('fs.mounted', { mode: 'rw' }),
      says: 39,
      facts: { data: 'rw-1 mount.dataBlocks' },
      afterClaims: ['rw-1 mount.dataBlocks = 39', 'rw-1 mount.chunks = 6', 'last fs.checked.issues = 0'],
      after: {
        en: `{data}. The first block of every chunk is its superblock: blktags, direntries and inodes. At full size it is ${FULL - 1} of ${FULL}.`,
        zh: `{data}。每个 chunk 的首块是超级块（blktag、direntry、inode）。实际规模下是 ${FULL - 1}。`,
      },
      focus: onNode('rw-1'),
      rule: 'pfs.fsck-clean',
    }),
    predict('wal', {
      trigger: at.next,
      ask: {
        en: `The first segment of WAL is a file of ${SEGMENT_KIB} KiB, filled with zeros before its first use. How many blocks has it?`,
        zh: `WAL 的第一段是 ${SEGMENT_KIB} KiB 的文件，使用前先填零。它有多少个数据块？`,
      },
      hint: {
        en: `A block is ${BLOCK_KIB} KiB, and a file has a blktag for each of its blocks.`,
        zh: `一块 ${BLOCK_KIB} KiB，文件的每一块都有一个 blktag。`,
      },
      question: { form: 'number', low: 0, high: 16, answer: 'rw-1 blocks.wal/0' },
      reveal: at.on('recovery.done'),
      says: 4,
      facts: { chunks: 'rw-1 chunks.wal/0' },
      afterClaims: ['rw-1 blocks.wal/0 = 4', 'rw-1 chunks.wal/0 > 1', 'count recovery.done = 1'],
      after: {
        en: 'Four, in {chunks} different chunks. All of it is allocated now, so a later write of WAL changes no metadata.',
        zh: '四个，位于 {chunks} 个不同的 chunk。空间已全部分配，之后写 WAL 不再改动元数据。',
      },
      focus: onNode('rw-1'),
      rule: 'pfs.journal-atomic',
    }),
    act(at.next, sql("create table t (id int primary key, v text); insert into t values (1, 'a')"), {
      key: true,
      ask: { en: 'Make a table, with one row.', zh: '建一张表，插入一行。' },
    }),
    say(
      at.on('page.stored', { blockKey: firstTablePage(0) }),
      `A page of the table is stored, in the file ${FIRST_FILE}, which a transaction of the journal has made. The map shows whose each block is.`,
      `表的一页已写入文件 ${FIRST_FILE}，该文件由一个日志事务建立。图中标出每块的归属。`,
      {
        claims: [
          'rw-1 blocks.base/9.0 = 1',
          'own last page.stored.blockKey = 603979776',
          'last fs.done.call headTx=11 = pwrite',
          'last sql.end.outcome = ok',
        ],
        focus: onNode('rw-1'),
        rule: 'pfs.journal-atomic',
      },
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
  pass: ['count sql.end outcome=ok > 0', 'count page.stored > 0', 'rw-1 blocks.wal/0 = 4', 'violations = 0'],
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
    pass: ['cs-2 status = down', 'last page.stored.at > last node.down.at node=cs-2'],
    solution: [
      { ms: 75, action: line('crash cs-2') },
      { ms: 76, action: sql('create table c (id int primary key)') },
    ],
  },
};
