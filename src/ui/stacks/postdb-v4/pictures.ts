// The pictures of the source documents, for the gallery and the palette.

import type { PictureEntry } from '../../model/picture-entry.ts';

export const pictures: readonly PictureEntry[] = [
  {
    preset: 'postdb-v4',
    lens: 'placement',
    part: 'map',
    en: 'Groups and nodes: primary, replica, learner',
    zh: '组与节点：主副本、副本、学习者',
  },
  { preset: 'postdb-v4', lens: 'placement', part: 'query', en: 'The place of a key', zh: '一个键的位置' },
  { preset: 'postdb-v4', lens: 'placement', part: 'reads', en: 'A read of several groups', zh: '跨组读取' },
  { preset: 'postdb-v4', lens: 'placement', part: 'heat', en: 'Heat of key ranges', zh: '键区间热度' },
  { preset: 'postdb-v4', lens: 'pcs', part: 'log', en: 'Raft log of the metadata', zh: '元数据的 Raft 日志' },
  {
    preset: 'postdb-v4',
    lens: 'plan',
    part: null,
    en: 'What the planner moves, and why',
    zh: '规划器移动什么，为什么',
  },
];
