// Texts of what all lenses have in common.

import { defineTexts } from '../i18n/texts.ts';

const lensTexts = defineTexts({
  'lens.acked': ['{{count}} acked', '已确认 {{count}}'],
  'lens.ackedSince': [
    '≥ {{count}} acked, counted since {{time}} ms',
    '已确认 ≥ {{count}}，自 {{time}} ms 计',
  ],
  'lenses.frozenAt': ['Frozen at {{time}} ms', '冻结于 {{time}} ms'],
  'lenses.thaw': ['Close the frozen copy', '关闭冻结副本'],
  'lenses.page': ['page', '页'],
  'lenses.node': ['node', '节点'],
  'lenses.store': ['store', '存储'],
  'groups.none': ['There is no shard group yet.', '还没有分片组。'],
  'lenses.none': ['none', '无'],
});

type Texts = typeof lensTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
