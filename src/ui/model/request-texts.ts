// Texts of a store's requests for holes, in the lens and in the inspector.

import { defineTexts } from '../i18n/texts.ts';

const requestTexts = defineTexts({
  'lens.age': ['age / limit', '已等 / 上限'],
  'lens.attempt': ['try', '次数'],
  'lens.cursor': ['cursor', '游标'],
  'lens.gap': ['gap', '缺口'],
  'lens.next': ['next', '下一个'],
  'lens.noPeers': ['no peers known', '尚不知道对等副本'],
  'lens.noRequests': ['No request is live.', '没有进行中的请求。'],
  'lens.notAsked': ['{{range}} not asked:', '{{range}} 未请求：'],
  'lens.notAskedWhy': [
    'above {{limit}}, the newest limit {{node}} has heard (HOLE-19).',
    '高于 {{limit}}，这是 {{node}} 已知的最新上限（HOLE-19）。',
  ],
  'lens.peer': ['peer', '对等副本'],
  'lens.position': ['cur', '位置'],
  'lens.requests': ['live requests', '进行中的请求'],
  'lens.ring': ['request ring', '请求环'],
  'lens.ringLabel': ['Peers in the order they are asked: {{peers}}', '按请求顺序的对等副本：{{peers}}'],
  'lens.followRequest': ['Follow the message of {{request}}', '跟踪 {{request}} 的消息'],
});

type Texts = typeof requestTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
