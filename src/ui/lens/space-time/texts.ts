// Texts of lens 4.7.

import { defineTexts } from '../../i18n/texts.ts';

const spaceTimeTexts = defineTexts({
  'spaceTime.span': ['Time shown', '显示的时长'],
  'spaceTime.rank': ['Events from rank', '事件级别不低于'],
  'spaceTime.lane': ['Lane of {{node}}', '{{node}} 的泳道'],
  'spaceTime.hide': ['Hide {{node}}', '隐藏 {{node}}'],
  'spaceTime.hidden': ['Hidden:', '已隐藏：'],
  'spaceTime.show': ['Show {{node}}', '显示 {{node}}'],
  'spaceTime.up': ['Lane of {{node}} up', '{{node}} 的泳道上移'],
  'spaceTime.down': ['Lane of {{node}} down', '{{node}} 的泳道下移'],
  'spaceTime.pattern': [
    'Pattern, for example: hole.sent then hole.fill same request',
    '模式，例如：hole.sent then hole.fill same request',
  ],
  'spaceTime.wrong': ['At {{at}}: {{error}}', '第 {{at}} 个字符：{{error}}'],
  'spaceTime.error.missing': ['a kind of event is missing', '缺少事件种类'],
  'spaceTime.error.sameField': ['same: which field?', 'same：哪个字段？'],
  'spaceTime.error.sameEnd': ['same FIELD ends the pattern', '“same 字段”必须在模式末尾'],
  'spaceTime.error.then': ['then stands between two kinds', 'then 位于两个种类之间'],
  'spaceTime.error.kindFirst': ['a kind comes before its fields', '字段之前要有种类'],
  'spaceTime.error.expected': [
    'expected then, same or field=value before {{word}}',
    '{{word}} 之前应有 then、same 或“字段=值”',
  ],
  'spaceTime.families': ['Messages: {{shown}} of {{of}} families', '消息：{{of}} 类中显示 {{shown}} 类'],
  'spaceTime.familiesTitle': ['Families of messages', '消息类别'],
  'spaceTime.merge': ['Merge local events', '合并本地事件'],
  'spaceTime.mergeHint': [
    'Events of a lane between which it neither sends nor receives are one mark with a number',
    '泳道既不发送也不接收期间的事件合为一个带数字的标记',
  ],
  'spaceTime.handle': [
    'Lane of {{node}}, {{place}} of {{of}}',
    '{{node}} 的泳道，第 {{place}} 条，共 {{of}} 条',
  ],
  'spaceTime.handleHint': [
    'Drag, or Alt and arrows, to move this lane; click selects the node',
    '拖动，或按 Alt 与方向键移动此泳道；点击选中节点',
  ],
  'spaceTime.moved': [
    '{{node}} is lane {{place}} of {{of}}',
    '{{node}} 现为第 {{place}} 条泳道，共 {{of}} 条',
  ],
  'spaceTime.through_one': 'One dashed line goes through hidden lanes.',
  'spaceTime.through_other': [
    '{{count}} dashed lines go through hidden lanes.',
    '{{count}} 条虚线经过隐藏的泳道。',
  ],
  'spaceTime.mark.through': ['Dashed line', '虚线'],
  'spaceTime.mark.throughText': [
    'Messages that a hidden lane has passed on: from the last shown departure to the next shown arrival.',
    '经隐藏泳道转达的消息：从可见泳道最后一次发出，到可见泳道下一次收到。',
  ],
  'spaceTime.found_one': 'found once',
  'spaceTime.found_other': ['found {{count}} times', '找到 {{count}} 处'],
  'spaceTime.next': ['Next', '下一处'],
  'spaceTime.empty': [
    'Nothing happened in this stretch of {{span}} ms. Step once, or show more time.',
    '这 {{span}} 毫秒内没有发生任何事。单步一次，或显示更长时间。',
  ],
  'spaceTime.describe': [
    '{{events}} events and {{messages}} messages on {{lanes}} lanes between {{from}} and {{to}} ms.',
    '{{from}} 至 {{to}} 毫秒之间，{{lanes}} 条泳道上有 {{events}} 个事件、{{messages}} 条消息。',
  ],
  'spaceTime.describeChosen': [
    'Chosen: {{kind}} of {{node}} at {{at}} ms. Events that could have caused it: {{past}}, that could come from it: {{future}}, concurrent with it: {{concurrent}}.',
    '已选：{{at}} 毫秒时 {{node}} 的 {{kind}}。{{past}} 个事件可能导致它，{{future}} 个可能由它引起，{{concurrent}} 个与它并发。',
  ],
  'spaceTime.left': ['{{count}} older ones are not drawn.', '另有 {{count}} 个更早的未画出。'],
  'spaceTime.forgotten': [
    'Messages that ended up to {{time}} ms may be missing: only the newest are remembered.',
    '{{time}} 毫秒及以前结束的消息可能缺失：只记住最新的若干条。',
  ],
  'spaceTime.relation.before': ['{{other}} happened before {{chosen}}', '{{other}} 先于 {{chosen}} 发生'],
  'spaceTime.relation.after': ['{{other}} happened after {{chosen}}', '{{other}} 后于 {{chosen}} 发生'],
  'spaceTime.relation.concurrent': [
    '{{other}} and {{chosen}} are concurrent: neither could know of the other',
    '{{other}} 与 {{chosen}} 并发：彼此都不可能知道对方',
  ],
  'spaceTime.relation.same': [
    '{{other}} and {{chosen}} happened in one step',
    '{{other}} 与 {{chosen}} 发生在同一步',
  ],
  'spaceTime.path': ['by {{path}}', '经由 {{path}}'],
  'spaceTime.clock': ['vector clock', '向量时钟'],
  'spaceTime.chosenEvent': ['The chosen event', '选中的事件'],
  'spaceTime.help': [
    'Click an event for its cones. Shift and click a second one for the relation of the two.',
    '点击事件查看其因果锥；按住 Shift 再点第二个事件查看两者关系。',
  ],
  'spaceTime.past': ['past', '过去'],
  'spaceTime.future': ['future', '未来'],
  'spaceTime.concurrent': ['concurrent', '并发'],
  'spaceTime.self': ['chosen', '已选'],
  'spaceTime.cone': ['cone', '因果锥'],
  'spaceTime.time': ['ms', '毫秒'],
  'spaceTime.node': ['node', '节点'],
  'spaceTime.event': ['event', '事件'],
  'spaceTime.facts': ['facts', '内容'],
  'spaceTime.more': ['{{count}} more', '还有 {{count}} 个'],
  'spaceTime.rows': ['The newest {{count}} of {{of}} events.', '{{of}} 个事件中最新的 {{count}} 个。'],
  'spaceTime.mark.event': ['Event', '事件'],
  'spaceTime.mark.eventText': [
    'A dot on its node’s lane; the larger, the higher its rank. A number counts merged ones, as far as there is room.',
    '节点泳道上的圆点，级别越高越大；数字表示合并的个数（位置足够时显示）。',
  ],
  'spaceTime.mark.message': ['Message', '消息'],
  'spaceTime.mark.messageText': [
    'A line from send to arrival in its family’s colour; a cross where it was lost.',
    '从发送到到达的线，颜色为其类别；叉号处表示丢失。',
  ],
  'spaceTime.mark.cone': ['Cones', '因果锥'],
  'spaceTime.mark.coneText': [
    'Tinted: what could have caused the chosen event (happened before). Outlined: what it could cause. Grey: concurrent.',
    '着色：可能导致所选事件的（先于它发生）。空心：它可能引起的。灰色：并发。',
  ],
  'spaceTime.mark.relation': ['Ring and thick line', '圆环与粗线'],
  'spaceTime.mark.relationText': [
    'The second event of a relation, and one way with the fewest messages by which one of the two could know of the other.',
    '关系中的第二个事件，以及消息最少的一条路径：沿此路径其中一个可以得知另一个。',
  ],
  'spaceTime.mark.faults': ['Band', '色带'],
  'spaceTime.mark.faultsText': [
    'A fault was in force; its words are shown under the pointer.',
    '故障生效期间；指针停留时显示其说明。',
  ],
  'spaceTime.mark.down': ['Down', '宕机'],
  'spaceTime.mark.downText': ['Hatched: the node was down.', '斜线：节点处于宕机状态。'],
  'rank.0': ['0 every event', '0 全部事件'],
  'rank.1': ['1 ordinary', '1 普通'],
  'rank.2': ['2 meaningful', '2 有意义'],
  'rank.3': ['3 milestones', '3 里程碑'],
});

type Texts = typeof spaceTimeTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
