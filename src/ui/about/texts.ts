// Texts of the page "What is modelled".

import { defineTexts } from '../i18n/texts.ts';

const aboutTexts = defineTexts({
  en: {
    'about.title': 'What is modelled',
    'about.lead':
      'Every node here runs its protocol; nothing on the screen is drawn for show. This page says what is real, what is simplified and what is absent in this version.',
    'about.back': 'Back to the lab',
    'about.copy': 'Copy as text',
    'about.copied': 'Copied.',
    'about.notCopied': 'The browser did not allow copying.',
    'about.part': 'Part',
    'about.real': 'Real here',
    'about.simplified': 'Simplified',
    'about.absent': 'Absent',
    'about.rules': 'Rules',
    'about.source': 'Source',
    'about.disagree': 'Where sources disagree',
    'about.limits': 'Known limits',
    'about.notProven': 'Not proven',
    'about.numbers': 'Where the numbers of a caption come from',
    'about.numbersText':
      'A caption is made of one trace event, or of several of a kind. “Show raw” beside it lists the event’s fields.',
    'about.watched': 'Rules that are watched in every run',
    'about.glossary': 'Glossary',
    'about.term': 'Term',
    'about.meaning': 'Meaning',
    'about.versions': 'Versions',
    'about.engine': 'engine',
    'about.ruleSet': 'rules',
    'about.ruleSetValue': '{{count}} rules, revision {{revision}}',
    'about.tape': 'tape format',
    'about.browser': 'browser',
    'about.run': 'run',
    'about.sources':
      'S000–S004 are the seed texts on PostDB v4, hole management, CynosDB, PolarFS and PolarDB; A17 and A18 the Aurora papers of SIGMOD 2017 and 2018; D is a decision of this project.',
  },
  zh: {
    'about.title': '模拟了什么',
    'about.lead':
      '这里的每个节点都在运行自己的协议；屏幕上没有为好看而画的东西。本页说明此版本中何者真实、何者简化、何者没有。',
    'about.back': '返回实验室',
    'about.copy': '复制为文本',
    'about.copied': '已复制。',
    'about.notCopied': '浏览器不允许复制。',
    'about.part': '部分',
    'about.real': '此处真实',
    'about.simplified': '简化',
    'about.absent': '没有',
    'about.rules': '规则',
    'about.source': '出处',
    'about.disagree': '出处不一致之处',
    'about.limits': '已知限制',
    'about.notProven': '未证明',
    'about.numbers': '说明中的数字从何而来',
    'about.numbersText': '每条说明由一个或几个同类的轨迹事件写成；旁边的“原始事件”列出其字段。',
    'about.watched': '每次运行都监视的规则',
    'about.glossary': '术语表',
    'about.term': '术语',
    'about.meaning': '含义',
    'about.versions': '版本',
    'about.engine': '引擎',
    'about.ruleSet': '规则集',
    'about.ruleSetValue': '{{count}} 条规则，修订 {{revision}}',
    'about.tape': '磁带格式',
    'about.browser': '浏览器',
    'about.run': '运行',
    'about.sources':
      'S000–S004 为关于 PostDB v4、空洞管理、CynosDB、PolarFS、PolarDB 的种子文本；A17、A18 为 SIGMOD 2017、2018 的 Aurora 论文；D 为本项目的决定。',
  },
});

type Texts = typeof aboutTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
