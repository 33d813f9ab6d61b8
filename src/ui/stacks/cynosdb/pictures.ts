// The pictures of the source documents, for the gallery and the palette.

import type { PictureEntry } from '../../model/picture-entry.ts';

export const pictures: readonly PictureEntry[] = [
  { preset: 'cynosdb', lens: 'wal', part: 'list', en: 'Status list of holes', zh: '空洞的状态列表' },
  {
    preset: 'cynosdb',
    lens: 'wal',
    part: 'requests',
    en: 'One hole and its requests',
    zh: '一个空洞及其请求',
  },
  { preset: 'cynosdb', lens: 'wal', part: 'members', en: 'Members of a group', zh: '组的成员' },
  {
    preset: 'cynosdb',
    lens: 'mtr',
    part: null,
    en: 'Lanes of the groups merged into one log',
    zh: '各组的日志道合并为一条日志',
  },
  {
    preset: 'cynosdb',
    lens: 'pages',
    part: 'versions',
    en: 'Versions of a page at its holders',
    zh: '页面版本及其持有者',
  },
  {
    preset: 'cynosdb-ro',
    lens: 'journal',
    part: 'page',
    en: 'Block–Journal, page by page',
    zh: '逐页的 Block–Journal',
  },
  {
    preset: 'cynosdb-ro',
    lens: 'journal',
    part: 'readers',
    en: 'Readers at their read points',
    zh: '只读节点及其读点',
  },
  {
    preset: 'cynosdb-ro',
    lens: 'chains',
    part: 'points',
    en: 'Read points: the pool of readers, RPL and MRPL',
    zh: '读点：读者池、RPL 与 MRPL',
  },
  {
    preset: 'cynosdb',
    lens: 'chains',
    part: 'pages',
    en: 'Chains and versions of pages',
    zh: '页的链与版本',
  },
  {
    preset: 'cynosdb-backup',
    lens: 'chains',
    part: 'archive',
    en: 'Archive and what can be restored',
    zh: '归档与可恢复的范围',
  },
  { preset: 'cynosdb-ha', lens: 'recovery', part: null, en: 'Recovery, R1 to R7', zh: '恢复，R1 到 R7' },
  {
    preset: 'cynosdb-pcs',
    lens: 'pcs',
    part: 'log',
    en: 'Raft log of the metadata',
    zh: '元数据的 Raft 日志',
  },
];
