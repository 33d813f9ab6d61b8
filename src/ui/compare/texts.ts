// Texts of the page "Compare three". What rows and phases are called stands with their figures (src/ui/compare/rows.ts).

import { defineTexts } from '../i18n/texts.ts';

const compareTexts = defineTexts({
  'compare.title': ['Compare three architectures', '对比三种架构'],
  'compare.lead': [
    'One load and one logical fault on three clusters. Each runs its own protocol from the same seed, beside your lab, in memory; times are virtual. A figure with a number leads to the event that it stands on.',
    '同一负载、同一逻辑故障，用在三个集群上。各自从同一种子运行自己的协议，在内存中，不动你的实验室；时间是虚拟的。可点的数字通向它所依据的事件。',
  ],
  'compare.back': ['Back to the lab', '返回实验室'],
  'compare.load': ['Load', '负载'],
  'compare.fault': ['Fault', '故障'],
  'compare.seed': ['Seed', '种子'],
  'compare.run': ['Run all three', '运行三者'],
  'compare.again': ['Run again', '重新运行'],
  'compare.load.transfers': ['Transfers between two rows', '两行之间转账'],
  'compare.load.inserts': ['Inserts of new rows', '插入新行'],
  'compare.load.registers': ['Writes and reads of single rows', '单行的写与读，各半'],
  'compare.fault.killWriter': ['Kill the writer', '写节点断电'],
  'compare.fault.killStorage': ['Kill one storage replica', '一个存储副本断电'],
  'compare.fault.slowReader': ['Slow one reader', '拖慢一个只读节点'],
  'compare.fault.cutControl': ['Cut the control plane', '切断控制面'],
  'compare.fault.addReader': ['Add a reader', '添加只读节点'],
  'compare.fault.addStorage': ['Add storage', '添加存储'],
  'compare.fault.powerCut': ['Full power cut', '全部断电'],
  'compare.means': ['What the fault means here', '此故障在这里的含义'],
  'compare.absent': ['No such part here', '这里没有这一部分'],
  'compare.progress': ['{{column}} runs', '{{column}} 运行中'],
  'compare.waits': ['Not run yet', '尚未运行'],
  'compare.failed': ['{{column}} could not be run: {{error}}', '{{column}} 无法运行：{{error}}'],
  'compare.open': ['Open this run', '打开此运行'],
  'compare.openOf': ['Open the run of {{column}} at the fault', '在故障处打开 {{column}} 的运行'],
  'compare.figure': [
    '{{row}}, {{column}}: {{value}}. Open event {{event}}',
    '{{row}}，{{column}}：{{value}}。打开事件 {{event}}',
  ],
  'compare.opened': [
    'Event {{event}} of {{column}}. “Back” of the browser leads to the table.',
    '{{column}} 的事件 {{event}}。浏览器的“后退”回到表格。',
  ],
  'compare.notOpened': ['The run could not be opened: {{error}}', '此运行无法打开：{{error}}'],
  'compare.strip': ['Commits, aligned by the fault', '提交，以故障对齐'],
  'compare.stripText': [
    'Each bar: commits acknowledged in {{ms}} ms, from 150 ms before the fault to 300 ms after it. Below it the phases of the longest outage.',
    '每根柱：{{ms}} ms 内确认的提交，从故障前 150 ms 到故障后 300 ms。其下是最长中断的各阶段。',
  ],
  'compare.lane': [
    '{{column}}: {{before}} commits before the fault, {{after}} after it',
    '{{column}}：故障前 {{before}} 次提交，故障后 {{after}} 次',
  ],
  'compare.noOutage': ['no writer was lost', '写节点没有失效'],
  'compare.phase': ['{{name}}, {{ms}} ms', '{{name}}，{{ms}} ms'],
  'compare.table': ['Three columns', '三列对照'],
  'compare.question': ['Figure', '数字'],
  'compare.calc': ['calc', '计算'],
  'compare.calcTitle': ['Calculated, not simulated: {{how}}', '计算所得，非模拟：{{how}}'],
  'compare.export': ['Take the table away', '导出表格'],
  'compare.parts': ['By kind', '分项'],
  'compare.once': [
    'One seed is one run: another seed moves each figure. Nothing here predicts the latency of a product.',
    '一个种子是一次运行：换一个种子，每个数字都会动。这里的数字不预测任何产品的时延。',
  ],
});

type Texts = typeof compareTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
