// Texts of the panels that ask for the rest of a fault: partition, chosen losses, typed values.

import { defineTexts } from '../i18n/texts.ts';

const dialogTexts = defineTexts({
  'keys.canMove': [
    'Press a key here to give it another place. Digits name lenses and stay.',
    '点击一个键，可以改用别的键。数字键用于透镜，不能更改。',
  ],
  'keys.areOff': [
    'Single keys are switched off in the settings; here they can still be given other places.',
    '设置中已关闭单键操作；在这里仍可更改按键。',
  ],
  'keys.change': ['{{what}}: {{key}}. Give it another key', '{{what}}：{{key}}。改用别的键'],
  'keys.press': ['press a key', '请按键'],
  'keys.isLens': ['{{key}} shows a lens. Press another key', '{{key}} 用于显示透镜，请按别的键'],
  'keys.moved': ['{{what}}: now {{key}}', '{{what}}：现为 {{key}}'],
  'keys.swapped': [
    '{{what}}: now {{key}}. {{other}}: now {{otherKey}}',
    '{{what}}：现为 {{key}}；{{other}}：现为 {{otherKey}}',
  ],
  'keys.said': ['What has changed', '更改结果'],
  'keys.back.all': ['All keys as they were', '恢复所有按键'],
  'keys.areBack': ['All keys are as they were', '所有按键已恢复'],
  'crashLosing.title': ['Crash {{node}}, lose chosen writes', '让 {{node}} 宕机，丢失所选的写入'],
  'crashLosing.note': [
    'Writes that are not yet durable. What is ticked is lost, everything else survives the crash.',
    '尚未落盘的写入。勾选的会丢失，其余的在宕机后保留。',
  ],
  'crashLosing.none': ['Everything that {{node}} wrote is durable now.', '{{node}} 写过的内容现在都已落盘。'],
  'crashLosing.volatile': ['volatile', '未落盘'],
  'crashLosing.durable': ['durable meanwhile', '期间已落盘'],
  'crashLosing.all': ['Tick all', '全部勾选'],
  'crashLosing.do': ['Crash', '宕机'],
  'partition.hint': [
    'Draw round nodes on the map to put them on side B, or choose here.',
    '在图上圈出节点，把它们放到 B 侧；也可在此选择。',
  ],
  'partition.ways': ['which way', '方向'],
  'partition.both': ['both ways', '双向'],
  'partition.there': ['A to B', 'A 到 B'],
  'partition.back': ['B to A', 'B 到 A'],
  'partition.control': ['control nodes take part', '控制节点参与'],
  'partition.left': ['left out', '不参与'],
  'partition.nothing': [
    'Put nodes on two sides to cut links between them.',
    '把节点分到两侧，才会切断其间的链路。',
  ],
  'partition.more': ['and {{count}} more', '另有 {{count}} 条'],
  'typed.title': ['Set a value: {{name}}', '设定数值：{{name}}'],
  'typed.what': ['what', '项目'],
  'typed.value': ['value', '数值'],
  'typed.limits': ['From {{min}} to {{max}} {{unit}}.', '{{min}} 至 {{max}} {{unit}}。'],
  'typed.both': ['both ways', '双向'],
  'typed.oneWay': ['{{from}} to {{to}}', '{{from}} 到 {{to}}'],
  'typed.do': ['Set it', '设定'],
  'typed.latency': ['latency', '延迟'],
  'typed.jitter': ['jitter', '抖动'],
  'typed.loss': ['messages lost', '消息丢失'],
  'typed.duplicate': ['messages duplicated', '消息重复'],
  'typed.reorder': ['messages reordered', '消息乱序'],
  'typed.corrupt': ['messages damaged', '消息损坏'],
  'typed.bandwidth': ['bandwidth', '带宽'],
  'typed.slowCpu': ['CPU time per input', '每个输入的 CPU 时间'],
  'typed.clock': ['clock offset', '时钟偏移'],
  'typed.clockDrift': ['clock drift', '时钟漂移'],
  'typed.diskRoom': ['disk size, of the usual', '磁盘容量（相对平常）'],
  'typed.diskSlow': ['disk time, of the usual', '磁盘耗时（相对平常）'],
  'partition.cuts_one': 'one link is cut',
  'partition.cuts_other': ['{{count}} links are cut', '将切断 {{count}} 条链路'],
  'partition.do': ['Partition', '分区'],
  'partition.sideOf': ['side of {{node}}', '{{node}} 所在一侧'],
  'partition.title': ['Partition', '网络分区'],
  'cutLinks.title': ['Links of {{node}}', '{{node}} 的链路'],
  'duration.label': ['how long', '时长'],
  'duration.untilHealed': ['until healed', '直到修复'],
  'held.title': ['The disks of this run are still held', '此运行的磁盘仍被占用'],
  'held.text': [
    'The page before, or another tab, still holds the disks of this run: closing … They are opened as soon as they are let go.',
    '之前的页面或另一个标签页仍占用此运行的磁盘：正在关闭……一旦释放便会打开。',
  ],
  'held.stays': [
    'Whatever you choose, what is on the disks stays and can be opened later.',
    '无论如何选择，磁盘上的内容都会保留，以后仍可打开。',
  ],
  'held.tryAgain': ['Try again', '重试'],
  'held.memory': ['Begin in memory beside it', '在内存中另行开始'],
  'removed.title': ['The data of this site were removed', '此站点的数据已被清除'],
  'removed.text': [
    'You, or the browser to make room, removed the data of this site while the cluster was running. Its disks are gone, and it is paused.',
    '集群运行期间，您或浏览器（为腾出空间）清除了此站点的数据。磁盘已不存在，集群已暂停。',
  ],
  'removed.stays': [
    'Its tape is still in this page: export it, or go on in memory from where it stands. In memory, a reload loses the run.',
    '它的磁带仍在此页面中：可以导出，也可以从当前时刻在内存中继续。在内存中运行时，重新加载会丢失该运行。',
  ],
  'removed.memory': ['Go on in memory', '在内存中继续'],
  'removed.anew': ['Begin anew', '重新开始'],
  'refusedRun.title': ['The saved run could not be opened', '无法打开已保存的运行'],
  'refusedRun.engine': [
    'It is of engine {{saved}}; this lab has engine {{here}}, which would play it otherwise. Its tape can be exported, and played by a lab of its engine.',
    '它属于引擎 {{saved}}；此实验室的引擎是 {{here}}，回放结果会不同。可以导出其磁带，在引擎相同的实验室中回放。',
  ],
  'elsewhere.apart': ['Begin here', '在此开始'],
  'elsewhere.asked': [
    'The link asks for {{preset}} with seed {{seed}}, and only one tab may drive a cluster and its disks. Begin that here, in a lab of its own; watch the run of the other tab instead; or take the lab over: the link’s run begins in it, and the other tab’s is kept in Runs.',
    '链接要打开 {{preset}}（种子 {{seed}}），而同一个集群及其磁盘只能由一个标签页驱动。可以在此以独立的实验室开始；或改为观看另一个标签页的运行；或接管该实验室：链接所指的运行在其中开始，另一个标签页的运行保留在“运行”页中。',
  ],
  'elsewhere.notBegun': ['Not begun: {{error}}', '未能开始：{{error}}'],
  'elsewhere.forking': [
    'The other tab tells its tape, and the disks are made again from it …',
    '正在向另一个标签页索取磁带，并据此重建磁盘……',
  ],
  'elsewhere.notForked': ['Not forked: {{error}}', '未能分叉：{{error}}'],
  'elsewhere.text': [
    'Only one tab may drive a cluster and its disks. Watch it here, fork it here into a lab of its own whose disks are made again from its tape, or take it over.',
    '同一个集群及其磁盘只能由一个标签页驱动。可以在此观看，在此分叉为独立的实验室（磁盘按其磁带重建），或接管。',
  ],
  'elsewhere.title': ['This run is open in another tab', '该运行已在另一个标签页中打开'],
  'elsewhere.watch': ['Watch', '观看'],
  'forget.do': ['Forget everything', '全部清除'],
  'forget.text': [
    "Every node's disk in this browser, the tape and the settings are deleted. A new cluster starts from seed. This cannot be undone; export the tape first if you may want to see the run again.",
    '本浏览器中所有节点的磁盘、磁带和设置都会被删除，并从种子启动新集群。此操作无法撤销；若以后还想查看该运行，请先导出磁带。',
  ],
  'forget.title': ['Forget everything?', '清除全部数据？'],
  'keys.map': [
    'On the map: arrows move to the nearest card, Alt + arrows move the card, Enter opens the inspector.',
    '在拓扑图上：方向键移到最近的卡片，Alt + 方向键移动卡片，Enter 打开检查器。',
  ],
  'keys.mistake': [
    'After a mistake: Ctrl Z goes back to just before it, on a new branch. Or go to an earlier time on the timeline and press Fork: a twin begins there, and Make live keeps it. Share gives a link that replays this run.',
    '做错之后：Ctrl Z 回到其前，另开分支。或在时间线上回到更早处按“分叉”：由此生出推演，“设为实时”即保留。“分享”给出可回放此次运行的链接。',
  ],
  'keys.title': ['Terms and keys', '术语与按键'],
  'keys.heading': ['Keys', '按键'],
  'share.contents': ['What is in it', '包含的内容'],
  'share.link': ['Link ({{size}})', '链接（{{size}}）'],
  'share.branch': [
    'What you see is shared: {{name}}, forked from {{from}} at {{at}} ms, up to {{time}} ms. What {{from}} did after the fork is not in it.',
    '分享的是所见的{{name}}：于 {{at}} ms 自{{from}}分叉，直到 {{time}} ms；{{from}}分叉之后的动作不在其中。',
  ],
  'share.text': [
    'Whoever opens it replays this run exactly. It is all in the link, nothing is sent to a server. It contains every action so far, SQL text included.',
    '打开者会精确回放此运行。全部内容都在链接中，不会发送到任何服务器。其中包含至今的所有动作，包括 SQL 文本。',
  ],
  'share.title': ['Share this run', '分享该运行'],
  'share.tooLong': [
    'The link is longer than many programs keep. Download the tape and send the file.',
    '链接过长，许多程序无法完整保留。请下载磁带并发送文件。',
  ],
});

type Texts = typeof dialogTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
