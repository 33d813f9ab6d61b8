// Texts of the selection and its breadcrumb.

import { defineTexts } from '../i18n/texts.ts';

const selectionTexts = defineTexts({
  en: {
    'subject.event': 'event {{index}}',
    'subject.trace': 'trace {{id}}',
    'selection.trail': 'Selected before',
    'selection.back': 'Back',
    'selection.backTo': 'Back to {{name}}',
    'selection.many': 'and {{count}} more',
  },
  zh: {
    'subject.event': '事件 {{index}}',
    'subject.trace': '踪迹 {{id}}',
    'selection.trail': '先前所选',
    'selection.back': '返回',
    'selection.backTo': '返回 {{name}}',
    'selection.many': '另有 {{count}} 项',
  },
});

type Texts = typeof selectionTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
