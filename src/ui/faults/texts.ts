// Texts of the faults that came after the first ones.

import { defineTexts } from '../i18n/texts.ts';

export const faultTexts = defineTexts({
  en: {
    'fault.stop': 'Stop in good order',
    'fault.bitRot': 'Flip a bit of the log on disk',
    'fault.loseWrite': 'Lose the next log write silently',
    'fault.misdirect': 'Misdirect the next log write',
    'fault.readError': 'Make a stored value unreadable',
  },
  zh: {
    'fault.stop': '正常停机',
    'fault.bitRot': '翻转磁盘上日志的一个比特',
    'fault.loseWrite': '悄悄丢失下一次日志写',
    'fault.misdirect': '下一次日志写错位置',
    'fault.readError': '让一个已存的值读不出来',
  },
});
