// Texts of lens 4.11.

import { defineTexts } from '../../i18n/texts.ts';

const metricsTexts = defineTexts({
  'metrics.bytesPerCommit': ['Network bytes per commit', '每次提交的网络字节数'],
  'metrics.stored': ['Stored in all, KiB', '存储总量（KiB）'],
  'metrics.log': ['log', '日志'],
  'metrics.acks': ['acks', '确认'],
  'metrics.holeBytes': ['holes', '空洞'],
  'metrics.pages': ['pages', '页'],
  'metrics.sql': ['SQL', 'SQL'],
  'metrics.archive': ['backup, restore', '备份、恢复'],
  'metrics.control': ['control, heartbeats', '控制、心跳'],
  'metrics.fence': ['tokens, recovery', '令牌、恢复'],
  'metrics.all': ['all families', '所有类别'],
  'metrics.network': ['Network bytes per virtual ms', '每虚拟毫秒的网络字节数'],
  'metrics.amplification': ['Network bytes per commit, all families', '每次提交的网络字节数（所有类别）'],
  'metrics.replicas': ['Bytes of each store, KiB', '各存储节点的字节数（KiB）'],
  'metrics.storedBy': ['Stored by {{node}}, KiB', '{{node}} 存储量（KiB）'],
  'metrics.least': ['least', '最少'],
  'metrics.middle': ['middle', '居中'],
  'metrics.most': ['most', '最多'],
  'metrics.peak': ['peak {{value}} at {{at}} ms', '峰值 {{value}}，{{at}} 毫秒'],
  'metrics.peakReview': [
    '{{title}}: peak {{value}} at {{at}} ms. Review that moment',
    '{{title}}：{{at}} 毫秒时峰值 {{value}}。回看那一刻',
  ],
  'metrics.reviewAt': ['Review {{at}} ms', '回看 {{at}} 毫秒'],
  'metrics.bands': ['Faults and phases', '故障与阶段'],
  'metrics.band': ['what', '类别'],
  'metrics.bandOf': ['of', '对象'],
  'metrics.bandFrom': ['from, ms', '起（毫秒）'],
  'metrics.bandTo': ['to, ms', '止（毫秒）'],
  'metrics.noBands': ['No fault and no phase so far.', '至今没有故障，也没有阶段。'],
  'metrics.now': ['goes on', '仍在进行'],
  'metrics.phase.fault': ['fault', '故障'],
  'metrics.wall': [
    'This machine: wall clock of this visit, no part of the run',
    '本机：本次访问的墙上时钟，不属于运行',
  ],
  'metrics.wallAgo': ['{{seconds}} s ago', '{{seconds}} 秒前'],
  'metrics.wallSamples': ['Wall clock, newest first', '墙上时钟，最新在前'],
  'metrics.wallWhen': ['wall s ago', '距今秒数（墙上）'],
  'metrics.describe': ['At {{at}} ms: {{values}}.', '{{at}} 毫秒时：{{values}}。'],
  'metrics.value': ['{{name}} {{value}}', '{{name}} {{value}}'],
  'metrics.review': [
    'Click a moment, or a peak, to see the run as it was then. Bands are faults in force, hatched ones phases.',
    '点击某一时刻或峰值，即可回看当时的运行。色带表示生效中的故障，斜纹带表示阶段。',
  ],
  'metrics.time': ['virtual ms', '虚拟毫秒'],
  'metrics.eventsPerSecond': ['Events/s', '事件/秒'],
  'metrics.frameTime': ['Frame time p95, ms', '帧时间 p95（毫秒）'],
  'metrics.byWall': ['wall clock, last 2 s', '墙上时钟，最近 2 秒'],
  'metrics.acked': ['Commits acknowledged', '已确认的提交'],
  'metrics.titleOf': ['{{title}}: {{what}}', '{{title}}：{{what}}'],
  'metrics.bytesOf': ['Bytes sent: {{what}}', '已发送字节：{{what}}'],
  'metrics.mark.band': ['Band', '色带'],
  'metrics.mark.bandText': ['A fault was in force.', '有故障生效。'],
  'metrics.mark.line': ['Vertical line', '竖线'],
  'metrics.mark.lineText': ['The moment shown.', '当前显示的时刻。'],
  'metrics.commits': ['Commits/s', '提交/秒'],
  'metrics.latency': ['Commit latency, ms', '提交延迟，ms'],
});

type Texts = typeof metricsTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
