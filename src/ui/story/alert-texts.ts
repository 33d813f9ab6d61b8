// Texts of the alert of a violated rule.

import { defineTexts } from '../i18n/texts.ts';

const alertTexts = defineTexts({
  en: {
    'alert.violation': 'Rule violated: {{title}}',
    'alert.at': '{{rule}} at {{time}} ms: {{message}}',
    'alert.ahead': 'Rule violated just ahead: {{title}}',
    'alert.further': 'Violated since then: {{rules}}',
    'alert.goTo': 'Go to it',
    'alert.explain': 'Explain',
    'alert.facts': 'The two facts',
    'alert.copied': 'Tape, rule and the last events are in the clipboard.',
    'alert.notCopied': 'The browser did not allow copying. Export the tape instead.',
  },
  zh: {
    'alert.violation': '违反规则：{{title}}',
    'alert.at': '{{rule}}，{{time}} ms：{{message}}',
    'alert.ahead': '即将违反规则：{{title}}',
    'alert.further': '此后还违反：{{rules}}',
    'alert.goTo': '转到该处',
    'alert.explain': '解释',
    'alert.facts': '两个事实',
    'alert.copied': '磁带、规则和最后的事件已复制。',
    'alert.notCopied': '浏览器不允许复制，请改为导出磁带。',
  },
});

type Texts = typeof alertTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
