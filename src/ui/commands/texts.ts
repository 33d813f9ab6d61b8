// Texts of the palette and the settings.

import { defineTexts } from '../i18n/texts.ts';

const commandTexts = defineTexts({
  'palette.title': ['Commands', '命令'],
  'palette.placeholder': [
    'Crash store-2, go to LSN 112, lens, preset …  (> for places)',
    '宕机 store-2、转到 LSN 112、透镜、预设 …（> 只列位置）',
  ],
  'palette.none': ['Nothing is called that.', '没有叫这个名字的。'],
  'palette.more': ['{{count}} more match: type on.', '还有 {{count}} 项匹配，请继续输入。'],
  'palette.group.action': ['Actions', '操作'],
  'palette.group.fault': ['Faults and remedies', '故障与恢复'],
  'palette.group.place': ['Go to', '转到'],
  'palette.group.lens': ['Lenses and panes', '透镜与面板'],
  'palette.group.run': ['Runs', '运行'],
  'palette.group.term': ['Glossary', '术语'],
  'palette.lens': ['Lens: {{name}}', '透镜：{{name}}'],
  'palette.dock': ['Dock: {{name}}', '停靠栏：{{name}}'],
  'palette.theme': ['Theme: {{name}}', '主题：{{name}}'],
  'palette.go': ['Go to {{name}}', '转到 {{name}}'],
  'palette.fault': ['{{fault}}: {{name}}', '{{fault}}：{{name}}'],
  'palette.preset': ['New run: {{name}}', '新运行：{{name}}'],
  'palette.lesson': ['Lesson: {{name}}', '课程：{{name}}'],
  'palette.restore': ['Restore to a point in time …', '恢复到某一时间点 …'],
  'palette.step': ['Step size: {{name}}', '步长：{{name}}'],
  'palette.skipOn': ['Skip quiet time', '略过安静时段'],
  'palette.skipOff': ['Show quiet time at its length', '按原长显示安静时段'],
  'palette.event': ['Go to event {{index}}', '转到事件 {{index}}'],
  'palette.page': ['page {{page}} of {{group}}', '{{group}} 的页 {{page}}'],
  'palette.group': ['group {{group}}', '组 {{group}}'],
  'menu.run': ['Run', '运行'],
  'menu.skipQuiet': ['Skip quiet time', '略过安静时段'],
  'palette.dropVolume': ['Delete restored volume {{volume}}', '删除恢复出的卷 {{volume}}'],
  'settings.title': ['Settings', '设置'],
  'settings.singleKeys': ['Single-key shortcuts', '单键快捷键'],
  'settings.keysOn': ['on', '开'],
  'settings.keysAlt': ['with Alt', '配合 Alt'],
  'settings.keysOff': ['off', '关'],
  'settings.density': ['Density', '密度'],
  'settings.comfortable': ['comfortable', '宽松'],
  'settings.compact': ['compact', '紧凑'],
  'settings.motion': ['Motion', '动态效果'],
  'settings.motionSystem': ['as the system', '跟随系统'],
  'settings.motionFull': ['full', '完整'],
  'settings.motionReduced': ['reduced', '减少'],
  'settings.theme': ['Theme', '主题'],
  'settings.language': ['Language', '语言'],
  'settings.stored': [
    'Kept in this browser only: these settings, panel sizes, what was chosen lately. Nothing leaves the page.',
    '只保存在本浏览器：这些设置、面板尺寸、最近的选择。没有任何内容离开页面。',
  ],
  'settings.reset': ['Reset settings', '重置设置'],
});

type Texts = typeof commandTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
