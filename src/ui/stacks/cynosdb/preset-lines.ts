// What each preset is, for the gallery and the palette.

import type { PresetLines } from '../stack-tables.ts';

export const presetLines: PresetLines = {
  cynosdb: {
    en: 'one writer, log on three storage nodes, two must answer',
    zh: '一个写节点，日志在三个存储节点上，需两个应答',
    about: {
      en: 'The writer sends nothing but log records; storage nodes make pages of them. A commit is durable once two of three nodes have its records.',
      zh: '写节点只发送日志记录，由存储节点生成页面。三个节点中有两个存下记录，提交即持久。',
    },
    first: {
      en: 'Crash store-3: commits go on. Start it again and watch it fetch what it missed from another store.',
      zh: '让 store-3 断电：提交照常进行。再启动它，看它从别的存储节点补回缺失的记录。',
    },
  },
  'cynosdb-4': {
    en: 'a fourth storage node, empty: copies can move to it',
    zh: '另有第四个空的存储节点，副本可移到它上面',
    about: {
      en: 'The same cluster with an empty store to spare. A copy of the log moves to it while clients write.',
      zh: '同样的集群，另有一个空闲的存储节点。客户端写入期间，日志副本可以移到它上面。',
    },
    first: {
      en: 'Move the replicas of store-3 to store-4 by its menu, and crash store-3 meanwhile: the move ends all the same.',
      zh: '从 store-3 的菜单把其副本迁到 store-4，途中让 store-3 断电：迁移照样完成。',
    },
  },
  'cynosdb-5': {
    en: 'five copies of the log, three must answer',
    zh: '日志有五份副本，需三份应答',
    about: {
      en: 'Five storage nodes hold the log, and three of them make a commit durable. Two may fail at once.',
      zh: '五个存储节点保存日志，其中三个应答即可持久提交。可同时失去两个。',
    },
    first: {
      en: 'Crash two stores and watch commits go on; crash a third and see who waits.',
      zh: '让两个存储节点断电，提交照常；再断一个，看谁在等待。',
    },
  },
  'cynosdb-6': {
    en: 'six copies in three zones, four must answer',
    zh: '三个可用区共六份副本，需四份应答',
    about: {
      en: 'Two copies in each of three zones, as Aurora places them. A whole zone may fail and writing goes on.',
      zh: '三个可用区各放两份副本，与 Aurora 的放置相同。整个可用区失效，写入仍可继续。',
    },
    first: {
      en: 'Partition zone c from the others, then crash one more store: reading still works, writing waits.',
      zh: '先把可用区 c 与其他隔开，再让一个存储节点断电：仍可读，写入则等待。',
    },
  },
  'cynosdb-backup': {
    en: 'backed up to an object store; restore to a point in time',
    zh: '备份到对象存储，可恢复到某个时间点',
    about: {
      en: 'Log segments and base images go to an object store. A volume can be restored to any moment that the archive covers.',
      zh: '日志分段与基础镜像归档到对象存储。卷可恢复到归档覆盖的任意时刻。',
    },
    first: {
      en: 'Delete the rows of accounts in the console, then restore to the moment before it.',
      zh: '在控制台清空账户表，再恢复到删除之前的时刻。',
    },
  },
  'cynosdb-pcs': {
    en: 'metadata on three nodes that elect a leader',
    zh: '元数据在三个节点上，由其选举领导者',
    about: {
      en: 'The metadata of the cluster is a Raft group of three. It hands out the tokens that say who may write.',
      zh: '集群元数据由三节点 Raft 组保存，由它发放写权令牌。',
    },
    first: {
      en: 'Crash the leader of the metadata: another is elected, and commits go on meanwhile.',
      zh: '让元数据的领导者断电：选出新的领导者，其间提交照常。',
    },
  },
  'cynosdb-ro': {
    en: 'two readers follow the writer’s log',
    zh: '两个只读节点跟随写节点的日志',
    about: {
      en: 'Readers receive the writer’s log and apply it to pages that they have in memory. A session reads its own writes at a reader.',
      zh: '只读节点接收写节点的日志，应用到内存中的页面。会话可在只读节点读到自己的写入。',
    },
    first: {
      en: 'Cut rw-1 from ro-1 and read at ro-1: it answers with rows of before the cut. Heal the link, and it catches up.',
      zh: '断开 rw-1 与 ro-1，再从 ro-1 读取：得到的是断开之前的行。恢复链路，它便追上。',
    },
  },
  'cynosdb-ha': {
    en: 'a standby takes over when the writer fails',
    zh: '写节点失效时由备节点接管',
    about: {
      en: 'A standby follows the log and takes over when the writer dies. A token keeps the old writer from harm when it comes back.',
      zh: '备节点跟随日志，写节点失效即接管。旧写节点恢复后，令牌使它无法再写。',
    },
    first: {
      en: 'Freeze rw-1, wait for the takeover, then let it go on: its writes are refused by its old token.',
      zh: '冻结 rw-1，等待接管，再让它继续：它的写入因旧令牌被拒绝。',
    },
  },
  'hook-hole': {
    en: 'the first minute: a busy writer and what a cut loses',
    zh: '第一分钟：繁忙的写节点，以及断开链路会丢失什么',
    about: {
      en: 'What the lab opens with: a busy writer and three stores. A short cut makes a hole in one store’s log.',
      zh: '实验室打开时的集群：繁忙的写节点与三个存储节点。短暂断链会在一个节点的日志中留下空洞。',
    },
    first: {
      en: 'Follow the chip on the map: cut the link to store-3, and see the hole being filled.',
      zh: '按地图上的提示断开到 store-3 的链路，看空洞如何被补上。',
    },
  },
  'stress-50': {
    en: 'fifty nodes under heavy load',
    zh: '五十个节点，高负载',
    about: {
      en: 'Fifty nodes and a load that keeps all of them busy. It shows what the drawing and the engine can carry.',
      zh: '五十个节点，负载使它们全都繁忙，用来看绘图与引擎能承受多少。',
    },
    first: {
      en: 'Find a store by Ctrl K, crash it and start it again: other stores give it what it missed.',
      zh: '用 Ctrl K 找到一个存储节点，断电再启动：它缺失的记录由别的存储节点补上。',
    },
  },
};
