// Texts of what loads after the map's first picture: hover card, overview, lasso.

import { defineTexts } from '../i18n/texts.ts';

const mapToolTexts = defineTexts({
  en: {
    'hover.kind': 'kind',
    'hover.route': 'route',
    'hover.group': 'group',
    'hover.range': 'LSNs',
    'hover.token': 'token',
    'hover.size': 'size',
    'hover.sent': 'sent',
    'hover.eta': 'arrives',
    'hover.trace': 'trace',
    'hover.stack': 'The first of {{count}} that stand here. All are in the list In flight.',
    'chip.links': '{{count}} links: cut, slowed or held',
    'map.overview': 'Overview of the map',
    'lasso.title': 'Draw round the nodes of side B',
    'map.knowsNothing': '{{node}} keeps nothing of it.',
    'map.upToDate': 'as it is',
    'map.staleCount_one': 'one value out of date',
    'map.staleCount_other': '{{count}} values out of date',
  },
  zh: {
    'hover.kind': '类型',
    'hover.route': '路径',
    'hover.group': '组',
    'hover.range': 'LSN',
    'hover.token': '令牌',
    'hover.size': '大小',
    'hover.sent': '发出',
    'hover.eta': '到达',
    'hover.trace': '踪迹',
    'hover.stack': '此处 {{count}} 条中的第一条，全部见“在途”列表。',
    'chip.links': '{{count}} 条链路被切断、变慢或扣留',
    'map.overview': '拓扑图概览',
    'lasso.title': '圈出 B 侧的节点',
    'map.knowsNothing': '{{node}} 对它没有记录。',
    'map.upToDate': '与实际一致',
    'map.staleCount_other': '{{count}} 个值已过时',
  },
});

type Texts = typeof mapToolTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
