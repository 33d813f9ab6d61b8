// Texts of the tally that load after the first picture.

import { defineTexts } from '../../i18n/texts.ts';

const tallyTexts = defineTexts({
  'word.tallyAdd': ['{{node}} adds {{amount}}', '{{node}} 加 {{amount}}'],
  'moment.tallied': ['number durable', '数字落盘'],
  'kind.tally.open': ['{{node}} opens its tally', '{{node}} 打开其合计'],
  'kind.tally.durable': ['{{node}} has a number durable', '{{node}} 的数字落盘'],
  'story.tally.done': [
    '{{amount}} is on every follower, total {{total}}.',
    '{{amount}} 已在每个跟随者上，合计 {{total}}。',
  ],
  'tally.node': ['Node', '节点'],
  'tally.entries': ['Numbers', '数字'],
  'tally.total': ['Total', '合计'],
  'tally.totalText': ['The sum of the numbers that the node has.', '该节点所有数字之和。'],
  'tally.totals': ['Totals', '合计'],
  'tally.ofLeader': ['leader', '主节点'],
  'tally.ofFollowers': ['all followers', '全部跟随者'],
  'tally.done': ['sums', '求和'],
  'tally.described': ['{{count}} nodes with their totals.', '{{count}} 个节点及其合计。'],
});

type Texts = typeof tallyTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
