// Texts of the outline that every role's line may have.

import { defineTexts } from '../i18n/texts.ts';

const treeTexts = defineTexts({
  'tree.lastKnown': ['as last known', '最后已知的状态'],
  'tree.unknown': ['nothing known yet', '尚无所知'],
  'tree.boot': ['boot {{count}}', '第 {{count}} 次启动'],
  'tree.title': ['Nodes by zone', '按可用区的节点'],
});

type Texts = typeof treeTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
