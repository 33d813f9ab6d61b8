// Texts of the outline: what a role and a group say of themselves in a line.

import { defineTexts } from '../i18n/texts.ts';

const treeTexts = defineTexts({
  en: {
    'tree.lastKnown': 'as last known',
    'tree.unknown': 'nothing known yet',
    'tree.boot': 'boot {{count}}',
    'tree.noGroups': 'hosts no group',
    'tree.asked': '{{count}} asked for',
    'tree.importing': '{{count}} base images on their way',
    'tree.step': 'at step {{step}}',
    'tree.marks': 'VDL {{vdl}}, VCL {{vcl}}, tail {{tail}}',
    'tree.transactions_one': '1 transaction',
    'tree.transactions_other': '{{count}} transactions',
    'tree.commitsWaiting_one': '1 commit waiting',
    'tree.commitsWaiting_other': '{{count}} commits waiting',
    'tree.buffer': 'buffer {{used}} of {{limit}}, {{dirty}} dirty',
    'tree.raft': 'term {{term}}, commit {{commit}}, applied {{applied}}',
    'tree.volume': 'volume {{state}}, writer {{writer}}, token {{token}}',
    'tree.map': 'shard map {{version}}',
    'tree.nodesUp': '{{up}} of {{count}} nodes up',
    'tree.clients_one': '1 client',
    'tree.clients_other': '{{count}} clients',
    'tree.outcomes': '{{ok}} ok, {{failed}} failed, {{unknown}} unknown',
    'tree.statements': '{{inFlight}} in flight, {{retrying}} retrying',
    'tree.objects_one': '1 object',
    'tree.objects_other': '{{count}} objects',
    'tree.bad': '{{count}} missing or rotten',
    'tree.storeGroup':
      '{{group}}: SCL {{scl}}, NCL {{ncl}}, NWL {{nwl}}, known PGCL {{pgcl}}, holes {{holes}}, pages {{pages}}',
    'tree.storeGroup.failed': 'does not serve it: {{reason}}',
    'tree.storeGroup.recovery': 'in recovery, to NWL {{nwl}}',
    'tree.storeGroup.asksNothing': 'hole filling is paused',
    'tree.writerGroup': '{{group}}: PGCL {{pgcl}}, tail {{tail}}, {{live}} of {{count}} replicas answer',
    'tree.writerGroup.below': 'below its write quorum',
    'tree.metaGroup': '{{group}}: members {{members}}, Vw {{vw}}, Vr {{vr}}',
    'tree.metaGroup.learners': 'learners {{learners}}',
    'tree.metaGroup.move': '{{to}} takes the place of {{from}}',
    'tree.backupGroup':
      '{{group}} of {{volume}}: archived to {{lsn}}, log segments {{logs}}, base images {{bases}}, gaps {{gaps}}',
  },
  zh: {
    'tree.lastKnown': '最后已知的状态',
    'tree.unknown': '尚无所知',
    'tree.boot': '第 {{count}} 次启动',
    'tree.noGroups': '不承载任何组',
    'tree.asked': '{{count}} 个已请求',
    'tree.importing': '{{count}} 个基础镜像在传输中',
    'tree.step': '在步骤 {{step}}',
    'tree.marks': 'VDL {{vdl}}，VCL {{vcl}}，尾部 {{tail}}',
    'tree.transactions_other': '{{count}} 个事务',
    'tree.commitsWaiting_other': '{{count}} 个提交在等待',
    'tree.buffer': '缓冲 {{used}} / {{limit}}，{{dirty}} 个脏页',
    'tree.raft': '任期 {{term}}，提交 {{commit}}，应用 {{applied}}',
    'tree.volume': '卷 {{state}}，写节点 {{writer}}，令牌 {{token}}',
    'tree.map': '分片映射 {{version}}',
    'tree.nodesUp': '{{count}} 个节点中 {{up}} 个运行',
    'tree.clients_other': '{{count}} 个客户端',
    'tree.outcomes': '成功 {{ok}}，失败 {{failed}}，未知 {{unknown}}',
    'tree.statements': '在途 {{inFlight}}，重试中 {{retrying}}',
    'tree.objects_other': '{{count}} 个对象',
    'tree.bad': '{{count}} 个丢失或损坏',
    'tree.storeGroup':
      '{{group}}：SCL {{scl}}，NCL {{ncl}}，NWL {{nwl}}，已知 PGCL {{pgcl}}，空洞 {{holes}}，页面 {{pages}}',
    'tree.storeGroup.failed': '不为其服务：{{reason}}',
    'tree.storeGroup.recovery': '恢复中，直到 NWL {{nwl}}',
    'tree.storeGroup.asksNothing': '已暂停填洞',
    'tree.writerGroup': '{{group}}：PGCL {{pgcl}}，尾部 {{tail}}，{{count}} 个副本中 {{live}} 个应答',
    'tree.writerGroup.below': '不足写法定数',
    'tree.metaGroup': '{{group}}：成员 {{members}}，Vw {{vw}}，Vr {{vr}}',
    'tree.metaGroup.learners': '学习者 {{learners}}',
    'tree.metaGroup.move': '{{to}} 接替 {{from}}',
    'tree.backupGroup':
      '{{volume}} 的 {{group}}：归档到 {{lsn}}，日志段 {{logs}}，基础镜像 {{bases}}，缺口 {{gaps}}',
  },
});

type Texts = typeof treeTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
