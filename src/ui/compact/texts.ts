// Texts of the compact view.

import { defineTexts } from '../i18n/texts.ts';

const compactTexts = defineTexts({
  en: {
    'reader.notice': 'To read and watch. Operating the lab needs a window at least 1024 px wide.',
    'reader.views': 'What is shown below the map',
    'reader.events': 'Events',
    'reader.lessons': 'Lessons',
    'reader.about': 'What is modelled',
    'reader.toLab': 'Back to the map',
    'reader.otherLanguage': '中文',
    'reader.question': 'Question',
    'reader.answer': 'Show what is so',
    'reader.deed': 'What is done',
    'reader.free': 'Free play',
    'reader.play':
      'To predict, act and pass it, open this lesson in a wider window: the address is the same.',
    'reader.hintOf': 'Hint',
  },
  zh: {
    'reader.notice': '这里可以阅读和观看。操作实验室需要至少 1024 px 宽的窗口。',
    'reader.views': '图下方显示什么',
    'reader.events': '事件',
    'reader.lessons': '课程',
    'reader.about': '建模了什么',
    'reader.toLab': '回到图',
    'reader.otherLanguage': 'English',
    'reader.question': '问题',
    'reader.answer': '看实际结果',
    'reader.deed': '要做的事',
    'reader.free': '自由操作',
    'reader.play': '要预测、动手并通过本课，请在更宽的窗口打开：地址相同。',
    'reader.hintOf': '提示',
  },
});

type Texts = typeof compactTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
