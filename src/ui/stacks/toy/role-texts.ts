// The name of the toy's role, which the map says from the first picture on.

import { defineTexts } from '../../i18n/texts.ts';

const roleTexts = defineTexts({
  'role.toy': ['counter', '计数器'],
});

type Texts = typeof roleTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
