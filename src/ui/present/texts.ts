// Texts of a presentation: the presenter's window, the audience’s, and the ways there.

import { defineTexts } from '../i18n/texts.ts';

const presentTexts = defineTexts({
  'present.title': ['Present', '演示'],
  'present.page': ['Presenter', '讲者窗口'],
  'present.audience': ['Audience', '观众窗口'],
  'present.openAudience': ['Open audience window', '打开观众窗口'],
  'present.refused': [
    'The browser did not open the window. Allow pop-ups for this page, or open {{url}} yourself.',
    '浏览器没有打开窗口。请允许本页弹出窗口，或自行打开 {{url}}。',
  ],
  'present.isOpen': [
    'An audience window shows this run. It goes on while this window is hidden.',
    '观众窗口正显示本次运行。本窗口隐藏时，运行照常继续。',
  ],
  'present.noAudience': [
    'No audience window is open. Put it on the projector; a double click there fills the screen.',
    '还没有观众窗口。把它放到投影上，双击即全屏。',
  ],
  'present.waiting': ['Waiting for the presenter’s window.', '等待讲者窗口。'],
  'present.back': ['Back to the lab', '回到实验室'],
  'present.picture': ['What the audience sees', '观众所见'],
  'present.beats': ['Beats', '节拍'],
  'present.noBeats': [
    'This run has no beats. Add one where something is to be said; bookmarks of the timeline are beats, too.',
    '本次运行还没有节拍。在要讲解的地方添加；时间线上的书签也是节拍。',
  ],
  'present.beatOf': ['Beat {{index}} of {{count}}', '第 {{index}} 拍，共 {{count}} 拍'],
  'present.before': ['Before the first beat', '第一拍之前'],
  'present.unnamed': ['Beat {{index}}', '第 {{index}} 拍'],
  'present.goTo': ['To beat {{index}}: {{title}}', '到第 {{index}} 拍：{{title}}'],
  'present.add': ['Add beat here', '在此添加节拍'],
  'present.remove': ['Remove this beat', '删除这一拍'],
  'present.edit': ['Edit this beat', '编辑这一拍'],
  'present.save': ['Save', '保存'],
  'present.cancel': ['Cancel', '取消'],
  'present.titleEn': ['Title, English', '标题（英文）'],
  'present.titleZh': ['Title, Chinese', '标题（中文）'],
  'present.notesEn': ['Notes, English', '备注（英文）'],
  'present.notesZh': ['Notes, Chinese', '备注（中文）'],
  'present.questionEn': ['Question, English', '提问（英文）'],
  'present.questionZh': ['Question, Chinese', '提问（中文）'],
  'present.answersEn': ['Answers, English, one a line', '选项（英文），每行一个'],
  'present.answersZh': ['Answers, Chinese, one a line', '选项（中文），每行一个'],
  'present.notes': ['Notes', '备注'],
  'present.noNotes': ['No notes.', '没有备注。'],
  'present.question': ['Question', '提问'],
  'present.ask': ['Show to the audience', '显示给观众'],
  'present.asked': ['Hide from the audience', '不再显示'],
  'present.hands': ['Hands for: {{answer}}', '举手人数：{{answer}}'],
  'present.nextBeat': ['Next beat', '下一拍'],
  'present.lastBeat': ['This is the last one.', '这是最后一拍。'],
  'present.nextEvents': ['Next on the tape', '磁带上接下来'],
  'present.noEvents': ['Nothing more is on the tape.', '磁带上没有更多内容。'],
  'present.next': ['Next', '下一拍'],
  'present.previous': ['Previous', '上一拍'],
  'present.blank': ['Blank', '黑屏'],
  'present.full': ['One pane', '单个面板'],
  'present.contrast': ['High contrast', '高对比度'],
  'present.language': ['Language of the audience', '观众语言'],
  'present.lens': ['Lens', '透镜'],
  'present.keys': [
    'Page Down, →: next beat; pressed on the way: there at once. Page Up, ←: back. W: blank. F: map, lens or both. Hold Q: laser; hold S: spotlight, over the picture. Esc Esc: back to the last beat.',
    '下翻页键、→：下一拍；途中再按立即到达。上翻页键、←：后退。W：黑屏。F：地图、透镜或两者。按住 Q：激光笔；按住 S：聚光灯，在画面上移动。连按两次退出键：回到最近一拍。',
  ],
});

type Texts = typeof presentTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
