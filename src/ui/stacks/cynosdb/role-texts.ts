// Words of the roles of CynosDB: their lines in the outline, and the inspector's tab of an object store.

import { defineTexts } from '../../i18n/texts.ts';

const roleTexts = defineTexts({
  'driver.errors': ['Last errors', '最近的错误'],
  'tree.noGroups': ['hosts no group', '不承载任何组'],
  'tree.asked': ['{{count}} asked for', '{{count}} 个已请求'],
  'tree.importing': ['{{count}} base images on their way', '{{count}} 个基础镜像在传输中'],
  'tree.step': ['at step {{step}}', '在步骤 {{step}}'],
  'tree.marks': ['VDL {{vdl}}, VCL {{vcl}}, tail {{tail}}', 'VDL {{vdl}}，VCL {{vcl}}，尾部 {{tail}}'],
  'tree.transactions_one': '1 transaction',
  'tree.transactions_other': ['{{count}} transactions', '{{count}} 个事务'],
  'tree.commitsWaiting_one': '1 commit waiting',
  'tree.commitsWaiting_other': ['{{count}} commits waiting', '{{count}} 个提交在等待'],
  'tree.buffer': [
    'buffer {{used}} of {{limit}}, {{dirty}} dirty',
    '缓冲 {{used}} / {{limit}}，{{dirty}} 个脏页',
  ],
  'tree.raft': [
    'term {{term}}, commit {{commit}}, applied {{applied}}',
    '任期 {{term}}，提交 {{commit}}，应用 {{applied}}',
  ],
  'tree.volume': [
    'volume {{state}}, writer {{writer}}, token {{token}}',
    '卷 {{state}}，写节点 {{writer}}，令牌 {{token}}',
  ],
  'tree.map': ['shard map {{version}}', '分片映射 {{version}}'],
  'tree.nodesUp': ['{{up}} of {{count}} nodes up', '{{count}} 个节点中 {{up}} 个运行'],
  'tree.clients_one': '1 client',
  'tree.clients_other': ['{{count}} clients', '{{count}} 个客户端'],
  'tree.outcomes': [
    '{{ok}} ok, {{refused}} refused, {{failed}} failed, {{unknown}} unknown',
    '成功 {{ok}}，被拒绝 {{refused}}，失败 {{failed}}，未知 {{unknown}}',
  ],
  'tree.statements': [
    '{{inFlight}} in flight, {{retrying}} retrying',
    '在途 {{inFlight}}，重试中 {{retrying}}',
  ],
  'tree.objects_one': '1 object',
  'tree.objects_other': ['{{count}} objects', '{{count}} 个对象'],
  'tree.bad': ['{{count}} missing or rotten', '{{count}} 个丢失或损坏'],
  'tree.storeGroup': [
    '{{group}}: SCL {{scl}}, NCL {{ncl}}, NWL {{nwl}}, known PGCL {{pgcl}}, holes {{holes}}, pages {{pages}}',
    '{{group}}：SCL {{scl}}，NCL {{ncl}}，NWL {{nwl}}，已知 PGCL {{pgcl}}，空洞 {{holes}}，页面 {{pages}}',
  ],
  'tree.storeGroup.failed': ['does not serve it: {{reason}}', '不为其服务：{{reason}}'],
  'tree.storeGroup.recovery': ['in recovery, to NWL {{nwl}}', '恢复中，直到 NWL {{nwl}}'],
  'tree.storeGroup.asksNothing': ['hole filling is paused', '已暂停补洞'],
  'tree.writerGroup': [
    '{{group}}: PGCL {{pgcl}}, tail {{tail}}, {{live}} of {{count}} replicas answer',
    '{{group}}：PGCL {{pgcl}}，尾部 {{tail}}，{{count}} 个副本中 {{live}} 个应答',
  ],
  'tree.writerGroup.below': ['below its write quorum', '不足写多数派'],
  'tree.metaGroup': [
    '{{group}}: members {{members}}, Vw {{vw}}, Vr {{vr}}',
    '{{group}}：成员 {{members}}，Vw {{vw}}，Vr {{vr}}',
  ],
  'tree.metaGroup.learners': ['learners {{learners}}', '学习者 {{learners}}'],
  'tree.metaGroup.move': ['{{to}} takes the place of {{from}}', '{{to}} 接替 {{from}}'],
  'tree.backupGroup': [
    '{{group}} of {{volume}}: archived to {{lsn}}, log segments {{logs}}, base images {{bases}}, gaps {{gaps}}',
    '{{volume}} 的 {{group}}：归档到 {{lsn}}，日志段 {{logs}}，基础镜像 {{bases}}，缺口 {{gaps}}',
  ],
  'inspector.archive': ['Archive', '归档'],
  'objects.none': ['This node does not run now, or holds no objects.', '该节点未运行，或没有对象。'],
  'objects.held': ['Objects', '对象'],
  'objects.count_one': '{{count}} object, {{bytes}}',
  'objects.count_other': ['{{count}} objects, {{bytes}}', '{{count}} 个对象，{{bytes}}'],
  'objects.uploads': ['On their way up', '正在上传'],
  'objects.bad': ['Damaged or missing', '损坏或缺失'],
  'objects.pinned': ['Kept for restores', '为恢复保留'],
  'objects.groups': ['Backup of {{volume}}', '{{volume}} 的备份'],
  'objects.group': ['group', '组'],
  'objects.to': ['archived to', '归档到'],
  'objects.segments': ['segments', '日志段'],
  'objects.bases': ['bases', '基础镜像'],
  'objects.gaps': ['gaps', '缺口'],
  'objects.manifest': ['Manifest version', '清单版本'],
  'objects.named': ['Objects it names', '清单所列对象'],
  'objects.newest': ['Newest commit', '最新提交'],
});

type Texts = typeof roleTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
