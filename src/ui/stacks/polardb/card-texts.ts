// What the cards of PolarDB's nodes say in the first picture of a run.

import { defineTexts } from '../../i18n/texts.ts';

const cardTexts = defineTexts({
  'plain.durableLsn': ['durable', '已持久'],
  'plain.oldestApplyLsn': ['all readers at', '只读均至'],
  'plain.bgReplayedLsn': ['replayed', '已重放'],
  'chunk.chunks': ['chunks', '块组'],
  'chunk.leader': ['leads', '领导'],
  'chunk.leads_one': 'leads {{count}} chunk',
  'chunk.leads_other': ['leads {{count}} chunks', '领导 {{count}} 个块组'],
});

type Texts = typeof cardTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
