// Texts of the console's tools: plans, history, copies, sample datasets.

import { defineTexts } from '../i18n/texts.ts';

const sqlTexts = defineTexts({
  'sql.completions': ['Completions', '补全'],
  'sql.plan': ['Plan', '计划'],
  'sql.planNote': [
    'Runs it with EXPLAIN ANALYZE, writes too, and shows its operators in the lens',
    '以 EXPLAIN ANALYZE 执行（写入也会生效），并在透镜中显示算子',
  ],
  'sql.planOne': ['Plan takes one statement; Run takes several.', '“计划”只接受一条语句；多条请用“运行”。'],
  'sql.history': ['History', '历史'],
  'sql.copy': ['Copy', '复制'],
  'sql.copyNote': [
    'Copies all {{count}} rows as shown, tab-separated',
    '按当前顺序复制全部 {{count}} 行（制表符分隔）',
  ],
  'sql.copied': ['Copied data', '复制出的数据'],
  'sql.copiedNote': ['Copies all of the data', '复制全部数据'],
  'sql.copiedPart': ['the first {{count}} characters are shown', '仅显示前 {{count}} 个字符'],
  'sql.save': ['Save', '保存'],
  'sql.savedNote': ['Saves all of the data as a file', '将全部数据存为文件'],
  'sql.csv': ['CSV', 'CSV'],
  'sql.csvNote': ['Saves all {{count}} rows as shown', '按当前顺序保存全部 {{count}} 行'],
  'sql.sortBy': ['Order by {{column}}', '按 {{column}} 排序'],
  'dataset.choose': ['Datasets', '数据集'],
  'dataset.bank': ['Bank', '银行'],
  'dataset.shop': ['Shop', '商店'],
  'dataset.pgbench': ['pgbench', 'pgbench'],
  'dataset.ycsb': ['YCSB', 'YCSB'],
  'dataset.option': ['{{name}}: {{rows}} rows', '{{name}}：{{rows}} 行'],
  'dataset.load': ['Load of a dataset', '数据集加载'],
  'dataset.loading': ['{{name}}: {{done}} of {{of}} requests', '{{name}}：第 {{done}} / {{of}} 个请求'],
  'dataset.loaded': [
    '{{name}} is loaded: {{rows}} rows in {{tables}}.',
    '{{name}} 已加载：{{rows}} 行，位于 {{tables}}。',
  ],
  'dataset.stopped': [
    '{{name}} was stopped after {{done}} of {{of}} requests; what is loaded stays.',
    '{{name}} 在第 {{done}} / {{of}} 个请求后停止；已加载的数据保留。',
  ],
  'dataset.failed': [
    '{{name}} ended after {{done}} of {{of}} requests: {{failure}}',
    '{{name}} 在第 {{done}} / {{of}} 个请求后结束：{{failure}}',
  ],
  'dataset.close': ['Close this line', '关闭此行'],
});

type Texts = typeof sqlTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
