// Texts of what loads after the map's first picture: hover card, overview, lasso.

import { defineTexts } from '../i18n/texts.ts';

const mapToolTexts = defineTexts({
  'hover.kind': ['kind', '类型'],
  'hover.route': ['route', '路径'],
  'hover.group': ['group', '组'],
  'hover.range': ['LSNs', 'LSN'],
  'hover.token': ['token', '令牌'],
  'hover.size': ['size', '大小'],
  'hover.sent': ['sent', '发出'],
  'hover.eta': ['arrives', '到达'],
  'hover.trace': ['trace', '追踪'],
  'hover.stack': [
    'The first of {{count}} that stand here. All are in the list In flight.',
    '此处 {{count}} 条中的第一条，全部见“在途”列表。',
  ],
  'chip.links': ['{{count}} links: cut, slowed or held', '{{count}} 条链路被切断、变慢或扣留'],
  'map.overview': ['Overview of the map', '拓扑图概览'],
  'lasso.title': ['Draw round the nodes of side B', '圈出 B 侧的节点'],
  'map.knowsNothing': ['{{node}} keeps nothing of it.', '{{node}} 对它没有记录。'],
  'map.upToDate': ['as it is', '与实际一致'],
  'map.staleCount_one': 'one value out of date',
  'map.staleCount_other': ['{{count}} values out of date', '{{count}} 个值已过时'],
  'map.povOf': ['What {{node}} knows', '{{node}} 所知'],
  'map.ageKnown': ['{{time}} old', '{{time}} 前'],
  'map.ageLeast': ['more than {{time}} old', '早于 {{time}} 前'],
  'map.ageUnknown': ['out of date', '已过时'],
  'map.markAsKnown': ['{{mark}} of {{node}} as {{pov}} knows it', '{{pov}} 所知的 {{node}} 的 {{mark}}'],
  'map.staleMark': ['{{age}}; now {{truth}}', '{{age}}；现为 {{truth}}'],
  'map.export': ['Export the map', '导出拓扑图'],
  'map.exportPng': ['PNG, {{scale}} times', 'PNG，{{scale}} 倍'],
  'map.exportSvg': ['SVG', 'SVG'],
  'map.exportSlidePng': ['PNG for slides, 16:9', 'PNG，幻灯片 16:9'],
  'map.exportSlideSvg': ['SVG for slides, 16:9', 'SVG，幻灯片 16:9'],
  'map.record': ['A stretch of time …', '一段时间……'],
  'map.alone': ['Only {{node}} and its neighbours', '仅 {{node}} 及其邻居'],
  'map.following': ['Followed: {{page}}', '跟踪：{{page}}'],
  'map.showAll': ['Show everything', '显示全部'],
  'chip.offscreen': ['{{node}}: {{what}}', '{{node}}：{{what}}'],
});

type Texts = typeof mapToolTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
