// Texts of the lens of traces.

import { defineTexts } from '../../i18n/texts.ts';

const traceTexts = defineTexts({
  'traces.choose': ['Statement', '语句'],
  'traces.newest': ['Choose a statement…', '选择一条语句……'],
  'traces.work': ['Background work', '后台工作'],
  'traces.newestWork': ['Choose work…', '选择一项工作……'],
  'traces.again': ['Follow again', '重新追踪'],
  'traces.busy': ['The run is played again up to there…', '正在重放运行至该处……'],
  'traces.empty': [
    'No trace is open. Choose a statement or background work above, or open one from an answer of the console, a message or an event.',
    '尚未打开追踪。可在上方选择一条语句或一项后台工作，或从控制台的回答、消息、事件中打开。',
  ],
  'traces.none': [
    'Up to this instant the run has no such statement or work.',
    '到此刻为止，运行中没有这条语句或这项工作。',
  ],
  'traces.failed': ['The trace could not be read: {{detail}}', '无法读取追踪：{{detail}}'],
  'traces.describe_one': '{{count}} span.',
  'traces.describe_other': [
    '{{count}} spans on {{nodes}} nodes in {{time}}: {{lost}} lost, {{unanswered}} unanswered, {{open}} not ended.',
    '{{nodes}} 个节点上 {{count}} 个 span，历时 {{time}}：丢失 {{lost}}，无应答 {{unanswered}}，未结束 {{open}}。',
  ],
  'traces.left': ['{{count}} more spans are not shown.', '另有 {{count}} 个 span 未显示。'],
  'traces.span': ['Span', 'Span'],
  'traces.chosen': ['The chosen span', '所选 span'],
  'traces.start': ['Start (ms)', '开始（ms）'],
  'traces.duration': ['Duration', '时长'],
  'traces.status': ['Status', '状态'],
  'traces.facts': ['Attributes', '属性'],
  'traces.events': ['Events', '事件'],
  'traces.sent': ['Sent', '发出'],
  'traces.received': ['Arrived', '到达'],
  'traces.worked': ['Last work', '最后一次处理'],
  'traces.answered': ['Answer arrived', '应答到达'],
  'traces.ended': ['Ended', '结束'],
  'traces.link': ['Sent under', '所属追踪'],
  'traces.goTo': ['Show this instant', '显示此刻'],
  'traces.status.ok': ['ok', '成功'],
  'traces.status.open': ['not ended', '未结束'],
  'traces.status.handled': ['handled', '已处理'],
  'traces.status.unanswered': ['no answer came', '无应答'],
  'traces.status.lost': ['lost', '丢失'],
  'traces.status.held': ['held back', '被扣留'],
  'traces.status.error': ['refused or failed', '被拒绝或失败'],
  'logs.title': ['Log of all nodes', '全部节点的日志'],
  'logs.tab': ['Log', '日志'],
  'traces.tab': ['Trace', '追踪'],
  'logs.stretch': ['Last', '最近'],
  'logs.all': ['all', '全部'],
  'logs.module': ['Module', '模块'],
  'logs.level': ['Level', '级别'],
  'logs.configured': ['By the configuration: {{levels}}', '按配置：{{levels}}'],
  'logs.reset': ['Reset levels', '重置级别'],
  'logs.time': ['Time (ms)', '时间（ms）'],
  'logs.event': ['Event', '事件'],
  'logs.trace': ['Trace', '追踪'],
  'logs.fields': ['Fields', '字段'],
  'logs.rows': ['{{count}} of {{of}} records', '{{of}} 条中的 {{count}} 条'],
  'logs.empty': [
    'No record of these nodes, modules and levels in the last {{span}} ms.',
    '最近 {{span}} ms 内没有这些节点、模块和级别的记录。',
  ],
  'logs.describe': [
    'Records of all nodes in one order, by node, module, level and words.',
    '全部节点的记录按同一次序排列，可按节点、模块、级别和文字筛选。',
  ],
  'traces.mark.log': ['Record', '记录'],
  'traces.mark.logText': [
    'What a node did, at a level of its own: TRACE and DEBUG for ordinary work, INFO for a change of state, WARN for a milestone or a fault, ERROR for what is lost, damaged or refused for good. The configuration’s log.level.* says from which level on each node’s module is shown; a level that is set here goes before it, for the node and the module that are chosen. Either changes only what is shown.',
    '节点做过的事及其级别：TRACE 与 DEBUG 为日常工作，INFO 为状态变化，WARN 为里程碑或故障，ERROR 为丢失、损坏或彻底拒绝。配置中的 log.level.* 决定各节点模块的起始级别；在此为所选节点与模块设置的级别优先。二者都只影响显示。',
  ],
  'traces.mark.call': ['Call', '调用'],
  'traces.mark.callText': [
    'A message: the line is its way to the receiver and the way of the answer, the bar is from its arrival to the last that the receiver did for it.',
    '一条消息：细线为去程与应答的返程，矩形为从到达到接收者最后一次为它工作。',
  ],
  'traces.mark.work': ['Background work', '后台工作'],
  'traces.mark.workText': [
    'What a node does without a statement: a change of members, a recovery, an election, a repair, a collection. From the event that began it to the one that ended it; below it, its messages and disk requests, and the steps that a timer led to. Heartbeats belong to none.',
    '节点不因语句而做的事：成员变更、恢复、选举、修复、回收。自开始的事件到结束的事件；其下为它的消息、磁盘请求与由定时器引出的步骤。心跳不属于任何一项。',
  ],
  'traces.mark.disk': ['Disk request', '磁盘请求'],
  'traces.mark.diskText': [
    'From the request until the disk has synced it, or has read it. A batch of the log that also holds records of other statements stands under each of them.',
    '从请求到磁盘同步完成或读出。同时含有其他语句记录的日志批会出现在每条语句下。',
  ],
  'traces.mark.end': ['Not ended, lost', '未结束、丢失'],
  'traces.mark.endText': [
    'A cross: lost by the network or with the node’s power, or refused. A ring: no answer came, or it has not ended at this instant; the line of a call without an answer is dashed.',
    '叉：被网络丢失、随断电丢失，或被拒绝。圆环：没有应答，或此刻尚未结束；没有应答的调用画成虚线。',
  ],
});

type Texts = typeof traceTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
