// Texts of what several parts of the page call alike: pages of a volume, states of a link.

import { defineTexts } from '../i18n/texts.ts';

const modelTexts = defineTexts({
  'link.capped': ['{{bytes}} B/ms', '{{bytes}} B/ms'],
  'link.next': ['waits for {{count}} {{letter}}', '等待 {{count}} 个 {{letter}}'],
  'lenses.volumePage': ['volume', '卷'],
  'lenses.groupPage': ['genesis', '创世页'],
  'lenses.commitLog': ['commit log', '提交日志'],
  'lenses.relation': ['relation {{relation}}', '关系 {{relation}}'],
  'lenses.catalog': ['catalog', '系统目录'],
  'lenses.clientTable': ['clients', '客户端表'],
});

type Texts = typeof modelTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
