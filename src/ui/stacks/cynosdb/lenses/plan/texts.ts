// Texts of the plan's lens.

import { defineTexts } from '../../../../i18n/texts.ts';

const planTexts = defineTexts({
  'plan.none': [
    'No statement has been explained yet. In the SQL console press Plan, or run EXPLAIN ANALYZE.',
    '尚无解释过的语句。在 SQL 控制台按“计划”，或执行 EXPLAIN ANALYZE。',
  ],
  'plan.console': ['Open the SQL console', '打开 SQL 控制台'],
  'plan.statement': ['statement', '语句'],
  'plan.operators': ['Operators of the statement', '语句的算子'],
  'plan.operator': ['operator', '算子'],
  'plan.rowsHead': ['rows', '行数'],
  'plan.loops': ['loops', '次数'],
  'plan.pages': ['pages', '页'],
  'plan.first': ['first row', '首行'],
  'plan.total': ['time', '时间'],
  'plan.own': ['own time', '自身时间'],
  'plan.notes': ['conditions and reasons', '条件与理由'],
  'plan.rows_one': '{{count}} row',
  'plan.rows_other': ['{{count}} rows', '{{count}} 行'],
  'plan.never': ['never executed', '未执行'],
  'plan.buffer_one': '{{count}} look in the buffer',
  'plan.buffer_other': ['{{count}} looks in the buffer', '缓冲池 {{count}} 次'],
  'plan.read': ['{{count}} from {{from}} @{{at}}', '{{count}} 页来自 {{from}} @{{at}}'],
  'plan.waitsFor': ['waits for page {{page}}', '等待页 {{page}}'],
  'plan.readPoint': ['Read point {{at}}.', '读点 {{at}}。'],
  'plan.runs': ['It runs, {{time}} so far.', '运行中，已 {{time}}。'],
  'plan.waits': ['It waits for {{what}}, {{time}} so far.', '等待{{what}}，已 {{time}}。'],
  'plan.wait.page': ['a page', '页'],
  'plan.wait.frame': ['a frame of the buffer', '缓冲帧'],
  'plan.wait.ticket': ['its turn at pages', '读页的轮次'],
  'plan.wait.log': ['room in the log buffer', '日志缓冲空间'],
  'plan.wait.lock': ['a row lock', '行锁'],
  'plan.wait.relation': ['a table lock', '表锁'],
  'plan.wait.readers': ['readers, which are to replay a table lock', '只读节点回放表锁'],
  'plan.wait.advisory': ['an advisory lock', '咨询锁'],
  'plan.wait.virtualxid': ['the end of a transaction', '事务结束'],
  'plan.wait.metadata': ['the metadata', '元数据'],
  'plan.wait.commit': ['its commit', '提交'],
  'plan.wait.turn': ['its next turn', '下一轮'],
  'plan.failed': ['It failed with {{failure}} after {{time}}.', '以 {{failure}} 失败，历时 {{time}}。'],
  'plan.ended': ['It took {{time}}.', '历时 {{time}}。'],
  'plan.describe_one': '{{count}} operator at {{node}}.',
  'plan.describe_other': ['{{count}} operators at {{node}}.', '{{node}} 上有 {{count}} 个算子。'],
  'plan.onlyBuffer': ['All pages were in the buffer.', '所有页都在缓冲池中。'],
  'plan.from': ['Pages came from {{nodes}}.', '有页来自 {{nodes}}。'],
  'plan.onMap': ['Follow on the map', '在地图上跟随'],
  'plan.tree': ['B+tree of {{name}}', '{{name}} 的 B+树'],
  'plan.heap': ['Pages of {{name}} that were looked at', '查看过的 {{name}} 的页'],
  'plan.looks': ['Pages that {{operator}} looked at', '{{operator}} 查看过的页'],
  'plan.source': ['came from', '来源'],
  'plan.inBuffer': ['the buffer', '缓冲池'],
  'plan.at': ['read point', '读点'],
  'plan.treeNone': ['The root of this tree is not in the buffer now.', '此树的根页现在不在缓冲池中。'],
  'planMark.operator': ['row', '行'],
  'planMark.operatorText': [
    'An operator of the plan. It takes its rows from those below it, one step to the right; a dashed line leads to a subquery or a WITH query.',
    '计划的一个算子，从下方右移一级的算子取行；虚线通向子查询或 WITH 查询。',
  ],
  'planMark.rows': ['rows', '行数'],
  'planMark.rowsText': [
    'Rows that it has given, on average of its loops, as far as the statement has come.',
    '到目前为止它给出的行数（各次平均）。',
  ],
  'planMark.pages': ['pages', '页'],
  'planMark.pagesText': [
    'Looks at pages in the buffer, and pages that came from a store while the statement waited, with the read points they were asked at.',
    '在缓冲池中查看页的次数，以及等待期间来自存储节点的页与其读点。',
  ],
  'planMark.time': ['bar', '横条'],
  'planMark.timeText': [
    'Virtual time as a share of the statement: dark its own, light with what is below it.',
    '占语句的虚拟时间：深色为自身，浅色含其下方。',
  ],
  'planMark.waits': ['framed row', '带框的行'],
  'planMark.waitsText': [
    'The operator whose page the statement waits for now.',
    '语句此刻正在等待其页的算子。',
  ],
  'planMark.ring': ['ring', '圆环'],
  'planMark.ringText': [
    'A page that the chosen operator has looked at: solid when it was in the buffer, dashed when it came from a store.',
    '所选算子查看过的页：实线为已在缓冲池，虚线为来自存储节点。',
  ],
});

type Texts = typeof planTexts;
declare module '../../../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
