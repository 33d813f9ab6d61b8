// What each key does, in words: for the table of keys and the palette.

import { defineTexts } from '../i18n/texts.ts';

const keyTexts = defineTexts({
  'keys.back': ['Back one event (Shift: every event)', '后退一个事件（Shift：任意事件）'],
  'keys.crash': ['Crash what is selected', '使所选节点宕机'],
  'keys.cut': ['Cut or choose links of what is selected', '切断所选的链路'],
  'keys.dock': ['Show or hide the dock', '显示或隐藏停靠区'],
  'keys.escape': ['Clear the selection, leave the tool', '清除选择，离开工具'],
  'keys.faster': ['Faster', '加快'],
  'keys.first': ['To the first event', '到第一个事件'],
  'keys.freeze': ['Freeze or resume', '冻结或恢复运行'],
  'keys.heal': ['Heal everything', '修复所有链路'],
  'keys.help': ['This table', '本表'],
  'keys.inspector': ['Inspector or lens', '检查器或透镜'],
  'keys.legend': ['Show or hide the legend', '显示或隐藏图例'],
  'keys.lens': ['Show a lens', '显示透镜'],
  'keys.live': ['Return to live', '回到实时'],
  'keys.menu': ['Menu of what is focused (also Shift F10)', '打开焦点对象的菜单（也可用 Shift F10）'],
  'keys.partition': ['Partition', '网络分区'],
  'keys.goTo': ['Go to …', '转到……'],
  'keys.filter': ['Filter the list or lens', '筛选当前列表或透镜'],
  'keys.play': ['Play or pause', '播放或暂停'],
  'keys.region': ['Next region (Shift: previous)', '下一区域（Shift：上一区域）'],
  'keys.reset': ['Reset the layout', '重置布局'],
  'keys.restart': ['Restart what is selected', '重启所选节点'],
  'keys.slower': ['Slower', '减慢'],
  'keys.diff': ['Difference between branches on or off', '显示或隐藏各线差异'],
  'keys.undo': ['Undo; with Shift: do it again', '撤销；按住 Shift 则重做'],
  'keys.step': ['Step (Shift: every event)', '单步（Shift：任意事件）'],
  'keys.select': ['select tool: a box selects', '选择工具：拖框选择'],
  'keys.pov': ['point of view: truth or the focused node', '视角：真实，或焦点节点所知'],
});

type Texts = typeof keyTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
