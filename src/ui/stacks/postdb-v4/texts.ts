// Words of PostDB v4's events: in the list of events, and as captions.

import { defineTexts } from '../../i18n/texts.ts';

const tabletTexts = defineTexts({
  'kind.table.step': ['a table’s definition advances one step', '表定义前进一步'],
  'kind.group.made': ['a tablet gets its group', '表片得到其组'],
  'kind.group.shards': ['the shards of a group change', '组的分片改变'],
  'kind.leader.lost': ['a group needs another primary', '组需要另一个主副本'],
  'kind.leader.answer': ['{{node}}: a replica has said what it holds', '{{node}}：副本报告所持日志'],
  'kind.volume.fence': ['a token that nobody has yet is granted', '授予尚无持有者的令牌'],
  'kind.schema.node': ['{{node}} learns newer definitions', '{{node}} 得知更新的定义'],
  'kind.driver.route': ['{{node}} routes a statement by its map', '{{node}} 按其映射路由语句'],
  'story.table.prepared': [
    'Table {{table}} is prepared as of version {{version}}: every node has to hear of it before it is in force.',
    '表 {{table}} 在版本 {{version}} 已准备：每个节点得知后才生效。',
  ],
  'story.table.active': [
    'Table {{table}} is in force as of version {{version}}. Its tablets ({{count}}) get a group with their first write.',
    '表 {{table}} 在版本 {{version}} 生效。{{count}} 个表片首次写入时才得到组。',
  ],
  'story.table.dropping': [
    'Table {{table}} is being dropped as of version {{version}}: no new statement uses it.',
    '表 {{table}} 在版本 {{version}} 开始删除：新语句不再使用。',
  ],
  'story.table.dropped': [
    'Table {{table}} is gone as of version {{version}}.',
    '表 {{table}} 在版本 {{version}} 已删除。',
  ],
  'story.group.made': [
    'First write: {{group}} is made for volume {{volume}}, {{count}} replicas, write quorum {{vw}}, {{leader}} first.',
    '首次写入：为卷 {{volume}} 建组 {{group}}，{{count}} 副本，写法定数 {{vw}}，{{leader}} 为首。',
  ],
  'story.group.shard': [
    '{{group}} has its first shard, open from LSN {{first}} on.',
    '{{group}} 有了首个分片，自 LSN {{first}} 起开放。',
  ],
  'story.group.rolled': [
    '{{group}} has {{count}} shards; the open one begins at LSN {{first}}, those before it are sealed.',
    '{{group}} 有 {{count}} 个分片；开放者始于 LSN {{first}}，之前的已封存。',
  ],
  'story.leader.lost': [
    'Volume {{volume}} has lost its primary {{leader}} ({{why}}): the metadata elects another one.',
    '卷 {{volume}} 失去主副本 {{leader}}（{{why}}）：元数据另选一个。',
  ],
  'story.volume.fence': [
    'Token {{token}} of volume {{volume}} is granted to nobody yet: replicas say under it what they hold.',
    '卷 {{volume}} 的令牌 {{token}} 尚无持有者：副本据此报告所持日志。',
  ],
});

type Texts = typeof tabletTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
