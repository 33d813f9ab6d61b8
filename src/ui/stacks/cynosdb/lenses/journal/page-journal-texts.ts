// Texts of one page in the Block–Journal tables.

import { defineTexts } from '../../../../i18n/texts.ts';

const pageJournalTexts = defineTexts({
  'pageJournal.title': ['One page and its journal at each reader', '一个页及其在各只读节点的 Journal'],
  'pageJournal.busiest': ['most records now', '当前记录最多'],
  'pageJournal.image': ['page in its pool', '池中的页'],
  'pageJournal.notInPool': ['not in pool', '不在池中'],
  'pageJournal.loading': ['on its way', '在途'],
  'pageJournal.none': ['No reader has a page yet.', '只读节点尚无页。'],
  'journalMark.page': ['one page', '一个页'],
  'journalMark.pageText': [
    'Left the image that a node has in its pool, then the records that it has received and not applied. Hollow: held until VDL releases it. Of a page that is not in the pool records are skipped.',
    '左侧是节点池中的页镜像，其后是已收到而未应用的记录。空心：留到 VDL 放行。页不在池中时记录被跳过。',
  ],
});

type Texts = typeof pageJournalTexts;
declare module '../../../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
