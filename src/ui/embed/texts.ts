// Texts of embeds, and of the part of the share dialog that makes one.

import { defineTexts } from '../i18n/texts.ts';

const embedTexts = defineTexts({
  'embed.reset': ['Reset', '重置'],
  'embed.at': ['{{time}} ms', '{{time}} ms'],
  'embed.open': ['Open in PostDB Lab', '在 PostDB Lab 中打开'],
  'embed.title': ['Embed in a page', '嵌入页面'],
  'embed.text': [
    'A frame for a course page or slides. It begins at {{time}} ms, plays once it is seen, keeps nothing, and carries its tape with it, SQL text included.',
    '可放入课程页面或幻灯片的框架。从 {{time}} ms 开始，进入视野后播放，不保存任何内容；磁带（包括 SQL 文本）随之携带。',
  ],
  'embed.show': ['Shows', '显示'],
  'embed.lesson': ['With its lesson, from step to step: {{name}}', '附带课程，逐步讲解：{{name}}'],
  'embed.words': ['What the step says', '本步说明'],
  'embed.previous': ['Step before', '上一步'],
  'embed.width': ['Width', '宽度'],
  'embed.height': ['Height', '高度'],
  'embed.snippet': ['Snippet ({{size}})', '代码（{{size}}）'],
  'embed.noPoster': [
    'Without a picture of this moment: open this lens on the screen, or show the map. Until it plays, the embed says the names of its run.',
    '没有此刻的图片：请在屏幕上打开此透镜，或改为显示拓扑图。播放之前，嵌入内容只显示该运行的名称。',
  ],
  'embed.copy': ['Copy the snippet', '复制代码'],
});

type Texts = typeof embedTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
