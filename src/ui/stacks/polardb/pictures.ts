// The pictures of the source documents, for the gallery and the palette.

import type { PictureEntry } from '../../model/picture-entry.ts';

export const pictures: readonly PictureEntry[] = [
  { preset: 'polardb', lens: 'shared', part: 'promote', en: 'Promotion, P1 to P6', zh: '升主，P1 到 P6' },
  {
    preset: 'polardb',
    lens: 'shared',
    part: 'flush',
    en: 'Flush list and what each reader has replayed',
    zh: '刷脏链表与各只读节点的回放位置',
  },
  {
    preset: 'polardb',
    lens: 'shared',
    part: 'time',
    en: 'T1 to T5: five times of a reader',
    zh: 'T1 到 T5：只读节点的五个时刻',
  },
  {
    preset: 'polardb',
    lens: 'shared',
    part: 'page',
    en: 'One page at writer and readers',
    zh: '写节点与只读节点上的同一页',
  },
  {
    preset: 'polardb',
    lens: 'disk',
    part: 'index',
    en: 'LogIndex: a page and its LSNs',
    zh: 'LogIndex：页面与它的 LSN',
  },
  {
    preset: 'polardb',
    lens: 'disk',
    part: 'map',
    en: 'Disk map: chunks and files',
    zh: '磁盘图：chunk 与文件',
  },
  {
    preset: 'polardb',
    lens: 'disk',
    part: 'path',
    en: 'Path from a page to its copies',
    zh: '从页面到各副本的路径',
  },
];
