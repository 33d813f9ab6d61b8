// Texts of the panels that ask for the rest of a fault: partition, chosen losses.

import { defineTexts } from '../i18n/texts.ts';

export const dialogTexts = defineTexts({
  en: {
    'crashLosing.title': 'Crash {{node}}, lose chosen writes',
    'crashLosing.note':
      'Writes that are not yet durable. What is ticked is lost, everything else survives the crash.',
    'crashLosing.none': 'Everything that {{node}} wrote is durable now.',
    'crashLosing.volatile': 'volatile',
    'crashLosing.durable': 'durable meanwhile',
    'crashLosing.all': 'Tick all',
    'crashLosing.do': 'Crash',
    'partition.hint': 'Draw round nodes on the map to put them on side B, or choose here.',
    'partition.ways': 'which way',
    'partition.both': 'both ways',
    'partition.there': 'A to B',
    'partition.back': 'B to A',
    'partition.control': 'control nodes take part',
    'partition.left': 'left out',
    'partition.sideA': 'A',
    'partition.nothing': 'Put nodes on two sides to cut links between them.',
    'partition.more': 'and {{count}} more',
  },
  zh: {
    'crashLosing.title': '让 {{node}} 崩溃，丢失所选的写入',
    'crashLosing.note': '尚未落盘的写入。勾选的会丢失，其余的在崩溃后保留。',
    'crashLosing.none': '{{node}} 写过的内容现在都已落盘。',
    'crashLosing.volatile': '易失',
    'crashLosing.durable': '期间已落盘',
    'crashLosing.all': '全部勾选',
    'crashLosing.do': '崩溃',
    'partition.hint': '在图上圈出节点，把它们放到 B 侧；也可在此选择。',
    'partition.ways': '方向',
    'partition.both': '双向',
    'partition.there': 'A 到 B',
    'partition.back': 'B 到 A',
    'partition.control': '控制节点参与',
    'partition.left': '不参与',
    'partition.sideA': 'A',
    'partition.nothing': '把节点分到两侧，才会切断其间的链路。',
    'partition.more': '另有 {{count}} 条',
  },
});
