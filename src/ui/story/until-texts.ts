// Texts of “Run until …”.

import { defineTexts } from '../i18n/texts.ts';

const untilTexts = defineTexts({
  'until.menu': ['Run until …', '运行到……'],
  'until.commit': ['next acknowledged commit', '下一次提交确认'],
  'until.hole': ['next hole', '下一个空洞'],
  'until.filled': ['next hole filled', '下一次补洞完成'],
  'until.recovery': ['next recovery step', '下一个恢复步骤'],
  'until.down': ['next crash', '下一次宕机'],
  'until.violation': ['violation of a rule', '规则被违反'],
  'until.conditionLabel': ['Condition', '条件'],
  'until.timeLabel': ['Virtual time, ms', '虚拟时间（ms）'],
  'until.run': ['Run', '运行'],
  'until.hint': [
    'VDL(v1) >= 1000 · SCL(store-3, g2) >= 120 and commits > 50 · hole.open at store-3',
    'VDL(v1) >= 1000 · SCL(store-3, g2) >= 120 and commits > 50 · hole.open at store-3',
  ],
  'until.errorAt': ['At character {{position}}: {{error}}', '第 {{position}} 个字符：{{error}}'],
  'until.limit': [
    'Not reached within the time that is looked at: {{condition}}',
    '在所看的时间内未达到：{{condition}}',
  ],
  'until.already': [
    'This holds already, nothing was run: {{condition}}',
    '此条件已经成立，没有继续运行：{{condition}}',
  ],
  'until.what.node': ['node', '节点'],
  'until.what.group': ['group', '组'],
  'until.what.volume': ['volume', '卷'],
  'until.fault.tooLong': ['longer than {{limit}} characters', '超过 {{limit}} 个字符'],
  'until.fault.unexpected': ['“{{text}}” is not expected here', '此处不应出现“{{text}}”'],
  'until.fault.missing': ['something is missing at the end', '末尾缺少内容'],
  'until.fault.expected': ['“{{wanted}}” is expected', '此处应为“{{wanted}}”'],
  'until.fault.unknown': ['no {{what}} “{{text}}”: {{known}}', '没有{{what}}“{{text}}”，可选：{{known}}'],
  'until.fault.noName': [
    '“{{text}}” is no event and none of {{known}}',
    '“{{text}}”不是事件，也不是 {{known}} 之一',
  ],
  'until.fault.noField': [
    'an event {{event}} has no field “{{text}}”, but {{known}}',
    '事件 {{event}} 没有字段“{{text}}”，可选：{{known}}',
  ],
  'until.fault.notFollowed': [
    '“{{text}}” is not followed here: ask for an event or for one of {{known}}',
    '此处不跟踪“{{text}}”：可用事件，或 {{known}} 之一',
  ],
  'until.fault.noNumber': ['a number is expected', '此处应为数字'],
  'until.fault.noOperator': ['one of >= <= > < = != is expected', '此处应为 >= <= > < = != 之一'],
  'until.fault.noTime': ['A time is a number of ms, for example 120.5', '时间是以 ms 计的数，例如 120.5'],
  'until.fault.past': [
    'The run stands at {{time}} ms already. Go back on the timeline',
    '运行已到 {{time}} ms。可在时间线上回到过去',
  ],
});

type Texts = typeof untilTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
