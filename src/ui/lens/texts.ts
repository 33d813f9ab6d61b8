// Texts of what all lenses have in common.

import { defineTexts } from '../i18n/texts.ts';

const lensTexts = defineTexts({
  en: {
    'lenses.export': 'Export',
    'lenses.exportOf': 'Export: {{what}}',
    'lenses.marksOf': 'What the marks mean: {{what}}',
    'lenses.exportTable': 'Table as CSV',
    'lenses.marks': 'What the marks mean',
    'lenses.frozenAt': 'Frozen at {{time}} ms',
    'lenses.thaw': 'Close the frozen copy',
    'lenses.page': 'page',
    'lenses.node': 'node',
    'lenses.store': 'store',
    'lenses.none': 'none',
  },
  zh: {
    'lenses.export': '导出',
    'lenses.exportOf': '导出：{{what}}',
    'lenses.marksOf': '标记含义：{{what}}',
    'lenses.exportTable': '表格（CSV）',
    'lenses.marks': '标记含义',
    'lenses.frozenAt': '冻结于 {{time}} ms',
    'lenses.thaw': '关闭冻结副本',
    'lenses.page': '页',
    'lenses.node': '节点',
    'lenses.store': '存储',
    'lenses.none': '无',
  },
});

type Texts = typeof lensTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
