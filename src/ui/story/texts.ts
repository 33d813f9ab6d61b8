// Captions, their parts and what stands around them, in both languages. Captions: ≤ 140 characters in English, ≤ 60 in
// 中文, with the numbers of real runs (story.test.ts counts).

import { defineTexts } from '../i18n/texts.ts';

const storyTexts = defineTexts({
  'story.why': ['Why?', '为什么？'],
  'story.instant': ['The instant that the sentence is about', '这句话所说的时刻'],
  'story.whyMovedOn': ['The strip has moved on since.', '此后状态栏已更新。'],
  'story.whyNewest': ['Explain what it says now', '解释当前这句'],
  'story.raw': ['Show raw', '原始事件'],
  'story.ofVolume': ['{{volume}}: {{said}}', '{{volume}}：{{said}}'],
  'story.rawTitle': ['The event behind this caption', '这条说明背后的事件'],
  'story.rawNumbers': [
    'Every name and number of the caption is a field of this event, or counted from events before it.',
    '说明中的每个名字和数字都是该事件的字段，或由此前的事件数出。',
  ],
  'story.field.time': ['virtual time, ms', '虚拟时间（ms）'],
  'story.field.event': ['event', '事件'],
  'story.field.node': ['node', '节点'],
  'story.field.cause': ['caused by', '起因'],
  'story.source': ['Source', '出处'],
  'story.rules': ['Rules', '规则'],
  'story.monitored': ['watched in every run', '每次运行都在监视'],
  'story.openLens': ['Show in {{lens}}', '在“{{lens}}”中看'],
  'story.modelled': ['What is modelled', '模拟了什么'],
  'story.goTo': ['Go to this event', '转到此事件'],
  'story.node.first': [
    '{{node}} starts for the first time, with an empty disk.',
    '{{node}} 首次启动，磁盘为空。',
  ],
  'story.node.again': [
    '{{node}} starts again, boot {{life}}: it opens from what its disk kept.',
    '{{node}} 再次启动（第 {{life}} 次），从磁盘所存打开。',
  ],
  'story.node.againWriter': [
    '{{node}} starts again, boot {{life}}, with an empty memory: what it needs it reads from other nodes.',
    '{{node}} 再次启动（第 {{life}} 次），内存为空：所需的一切从其他节点读取。',
  ],
  'story.answer.late': [
    '{{node}} drops an answer of {{from}} to a request of an earlier life ({{answer}}).',
    '{{node}} 丢弃 {{from}} 对前一次运行所发请求的应答（{{answer}}）。',
  ],
  'story.node.boot': [
    '{{node}} wrote boot epoch {{epoch}} to its disk: answers to its earlier lives no longer count.',
    '{{node}} 把启动纪元 {{epoch}} 写入磁盘：发给之前启动的应答作废。',
  ],
  'story.node.down': [
    '{{node}} is down. Its disk keeps all that was synced, and any part of the rest.',
    '{{node}} 宕机。磁盘保留已同步的全部，其余可能留下任何一部分。',
  ],
  'story.node.stopped': [
    '{{node}} has ended, as it was asked to: its disk keeps all that it had synced by then.',
    '{{node}} 按要求停机：磁盘保留此前已同步的全部。',
  ],
  'story.node.gone': [
    '{{node}} has ended for good, as the metadata ordered: its name is not used again.',
    '{{node}} 按元数据的命令永久结束，其名不再使用。',
  ],
  'story.node.wiped': [
    '{{node}} is down, and an empty disk takes the place of its own: nothing of what it held is left there.',
    '{{node}} 宕机，其磁盘换成空盘：原有内容全部不在。',
  ],
  'story.node.rolledBack': [
    '{{node}} is down, and its disk is put back to an older image: what it synced since is not there.',
    '{{node}} 宕机，其磁盘退回较早的镜像：此后同步的内容不在。',
  ],
  'story.net.corrupt': [
    '{{node}} threw away a damaged message from {{from}}: its checksum was wrong.',
    '{{node}} 丢弃 {{from}} 的损坏消息：校验和不符。',
  ],
  'story.disk.error': [
    'The disk of {{node}} refused a write ({{error}}). What it held is not acknowledged.',
    '{{node}} 的磁盘拒绝写入（{{error}}），相关内容不予确认。',
  ],
  'story.action.cut': [
    'The link {{link}} is cut{{span}}. What is sent over it now is lost.',
    '链路 {{link}} 断开{{span}}，此间发送的都会丢失。',
  ],
  'story.action.cutMany': [
    '{{link}}: these links are cut{{span}}. What is sent over them now is lost.',
    '{{link}}：这些链路断开{{span}}，此间发送的都会丢失。',
  ],
  'story.action.cutQuorum': [
    '{{writer}} reaches only {{count}} of {{n}} replicas of {{group}}, it needs {{vw}}: VDL stops, commits wait.',
    '{{writer}} 只连到 {{group}} 的 {{count}}/{{n}} 个副本，需 {{vw}} 个：VDL 停住，提交等待。',
  ],
  'story.action.crashQuorum': [
    'Power cut at {{node}}: {{writer}} reaches only {{count}} of {{n}} replicas of {{group}}, it needs {{vw}}. Commits wait, reads go on.',
    '{{node}} 断电：{{writer}} 只连到 {{group}} 的 {{count}}/{{n}} 个副本，需 {{vw}} 个。提交等待，读取照常。',
  ],
  'story.action.for': [' for {{time}}', ' {{time}}'],
  'story.action.healed': [
    'Healed: {{link}}. What was lost meanwhile is sent again or asked for.',
    '已修复：{{link}}。丢失的将重发或由副本请求。',
  ],
  'story.action.healSome': [
    'Healed: {{link}}. Other links are still cut.',
    '已修复：{{link}}。其他链路仍断开。',
  ],
  'story.action.healAll': [
    'All links are healed. What was lost meanwhile is sent again or asked for.',
    '链路全部修复。丢失的将重发或由副本请求。',
  ],
  'story.action.isolate': [
    '{{nodes}}: cut off from everybody else{{span}}. What is sent there or from there is lost.',
    '{{nodes}} 与所有其他节点断开{{span}}，往来的都会丢失。',
  ],
  'story.action.rejoin': [
    '{{nodes}}: joined to everybody again. What was lost is sent again or asked for.',
    '{{nodes}} 重新连通。丢失的将重发或由副本请求。',
  ],
  'story.action.powerOff': [
    'Power cut at {{nodes}}{{span}}: their disks keep all that was synced, and any part of the rest.',
    '{{nodes}} 断电{{span}}：磁盘保留已同步的全部，其余可能留下任何一部分。',
  ],
  'story.action.powerOn': ['Power is back at {{nodes}}.', '{{nodes}} 恢复供电。'],
  'story.message.drop': [
    'A message from {{node}} is lost on purpose: somebody has to notice that it is missing.',
    '{{node}} 的一条消息被故意丢弃：缺了它，应有人发现。',
  ],
  'story.message.deliver': [
    'A message from {{node}} is there at once, before what was sent earlier.',
    '{{node}} 的一条消息立即到达，先于更早发送的。',
  ],
  'story.message.duplicate': [
    'A message from {{node}} arrives twice: what it asks for may be done only once.',
    '{{node}} 的一条消息会到达两次：所求之事只许做一次。',
  ],
  'story.message.corrupt': [
    'A message from {{node}} is damaged on its way: its checksum will not fit.',
    '{{node}} 的一条消息在途中损坏：校验和将不符。',
  ],
  'story.message.hold': [
    'A message from {{node}} is held on its way until it is released.',
    '{{node}} 的一条消息被扣在途中，直到放行。',
  ],
  'story.message.release': [
    'The message from {{node}} that was held goes on.',
    '{{node}} 被扣的消息继续前行。',
  ],
  'story.message.delay': [
    'A message from {{node}} takes {{time}} longer.',
    '{{node}} 的一条消息多走 {{time}}。',
  ],
  'story.action.crash': [
    'Power cut at {{node}}{{span}}: it stops at once; its disk keeps all that was synced, and any part of the rest.',
    '{{node}} 断电{{span}}：立即停止；磁盘保留已同步的全部，其余可能留下任何一部分。',
  ],
  'story.action.crashWriter.ruleOff': ['Power cut at {{node}}{{span}}.', '{{node}} 断电{{span}}。'],
  'story.action.crashWriter': [
    'Power cut at {{node}}{{span}}: nobody can write. Acknowledged commits stay on other nodes’ disks, the rest may be lost.',
    '{{node}} 断电{{span}}：无人可写。已确认的提交在其他节点的盘上，其余的可能丢失。',
  ],
  'story.action.stop': [
    '{{node}} is asked to end in good order: its power goes off {{grace}} later{{span}}.',
    '{{node}} 被要求正常停机：{{grace}} 后断电{{span}}。',
  ],
  'story.action.freeze': [
    '{{node}} is frozen{{span}}: it neither hears nor answers.',
    '{{node}} 冻结{{span}}：既不听也不答。',
  ],
  'story.action.freezeWriter': [
    '{{node}}, which writes, is frozen{{span}}: it neither hears nor answers. Nobody can write.',
    '写节点 {{node}} 冻结{{span}}：既不听也不答，无人可写。',
  ],
  'story.action.resume': ['{{node}} goes on, as if no time had passed.', '{{node}} 继续，仿佛时间未曾流逝。'],
  'story.action.restart': ['{{node}} gets its power back.', '{{node}} 恢复供电。'],
  'story.action.other': ['On the tape: {{text}}', '磁带：{{text}}'],
  'story.action.over': ['Over: {{text}}', '已结束：{{text}}'],
  'story.action.nothing': ['No effect: {{text}}', '未起作用：{{text}}'],
  'story.over': ['no longer so', '已不再如此'],
  'story.overNote': [
    'It was so at the instant beside it; since then it has ended.',
    '在所示时刻如此；此后已结束。',
  ],
  'story.broken': ['A rule is off', '有规则被关闭'],
  'story.brokenNote': [
    'What the sentence says of the protocol need not hold in this run.',
    '这句话所说的协议保证，在本次运行中未必成立。',
  ],
  'coach.atHole': ['Stop at the next hole', '停在下一个空洞'],
  'coach.cut': ['Cut this link for 6 ms', '切断此链路 6 ms'],
  'coach.cutBoth': ['Now cut both replicas', '再切断两个副本'],
  'coach.heal': ['Heal {{links}}', '修复 {{links}}'],
  'coach.whatIf': ['What if {{node}} dies right now?', '若 {{node}} 此刻宕机？'],
  'coach.lesson': ['Pick a lesson', '选一课'],
  'coach.dismiss': ['Do not suggest this again', '不再提示'],
  'keys.narration': ['Narration: how much is read out', '播报：朗读多少'],
  'keys.runUntil': ['Run until …', '运行到……'],
  'diverged.event': [
    'First differing event: no later than {{index}}, {{kind}} at {{node}}, {{time}} ms.',
    '首个不同的事件：不晚于 {{index}}，{{node}} 的 {{kind}}，{{time}} ms。',
  ],
  'diverged.engines': [
    'Recorded with engine {{recorded}}, replayed with {{now}}.',
    '以引擎 {{recorded}} 录制，以 {{now}} 回放。',
  ],
  'narration.level': ['Narration: {{level}}', '播报：{{level}}'],
  'narration.off': ['off', '关'],
  'narration.beats': ['milestones', '里程碑'],
  'narration.meaningful': ['meaningful events', '有意义的事件'],
  'narration.all': ['all events', '全部事件'],
  'narration.region': ['Narration', '播报'],
  'palette.until': ['Run until {{end}}', '运行到{{end}}'],
  'work.fill': ['Hole fill of {{node}}', '{{node}} 补洞'],
  'work.move': ['{{group}}: {{to}} replaces {{from}}', '{{group}}：{{to}} 接替 {{from}}'],
  'work.moves': ['{{count}} replicas move', '{{count}} 个副本在迁移'],
  'work.secondsLeft': ['{{seconds}} s left', '还需 {{seconds}} 秒'],
  'work.lsns': ['{{done}} / {{of}} LSNs', '{{done}} / {{of}} LSN'],
  'skip.label': ['skipped {{time}}', '略过 {{time}}'],
  'hidden.notice': ['Paused while this tab was hidden; it goes on now.', '标签页隐藏时已暂停，现在继续。'],
  'hidden.stays': [
    'Paused since this tab was hidden. Press Play to go on.',
    '标签页隐藏时已暂停。按“播放”继续。',
  ],
  'hidden.setting': ['When this tab is seen again', '重新看到此标签页时'],
  'hidden.goOn': ['go on', '继续'],
  'hidden.stay': ['stay paused', '保持暂停'],
});

type Texts = typeof storyTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
