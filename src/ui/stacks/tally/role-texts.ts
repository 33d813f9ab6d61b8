// Names that the map and the choice of lenses say from the first picture on.

import { defineTexts } from '../../i18n/texts.ts';

// #region texts
const roleTexts = defineTexts({
  'role.tally': ['adder', '累加器'],
  'lens.tally': ['Totals', '合计'],
});
// #endregion

type Texts = typeof roleTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
