// Texts of a lens's export and of the panel that says what its marks mean.

import { defineTexts } from '../i18n/texts.ts';

const lensToolTexts = defineTexts({
  'lenses.export': ['Export', '导出'],
  'lenses.exportOf': ['Export: {{what}}', '导出：{{what}}'],
  'lenses.legendOf': ['What the marks mean: {{what}}', '标记含义：{{what}}'],
  'lenses.exportTable': ['Table as CSV', '表格（CSV）'],
  'lenses.exportSlidePng': ['PNG for slides, 16:9', 'PNG，幻灯片 16:9'],
  'lenses.exportSlideSvg': ['SVG for slides, 16:9', 'SVG，幻灯片 16:9'],
  'lenses.record': ['A stretch of time …', '一段时间……'],
  'lenses.legend': ['What the marks mean', '标记含义'],
  'lenses.names': ['Names in this picture', '图中的名称'],
});

type Texts = typeof lensToolTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
