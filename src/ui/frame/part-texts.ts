// Texts of the switcher of a phone.

import { defineTexts } from '../i18n/texts.ts';

const partTexts = defineTexts({
  'part.title': ['Parts of the lab', '实验室的各部分'],
  'part.story': ['Story', '经过'],
  'part.time': ['Time', '时间'],
});

type Texts = typeof partTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
