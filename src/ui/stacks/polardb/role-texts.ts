// What cards, outline and inspector say of PolarDB's nodes; loaded with the first of them.

import { defineTexts } from '../../i18n/texts.ts';

const roleTexts = defineTexts({
  'polar.lagging': ['lagging', '落后'],
  'polar.sessions_one': '{{count}} session',
  'polar.sessions_other': ['{{count}} sessions', '{{count}} 个会话'],
  'polar.pool': ['pool {{used}}/{{limit}}', '缓冲 {{used}}/{{limit}}'],
  'polar.behind': ['behind durable', '落后 durableLsn'],
  'polar.step': ['step', '步骤'],
  'polar.unstored': ['pages not stored', '未写入的页'],
  'polar.blockedCount_one': '{{count}} waits for a reader',
  'polar.blockedCount_other': ['{{count}} wait for a reader', '{{count}} 页在等只读节点'],
  'polar.ddlWaits': ['definition waits for {{by}}', '定义语句等待 {{by}}'],
  'polar.holdsDdl': ['holds up writer', '阻住写节点'],
  'polar.noneBlocked': ['none waits for a reader', '没有页在等只读节点'],
  'polar.full.data': ['device full: no new pages', '设备已满：无法新增页'],
  'polar.full.files': ['device full: no new files', '设备已满：无法新增文件'],
  'polar.full.log': ['device full: no log', '设备已满：日志无空间'],
  'polar.outdatedCount': ['{{count}} outdated', '{{count}} 页过时'],
  'polar.repairs': ['repairing', '修复中'],
  'polar.blocks': ['blocks written', '已写数据块'],
  'polar.lacksBlocks_one': 'lacks {{count}} block',
  'polar.lacksBlocks_other': ['lacks {{count}} blocks', '缺少 {{count}} 个数据块'],
  'polar.applies_one': 'applies in {{count}} chunk',
  'polar.applies_other': ['applies in {{count}} chunks', '{{count}} 个 chunk 在应用'],
  'polar.allApplied': ['all committed writes applied', '已提交的写入均已应用'],
  'polar.phase.format': ['formats the device', '格式化设备'],
  'polar.phase.mount': ['mounts the file system', '挂载文件系统'],
  'polar.phase.claim': ['claims the volume', '认领卷'],
  'polar.phase.layout': ['reads the control file', '读取控制文件'],
  'polar.phase.index': ['reads LogIndex', '读取 LogIndex'],
  'polar.phase.rebuild': ['makes LogIndex anew', '重建 LogIndex'],
  'polar.phase.scan': ['reads WAL', '读取 WAL'],
  'polar.phase.replay': ['replays pages', '回放页面'],
  'polar.phase.cut': ['cuts the tail of WAL', '截去 WAL 尾部'],
  'polar.phase.tail': ['reads the rest of WAL', '读取 WAL 余下部分'],
  'polar.phase.tables': ['makes room in LogIndex', '为 LogIndex 腾出空间'],
  'polar.phase.redoStart': ['writes down where redo begins', '持久记录重做起点'],
  'polar.phase.volume': ['loads the volume’s page', '读取卷页面'],
  'polar.phase.log': ['logs its term', '记录任期'],
  'polar.phase.publish': ['publishes itself', '公布自己'],
  'polar.phase.open': ['open', '已打开'],
  'polar.phase.fenced': ['fenced', '已隔离'],
  'polar.phase.join': ['asks for a slot', '请求槽位'],
  'polar.phase.ready': ['reads', '可读'],
  'polar.slotLine': [
    'has reported applyLsn {{apply}}, still needs LogIndex from {{used}} on',
    '已上报 applyLsn {{apply}}，仍需 {{used}} 起的 LogIndex',
  ],
  'polar.tree.writer': [
    'durable {{durable}}, consistent {{consistent}}, {{dirty}} pages not stored',
    '已持久 {{durable}}，一致 {{consistent}}，{{dirty}} 页未写入',
  ],
  'polar.tree.reader': [
    'applied {{apply}} of {{durable}}, replayed {{replayed}}, {{outdated}} pages outdated',
    '已应用 {{apply}} / {{durable}}，已回放 {{replayed}}，{{outdated}} 页过时',
  ],
  'polar.tree.chunk': [
    '{{group}}: {{role}} in term {{term}}, applied {{applied}} of {{commit}}, token {{token}}, {{written}} blocks',
    '{{group}}：任期 {{term}} 的{{role}}，已应用 {{applied}} / {{commit}}，令牌 {{token}}，{{written}} 个数据块',
  ],
  'polar.tree.leader': ['leader', '领导者'],
  'polar.tree.follower': ['follower', '跟随者'],
  'polar.sum.redo': ['checkpoint', '检查点'],
  'polar.sum.gc': ['LogIndex kept from', 'LogIndex 保留自'],
  'polar.sum.copied': ['pages in the copy buffer', '拷贝缓冲中的页'],
  'polar.sum.head': ['file system transaction', '文件系统事务'],
  'polar.sum.lease': ['lease ends', '租约到期'],
  'polar.sum.buffer': ['buffer', '缓冲'],
});

type Texts = typeof roleTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
