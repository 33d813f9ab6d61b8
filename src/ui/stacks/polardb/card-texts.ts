// What the cards of PolarDB's nodes and the names of its lenses say in the first picture of a run.

import { defineTexts } from '../../i18n/texts.ts';

const cardTexts = defineTexts({
  'lens.shared': ['Pages: past and future', '页面：过去与未来'],
  'lens.disk': ['Shared disk', '共享磁盘'],
  'plain.durableLsn': ['durable', '已持久'],
  'plain.oldestApplyLsn': ['readers report', '只读最小回放位点'],
  'plain.bgReplayedLsn': ['replayed', '已回放'],
  'chunk.chunks': ['chunks', 'chunk'],
  'chunk.leader': ['leads', '领导'],
  'chunk.leads_one': 'leads {{count}} chunk',
  'chunk.leads_other': ['leads {{count}} chunks', '领导 {{count}} 个 chunk'],
});

type Texts = typeof cardTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
