// What is modelled of PostDB v4 and what is not, as data: true for what exists in this version; a part that is built later changes its
// row on the same day.

import type { ModelRow } from '../../rules/model-row.ts';

export const modelRows: readonly ModelRow[] = [
  {
    id: 'shards',
    part: {
      en: 'Tablets, shard groups and primaries (preset postdb-v4)',
      zh: 'tablet、分片组与主副本（预设 postdb-v4）',
    },
    real: {
      en: 'Every node computes, stores and holds the metadata. A table is cut by its primary key; the first write of a range makes its group, volume and shard, each by one entry of the metadata’s log. The metadata elects the primary with the greatest tail under a token that fences the old one; the driver routes by a map that may be old, and is refused and refreshed; a read of several groups is gathered by any node. Definitions advance one step at a time on every node. A tablet is split by key, by a person or where it is hot: its primary stands still while the rows that go are copied. Two neighbours that stay small and cold become one, as they do when a person says so. Nodes are added and drained: by size and load the metadata’s leader plans moves of replicas and leaders and carries them out.',
      zh: '每个节点兼做计算、存储与元数据。表按主键切分；某区间首次写入时，以元数据日志的一个条目建立其组、卷与分片。元数据在隔离旧主的令牌下选出尾部最大的主副本；驱动按可能过期的映射路由，被拒后刷新；跨组的读取由任一节点汇集。表定义在各节点逐步推进。tablet 可由人工或因过热按键分裂：复制期间其主副本停止受理。相邻且持续小而冷的两个 tablet 由规划器或人工合并。节点可增可退：元数据的领导者按大小与负载规划并执行副本与主副本的迁移。',
    },
    simplified: {
      en: 'A transaction that writes stays in one shard group; one that would write two is refused by name before it does anything. A read of several groups has one read point for each volume, and none for all of them. A replica that a person moves may be moved again by the planner, which knows no wishes.',
      zh: '写事务限于一个分片组；会写两个组的语句在执行前按名拒绝。跨组的读取对每个卷各有一个读点，没有统一的读点。人工迁移的副本可能被规划器再次迁移，它不记住任何偏好。',
    },
    absent: {
      en: 'Splits and merges that go on serving while they copy, indexes beside the primary key, views and constraints of tables that are cut, two-phase commit.',
      zh: '复制期间仍受理请求的分裂与合并、主键以外的索引、切分表的视图与约束、两阶段提交。',
    },
    ids: [
      'PCS-36',
      'PCS-39',
      'PCS-46',
      'PCS-49',
      'PCS-51',
      'PCS-56',
      'PCS-67',
      'PCS-79',
      'PCS-85',
      'FENCE-21',
    ],
    areas: ['shard', 'leader', 'catalog', 'placement', 'gather'],
    source: 'S000; S001; F1; D',
  },
];
