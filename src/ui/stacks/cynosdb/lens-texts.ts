// Names of CynosDB's lenses, which the choice of lenses, the keys and the palette say from the first picture on.

import { defineTexts } from '../../i18n/texts.ts';

const lensTexts = defineTexts({
  'lens.wal': ['WAL & holes', 'WAL 与空洞'],
  'lens.mtr': ['MTR and CPL', 'MTR 与 CPL'],
  'lens.pages': ['Page versions', '页版本'],
  'lens.journal': ['Journal to readers', '只读节点的日志流'],
  'lens.chains': ['Storage chains', '存储链'],
  'lens.recovery': ['Recovery & tokens', '恢复与令牌'],
  'lens.plan': ['B+tree and plan', 'B+树与执行计划'],
  'lens.pcs': ['PCS & metadata', 'PCS 与元数据'],
});

type Texts = typeof lensTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
