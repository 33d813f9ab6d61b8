// Texts of the status list; its columns lsn, range_type and sent_hole are called as the module calls its fields.

import { defineTexts } from '../../../../i18n/texts.ts';

const statusTexts = defineTexts({
  'statusItem.covers': ['reaches', '覆盖'],
  'statusItem.meaning': ['that is', '含义'],
  'statusItem.data': ['on its disk', '已在其磁盘上'],
  'statusItem.hole': ['missing, not asked for', '缺失，未请求'],
  'statusItem.sent': ['missing, asked for', '缺失，已请求'],
  'statusItem.sentBy': ['missing, asked for: {{requests}}', '缺失，已请求：{{requests}}'],
  'statusItem.asks': ['{{request}} from {{peer}}', '{{request}} 向 {{peer}}'],
  'statusItem.tail': ['nothing known above its newest', '其最新记录以上：未知'],
  'holeParts.title': ['one hole and its requests', '一个空洞及其请求'],
  'holeParts.hole': ['the hole', '空洞'],
  'holeParts.text': [
    '{{node}} asks {{peers}} for the hole {{range}} in {{count}} parts; it is closed once every part is filled.',
    '{{node}} 向 {{peers}} 分 {{count}} 段请求空洞 {{range}}；各段补齐后合并为一个区间。',
  ],
  'holeParts.one': [
    '{{node}} asks {{peers}} for the hole {{range}} in one part; it is closed once that is filled.',
    '{{node}} 向 {{peers}} 请求空洞 {{range}}（一段）；补齐后即闭合。',
  ],
  'holeParts.more': ['and {{count}} more', '另有 {{count}} 段'],
  'statusItem.end': ['end of the list', '列表结束'],
});

type Texts = typeof statusTexts;
declare module '../../../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
