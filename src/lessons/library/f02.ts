// F02 Where is gcc?: a table's file grows over blocks of several chunks; its direntry, inode and blktags say where it lies.

import { geometries, OBJECT_BYTES } from '../../core/pfs/geometry.ts';
import { FIRST_FILE, firstTable } from '../file-nodes.ts';
import { act, at, free, type LibraryLesson, line, onNode, predict, say, sql } from '../format.ts';

const PAGE_BYTES = 4096;
const ROWS = 18;
const ROW_BYTES = 1300;
const BLOCK_KIB = geometries.demo.blockBytes / 1024;

const FILE = `${firstTable.directory}/${firstTable.name}`;
const BLOCKS = `rw-1 blktags.${FILE}`;

const rowsFrom = (first: number): string =>
  `insert into gcc values ${Array.from({ length: ROWS }, (_, i) => `(${first + i}, repeat('x', ${ROW_BYTES}))`).join(', ')}`;

export const f02: LibraryLesson = {
  rev: 1,
  seeds: ['003'],
  rules: ['pfs.fsck-clean', 'pfs.journal-atomic'],
  goal: {
    en: 'A table is a file. Where on six chunks do its bytes lie, and what knows that?',
    zh: '表就是文件。它的字节位于六个 chunk 的何处，又由什么记录？',
  },
  start: {
    preset: 'polardb',
    config: { pageBytes: PAGE_BYTES },
    tape: ['215.000 sql d1 "create table gcc (id int primary key, v text)"'],
    ms: 340,
    lens: 'disk',
    group: null,
    speed: 3000,
  },
  steps: [
    say(
      at.next,
      `The table gcc is the file ${FIRST_FILE}, one block of ${BLOCK_KIB} KiB so far. Choose it in the map to see its block.`,
      `表 gcc 是文件 ${FIRST_FILE}，目前只有一个 ${BLOCK_KIB} KiB 的数据块。在图中选中它可看到该块。`,
      {
        claims: ['rw-1 blocks.base/9.0 = 1', 'rw-1 compute.shared.dirty = 0'],
        focus: onNode('rw-1'),
        rule: 'pfs.fsck-clean',
      },
    ),
    act(at.next, sql(rowsFrom(1)), {
      key: true,
      ask: {
        en: `Insert ${ROWS} rows of ${ROW_BYTES} bytes each.`,
        zh: `插入 ${ROWS} 行，每行 ${ROW_BYTES} 字节。`,
      },
    }),
    predict('blocks', {
      trigger: at.on('commit.ack'),
      ask: {
        en: `With these rows the file has ten pages of ${PAGE_BYTES} bytes. How many blocks of ${BLOCK_KIB} KiB has it once all are stored?`,
        zh: `加上这些行，文件有十个 ${PAGE_BYTES} 字节的页。全部写入后，它有多少个 ${BLOCK_KIB} KiB 的数据块？`,
      },
      hint: {
        en: `Page n lies at byte n × ${PAGE_BYTES} of the file. A block is allocated when its first page is stored.`,
        zh: `第 n 页位于文件的 n × ${PAGE_BYTES} 字节处。写入某块的首页时才分配该块。`,
      },
      question: { form: 'number', low: 0, high: 20, answer: BLOCKS },
      reveal: at.when('rw-1 compute.shared.dirty = 0'),
      says: null,
      facts: { blocks: 'rw-1 blocks.base/9.0' },
      afterClaims: [
        'rw-1 blocks.base/9.0 = 3',
        'own count page.stored blockKey=603979785 = 1',
        'own count page.stored blockKey=603979786 = 0',
        'last page.stored.at > last commit.ack.at',
        'rw-1 compute.shared.dirty = 0',
      ],
      after: {
        en: '{blocks}: as many as ten pages need. The commit did not wait: pages are stored behind it.',
        zh: '{blocks} 个：恰好容纳十页。提交并未等待：页在提交之后写入。',
      },
      focus: onNode('rw-1'),
      rule: 'pfs.journal-atomic',
    }),
    predict('objects', {
      trigger: at.next,
      ask: {
        en: `How many metadata objects of ${OBJECT_BYTES} bytes say what this file is called, how long it is and where it lies?`,
        zh: `有多少个 ${OBJECT_BYTES} 字节的元数据对象，记录该文件的名称、长度与位置？`,
      },
      hint: {
        en: 'One for the name, one for the attributes, and one for each block.',
        zh: '名称一个，属性一个，每个数据块一个。',
      },
      question: {
        form: 'number',
        low: 0,
        high: 20,
        // The direntry, the inode, and the blktags.
        answer: `${BLOCKS} + 2`,
      },
      reveal: at.next,
      says: null,
      facts: { blocks: 'rw-1 blocks.base/9.0' },
      afterClaims: ['rw-1 blocks.base/9.0 = 3'],
      after: {
        en: 'A direntry, an inode and {blocks} blktags, one for each block: the inode lists them as a chain, first to last.',
        zh: '一个 direntry、一个 inode 和 {blocks} 个 blktag，每块一个；inode 把它们串成链。',
      },
      rule: 'pfs.fsck-clean',
    }),
    predict('chunks', {
      trigger: at.next,
      ask: {
        en: 'In how many different chunks do the blocks of the file lie?',
        zh: '文件的数据块位于多少个不同的 chunk？',
      },
      hint: {
        en: 'A new block is taken from the chunk with most free blocks.',
        zh: '新块取自空闲块最多的 chunk。',
      },
      question: { form: 'number', low: 0, high: 6, answer: `rw-1 chunks.${FILE}` },
      reveal: at.next,
      says: null,
      facts: { chunks: 'rw-1 chunks.base/9.0' },
      afterClaims: ['rw-1 chunks.base/9.0 = rw-1 blocks.base/9.0'],
      after: {
        en: 'In {chunks}. The chain goes from chunk to chunk, so the writes of one file spread over their leaders.',
        zh: '{chunks} 个。链在各 chunk 间延伸，于是一个文件的写入分散到它们的领导者。',
      },
      rule: 'chunk.majority',
    }),
    free(
      60,
      'Let the file grow, or drop the table and see its blocks become free.',
      '让文件继续增长，或删除该表，看它的块变为空闲。',
      [
        { text: { en: 'Insert 18 more rows', zh: '再插入 18 行' }, line: `sql d1 "${rowsFrom(101)}"` },
        { text: { en: 'Drop the table', zh: '删除该表' }, line: 'sql d1 "drop table gcc"' },
      ],
    ),
  ],
  pass: [`${BLOCKS} > 1`, `rw-1 blocks.${FILE} = ${BLOCKS}`, 'violations = 0'],
  passWords: {
    en: 'all three numbers are those of the writer’s mount, and the inode counts the blocks of its chain',
    zh: '三个数字都与写节点的挂载一致，且 inode 的块数等于链长',
  },
  challenge: {
    goal: {
      en: 'Give the file five blocks while one chunk server is down. One fault, 350 ms.',
      zh: '在一台 ChunkServer 宕机时让文件长到五块。最多一次故障，350 ms 之内。',
    },
    hints: [
      { en: 'Five blocks are twenty pages of 4 KiB.', zh: '五块即二十个 4 KiB 的页。' },
      {
        en: 'crash {cs-3}, then insert 18 rows twice and let the writer store them.',
        zh: '让 {cs-3} 断电，插入 18 行两次，等写节点刷脏。',
      },
    ],
    budget: { faults: 1, ms: 350 },
    pass: [`${BLOCKS} >= 5`, 'cs-1 status = down or cs-2 status = down or cs-3 status = down'],
    solution: [
      { ms: 1, action: line('crash cs-3') },
      { ms: 40, action: sql(rowsFrom(1)) },
      { ms: 60, action: sql(rowsFrom(201)) },
    ],
  },
};
