// Texts of the alert of a violated rule.

import { defineTexts } from '../i18n/texts.ts';

const alertTexts = defineTexts({
  'alert.violation': ['Rule violated: “{{title}}”', '违反规则：“{{title}}”'],
  'alert.at': ['{{rule}} at {{time}} ms: {{message}}', '{{rule}}，{{time}} ms。监控器原文：{{message}}'],
  'alert.ahead': ['Rule violated just ahead: “{{title}}”', '即将违反规则：“{{title}}”'],
  'alert.further': ['Violated since then: {{rules}}', '此后还违反：{{rules}}'],
  'alert.goTo': ['Go to it', '转到该处'],
  'alert.explain': ['Explain', '解释'],
  'alert.facts': ['The two facts', '两个事实'],
  'wrong.button': ['This is wrong', '这句不对'],
  'wrong.title': [
    'Copies the sentence, its claim, the moment and the tape, so that anybody can look',
    '复制这句话、它的论断、时刻和磁带，供他人查看',
  ],
  'wrong.copied': [
    'Sentence, claim, moment and tape are in the clipboard.',
    '句子、论断、时刻和磁带已复制。',
  ],
  'wrong.all': ['This is wrong: copy what the screen says', '这里不对：复制屏幕上的全部说法'],
  'alert.copied': ['Tape, rule and the last events are in the clipboard.', '磁带、规则和最后的事件已复制。'],
  'alert.notCopied': [
    'The browser did not allow copying. Export the tape instead.',
    '浏览器不允许复制，请改为导出磁带。',
  ],
});

type Texts = typeof alertTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
