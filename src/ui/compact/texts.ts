// Texts of the compact view.

import { defineTexts } from '../i18n/texts.ts';

const compactTexts = defineTexts({
  'reader.notice': [
    'To read and watch. Operating the lab needs a window at least 1024 px wide.',
    '这里可以阅读和观看。操作实验室需要至少 1024 px 宽的窗口。',
  ],
  'reader.views': ['What is shown below the map', '图下方显示什么'],
  'reader.events': ['Events', '事件'],
  'reader.lessons': ['Lessons', '课程'],
  'reader.about': ['What is modelled', '建模了什么'],
  'reader.toLab': ['Back to the map', '回到图'],
  'reader.otherLanguage': ['中文', 'English'],
  'reader.question': ['Question', '问题'],
  'reader.answer': ['Show what is so', '看实际结果'],
  'reader.action': ['What is done', '要做的事'],
  'reader.free': ['Free play', '自由操作'],
  'reader.play': [
    'To predict, act and pass it, open this lesson in a wider window: the address is the same.',
    '要预测、动手并通过本课，请在更宽的窗口打开：地址相同。',
  ],
  'reader.hintOf': ['Hint', '提示'],
});

type Texts = typeof compactTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
