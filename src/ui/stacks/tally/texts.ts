// Texts of the tally that load after the first picture.

import { defineTexts } from '../../i18n/texts.ts';

const tallyTexts = defineTexts({
  en: {
    'word.tallyAdd': '{{node}} adds {{amount}}',
    'moment.tallied': 'number durable',
    'kind.tally.open': '{{node}} opens its tally',
    'kind.tally.durable': '{{node}} has a number durable',
    'story.tally.done': '{{amount}} is on every follower, total {{total}}.',
    'tally.node': 'Node',
    'tally.entries': 'Numbers',
    'tally.total': 'Total',
    'tally.totalText': 'The sum of the numbers that the node has.',
    'tally.described': '{{count}} nodes with their totals.',
  },
  zh: {
    'word.tallyAdd': '{{node}} 加 {{amount}}',
    'moment.tallied': '数字落盘',
    'kind.tally.open': '{{node}} 打开其合计',
    'kind.tally.durable': '{{node}} 的数字落盘',
    'story.tally.done': '{{amount}} 已在每个跟随者上，合计 {{total}}。',
    'tally.node': '节点',
    'tally.entries': '数字',
    'tally.total': '合计',
    'tally.totalText': '该节点所有数字之和。',
    'tally.described': '{{count}} 个节点及其合计。',
  },
});

type Texts = typeof tallyTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
