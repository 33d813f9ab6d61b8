// Texts of the map that came after the first picture's.

import { defineTexts } from '../i18n/texts.ts';

const canvasTexts = defineTexts({
  'link.bundle_one': 'one link between {{a}} and {{b}}',
  'link.bundle_other': ['{{count}} links between {{a}} and {{b}}', '{{a}} 与 {{b}} 之间的 {{count}} 条链路'],
  'link.bundleCut': ['{{count}} cut', '{{count}} 条被切断'],
  'layer.compute': ['compute', '计算层'],
  'layer.storage': ['storage', '存储层'],
  'layer.control': ['clients and control', '客户端与控制'],
  'map.foldZone_one': 'AZ {{zone}}: {{count}} node',
  'map.foldZone_other': ['AZ {{zone}}: {{count}} nodes', 'AZ {{zone}}：{{count}} 个节点'],
  'map.foldLayer_one': 'AZ {{zone}}, {{layer}}: {{count}} node',
  'map.foldLayer_other': [
    'AZ {{zone}}, {{layer}}: {{count}} nodes',
    'AZ {{zone}} {{layer}}：{{count}} 个节点',
  ],
  'map.up': ['up', '在线'],
  'map.holes': ['holes', '空洞'],
  'map.volatile': ['volatile', '易失'],
  'map.folded': ['folded up', '已折叠'],
  'map.unfoldHint': ['double click or − opens it', '双击或按 − 展开'],
  'map.alone': ['Only {{node}} and its neighbours', '仅 {{node}} 及其邻居'],
  'map.showAll': ['Show everything', '显示全部'],
  'map.truth': ['Truth', '真实'],
  'map.pov': ['POV', '视角'],
  'map.povOf': ['What {{node}} knows', '{{node}} 所知'],
  'map.ageKnown': ['{{time}} old', '{{time}} 前'],
  'map.ageLeast': ['more than {{time}} old', '早于 {{time}} 前'],
  'map.ageUnknown': ['out of date', '已过时'],
  'map.markAsKnown': ['{{mark}} of {{node}} as {{pov}} knows it', '{{pov}} 所知的 {{node}} 的 {{mark}}'],
  'map.staleMark': ['{{age}}; now {{truth}}', '{{age}}；现为 {{truth}}'],
  'map.filtered': ['filtered', '已筛选'],
  'map.static': ['Messages stand still: arrows with progress', '消息静止显示：箭头标注进度'],
  'map.select': ['Select', '选择'],
  'map.export': ['Export the map', '导出拓扑图'],
  'map.exportPng': ['PNG, {{scale}} times', 'PNG，{{scale}} 倍'],
  'map.exportSvg': ['SVG', 'SVG'],
  'map.more': ['More of the map', '拓扑图的更多操作'],
  'legend.filter': ['Filter messages', '筛选消息'],
  'legend.shows': ['{{family}}: {{count}} in flight', '{{family}}：在途 {{count}} 个'],
  'legend.onlyLsn': ['only LSN', '仅 LSN'],
  'legend.onlyTrace': ['only trace', '仅踪迹'],
  'legend.everything': ['Show all messages', '显示所有消息'],
  'chip.offscreen': ['{{node}}: {{what}}', '{{node}}：{{what}}'],
  'keys.select': ['select tool: a box selects', '选择工具：拖框选择'],
  'keys.pov': ['point of view: truth or the focused node', '视角：真实，或焦点节点所知'],
});

type Texts = typeof canvasTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
