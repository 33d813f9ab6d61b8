// Texts of explanations and of the glossary in help.

import { defineTexts } from '../i18n/texts.ts';

const termTexts = defineTexts({
  'term.title': ['Terms', '术语'],
  'term.search': ['Search the terms', '搜索术语'],
  'term.none': ['No term is called that.', '没有这样的术语。'],
  'term.seenIn': ['seen in {{lens}}, key {{digit}}', '见透镜“{{lens}}”，键 {{digit}}'],
  'term.anywhere': ['seen all over the page', '整个页面都会出现'],
});

type Texts = typeof termTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
