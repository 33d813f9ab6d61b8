// Texts of the journal lens.

import { defineTexts } from '../../../../i18n/texts.ts';

const journalTexts = defineTexts({
  'journal.none': [
    'This cluster has no reader. The preset cynosdb-ro has two.',
    '此集群没有只读节点。预设 cynosdb-ro 有两个。',
  ],
  'journal.start': ['Open {{preset}}', '打开 {{preset}}'],
  'journal.reader': ['reader', '只读节点'],
  'journal.readers': ['Readers of {{volume}}', '{{volume}} 的只读节点'],
  'journal.sent': ['sent by', '已发出'],
  'journal.received': ['received', '已收到'],
  'journal.released': ['released by VDL', 'VDL 放行'],
  'journal.applier': ['applier {{number}}', '回放线程 {{number}}'],
  'journal.visible': ['visible', '可见'],
  'journal.waiting_one': '{{count}} page waits',
  'journal.waiting_other': ['{{count}} pages wait', '{{count}} 页等待'],
  'journal.known': ['VDL it knows {{lsn}}', '它所知的 VDL {{lsn}}'],
  'journal.held': ['waits for VDL', '等待 VDL'],
  'journal.queued': ['waits for its applier', '等待回放线程'],
  'journal.loading': ['waits for its page', '等待页到达'],
  'journal.table': ['Records that {{node}} has not applied', '{{node}} 未应用的记录'],
  'journal.empty': [
    'Nothing waits: every record received is applied or skipped.',
    '没有等待：收到的记录都已应用或跳过。',
  ],
  'journal.records': ['records', '记录'],
  'journal.state': ['state', '状态'],
  'journal.thread': ['applier', '回放 (apply) 线程'],
  'journal.lag': ['behind VDL', '落后 VDL'],
  'journal.lagNote': ['LSNs', 'LSN 数'],
  'journal.receivedNote': ['without a gap', '无缺口'],
  'journal.applied': ['applied', '已应用'],
  'journal.appliedNote': ['in the pool', '页在缓冲池'],
  'journal.skipped': ['skipped', '已跳过'],
  'journal.skippedNote': ['not in it', '页不在池中'],
  'journal.applyNote': ['always a CPL', '总是一个 CPL'],
  'journal.session': ['session', '会话'],
  'journal.joined': ['joined', '已加入'],
  'journal.joining': ['joining', '加入中'],
  'journal.revoked': ['revoked', '已撤销'],
  'journal.heard': ['heard', '上次收到'],
  'journal.never': ['not yet', '尚无'],
  'journal.ago': ['{{time}} ago', '{{time}} 前'],
  'journal.act': ['act on {{node}}', '对 {{node}} 的操作'],
  'journal.runtime': ['Run-time information of {{node}}', '{{node}} 的运行时信息'],
  'journal.runtimeNone': ['The writer has sent none yet.', '写节点尚未发送。'],
  'journal.asOf': ['as of LSN', '截至 LSN'],
  'journal.active': ['transactions that run', '运行中的事务'],
  'journal.minXid': ['minXid', 'minXid'],
  'journal.nextXid': ['nextXid', 'nextXid'],
  'journal.locks': ['relations locked', '被锁的表'],
  'journal.nobody': ['none', '无'],
  'journal.lockNote': [
    'Shown, not obeyed: a reader waits for no lock of the writer (READ-19).',
    '仅供查看：只读节点不等待写节点的任何锁（READ-19）。',
  ],
  'journal.describe': [
    '{{node}}: received to {{to}}, applyLsn {{applyLsn}}, MRPL {{mrpl}}, {{lag}} LSNs behind VDL.',
    '{{node}}：收到 {{to}}，applyLsn {{applyLsn}}，MRPL {{mrpl}}，落后 VDL {{lag}} 个 LSN。',
  ],
  'journal.describeTable': [
    'At {{node}} {{held}} records wait for VDL; {{records}} are in the Block–Journal table.',
    '{{node}} 有 {{held}} 条记录等待 VDL；Block–Journal 表中有 {{records}} 条。',
  ],
  'journal.lsnWaits_one': '{{count}} read waits for LSN {{bound}}, {{time}} longer at most.',
  'journal.lsnWaits_other': [
    '{{count}} reads wait, the first for LSN {{bound}}, {{time}} longer at most.',
    '{{count}} 个读在等待，最先者等 LSN {{bound}}，至多再等 {{time}}。',
  ],
  'journal.away': ['{{node}} is not up: this is what it last said.', '{{node}} 未运行：这是它最后的状态。'],
  'journal.floor': ['{{node}} holds PGMRPL back.', '{{node}} 拖住 PGMRPL。'],
  'journalMark.sent': ['bar of the writer', '写节点的横条'],
  'journalMark.sentText': [
    'What the writer has sent to this reader. It never waits for a reader: one too far behind loses its stream and joins again.',
    '写节点已发给该只读节点的日志。写节点从不等待只读节点：落后太多者失去日志流并重新加入。',
  ],
  'journalMark.held': ['hollow record', '空心记录'],
  'journalMark.heldText': [
    'Received and held until VDL reaches the CPL of its MTR; the flag is the CPL.',
    '已收到，留到 VDL 到达其 MTR 的 CPL；小旗即 CPL。',
  ],
  'journalMark.released': ['released MTRs', '已放行的 MTR'],
  'journalMark.releasedText': [
    'MTRs that VDL released at once. The grey part of its height is the share of records that were skipped because their pages are not in the pool.',
    'VDL 一次放行的 MTR。灰色高度为因页不在缓冲池而跳过的记录比例。',
  ],
  'journalMark.applier': ['lane of an applier', '回放 (apply) 线程的泳道'],
  'journalMark.applierText': [
    'Lists of the Block–Journal table, a line for each page. Filled: its applier has it next; dashed: the page is on its way from a store; hollow: not released.',
    'Block–Journal 表的列表，每页一条线。实心：等其回放线程；虚线：页正从存储读来；空心：未放行。',
  ],
  'journalMark.visible': ['visible', '可见'],
  'journalMark.visibleText': [
    'applyLsn: every record up to it is applied or skipped. Views that begin now read there.',
    'applyLsn：此前的记录都已应用或跳过。此刻开始的视图在此读取。',
  ],
});

type Texts = typeof journalTexts;
declare module '../../../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
