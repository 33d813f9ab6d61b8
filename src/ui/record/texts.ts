// Texts of the dialog that records a stretch of time.

import { defineTexts } from '../i18n/texts.ts';

const recordTexts = defineTexts({
  'record.title': ['Record a stretch of time', '录制一段时间'],
  'record.text': [
    'A picture of each instant of virtual time, in order. It takes as long as drawing them does; the run stands meanwhile.',
    '按虚拟时间逐帧出图。耗时取决于绘制速度，期间运行暂停。',
  ],
  'record.what': ['Picture', '画面'],
  'record.shape': ['Shape', '形状'],
  'record.shape.own': ['as it is', '原样'],
  'record.shape.slide': ['16:9', '16:9'],
  'record.from': ['From, ms', '从（ms）'],
  'record.to': ['To, ms', '到（ms）'],
  'record.speed': ['A second shows', '每秒显示'],
  'record.kind': ['As', '格式'],
  'record.kind.webm': ['WebM, a video', 'WebM 视频'],
  'record.kind.gif': ['GIF', 'GIF'],
  'record.kind.frames': ['Frames, PNG in a ZIP', '逐帧图片（PNG，ZIP）'],
  'record.noVideo': [
    'This browser encodes no video (it has no WebCodecs, or no encoder for WebM). GIF and frames work; another program makes a video of the frames.',
    '此浏览器无法编码视频（没有 WebCodecs，或没有 WebM 编码器）。可以使用 GIF 或逐帧图片，再用其他程序把图片合成视频。',
  ],
  'record.plan': ['{{pictures}} pictures, {{seconds}} s', '{{pictures}} 张画面，{{seconds}} s'],
  'record.fault.order': ['It has to begin before it ends.', '起点必须早于终点。'],
  'record.fault.outside': ['This run has {{from}} to {{to}} ms.', '本次运行的范围是 {{from}} 到 {{to}} ms。'],
  'record.fault.tooLong': [
    '{{pictures}} pictures, of at most {{most}}: make it shorter, or faster.',
    '共 {{pictures}} 张画面，最多 {{most}} 张：请缩短时间或加快速度。',
  ],
  'record.watching': [
    'This tab only watches: record in the tab that drives the run.',
    '本标签页只是观看：请在驱动运行的标签页中录制。',
  ],
  'record.begin': ['Record', '录制'],
  'record.progress': ['Pictures taken', '已取画面'],
  'record.ending': ['Making the file …', '正在生成文件……'],
  'record.ready': ['{{name}}, {{size}}', '{{name}}，{{size}}'],
  'record.save': ['Save', '保存'],
  'record.again': ['Record another', '再录一段'],
  'record.failed': ['Nothing was recorded: {{why}}', '未能录制：{{why}}'],
});

type Texts = typeof recordTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
