// What a reader's card says below its watermarks, and what it waits for.

import { defineTexts } from '../../i18n/texts.ts';

const readerCardTexts = defineTexts({
  'chip.joining': ['joining', '加入中'],
  'chip.classic': ['classic', '经典'],
  'chip.replaying': ['replaying', '回放中'],
  'reader.replays': ['replays to {{to}}: {{left}} LSNs left', '回放到 {{to}}：还差 {{left}} 个 LSN'],
  'chip.lagging': ['lagging', '落后'],
  'chip.revoked': ['revoked', '已撤销'],
  'card.lag': ['behind VDL', '落后 VDL'],
  'card.sessions_one': '{{count}} session',
  'card.sessions_other': ['{{count}} sessions', '{{count}} 个会话'],
  'card.pool': ['pool {{used}}/{{limit}}', '缓冲 {{used}}/{{limit}}'],
  'card.journal': ['journal {{count}}', '日志流 {{count}}'],
  'reader.waitsWriter': ['waits for the writer to accept it', '等待写节点接受'],
  'reader.silent': ['heard nothing for {{time}}', '{{time}} 未收到消息'],
  'reader.waitsLsn_one': '{{count}} read waits for its LSN',
  'reader.waitsLsn_other': ['{{count}} reads wait for their LSN', '{{count}} 个读在等待其 LSN'],
  'reader.waitsPages_one': '{{count}} page asked of the stores',
  'reader.waitsPages_other': ['{{count}} pages asked of the stores', '向存储请求 {{count}} 页'],
  'reader.waitsVdl_one': '{{count}} record waits for VDL',
  'reader.waitsVdl_other': ['{{count}} records wait for VDL', '{{count}} 条记录在等 VDL'],
});

type Texts = typeof readerCardTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
