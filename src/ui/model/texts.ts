// Texts of what several parts of the page call alike: pages of a volume, states of a link.

import { defineTexts } from '../i18n/texts.ts';

const modelTexts = defineTexts({
  en: {
    'link.capped': '{{bytes}} B/ms',
    'link.next': 'waits for {{count}} {{letter}}',
    'lenses.volumePage': 'volume',
    'lenses.groupPage': 'genesis',
    'lenses.commitLog': 'commit log',
    'lenses.clientTable': 'clients',
  },
  zh: {
    'link.capped': '{{bytes}} B/ms',
    'link.next': '等待 {{count}} 个 {{letter}}',
    'lenses.volumePage': '卷',
    'lenses.groupPage': '创世页',
    'lenses.commitLog': '提交日志',
    'lenses.clientTable': '客户端表',
  },
});

type Texts = typeof modelTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
