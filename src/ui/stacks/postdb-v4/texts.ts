// Words of PostDB v4's events: in the list of events, and as captions.

import { defineTexts } from '../../i18n/texts.ts';

const tabletTexts = defineTexts({
  'kind.table.step': ['a table’s definition advances one step', '表定义前进一步'],
  'kind.group.made': ['a tablet gets its group', 'tablet 得到其组'],
  'kind.group.shards': ['the shards of a group change', '组的分片改变'],
  'kind.create.refused': ['{{node}} refuses to make a replica from nothing', '{{node}} 拒绝从无到有建立副本'],
  'kind.read.made': [
    '{{node}} makes an answer and asks whether it leads still',
    '{{node}} 得出答复，并询问自己是否仍为主',
  ],
  'kind.read.answered': [
    '{{node}} answers a read, confirmed by a read quorum',
    '{{node}} 在读多数派确认后答复读取',
  ],
  'kind.gather.begin': ['{{node}} gathers a read of several groups', '{{node}} 汇集跨多个组的读取'],
  'kind.gather.part': ['{{node}}: a group’s part of a read has come', '{{node}}：某组的读取部分已到'],
  'kind.gather.end': ['{{node}} answers a gathered read', '{{node}} 答复汇集的读取'],
  'story.gather.end': [
    '{{node}} has gathered a read: {{points}} are the read points, one for each volume.',
    '{{node}} 汇集读取，各卷读点：{{points}}。',
  ],
  'kind.merge.begin': ['a merge of two tablets begins', '两个 tablet 开始合并'],
  'kind.merge.cut': ['the keys of two tablets are one’s', '两个 tablet 的键归一个 tablet'],
  'kind.merge.end': ['a merge is given up', '放弃合并'],
  'kind.plan.cold': ['two neighbours stay small and cold', '两个相邻 tablet 持续小而冷'],
  'story.merge.begin': [
    '{{volume}} and {{other}} are to be one, as ordered: {{child}} is made for the keys of both.',
    '{{volume}} 与 {{other}} 将按指令合并：建 {{child}} 接收两者的键。',
  ],
  'story.merge.cold': [
    '{{volume}} and {{other}} stay small and cold: {{child}} is made for the keys of both.',
    '{{volume}} 与 {{other}} 持续小而冷：建 {{child}} 接收两者的键。',
  ],
  'story.merge.cut.ruleOff': [
    'One entry: the keys of {{volume}} and {{other}} are {{child}}’s.',
    '一个条目：{{volume}} 与 {{other}} 的键归 {{child}}。',
  ],
  'story.merge.cut': [
    'One entry: the keys of {{volume}} and {{other}} are {{child}}’s. Old routes get WRONG_EPOCH.',
    '一个条目：{{volume}} 与 {{other}} 的键归 {{child}}，旧路由得 WRONG_EPOCH。',
  ],
  'story.merge.end': [
    'The merge of {{volume}} and {{other}} is given up ({{code}}): each keeps its keys.',
    '放弃合并 {{volume}} 与 {{other}}（{{code}}）：各自保留其键。',
  ],
  'story.plan.cold': [
    'The planner merges {{group}} and {{other}}: {{size}} bytes together, {{load}} requests in the window.',
    '规划器合并 {{group}} 与 {{other}}：共 {{size}} 字节，窗口内 {{load}} 个请求。',
  ],
  'story.split.gone': [
    '{{node}} serves {{volume}} no more: another tablet has its keys.',
    '{{node}} 不再服务 {{volume}}：其键已归另一 tablet。',
  ],
  'word.mergeGroups': ['merge {{group}} with {{other}}', '合并 {{group}} 与 {{other}}'],
  'fault.mergeGroups': ['Merge it with the tablet after it, {{group}}', '与后一个 tablet {{group}} 合并'],
  'fault.merge.leaderDies': [
    'Crash the PCS leader, {{node}}, in the next merge',
    '让 PCS 领导者 {{node}} 在下一次合并中断电',
  ],
  'moment.mergeBegun': ['merge of two groups', '两组的合并'],
  'moment.mergeCut': ['cut of a merge', '合并的切换'],
  'kind.split.begin': ['a split of a tablet begins', 'tablet 开始分裂'],
  'kind.split.cut': ['the keys are another group’s', '键已归另一组'],
  'kind.split.end': ['a split is given up', '放弃分裂'],
  'kind.split.attachment': ['{{node}}: a primary’s part of a split', '{{node}}：主副本在分裂中的步骤'],
  'kind.request.taken': [
    '{{node}} carries out a request for a tablet whose keys have changed',
    '{{node}} 执行针对键已变更 tablet 的请求',
  ],
  'story.split.begin': [
    '{{volume}} is to be split, as ordered: {{child}} is made for its upper keys.',
    '{{volume}} 将按指令分裂：建 {{child}} 接收其较大的键。',
  ],
  'story.split.hot': [
    '{{volume}} has more than its share of the load: {{child}} is made for its keys from {{key}} on, half of the requests.',
    '{{volume}} 负载超额，将分裂：建 {{child}} 接收自 {{key}} 起的键，即一半请求。',
  ],
  'story.plan.halve': [
    '{{group}} is hot: {{below}} requests of the window name keys below {{key}}, {{above}} from it on. It is split there.',
    '{{group}} 过热：窗口内 {{below}} 个请求的键小于 {{key}}，{{above}} 个不小于：在此分裂。',
  ],
  'story.plan.isolate': [
    '{{group}} is hot ({{load}} requests in the window), but no key divides them: its leader is to lead nothing else.',
    '{{group}} 过热（窗口内 {{load}} 个请求），但没有键能把它们分开：其主副本不再主持别的组。',
  ],
  'story.split.frozen': [
    '{{node}} takes no requests for {{volume}}: what runs may end, then it copies.',
    '{{node}} 暂不受理 {{volume}} 的请求：待在途者结束后复制。',
  ],
  'story.split.copied': [
    '{{node}} has copied {{rows}} rows of {{volume}}, as of LSN {{lsn}}, and waits for the cut.',
    '{{node}} 已复制 {{volume}} 截至 LSN {{lsn}} 的 {{rows}} 行，等待切分。',
  ],
  'story.split.thaw': ['{{node}} serves {{volume}} again.', '{{node}} 恢复服务 {{volume}}。'],
  'story.split.trimmed': [
    '{{node}} has removed from {{volume}} the {{rows}} rows that a split left there.',
    '{{node}} 已从 {{volume}} 删除分裂后遗留的 {{rows}} 行。',
  ],
  'story.split.cut.ruleOff': [
    'One entry: from {{key}} on the keys of {{volume}} are {{child}}’s.',
    '{{volume}} 自 {{key}} 起的键归 {{child}}。',
  ],
  'story.split.cut': [
    'One entry: from {{key}} on the keys of {{volume}} are {{child}}’s. Old routes get WRONG_EPOCH.',
    '{{volume}} 自 {{key}} 起的键归 {{child}}，旧路由得 WRONG_EPOCH。',
  ],
  'story.split.end': [
    'The split of {{volume}} is given up ({{code}}): it keeps all its keys.',
    '放弃 {{volume}} 的分裂（{{code}}）：键仍全归它。',
  ],
  'word.splitGroup': ['split {{group}} in the middle', '从中间分裂 {{group}}'],
  'word.splitGroupAt': ['split {{group}} at {{key}}', '在 {{key}} 处分裂 {{group}}'],
  'fault.splitGroup': ['Split it in the middle of its rows', '从其行的中间分裂'],
  'kind.plan.begin': ['the planner begins an operator', '规划器开始一个操作'],
  'kind.plan.hot': ['a group has more than its share of the load', '某组负载超额'],
  'kind.plan.rest': ['the planner finds nothing more to do', '规划器无事可做'],
  'kind.node.offline': ['a node is to be drained, or to stay', '节点将被排空或留下'],
  'story.plan.begin': [
    'The planner moves a replica of {{group}} from {{from}} to {{to}}: {{why}}.',
    '规划器把 {{group}} 从 {{from}} 移到 {{to}}：{{why}}。',
  ],
  'story.plan.transfer': [
    'The planner asks for another primary of {{group}}: {{to}} instead of {{from}}.',
    '规划器为 {{group}} 另求主副本：以 {{to}} 代替 {{from}}。',
  ],
  'story.plan.leave': [
    'The planner asks for another primary of {{group}}: {{to}} instead of {{from}}, which leads a hot group.',
    '规划器为 {{group}} 另求主副本：以 {{to}} 代替主持热组的 {{from}}。',
  ],
  'story.node.offline': [
    '{{node}} is to leave: its replicas go to other nodes first, then it ends for good.',
    '{{node}} 将离开：先把其副本移到别处，随后永久结束。',
  ],
  'story.node.stays': [
    '{{node}} is to stay: replicas may come to it again.',
    '{{node}} 留下：副本可再次放到它上面。',
  ],
  'kind.leader.lost': ['a group needs another primary', '组需要另一个主副本'],
  'kind.leader.answer': ['{{node}}: a replica has said what it holds', '{{node}}：副本报告所持日志'],
  'kind.leader.passed': [
    '{{node}}: a replica that has answered is passed over: it is silent now, or its peers did not answer it',
    '{{node}}：略过已应答的副本：它已失去联系，或其同伴未应答它',
  ],
  'kind.volume.fence': ['a token that nobody has yet is granted', '授予尚无持有者的令牌'],
  'kind.schema.node': ['{{node}} learns newer definitions', '{{node}} 得知更新的定义'],
  'kind.driver.route': ['{{node}} routes a statement by its map', '{{node}} 按其映射路由语句'],
  'metrics.shardMap': ['Shard groups and shards', '分片组与分片'],
  'metrics.groups': ['groups', '组'],
  'metrics.shards': ['shards', '分片'],
  'metrics.placement': ['Moves and groups without a primary', '迁移与无主副本的组'],
  'metrics.moves': ['moves', '迁移'],
  'metrics.leaderless': ['without primary', '无主副本'],
  'timeline.primaries': ['primaries', '主副本'],
  'story.table.prepared': [
    'Table {{table}} is prepared as of version {{version}}: every node has to hear of it before it is in force.',
    '表 {{table}} 在版本 {{version}} 已准备：每个节点得知后才生效。',
  ],
  'story.table.active': [
    'Table {{table}} is in force as of version {{version}}. Its tablets ({{count}}) get a group with their first write.',
    '表 {{table}} 在版本 {{version}} 生效。{{count}} 个 tablet 首写时才得到组。',
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
    '首次写入：为卷 {{volume}} 建组 {{group}}，{{count}} 副本，写多数派 {{vw}}，{{leader}} 为首。',
  ],
  'story.create.refused': [
    '{{node}} makes no new replica of {{group}} for {{from}}: the volume was open before, it comes back as a learner.',
    '{{node}} 不为 {{from}} 新建 {{group}} 的副本：卷已开放过，只能作为学习者回来。',
  ],
  'story.group.known': [
    '{{group}} has volume {{volume}}: {{count}} replicas, write quorum {{vw}}, {{leader}} first.',
    '{{group}} 有卷 {{volume}}：{{count}} 副本，写多数派 {{vw}}，{{leader}} 为首。',
  ],
  'fault.addHost': ['Add a node, {{node}}', '添加节点 {{node}}'],
  'fault.primary.crash': ['Crash the primary of {{group}}, {{node}}', '让 {{group}} 的主副本 {{node}} 断电'],
  'fault.primary.isolate': [
    'Cut the primary of {{group}}, {{node}}, off from its replicas',
    '把 {{group}} 的主副本 {{node}} 与其副本断开',
  ],
  'fault.create.lostAnswer': [
    'Lose the next answer of the metadata ({{node}}) to {{driver}}',
    '丢失元数据（{{node}}）给 {{driver}} 的下一个应答',
  ],
  'fault.create.leaderDies': [
    'Crash the PCS leader, {{node}}, as it grants the next token',
    '让 PCS 领导者 {{node}} 在授予下一个令牌时断电',
  ],
  'fault.definition.leaderDies': [
    'Crash the PCS leader, {{node}}, in the next step of a definition',
    '让 PCS 领导者 {{node}} 在表定义的下一步中断电',
  ],
  'fault.split.leaderDies': [
    'Crash the PCS leader, {{node}}, in the next split',
    '让 PCS 领导者 {{node}} 在下一次分裂中断电',
  ],
  'fault.move.leaderDies': [
    'Crash the PCS leader, {{node}}, in the next move',
    '让 PCS 领导者 {{node}} 在下一次迁移中断电',
  ],
  'moment.definition': ['step of a definition', '表定义的一步'],
  'moment.splitBegun': ['split of a group', '组的分裂'],
  'moment.splitCut': ['cut of a split', '分裂的切换'],
  'moment.moveBegun': ['move of a replica', '副本迁移'],
  'story.group.shard': [
    '{{group}} has its first shard, open from LSN {{first}} on.',
    '{{group}} 有了首个分片，自 LSN {{first}} 起开放。',
  ],
  'story.group.rolled': [
    '{{group}} has {{count}} shards; the open one begins at LSN {{first}}, those before it are sealed.',
    '{{group}} 有 {{count}} 个分片；开放者始于 LSN {{first}}，之前的已封闭。',
  ],
  'story.lost.first': ['nobody had it yet', '尚无主副本'],
  'story.lost.restarted': ['restarted', '已重启'],
  'story.lost.gaveUp': ['gave up', '已放弃'],
  'story.lost.silent': ['silent', '无响应'],
  'story.lost.cutOff': ['cut off from its stores', '与存储节点断开'],
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
