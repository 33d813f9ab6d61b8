// Texts of the page for a link that cannot be opened.

import { defineTexts } from '../i18n/texts.ts';

const badLinkTexts = defineTexts({
  'page.badLink': ['This link cannot be opened', '无法打开此链接'],
  'page.readable': ['What could be read of its tape:', '能读出的磁带内容：'],
});

type Texts = typeof badLinkTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
