// Texts of the summary of a node, a link or a message, which the inspector and the details of cards show.

import { defineTexts } from '../i18n/texts.ts';

const summaryTexts = defineTexts({
  'links.corrupt': ['corrupt', '损坏'],
  'links.cut': ['cut', '切断'],
  'links.direction': ['direction', '方向'],
  'links.duplicates': ['duplicates', '重复'],
  'links.held': ['held', '扣留'],
  'links.inFlight': ['in flight', '在途'],
  'links.latency': ['latency + jitter', '延迟 + 抖动'],
  'links.loss': ['loss', '丢包'],
  'links.reorder': ['reorder', '乱序'],
  'links.state': ['state', '状态'],
  'links.to': ['link', '链路'],
  'message.arrives': ['arrives', '送达'],
  'message.id': ['name', '名称'],
  'message.kind': ['what', '内容'],
  'message.route': ['route', '路径'],
  'message.sent': ['sent', '发出'],
  'message.size': ['size', '大小'],
  'message.token': ['token', '令牌'],
  'summary.aboveLimit': [
    'above the limit this replica has heard: {{limits}} (HOLE-19)',
    '高于该副本已知的上限：{{limits}}（HOLE-19）',
  ],
  'summary.act': ['act', '操作'],
  'summary.allocation': ['LSNs used / limit', '已用 LSN / 上限'],
  'summary.buffer': ['buffer pool', '缓冲池'],
  'summary.bufferUse': [
    '{{used}} of {{limit}} pages, {{dirty}} dirty, {{pinned}} above VDL',
    '{{used}} / {{limit}} 页，脏页 {{dirty}}，高于 VDL {{pinned}}',
  ],
  'summary.disk': ['disk', '磁盘'],
  'summary.from': ['{{what}} from {{peer}}', '来自 {{peer}} 的 {{what}}'],
  'summary.inFlight': ['statements in flight', '在途语句'],
  'summary.knownPgcl': ['known PGCL', '已知 PGCL'],
  'summary.knownVdl': ['known VDL', '已知 VDL'],
  'summary.voters': ['voters (★ leads)', '投票成员（★ 为领导者）'],
  'summary.raft': ['in the PCS', '在 PCS 中'],
  'summary.raftState': [
    '{{role}}, term {{term}}, follows {{leader}}, voted for {{vote}}',
    '{{role}}，任期 {{term}}，跟随 {{leader}}，投票给 {{vote}}',
  ],
  'summary.log': ['log applied / committed', '日志：已应用 / 已提交'],
  'summary.nodesSeen': ['nodes', '节点'],
  'summary.notAsked': ['Not asked', '未请求'],
  'summary.nothing': ['nothing', '无'],
  'summary.pages': ['pages', '页'],
  'summary.retrying': ['retrying', '重试中'],
  'summary.state': ['State', '状态'],
  'summary.stored': ['stored', '已存'],
  'summary.tokenHolder': ['token holder', '令牌持有者'],
  'summary.transactionUse': [
    '{{active}} active, {{waits}} wait for locks',
    '活跃 {{active}}，等锁 {{waits}}',
  ],
  'summary.transactions': ['transactions', '事务'],
  'summary.unsynced': ['not yet synced', '未落盘'],
  'summary.unsyncedUse_one': '{{count}} write, {{bytes}}; {{pending}} pending',
  'summary.unsyncedUse_other': [
    '{{count}} writes, {{bytes}}; {{pending}} pending',
    '{{count}} 次写，{{bytes}}；待处理 {{pending}}',
  ],
  'summary.waitingFor': ['Waiting for', '在等'],
  'summary.watermarks': ['watermarks', '水位'],
  'summary.why': ['Why', '原因'],
  'compute.waiting': ['waits for a volume', '等待分配卷'],
  'compute.starting': ['starting', '启动中'],
  'compute.recovering': ['recovering', '恢复中'],
  'compute.open': ['open', '已打开'],
  'compute.fenced': ['fenced', '已被隔离'],
});

type Texts = typeof summaryTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
