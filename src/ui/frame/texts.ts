// Texts of the frame's parts that load on demand: lens choice and what stands beside it.

import { defineTexts } from '../i18n/texts.ts';

export const frameTexts = defineTexts({
  en: {
    'frame.lens': 'Lens',
    'frame.secondLens': 'Second lens',
    'frame.inspectorBelow': 'Inspector',
  },
  zh: {
    'frame.lens': '透镜',
    'frame.secondLens': '第二透镜',
    'frame.inspectorBelow': '检查器',
  },
});
