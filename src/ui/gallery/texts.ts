// Texts of the gallery of presets.

import { defineTexts } from '../i18n/texts.ts';

const galleryTexts = defineTexts({
  'gallery.title': ['Presets', '预设'],
  'gallery.lead': [
    'Each is a whole cluster of real nodes. Open one: it runs in place of the cluster that is there, and the way back is offered.',
    '每个预设都是由真实节点组成的完整集群。打开后取代当前集群，并提供返回的途径。',
  ],
  'gallery.back': ['Back to the lab', '返回实验室'],
  'gallery.filter': ['Filter', '筛选'],
  'gallery.none': ['No preset has these words.', '没有匹配的预设。'],
  'gallery.first': ['First', '先试'],
  'gallery.pictures': ['Pictures', '图'],
  'gallery.lessons': ['Lessons', '课程'],
  'gallery.open': ['Open {{preset}}', '打开 {{preset}}'],
  'gallery.runs': ['Runs now', '正在运行'],
  'gallery.topology': ['{{nodes}} nodes: {{names}}', '{{nodes}} 个节点：{{names}}'],
  'gallery.of': ['{{name}} ({{of}})', '{{name}}（{{of}}）'],
});

type Texts = typeof galleryTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
