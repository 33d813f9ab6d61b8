// Texts of the toy cluster.

import { defineTexts } from '../../i18n/texts.ts';

const toyTexts = defineTexts({
  'story.toy.add': ['{{node}} adds {{amount}}, total {{total}}.', '{{node}} 加 {{amount}}，合计 {{total}}。'],
});

type Texts = typeof toyTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
