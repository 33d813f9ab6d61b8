// What PostDB v4 brings to the screen after the first picture: captions and words for its rules.

import { actionWordsOf } from '../../faults/action-table.ts';
import { clue } from '../../lens/checks/clue.ts';
import type { StackTables } from '../stack-tables.ts';
import { modelRows } from './about.ts';
import { tabletCaptions } from './captions.ts';
import { lanes, metrics } from './charts.ts';
import { nodeFaults } from './node-faults.ts';
import { pictures } from './pictures.ts';
import { shardFaults } from './shard-faults.ts';
import { storySteps } from './story-steps.ts';

export const postdbV4Tables: StackTables = {
  id: 'postdb-v4',
  pictures,
  presetLines: {
    'postdb-v4': {
      en: 'every node computes and stores; tables are split by key',
      zh: '每个节点兼做计算与存储，表按键切分',
      about: {
        en: 'Tables are cut by key into tablets, and each tablet is a group of three copies with a primary. The metadata places them and moves them.',
        zh: '表按键切成 tablet，每个 tablet 是三副本的组，由主副本写入。元数据负责放置与迁移。',
      },
      first: {
        en: 'Crash the node that has most primaries: each of its tablets gets another primary.',
        zh: '让主副本最多的节点断电：它的每个 tablet 都会换一个主副本。',
      },
    },
  },
  about: { rows: modelRows, disagreements: [] },
  captions: tabletCaptions,
  crashMoments: {
    definition: 'moment.definition',
    splitBegun: 'moment.splitBegun',
    splitCut: 'moment.splitCut',
    mergeBegun: 'moment.mergeBegun',
    mergeCut: 'moment.mergeCut',
    moveBegun: 'moment.moveBegun',
  },
  actionWords: [
    actionWordsOf(['splitGroup'], ({ group, key }, t) =>
      key === null ? t('word.splitGroup', { group }) : t('word.splitGroupAt', { group, key }),
    ),
    actionWordsOf(['mergeGroups'], ({ group, other }, t) => t('word.mergeGroups', { group, other })),
  ],
  lanes,
  metrics,
  faults: [...shardFaults, ...nodeFaults],
  storySteps,
  monitoredRules: {
    'shard.tiling': {
      title: { en: 'Shards tile the log', zh: '分片铺满日志' },
      text: {
        en: 'The shards of a group follow each other from its first LSN on without gap or overlap. Only the last is open, and a sealed one never changes.',
        zh: '组的分片从其首个 LSN 起首尾相接，既无空隙也不重叠。只有最后一个开放，封闭的分片不再改变。',
      },
      source: 'S000; S001',
      lens: 'placement',
    },
    'shard.range-once': {
      title: { en: 'One group for a range', zh: '一个范围一个组' },
      text: {
        en: 'A range of page keys belongs to one group, however often and from wherever its group was asked for.',
        zh: '一段页键只属于一个组，不论其组被请求多少次、从何处请求。',
      },
      source: 'S000',
      lens: 'placement',
    },
    'shard.stale-epoch-inert': {
      title: { en: 'Keys that went stay gone', zh: '移走的键不再写' },
      text: {
        en: 'While the keys of a tablet are copied to another group its primary commits nothing, and later no primary commits there by definitions in which the keys have not gone. One that knows of the cut carries out no request with an older geoEpoch.',
        zh: 'tablet 的键复制到另一组期间，其主副本不提交任何事务；此后也没有主副本按键尚未移走的定义在此提交。已知切分的主副本不执行携带旧 geoEpoch 的请求。',
      },
      source: 'S000; PD',
      lens: 'placement',
    },
    'shard.made-once': {
      title: { en: 'A replica is made once', zh: '副本只新建一次' },
      text: {
        en: 'Once a volume was opened no store makes a replica of its group from nothing: a node that has lost its disk has forgotten what it acknowledged, and comes back as a learner from a base image.',
        zh: '卷一旦开放过，就没有存储节点再从无到有建立其组的副本：丢失磁盘的节点忘记了自己确认过的内容，只能从基础镜像作为学习者回来。',
      },
      source: 'S000; D',
      lens: 'recovery',
    },
    'placement.converges': {
      title: { en: 'Placement converges', zh: '放置收敛' },
      text: {
        en: 'When nothing fails any more placement converges: no change of members is open, and no move is worth its while.',
        zh: '不再有故障后规划器停下：没有未完成的成员变更，也没有值得的移动。',
      },
      source: 'S000 扩容、缩容; PD',
      lens: 'placement',
    },
    'placement.leader-stays': {
      title: { en: 'The leader is a member', zh: '主副本是成员' },
      text: {
        en: 'Who leads a group is a member of it: before a change of members takes the leader away another one leads.',
        zh: '组的主副本是组的成员：成员变更移走主副本之前，先由另一个担任。',
      },
      source: 'S000 写流程; PD',
      lens: 'placement',
    },
    'placement.hot-halves': {
      title: { en: 'A hot range is halved', zh: '热区间对半分' },
      text: {
        en: 'A group with more than its share of the requests is split at the key that halves them; if all name one key, it is isolated.',
        zh: '请求超额的组在把请求对半分开的键处分裂；若全部指向同一个键，则隔离该组。',
      },
      source: 'PD; CRDB',
      lens: 'placement',
    },
    'placement.drained': {
      title: { en: 'A node leaves empty', zh: '节点空了才离开' },
      text: {
        en: 'A node is taken away for good only when no group has it as a member or learner any more.',
        zh: '只有当没有任何组再以某节点为成员或学习者时，才永久移除它。',
      },
      source: 'S000 缩容',
      lens: 'placement',
    },
    'leader.greatest-tail': {
      title: { en: 'The best replica leads', zh: '最完整的副本当主' },
      text: {
        en: 'A primary is appointed once a write quorum was heard under its token, and none of those that answered holds more of the log.',
        zh: '在其令牌下收到写多数派的应答之后才任命主副本，且应答者中没有持有更多日志的副本。',
      },
      source: 'S000; S001',
      lens: 'recovery',
    },
    'gather.one-point': {
      title: { en: 'One read point a volume', zh: '每个卷一个读点' },
      text: {
        en: 'A read of several groups, or a transaction of such reads at repeatable read, reads each volume at one read point. Between volumes nothing is promised.',
        zh: '跨多个组的一次读取，或可重复读下由这样的读取组成的事务，对每个卷只用一个读点。卷与卷之间不作承诺。',
      },
      source: 'S000 读流程; D',
      lens: 'placement',
    },
    'gather.whole': {
      title: { en: 'No part is missing', zh: '不缺任何部分' },
      text: {
        en: 'A gathered read is answered when the part of every tablet that it reads has come, and the answer names where each volume was read.',
        zh: '汇集读取在所读的每个 tablet 的部分都到齐后才答复，答复给出每个卷的读点。',
      },
      source: 'S000 读流程',
      lens: 'placement',
    },
    'read.latest': {
      title: { en: 'No answer by an overtaken primary', zh: '被取代的主副本不作答' },
      text: {
        en: 'A primary answers a read only after a read quorum has said, in a round begun after the answer was made, that it knows no greater token.',
        zh: '主副本得出读取结果后，还要由读多数派在此后开始的一轮中说明自己没有更大的令牌，才会答复。',
      },
      source: 'Thesis 6.4; S002',
      lens: 'checks',
    },
    'catalog.one-step-apart': {
      title: { en: 'Definitions one step apart', zh: '定义最多相差一步' },
      text: {
        en: 'A definition is in force only when every node has it or serves nobody; no transaction begins by an older one.',
        zh: '定义在每个节点都已取得或停止服务之后才生效；没有事务按更旧的定义开始。',
      },
      source: 'F1 §3; D',
      lens: 'placement',
    },
  },
  clues: {
    'shard.tiling': clue(['group.shards'], ['group.shards'], []),
    'shard.range-once': clue(['group.made'], ['group.made'], []),
    'shard.stale-epoch-inert': clue(
      ['split.cut', 'merge.cut', 'mtr.append', 'request.taken'],
      ['split.attachment', 'split.cut', 'merge.cut', 'schema.node'],
      [],
    ),
    'shard.made-once': clue(['wal.durable'], ['meta.writer'], []),
    'placement.converges': clue(['group.members'], ['plan.begin'], []),
    'placement.leader-stays': clue(['group.members'], ['meta.writer'], []),
    'placement.hot-halves': clue(['plan.hot'], ['plan.hot'], []),
    'placement.drained': clue(['node.removed'], ['group.members'], []),
    'leader.greatest-tail': clue(['token.grant'], ['leader.answer'], []),
    'gather.one-point': clue(['gather.part'], ['gather.begin', 'gather.part'], []),
    'gather.whole': clue(['gather.end'], ['gather.begin', 'gather.part'], []),
    'read.latest': clue(['read.answered'], ['meta.writer', 'read.made'], []),
    'catalog.one-step-apart': clue(['tx.begin'], ['table.step', 'schema.node'], []),
  },
};
