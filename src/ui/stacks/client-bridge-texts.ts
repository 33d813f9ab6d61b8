// Words of the clients at this tab's lab.

import { defineTexts } from '../i18n/texts.ts';

const bridgeTexts = defineTexts({
  'bridge.connections': ['connections', '连接'],
  'bridge.connect': ['connect', '连接方式'],
  'bridge.absent': [
    'A page of a static host cannot listen for clients. {{start}} carries them to this lab; {{serve}} runs a cluster without a page.',
    '静态主机上的页面无法监听客户端连接。{{start}} 可将外部客户端连接到本实验室；{{serve}} 无需页面即可运行集群。',
  ],
  'bridge.connecting': ['connecting to the server of this page', '正在连接本页面的服务器'],
  'bridge.disconnected': [
    'Clients do not reach this lab: {{why}}. Reload the page once its server is there.',
    '客户端无法连接本实验室：{{why}}。服务器恢复后请重新加载页面。',
  ],
  'bridge.none': ['none', '无'],
  'bridge.unnamed': ['connection {{id}}', '连接 {{id}}'],
  'bridge.idle': ['idle', '空闲'],
  'bridge.inTransaction': ['idle in transaction', '事务中空闲'],
  'bridge.failedTransaction': ['in a failed transaction', '事务已失败'],
  'bridge.asking': ['active', '执行中'],
  'bridge.more_one': '1 more',
  'bridge.more_other': ['{{count}} more', '另有 {{count}} 个'],
  'bridge.arrival': ['Show on the map from its arrival', '从到达时刻起在图上显示'],
  'bridge.copy': ['Copy for {{client}}', '复制 {{client}} 的连接串'],
});

type Texts = typeof bridgeTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
