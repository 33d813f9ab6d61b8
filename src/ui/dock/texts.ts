// Texts of the dock's tape editor, and of the console's target.

import { defineTexts } from '../i18n/texts.ts';

const dockTexts = defineTexts({
  'sql.target': ['Statements go to', '语句发往'],
  'sql.targetOf': ['{{driver}} · {{volume}}', '{{driver}} · {{volume}}'],
  'tape.actions': ['Actions of the tape', '磁带的动作'],
  'tape.header': ['Header', '头部'],
  'tape.on': ['Line {{line}} takes part', '第 {{line}} 行参与运行'],
  'tape.at': ['Time of line {{line}}, ms', '第 {{line}} 行的时间（毫秒）'],
  'tape.line': ['Action of line {{line}}', '第 {{line}} 行的动作'],
  'tape.remove': ['Remove line {{line}}', '删除第 {{line}} 行'],
  'tape.add': ['Add an action', '添加动作'],
  'tape.run': ['Run edited tape', '运行编辑后的磁带'],
  'tape.revert': ['Discard edits', '放弃编辑'],
  'tape.edited': ['edited', '已编辑'],
  'tape.drag': ['drag to move in time', '拖动以改变时间'],
  'tape.none': [
    'Nothing was done to this run yet. A fault, a statement or a load is one line here.',
    '还没有对这次运行做任何事。每个故障、语句或负载在这里都是一行。',
  ],
  'tape.wrong': ['Line {{line}}: {{error}}', '第 {{line}} 行：{{error}}'],
  'tape.runNote': [
    'Runs as a replay in memory; your cluster and its disks stay as they are. Return to live brings them back.',
    '在内存中以回放方式运行；你的集群与磁盘保持原样，“回到实时”即可返回。',
  ],
  'workload.clients': ['clients', '客户端'],
  'workload.kind': ['kind', '类型'],
  'workload.noDriver': ['No driver is up.', '没有在线的驱动。'],
  'workload.of': ['Workload {{name}} of {{node}}', '{{node}} 的负载 {{name}}'],
  'workload.rate': ['rate /s (0: closed loop)', '速率 /秒（0：闭环）'],
  'workload.start': ['Start on {{node}}', '在 {{node}} 上启动'],
  'workload.stop': ['Stop', '停止'],
  'workload.think': ['think ms', '思考 ms'],
  'sql.answer': ['answer', '应答'],
  'sql.cancel': ['Cancel', '取消'],
  'sql.editor': ['Statement', '语句'],
  'sql.empty': [
    "Run a statement: it goes through d1 like any client's.",
    '运行一条语句：它与其他客户端一样经由 d1。',
  ],
  'sql.firstRows': ['first {{count}} rows', '前 {{count}} 行'],
  'sql.hint': ['A statement for d1; Ctrl+Enter runs it', '给 d1 的语句；Ctrl+Enter 运行'],
  'sql.position': [
    'at line {{line}}, column {{column}} (position {{position}})',
    '第 {{line}} 行第 {{column}} 列（位置 {{position}}）',
  ],
  'sql.readAt': ['gathered by {{node}} at {{points}}', '由 {{node}} 汇集，读点 {{points}}'],
  'sql.result': ['result', '结果'],
  'sql.results': ['Results', '结果'],
  'sql.run': ['Run', '运行'],
  'sql.where': ['Where does this value come from?', '这个值从何而来？'],
  'sql.runToReply': ['Run to my reply', '运行到应答'],
  'sql.running': ['running …', '运行中…'],
  'sql.standing': ['waits: the run is paused', '等待：运行已暂停'],
  'sql.samples': ['Samples', '示例'],
  'sql.statement': ['SQL statement', 'SQL 语句'],
  'sql.took': ['{{time}} virtual', '虚拟 {{time}}'],
  'sql.unknown': [
    'Outcome unknown: it may or may not have been applied.',
    '结果未知：可能已生效，也可能没有。',
  ],
  'events.rank': ['from rank', '最低等级'],
  'events.title': ['Events', '事件'],
  'events.total': ['events in all', '事件总数'],
  'events.around': ['Around event {{index}}, {{time}} ms', '事件 {{index}}（{{time}} 毫秒）前后'],
  'events.later': ['Event {{index}} comes later, at {{time}} ms', '事件 {{index}} 在此之后，{{time}} 毫秒'],
  'events.forgotten': [
    'Event {{index}}, {{time}} ms: no longer remembered',
    '事件 {{index}}（{{time}} 毫秒）已不再记住',
  ],
  'events.goThere': ['Go there', '前往'],
  'events.newest': ['Newest events', '最新事件'],
  'events.place': ['Where the list stands', '列表所在位置'],
  'flight.menuOf': ['Actions on {{name}}', '对 {{name}} 的操作'],
  'flight.more': ['and {{count}} more', '另有 {{count}} 条'],
  'flight.none': ['Nothing is in flight.', '没有在途消息。'],
  'metrics.collecting': ['collecting …', '收集中…'],
  'timeline.events': ['events', '事件'],
  'timeline.faults': ['faults', '故障'],
  'timeline.label': ['Timeline; drag to review', '时间线；拖动回看'],
  'timeline.span': ['Span of the timeline', '时间线跨度'],
});

type Texts = typeof dockTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
