// Catalogue of lessons. The list is small enough to show at once; a lesson itself loads when it is opened.

import {
  type Lesson,
  type LessonEntry,
  type LessonStart,
  type LibraryLesson,
  lesson,
  type Words,
} from './format.ts';

const holes: Words = { en: 'Holes', zh: '空洞管理' };
const log: Words = { en: 'The log', zh: '日志' };
const backup: Words = { en: 'Backup', zh: '备份' };
const recovery: Words = { en: 'Recovery', zh: '恢复' };
const quorums: Words = { en: 'Quorums', zh: '多数派' };
const control: Words = { en: 'Control plane', zh: '控制面' };
const pages: Words = { en: 'Log and pages', zh: '日志与页' };
const shards: Words = { en: 'Shards', zh: '分片' };
const readers: Words = { en: 'Readers', zh: '只读节点' };
const files: Words = { en: 'Files', zh: '文件系统' };
const sharedPages: Words = { en: 'Shared pages', zh: '共享页面' };
const statements: Words = { en: 'SQL', zh: 'SQL 语句' };
const architectures: Words = { en: 'Architectures', zh: '架构' };

/** In the order in which they are best taken. */
export const lessonEntries: readonly LessonEntry[] = [
  { id: 'H01', title: { en: 'Birth of a hole', zh: '空洞诞生' }, topic: holes, level: 1, minutes: 3 },
  {
    id: 'C01',
    title: { en: 'The log is the database', zh: '日志即数据库' },
    topic: pages,
    level: 1,
    minutes: 4,
  },
  { id: 'P01', title: { en: 'Cold start', zh: '冷启动与选主' }, topic: control, level: 1, minutes: 5 },
  {
    id: 'P02',
    title: { en: 'First write makes a shard', zh: '首写建分片' },
    topic: shards,
    level: 1,
    minutes: 5,
  },
  { id: 'P04', title: { en: 'A write’s life', zh: '一次写的旅程' }, topic: shards, level: 1, minutes: 4 },
  { id: 'H09', title: { en: 'The slow one', zh: '慢副本' }, topic: quorums, level: 1, minutes: 5 },
  { id: 'H02', title: { en: 'Fair asking', zh: '轮询补洞' }, topic: holes, level: 2, minutes: 4 },
  { id: 'H03', title: { en: 'Half filled', zh: '部分填充与继承' }, topic: holes, level: 2, minutes: 4 },
  {
    id: 'H04',
    title: { en: 'A late answer, twice', zh: '应答迟到，且来两次' },
    topic: holes,
    level: 2,
    minutes: 4,
  },
  {
    id: 'H05',
    title: { en: 'Holes after a restart', zh: '重启后的空洞' },
    topic: holes,
    level: 2,
    minutes: 5,
  },
  { id: 'H08', title: { en: 'A bit flips', zh: '静默损坏与巡检' }, topic: holes, level: 2, minutes: 5 },
  { id: 'H07', title: { en: 'VCL and VDL part', zh: 'VCL 与 VDL 分开' }, topic: log, level: 2, minutes: 4 },
  {
    id: 'C06',
    title: { en: 'Start without catching up', zh: '只读秒起' },
    topic: readers,
    level: 1,
    minutes: 4,
  },
  { id: 'C04', title: { en: 'Not my page', zh: '不在缓冲池则跳过' }, topic: readers, level: 2, minutes: 4 },
  { id: 'C09', title: { en: 'Read your own write', zh: '读写分离' }, topic: readers, level: 2, minutes: 5 },
  {
    id: 'C02',
    title: { en: 'All or nothing split', zh: 'MTR 原子性' },
    topic: readers,
    level: 2,
    minutes: 5,
  },
  {
    id: 'C05',
    title: { en: 'A standby takes over', zh: '备用节点接管' },
    topic: readers,
    level: 2,
    minutes: 5,
  },
  {
    id: 'C07',
    title: { en: 'An old writer wakes', zh: '旧写节点醒来' },
    topic: readers,
    level: 3,
    minutes: 5,
  },
  { id: 'F01', title: { en: 'Format a disk', zh: '格式化' }, topic: files, level: 1, minutes: 3 },
  { id: 'F02', title: { en: 'Where is gcc?', zh: '文件与块链' }, topic: files, level: 1, minutes: 4 },
  { id: 'F03', title: { en: 'Torn commit', zh: '日志原子提交' }, topic: files, level: 2, minutes: 5 },
  { id: 'F04', title: { en: 'Ring is full', zh: '日志环与 trim' }, topic: files, level: 2, minutes: 4 },
  { id: 'F05', title: { en: 'Catch up 5 to 10', zh: '只读同步' }, topic: files, level: 2, minutes: 4 },
  { id: 'F06', title: { en: 'A reader for free', zh: '秒级加只读' }, topic: files, level: 1, minutes: 4 },
  {
    id: 'D01',
    title: { en: 'Page from the past', zh: '过去页' },
    topic: sharedPages,
    level: 2,
    minutes: 4,
  },
  {
    id: 'D02',
    title: { en: 'Lazy replay', zh: 'LogIndex 倒排索引' },
    topic: sharedPages,
    level: 2,
    minutes: 5,
  },
  {
    id: 'D03',
    title: { en: 'Page from the future', zh: '未来页' },
    topic: sharedPages,
    level: 2,
    minutes: 5,
  },
  {
    id: 'D04',
    title: { en: 'The gate', zh: '刷脏控制与一致性位点' },
    topic: sharedPages,
    level: 2,
    minutes: 5,
  },
  {
    id: 'D05',
    title: { en: 'Slow reader tax', zh: '慢只读与拷贝缓冲' },
    topic: sharedPages,
    level: 2,
    minutes: 5,
  },
  {
    id: 'D06',
    title: { en: 'Promote while open', zh: '在线升主' },
    topic: sharedPages,
    level: 3,
    minutes: 5,
  },
  {
    id: 'D07',
    title: { en: 'Definitions across readers', zh: '定义变更与只读节点' },
    topic: sharedPages,
    level: 3,
    minutes: 5,
  },
  { id: 'S01', title: { en: 'Lost update', zh: '丢失更新' }, topic: statements, level: 1, minutes: 5 },
  {
    id: 'S02',
    title: { en: 'An index in the log', zh: '日志里的索引' },
    topic: statements,
    level: 2,
    minutes: 5,
  },
  { id: 'C03', title: { en: 'Reading the past', zh: '多版本读与回收' }, topic: pages, level: 2, minutes: 5 },
  {
    id: 'C11',
    title: { en: 'A zone and one more', zh: '一个可用区再加一台' },
    topic: quorums,
    level: 2,
    minutes: 5,
  },
  { id: 'P03', title: { en: 'Wrong door', zh: '走错主节点' }, topic: shards, level: 2, minutes: 4 },
  { id: 'P05', title: { en: 'Growing pains', zh: '扩容' }, topic: shards, level: 2, minutes: 5 },
  { id: 'P06', title: { en: 'Graceful exit', zh: '缩容' }, topic: shards, level: 2, minutes: 5 },
  {
    id: 'H06',
    title: { en: 'Agreeing on the end', zh: '恢复模式与截断' },
    topic: recovery,
    level: 3,
    minutes: 5,
  },
  { id: 'P07', title: { en: 'Headless but alive', zh: '控制面宕机' }, topic: control, level: 3, minutes: 5 },
  { id: 'P08', title: { en: 'Tables are metadata', zh: '表是元数据' }, topic: control, level: 3, minutes: 5 },
  { id: 'P09', title: { en: 'Tell everyone', zh: '配置与追踪' }, topic: control, level: 3, minutes: 5 },
  {
    id: 'P10',
    title: { en: 'Changing the guard', zh: '换岗' },
    topic: control,
    level: 3,
    minutes: 5,
  },
  { id: 'C10', title: { en: 'Two sets at once', zh: '在线换副本' }, topic: quorums, level: 3, minutes: 5 },
  {
    id: 'C08',
    title: { en: 'Rows back after a wrong DELETE', zh: '误删之后找回各行' },
    topic: backup,
    level: 3,
    minutes: 5,
  },
  {
    id: 'X03',
    title: { en: 'Grow one side', zh: '算存各自扩容' },
    topic: architectures,
    level: 2,
    minutes: 4,
  },
  {
    id: 'X01',
    title: { en: 'Three answers', zh: '三种架构同一故障' },
    topic: architectures,
    level: 3,
    minutes: 4,
  },
];

const loaders: Readonly<Record<string, () => Promise<LibraryLesson>>> = {
  C01: async () => (await import('./library/c01.ts')).c01,
  C02: async () => (await import('./library/c02.ts')).c02,
  C03: async () => (await import('./library/c03.ts')).c03,
  C04: async () => (await import('./library/c04.ts')).c04,
  C05: async () => (await import('./library/c05.ts')).c05,
  C06: async () => (await import('./library/c06.ts')).c06,
  C07: async () => (await import('./library/c07.ts')).c07,
  C08: async () => (await import('./library/c08.ts')).c08,
  C09: async () => (await import('./library/c09.ts')).c09,
  C10: async () => (await import('./library/c10.ts')).c10,
  C11: async () => (await import('./library/c11.ts')).c11,
  D01: async () => (await import('./library/d01.ts')).d01,
  D02: async () => (await import('./library/d02.ts')).d02,
  D03: async () => (await import('./library/d03.ts')).d03,
  D04: async () => (await import('./library/d04.ts')).d04,
  D05: async () => (await import('./library/d05.ts')).d05,
  D06: async () => (await import('./library/d06.ts')).d06,
  D07: async () => (await import('./library/d07.ts')).d07,
  F01: async () => (await import('./library/f01.ts')).f01,
  F02: async () => (await import('./library/f02.ts')).f02,
  F03: async () => (await import('./library/f03.ts')).f03,
  F04: async () => (await import('./library/f04.ts')).f04,
  F05: async () => (await import('./library/f05.ts')).f05,
  F06: async () => (await import('./library/f06.ts')).f06,
  H01: async () => (await import('./library/h01.ts')).h01,
  H02: async () => (await import('./library/h02.ts')).h02,
  H03: async () => (await import('./library/h03.ts')).h03,
  H04: async () => (await import('./library/h04.ts')).h04,
  H05: async () => (await import('./library/h05.ts')).h05,
  H06: async () => (await import('./library/h06.ts')).h06,
  H07: async () => (await import('./library/h07.ts')).h07,
  H08: async () => (await import('./library/h08.ts')).h08,
  H09: async () => (await import('./library/h09.ts')).h09,
  P01: async () => (await import('./library/p01.ts')).p01,
  P02: async () => (await import('./library/p02.ts')).p02,
  P03: async () => (await import('./library/p03.ts')).p03,
  P04: async () => (await import('./library/p04.ts')).p04,
  P05: async () => (await import('./library/p05.ts')).p05,
  P06: async () => (await import('./library/p06.ts')).p06,
  P07: async () => (await import('./library/p07.ts')).p07,
  P08: async () => (await import('./library/p08.ts')).p08,
  P09: async () => (await import('./library/p09.ts')).p09,
  P10: async () => (await import('./library/p10.ts')).p10,
  S01: async () => (await import('./library/s01.ts')).s01,
  S02: async () => (await import('./library/s02.ts')).s02,
  X01: async () => (await import('./library/x01.ts')).x01,
  X03: async () => (await import('./library/x03.ts')).x03,
};

const usualStart: LessonStart = {
  preset: 'cynosdb',
  seed: 7,
  tape: [],
  ms: 40,
  lens: 'wal',
  group: 'g1',
  speed: 1000,
};

export async function loadLesson(id: string): Promise<Lesson | { readonly error: string }> {
  const entry = lessonEntries.find((one) => one.id === id);
  const written = await loaders[id]?.();
  if (entry === undefined || written === undefined) return { error: `there is no lesson ${id}` };
  return lesson({ ...entry, ...written, start: { ...usualStart, ...written.start } });
}
