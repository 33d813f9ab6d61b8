// Texts of the reads of several groups.

import { defineTexts } from '../../../../i18n/texts.ts';

const readsTexts = defineTexts({
  'placement.readsTab': ['Reads', '跨组读取'],
  'reads.title': ['Who asks whom', '谁向谁询问'],
  'reads.choose': ['Read', '读'],
  'reads.newest': ['the newest', '最新的'],
  'reads.offer': [
    '{{at}} ms, {{session}} at {{node}}: {{count}} tablets',
    '{{at}} 毫秒，{{session}} 在 {{node}}：{{count}} 个 tablet',
  ],
  'reads.answered': ['answered in {{time}}', '{{time}} 内答复'],
  'reads.refused': ['failed: {{code}}', '失败：{{code}}'],
  'reads.none': [
    'No read of several groups in the last {{ms}} ms. Ask for rows of more than one key range: select count(*).',
    '最近 {{ms}} 毫秒内没有跨组的读取。可读取多个键区间的行：select count(*)。',
  ],
  'reads.driver': ['driver', '驱动'],
  'reads.node': ['gathers', '汇集'],
  'reads.primary': ['primary · its tablet', '主副本 · 其 tablet'],
  'reads.came': [
    '{{rows}} rows as of {{point}}, {{pages}} pages from stores',
    '{{rows}} 行，读点 {{point}}，从存储取 {{pages}} 页',
  ],
  'reads.short': ['{{rows}} rows as of {{point}}', '{{rows}} 行，读点 {{point}}'],
  'reads.waits': ['asked, no answer yet', '已询问，尚无应答'],
  'reads.never': ['did not come', '未到'],
  'reads.bare': ['nobody has written it: nobody is asked', '尚无写入：无须询问'],
  'reads.table': ['Parts of the read', '读的各部分'],
  'reads.point': ['read point', '读点'],
  'reads.rowsHead': ['rows', '行'],
  'reads.pages': ['pages from stores', '从存储取的页'],
  'placementMark.reads': ['Reads of several groups', '跨组的读取'],
  'placementMark.readsText': [
    'The driver asks any node; that one asks the primary of each key range for its part, each as of one LSN of its volume. Dashed: not answered yet.',
    '驱动询问任一节点，该节点向每个键区间的主副本索取其部分，各以其卷的一个 LSN 为准。虚线：尚未应答。',
  ],
});

type Texts = typeof readsTexts;
declare module '../../../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
