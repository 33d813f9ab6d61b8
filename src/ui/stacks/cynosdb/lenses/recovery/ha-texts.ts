// Words of the HA group in the recovery lens.

import { defineTexts } from '../../../../i18n/texts.ts';

const haTexts = defineTexts({
  'ha.group': ['HA group of {{volume}}, token {{token}}', '{{volume}} 的 HA 组，令牌 {{token}}'],
  'ha.node': ['node', '节点'],
  'ha.part': ['part', '角色'],
  'ha.writer': ['writer', '写节点'],
  'ha.standby': ['standby', '备机'],
  'ha.target': ['takes over', '接替中'],
  'ha.reader': ['reader, never promoted', '只读，从不提升'],
  'ha.priority': ['priority', '优先级'],
  'ha.applied': ['applied', '已应用'],
  'ha.vdl': ['VDL {{vdl}}', 'VDL {{vdl}}'],
  'ha.place': ['chosen', '次序'],
  'ha.placeOf': ['{{place}}.', '第 {{place}}'],
  'ha.down': ['not up', '不在线'],
  'ha.commands': ['command connections', '命令连接'],
  'ha.reads': ['read connections', '读连接'],
  'ha.none': ['none', '无'],
  'ha.open': ['{{stores}} under {{token}}', '{{stores}}（令牌 {{token}}）'],
  'ha.ended': ['{{stores}}: ended, {{token}} < {{seen}}', '{{stores}}：已断，{{token}} < {{seen}}'],
  'ha.why': [
    'Silent for {{after}}, the writer is given up. Taken then: the highest priority, then the most applied, then the lowest name.',
    '写节点静默 {{after}} 即放弃。然后取优先级最高者，其次应用最多者，再次名字最小者。',
  ],
  'ha.compare': ['Beside a classic standby (calculated)', '与传统备机对比（计算值）'],
  'ha.compareNote': [
    'Calculated, not simulated: it applies the {{records}} records of this run at 0.05 ms and writes {{pages}} pages at 0.5 ms.',
    '计算而非模拟：它以 0.05 ms 应用本次运行的 {{records}} 条记录，以 0.5 ms 写 {{pages}} 个页。',
  ],
  'ha.step': ['step', '步骤'],
  'ha.oursMs': ['here, ms', '此处，ms'],
  'ha.classicMs': ['classic, ms', '传统，ms'],
  'ha.total': ['all', '合计'],
  'ha.detect': ['the writer’s silence is seen', '检测到写节点静默'],
  'ha.signal': ['token granted · switch signal', '授予令牌 · 切换信号'],
  'ha.stopReceiver': ['token at the stores · WAL receiver stopped', '令牌到存储 · 停 WAL 接收'],
  'ha.applyAndCheckpoint': [
    'VDL′, history, fill · apply all, checkpoint',
    'VDL′、历史、补齐 · 全部应用、检查点',
  ],
  'ha.exit': ['volume opened · startup process exits', '卷打开 · 启动进程退出'],
  'ha.serve': ['first commit · serves', '首个提交 · 提供服务'],
});

type Texts = typeof haTexts;
declare module '../../../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
