// Texts of the read points of every node.

import { defineTexts } from '../../../../i18n/texts.ts';

const poolTexts = defineTexts({
  'pool.none': ['none yet', '尚无'],
  'pool.storeFloor': ['keeps nothing for reads below {{floor}}', '{{floor}} 以下的读不再保留'],
  'pool.atReader': ['{{session}} · at {{node}}', '{{session}} · 位于 {{node}}'],
  'pool.says': [
    'PGMRPL {{pgmrpl}} is the least MRPL: of {{node}}.',
    'PGMRPL {{pgmrpl}} 是最小的 MRPL：来自 {{node}}。',
  ],
  'pool.behind': [
    'PGMRPL {{pgmrpl}} follows the least MRPL {{least}}, of {{node}}.',
    'PGMRPL {{pgmrpl}} 将跟上最小的 MRPL {{least}}，来自 {{node}}。',
  ],
  'poolMark.points': ['RPL, MRPL', 'RPL、MRPL'],
  'poolMark.pointsText': [
    'A row a node. Filled: the read point (RPL) of a session. Hollow: where a new read begins. Bar: the least of them, the node’s MRPL, which it reports.',
    '每个节点一行。实心：会话的读点 (RPL)。空心：新读从此开始。竖条：其中最小者，即该节点上报的 MRPL。',
  ],
  'poolMark.floor': ['PGMRPL', 'PGMRPL'],
  'poolMark.floorText': [
    'The least MRPL of all nodes. The stores hear it from the writer and need keep nothing for reads below it.',
    '所有节点中最小的 MRPL。存储从写节点得知它，其下的读不再保留。',
  ],
});

type Texts = typeof poolTexts;
declare module '../../../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
