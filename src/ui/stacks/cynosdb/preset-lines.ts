// What each preset is, in one plain line, for the list of presets and the palette.

import type { PresetLines } from '../stack-tables.ts';

export const presetLines: PresetLines = {
  cynosdb: {
    en: 'one writer, log on three storage nodes, two must answer',
    zh: '一个写节点，日志在三个存储节点上，需两个应答',
  },
  'cynosdb-4': {
    en: 'a fourth storage node, empty: copies can move to it',
    zh: '另有第四个空的存储节点，副本可移到它上面',
  },
  'cynosdb-5': {
    en: 'five copies of the log, three must answer',
    zh: '日志有五份副本，需三份应答',
  },
  'cynosdb-6': {
    en: 'six copies in three zones, four must answer',
    zh: '三个可用区共六份副本，需四份应答',
  },
  'cynosdb-backup': {
    en: 'backed up to an object store; restore to a point in time',
    zh: '备份到对象存储，可恢复到某个时间点',
  },
  'cynosdb-pcs': {
    en: 'metadata on three nodes that elect a leader',
    zh: '元数据在三个节点上，由其选举领导者',
  },
  'cynosdb-ro': {
    en: 'two readers follow the writer’s log',
    zh: '两个只读节点跟随写节点的日志',
  },
  'cynosdb-ha': {
    en: 'a standby takes over when the writer fails',
    zh: '写节点失效时由备节点接管',
  },
  'hook-hole': {
    en: 'the first minute: a busy writer and what a cut loses',
    zh: '第一分钟：繁忙的写节点，以及断开链路会丢失什么',
  },
  'stress-50': {
    en: 'fifty nodes under heavy load',
    zh: '五十个节点，高负载',
  },
};
