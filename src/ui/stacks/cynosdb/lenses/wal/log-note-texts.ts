// Notes beside the figures of a writer's log.

import { defineTexts } from '../../../../i18n/texts.ts';

const logNoteTexts = defineTexts({
  'logNote.aboveAnnulled': ['annulled {{base}} + {{count}}', '作废至 {{base}} + {{count}}'],
  'logNote.recovers': ['VDL′ of {{node}}', '{{node}} 的 VDL′'],
});

type Texts = typeof logNoteTexts;
declare module '../../../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
