// Texts of the page that is shown in a frame.

import { defineTexts } from '../i18n/texts.ts';

const framedTexts = defineTexts({
  'framed.title': ['PostDB Lab does not run inside of another page', 'PostDB Lab 不在其他页面内运行'],
  'framed.text': [
    'What is pressed here could be hidden by the page around it, and the lab keeps disks. Nothing was started. Open it by itself; for a page of your own, Share has a part that can be embedded.',
    '外层页面可能遮盖此处的按钮，而实验室保存着磁盘，因此没有启动任何内容。请单独打开；若要放进自己的页面，“分享”中有可嵌入的部分。',
  ],
});

type Texts = typeof framedTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
