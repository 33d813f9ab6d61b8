// Labels in plain words, which give way to their terms as a reader meets them; in the first picture.

import { defineTexts } from '../../i18n/texts.ts';

const labelTexts = defineTexts({
  'plain.vdl': ['durable', '已持久'],
  'plain.vcl': ['at quorum', '达多数派'],
  'plain.tail': ['written', '已写入'],
  'plain.scl': ['complete', '连续至'],
  'plain.nwl': ['newest', '最新'],
  'plain.ncl': ['no gap', '无缺口'],
  'plain.pgcl': ['quorum', '多数派'],
  'plain.sgcl': ['shards', '各分片'],
  'plain.lal': ['LSN limit', 'LSN 上限'],
  'plain.writer': ['writer', '写节点'],
  'plain.pgmrpl': ['oldest read', '最旧读点'],
  'plain.applyLsn': ['visible', '可见'],
  'plain.mrpl': ['oldest read', '最旧读点'],
  'role.reader': ['reader', '只读节点'],
});

type Texts = typeof labelTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
