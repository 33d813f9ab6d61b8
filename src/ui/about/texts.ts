// Texts of the page "What is modelled".

import { defineTexts } from '../i18n/texts.ts';

const aboutTexts = defineTexts({
  'about.title': ['What is modelled', '模拟了什么'],
  'about.lead': [
    'Every node here runs its protocol; nothing on the screen is drawn for show. This page says what is real, what is simplified and what is absent in this version.',
    '这里的每个节点都在运行自己的协议；屏幕上没有为好看而画的东西。本页说明此版本中何者真实、何者简化、何者没有。',
  ],
  'about.back': ['Back to the lab', '返回实验室'],
  'about.copy': ['Copy as text', '复制为文本'],
  'about.copied': ['Copied.', '已复制。'],
  'about.notCopied': ['The browser did not allow copying.', '浏览器不允许复制。'],
  'about.part': ['Part', '部分'],
  'about.real': ['Real here', '此处真实'],
  'about.simplified': ['Simplified', '简化'],
  'about.absent': ['Absent', '没有'],
  'about.rules': ['Rules', '规则'],
  'about.source': ['Source', '出处'],
  'about.disagree': ['Where sources disagree', '出处不一致之处'],
  'about.limits': ['Known limits', '已知限制'],
  'about.notProven': ['Not proven', '未证明'],
  'about.numbers': ['Where the numbers of a caption come from', '说明中的数字从何而来'],
  'about.numbersText': [
    'A caption is made of one trace event, or of several of a kind. “Show raw” beside it lists the event’s fields.',
    '每条说明由一个或几个同类的追踪事件写成；旁边的“原始事件”列出其字段。',
  ],
  'about.watched': ['Rules that are watched in every run', '每次运行都监视的规则'],
  'about.glossary': ['Glossary', '术语表'],
  'about.term': ['Term', '术语'],
  'about.meaning': ['Meaning', '含义'],
  'about.versions': ['Versions', '版本'],
  'about.engine': ['engine', '引擎'],
  'about.ruleSet': ['rules', '规则集'],
  'about.ruleSetValue': ['{{count}} rules, revision {{revision}}', '{{count}} 条规则，修订 {{revision}}'],
  'about.tape': ['tape format', '磁带格式'],
  'about.browser': ['browser', '浏览器'],
  'about.run': ['run', '运行'],
  'about.sources': [
    'S000–S004 are the seed texts on PostDB v4, hole management, CynosDB, PolarFS and PolarDB; A17 and A18 the Aurora papers of SIGMOD 2017 and 2018; D is a decision of this project.',
    'S000–S004 为关于 PostDB v4、空洞管理、CynosDB、PolarFS、PolarDB 的原文；A17、A18 为 SIGMOD 2017、2018 的 Aurora 论文；D 为本项目的决定。',
  ],
});

type Texts = typeof aboutTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
