// Texts of lens 4.10.

import { findingTexts } from '../../../sim/fsck/findings.ts';
import { defineTexts } from '../../i18n/texts.ts';

const checksTexts = defineTexts({
  'checks.board': ['Rules', '规则'],
  'checks.history': ['Operations', '操作'],
  'checks.isolation': ['Isolation', '隔离性'],
  'isolation.describe_one':
    '{{count}} transaction with its values; dependencies: {{ww}} ww, {{wr}} wr, {{rw}} rw, {{rt}} rt.',
  'isolation.describe_other': [
    '{{count}} transactions with their values; dependencies: {{ww}} ww, {{wr}} wr, {{rw}} rw, {{rt}} rt.',
    '{{count}} 个带值的事务；依赖：{{ww}} 个 ww，{{wr}} 个 wr，{{rw}} 个 rw，{{rt}} 个 rt。',
  ],
  'isolation.none': [
    'They form no cycle: one order explains all that was read.',
    '它们不成环：存在一个次序能解释所有读到的值。',
  ],
  'isolation.found': [
    'They form a cycle that no order explains: {{name}}.',
    '它们成环，没有任何次序能解释：{{name}}。',
  ],
  'isolation.withTime': ['{{name}}, in real time', '{{name}}（含实时次序）'],
  'isolation.name.internal': ['own write missed (internal)', '看不到自己的写（internal）'],
  'isolation.name.G0': ['dirty write (G0)', '脏写（G0）'],
  'isolation.name.G1a': ['aborted read (G1a)', '读到已中止的写（G1a）'],
  'isolation.name.G1b': ['intermediate read (G1b)', '读到中间值（G1b）'],
  'isolation.name.G1c': ['circular information flow (G1c)', '循环信息流（G1c）'],
  'isolation.name.lostUpdate': ['lost update (G-single)', '更新丢失（G-single）'],
  'isolation.name.G-single': ['read skew (G-single)', '读偏斜（G-single）'],
  'isolation.name.G2': ['write skew (G2)', '写偏斜（G2）'],
  'isolation.means.internal': [
    'A transaction wrote a row and then read another value of it. No isolation level permits that.',
    '一个事务写了一行，随后却读到该行的另一个值。任何隔离级别都不允许。',
  ],
  'isolation.means.G0': [
    'Two transactions wrote over each other: each would have to come before the other.',
    '两个事务互相覆盖：每个都须先于另一个。',
  ],
  'isolation.means.G1a': [
    'A transaction read what another wrote that was never committed.',
    '一个事务读到了另一个从未提交的写。',
  ],
  'isolation.means.G1b': [
    'A transaction read a value that its writer replaced before it committed.',
    '一个事务读到了写节点提交前又改掉的值。',
  ],
  'isolation.means.G1c': [
    'Each transaction saw something that the other wrote.',
    '每个事务都看到了另一个所写的内容。',
  ],
  'isolation.means.lostUpdate': [
    'Both read the same version and wrote the next one: the second did not see what the first did. Read committed permits it; repeatable read refuses the second with 40001.',
    '两者读到同一版本并各写下一版：后者没有看到前者所做的事。读已提交允许它；可重复读以 40001 拒绝后者。',
  ],
  'isolation.means.G-single': [
    'A transaction saw the state before another and, along another way, comes after it.',
    '一个事务看到的是另一个之前的状态，沿另一条路却在它之后。',
  ],
  'isolation.means.G2': [
    'Each transaction read what another then wrote over. Repeatable read (a snapshot) permits it; serializable would not.',
    '每个事务都读了随后被另一个覆盖的内容。可重复读（快照）允许它，可串行化则不允许。',
  ],
  'isolation.timeMeans': [
    'The cycle closes by time: one was answered before the other was called, so whoever asked could know the order.',
    '此环由时间闭合：一个在另一个被调用之前已得到应答，提问者可知其先后。',
  ],
  'isolation.single': [
    'These loads record one read or one write a transaction: what needs several in one (lost update, read skew, write skew) this history cannot show; aborted, stale and unordered reads and writes it can. The loads lost-update and write-skew record several.',
    '这些负载的每个事务只记录一次读或一次写：需要一个事务内多次读写的异常（更新丢失、读偏斜、写偏斜）此历史无从显示；读到已中止或陈旧的值、读写次序矛盾则可以。lost-update 与 write-skew 负载记录多次。',
  ],
  'isolation.withoutValues_one':
    '{{count}} transaction (transfer or statement) is not judged: its values are not recorded.',
  'isolation.withoutValues_other': [
    '{{count}} transactions (transfers or statements) are not judged: their values are not recorded.',
    '{{count}} 个事务（转账或语句）未作判断：其值没有记录。',
  ],
  'isolation.notWhole': [
    'The stretch begins after the run did: reads of what was written before it tell nothing.',
    '此段始于运行之后：读到此前写入的值说明不了什么。',
  ],
  'isolation.unplaced_one': '{{count}} read of a version whose place is not known makes no rw.',
  'isolation.unplaced_other': [
    '{{count}} reads of versions whose place is not known make no rw.',
    '{{count}} 次读的版本位置未知，不构成 rw。',
  ],
  'isolation.empty': [
    'No client read or wrote a value that is recorded in this stretch. Start a load: register, one of ycsb, lost-update or write-skew.',
    '这段时间内没有客户端读写过有记录的值。启动一个负载：register、某个 ycsb、lost-update 或 write-skew。',
  ],
  'isolation.refused': ['Serializable transactions that were refused (40001)', '被拒的可串行化事务（40001）'],
  'isolation.refusedWhen': ['at', '时刻'],
  'isolation.refusedTx': ['refused', '被拒'],
  'isolation.reader': ['read before it', '先于它读'],
  'isolation.pivot': ['pivot', '枢轴'],
  'isolation.writer': ['wrote after it', '后于它写'],
  'isolation.reason': ['PostgreSQL’s reason', 'PostgreSQL 的理由'],
  'isolation.refusedMeans': [
    'Two rw dependencies meet in the pivot: part of every cycle that snapshots allow. The cycle itself need not be there.',
    '两个 rw 依赖在枢轴相接：快照隔离允许的环都含有它。环本身未必存在。',
  ],
  'isolation.cycle': ['The cycle', '环'],
  'isolation.from': ['must come before', '须先于'],
  'isolation.to': ['this one', '此事务'],
  'isolation.kind': ['because', '因为'],
  'isolation.dependencies': ['Dependencies', '依赖'],
  'isolation.count': ['count', '个数'],
  'isolation.review': ['Review the call of {{client}} at {{at}} ms', '回看 {{client}} 在 {{at}} 毫秒的调用'],
  'isolation.kind.ww': ['it wrote the version before', '它写了前一版本'],
  'isolation.kind.wr': ['the other read what it wrote', '另一个读到了它所写'],
  'isolation.kind.rw': ['it read the version before the other’s', '它读的是另一个所写之前的版本'],
  'isolation.kind.rt': ['it was answered before the other was called', '它得到应答后另一个才被调用'],
  'checks.rule': ['rule', '规则'],
  'checks.state': ['state', '状态'],
  'checks.exercised': ['exercised', '检验次数'],
  'checks.ok': ['ok', '成立'],
  'checks.violated': ['violated', '被违反'],
  'checks.idle': ['not exercised', '尚未检验'],
  'checks.found': [
    'Found at {{at}} ms{{node}}: {{message}}',
    '{{at}} ms {{node}}发现。监控器原文：{{message}}',
  ],
  'checks.onNode': [' on {{node}}', '于 {{node}} '],
  'checks.goTo': ['Go to the event', '转到该事件'],
  'checks.why': ['Explain', '解释'],
  'checks.whyRule': ['Explain {{rule}}', '解释 {{rule}}'],
  'checks.explained': ['Violated: {{title}}', '被违反：{{title}}'],
  'checks.explainEnd': ['Close the explanation', '关闭解释'],
  'checks.facts': ['The two facts', '两个事实'],
  'checks.offence': ['What broke the rule', '违反规则的事件'],
  'checks.against': ['What it contradicts', '与之矛盾的事件'],
  'checks.fact': ['event {{event}} · {{at}} ms · {{node}}', '事件 {{event}} · {{at}} 毫秒 · {{node}}'],
  'checks.showIn': ['Show in {{lens}}', '在 {{lens}} 中查看'],
  'checks.factShow': ['{{title}}: show in {{lens}}', '{{title}}：在 {{lens}} 中查看'],
  'checks.ofWholeRun': [
    'No single event breaks this rule: what is missing by the end of the run does.',
    '没有哪个单独的事件违反此规则：是运行结束时仍缺少的东西违反了它。',
  ],
  'checks.factsGone': ['The events at hand no longer reach back to it.', '手头的事件已追溯不到那里。'],
  'checks.factsFetch': ['Go there and look again', '到那一刻再查'],
  'checks.againstGone': [
    'No event at hand says the opposite by itself: the monitor worked it out from all before, as its words tell.',
    '手头没有单独一个事件与之相反：监控器由此前的全部事件推得，如其所述。',
  ],
  'checks.describe': [
    '{{ok}} rules held each time they were put to the test, {{violated}} violated, {{idle}} not exercised yet.',
    '{{ok}} 条规则每次检验都成立，{{violated}} 条被违反，{{idle}} 条尚未检验。',
  ],
  'checks.proof': [
    'Green means: no violation in this run. It is no proof.',
    '绿色表示：本次运行未见违反。这不是证明。',
  ],
  'checks.client': ['client', '客户端'],
  'checks.operation': ['operation', '操作'],
  'checks.key': ['key', '键'],
  'checks.value': ['value', '值'],
  'checks.called': ['called, ms', '调用（毫秒）'],
  'checks.returned': ['returned, ms', '返回（毫秒）'],
  'checks.outcome': ['outcome', '结果'],
  'checks.place': ['order', '次序'],
  'checks.anyKey': ['all keys', '所有键'],
  'checks.span': ['Time shown', '显示的时长'],
  'checks.outcome.ok': ['ok', '成功'],
  'checks.outcome.error': ['failed', '失败'],
  'checks.outcome.unknown': ['unknown', '未知'],
  'checks.outcome.open': ['open', '未返回'],
  'checks.none': [
    'No client did anything in this stretch. Start a load.',
    '这段时间内没有客户端操作。启动一个负载吧。',
  ],
  'checks.startLoad': ['Workload', '负载'],
  'checks.historyDescribe': [
    '{{count}} operations of {{clients}} clients: {{ok}} ok, {{error}} failed, {{unknown}} unknown, {{open}} open.',
    '{{clients}} 个客户端的 {{count}} 个操作：{{ok}} 成功，{{error}} 失败，{{unknown}} 未知，{{open}} 未返回。',
  ],
  'checks.legal': [
    'The operations on {{key}} can be put in one order that every client saw; the numbers show it.',
    '键 {{key}} 上的操作可以排成所有客户端都认可的一个次序，如编号所示。',
  ],
  'checks.illegalKeys': [
    'No order explains the operations on {{keys}}: choose a key to see why.',
    '没有任何次序能解释 {{keys}} 上的操作：选择该键查看原因。',
  ],
  'checks.band': ['Band', '色带'],
  'checks.bandText': [
    'A fault was in force; its words are shown under the pointer.',
    '故障生效期间；指针停留时显示其说明。',
  ],
  'checks.illegal': [
    'No order explains the operations on {{key}}: {{reason}}.',
    '没有任何次序能解释键 {{key}} 上的操作：{{reason}}。',
  ],
  'checks.reason.readOfNothing': ['a read returned a value that nobody wrote', '读到了没有人写过的值'],
  'checks.reason.readOfFailed': ['a read returned a value whose write failed', '读到了写失败的值'],
  'checks.reason.readFromFuture': ['a read returned a value before it was written', '在写入之前就读到了该值'],
  'checks.reason.forwardZonesOverlap': [
    'two values were both current at the same time',
    '两个值在同一时刻都是当前值',
  ],
  'checks.reason.zoneContained': [
    'a value was read again after another had replaced it',
    '一个值在被替换之后又被读到',
  ],
  'checks.mark.bar': ['Operation', '操作'],
  'checks.mark.barText': [
    'A bar from call to return. Open at the right: no answer yet, or unknown.',
    '从调用到返回的横条。右端开口：尚无应答，或结果未知。',
  ],
  'checks.mark.cycle': ['Box and arrow', '方框与箭头'],
  'checks.mark.cycleText': [
    'A transaction, and why it must come before the one that its arrow points to: ww solid, wr dashed, rw dotted, rt dash and dot.',
    '一个事务，以及它为何须先于箭头所指者：ww 实线，wr 虚线，rw 点线，rt 点划线。',
  ],
  'pages.check': ['Check the pages', '检查页面'],
  'pages.checkText': [
    'Plays the run again beside this one and checks every page at VDL: heap, index, free space, catalog, commit log.',
    '在旁边回放运行，检查 VDL 处的每一页：堆、索引、空闲空间、目录、提交日志。',
  ],
  'pages.checking': ['Checking the pages…', '正在检查页面…'],
  'pages.failed': ['The pages were not checked: {{detail}}', '页面未检查：{{detail}}'],
  'pages.unread': [
    'At {{at}} ms no volume can be read as a whole: some group has no replica that serves VDL. Check again later in the run.',
    '{{at}} ms 时没有卷可整体读取：某个组没有副本可提供 VDL 处的页。请在运行的稍后时刻再查。',
  ],
  'pages.clean': [
    '{{volume}} at LSN {{lsn}} ({{at}} ms): {{pages}} pages are sound and say the same. {{tables}} tables, {{rows}} rows, {{entries}} index entries; {{leaves}} leaves and {{inner}} inner pages.',
    '{{volume}} 在 LSN {{lsn}}（{{at}} ms）：{{pages}} 页完好且互相一致。{{tables}} 张表，{{rows}} 行，{{entries}} 个索引项；{{leaves}} 个叶页，{{inner}} 个内部页。',
  ],
  'pages.found': [
    '{{volume}} at LSN {{lsn}} ({{at}} ms): {{found}} findings in {{pages}} pages.',
    '{{volume}} 在 LSN {{lsn}}（{{at}} ms）：{{pages}} 页中有 {{found}} 处问题。',
  ],
  'pages.findings': ['What was found in the pages', '页面检查的发现'],
  'pages.what': ['What', '问题'],
  'pages.table': ['Table', '表'],
  'pages.relation': ['Relation', '关系'],
  'pages.block': ['Block', '块'],
  'pages.place': ['Slot or entry', '槽或条目'],
  'pages.detail': ['Detail', '详情'],
  ...findingTexts,
  'checks.mark.order': ['Number', '编号'],
  'checks.mark.orderText': [
    'Its place in one legal order of the operations on the chosen key (linearizability).',
    '它在所选键的一个合法次序中的位置（可线性化）。',
  ],
});

type Texts = typeof checksTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
