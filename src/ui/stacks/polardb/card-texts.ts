// What the cards of PolarDB's nodes and the names of its lenses say in the first picture of a run.

import { defineTexts } from '../../i18n/texts.ts';

const cardTexts = defineTexts({
  'lens.shared': ['Pages: past and future', '页面：过去与未来'],
  'lens.disk': ['Shared disk', '共享磁盘'],
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
