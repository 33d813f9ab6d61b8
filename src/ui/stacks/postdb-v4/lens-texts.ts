// The names of PostDB v4's lenses, which the choice of lenses, the keys and the palette say from the first picture on.

import { defineTexts } from '../../i18n/texts.ts';

const lensTexts = defineTexts({
  'lens.placement': ['Shard placement', '分片放置'],
});

type Texts = typeof lensTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
