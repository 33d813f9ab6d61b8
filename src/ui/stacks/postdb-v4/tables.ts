// What PostDB v4 brings to the screen after the first picture: captions and words for its rules.

import { clue } from '../../lens/checks/clue.ts';
import type { StackTables } from '../stack-tables.ts';
import { tabletCaptions } from './captions.ts';

export const postdbV4Tables: StackTables = {
  id: 'postdb-v4',
  captions: tabletCaptions,
  monitoredRules: {
    'shard.tiling': {
      title: { en: 'Shards tile the log', zh: '分片铺满日志' },
      text: {
        en: 'The shards of a group follow each other from its first LSN on without gap or overlap. Only the last is open, and a sealed one never changes.',
        zh: '组的分片从其首个 LSN 起首尾相接，既无空隙也不重叠。只有最后一个开放，封存的分片不再改变。',
      },
      source: 'S000; S001',
      lens: '0',
    },
    'shard.range-once': {
      title: { en: 'One group for a range', zh: '一个范围一个组' },
      text: {
        en: 'A range of page keys belongs to one group, however often and from wherever its group was asked for.',
        zh: '一段页键只属于一个组，不论其组被请求多少次、从何处请求。',
      },
      source: 'S000',
      lens: '0',
    },
    'leader.greatest-tail': {
      title: { en: 'The best replica leads', zh: '最完整的副本当主' },
      text: {
        en: 'A primary is appointed once a write quorum was heard under its token, and none of those that answered holds more of the log.',
        zh: '在其令牌下收到写法定数的应答之后才任命主副本，且应答者中没有谁持有更多日志。',
      },
      source: 'S000; S001',
      lens: '0',
    },
    'catalog.one-step-apart': {
      title: { en: 'Definitions one step apart', zh: '定义最多相差一步' },
      text: {
        en: 'A definition is in force only when every node has it or serves nobody; no transaction begins by an older one.',
        zh: '定义在每个节点都已取得或停止服务之后才生效；没有事务按更旧的定义开始。',
      },
      source: 'F1 §3; D',
      lens: '0',
    },
  },
  clues: {
    'shard.tiling': clue(['group.shards'], ['group.shards'], []),
    'shard.range-once': clue(['group.made'], ['group.made'], []),
    'leader.greatest-tail': clue(['token.grant'], ['leader.answer'], []),
    'catalog.one-step-apart': clue(['tx.begin'], ['table.step', 'schema.node'], []),
  },
};
