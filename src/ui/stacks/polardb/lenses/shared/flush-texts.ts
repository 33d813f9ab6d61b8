// What the part "Flush control" of the lens "Pages: past and future" says.

import { defineTexts } from '../../../../i18n/texts.ts';

const flushTexts = defineTexts({
  'shared.flush.choose': ['Dirty page', '脏页'],
  'shared.flush.reader': ['{{reader}} reported {{lsn}}', '{{reader}} 上报 {{lsn}}'],
  'shared.flush.gate': ['gate: {{reader}} reported {{lsn}}', '上限：{{reader}} 上报 {{lsn}}'],
  'shared.flush.ahead': ['has applied {{applied}}', '已应用 {{applied}}'],
  'shared.flush.heldBy': ['held back by {{by}}', '受 {{by}} 阻挡'],
  'shared.flush.none': [
    'Every page is stored as it is: the flush list is empty.',
    '每页都已写入：刷脏链表为空。',
  ],
  'shared.flush.more': ['{{count}} more pages are in the table.', '另有 {{count}} 页列在表中。'],
  'shared.flush.how': [
    'Pages in the order of oldestLsn, from it to latestLsn. The writer stores a page once latestLsn is at or below oldestApplyLsn, the least that a reader has reported.',
    '按 oldestLsn 排列的页，横条从 oldestLsn 到 latestLsn。latestLsn 不高于 oldestApplyLsn（只读节点上报的最小值）时，写节点才写入该页。',
  ],
  'shared.flush.noReader': [
    'Pages in the order of oldestLsn, from it to latestLsn. No reader has a slot, so the gate holds back none.',
    '按 oldestLsn 排列的页，横条从 oldestLsn 到 latestLsn。没有只读节点持有槽位，因此不阻挡任何页。',
  ],
  'shared.mark.flush': ['Bars of the flush list', '刷脏链表的横条'],
  'shared.mark.flushText': [
    'From the first change that is not stored to the last one. Dashed lines are what readers have reported; right of the least of them nothing may be stored.',
    '从首个未写入的修改到最后一个修改。虚线为各只读节点上报的位置；其中最小者右侧的修改不得写入。',
  ],
});

type Texts = typeof flushTexts;
declare module '../../../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
