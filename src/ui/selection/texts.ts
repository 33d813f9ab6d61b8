// Texts of the selection and its breadcrumb.

import { defineTexts } from '../i18n/texts.ts';

const selectionTexts = defineTexts({
  'subject.event': ['event {{index}}', '事件 {{index}}'],
  'subject.trace': ['trace {{id}}', '追踪 {{id}}'],
  'selection.trail': ['Selected before', '先前所选'],
  'selection.back': ['Back', '返回'],
  'selection.backTo': ['Back to {{name}}', '返回 {{name}}'],
  'selection.many': ['and {{count}} more', '另有 {{count}} 项'],
});

type Texts = typeof selectionTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
