// What the part "Promotion" of the lens "Pages: past and future" says.

import { defineTexts } from '../../../../i18n/texts.ts';

const promotionTexts = defineTexts({
  'shared.tab.promote': ['Promotion', '升主'],
  'shared.promote.none': [
    'No reader of this run has become the writer. Crash the writer, or switch over to a reader.',
    '此运行中没有只读节点成为写节点。可让写节点断电，或切换到某个只读节点。',
  ],
  'shared.promote.waits': [
    '{{node}} is down. A reader becomes the writer once the metadata takes its token to have run out.',
    '{{node}} 已宕机。元数据认定其令牌过期后，一个只读节点成为写节点。',
  ],
  'shared.promote.crash': ['crash {{node}}', '让 {{node}} 断电'],
  'shared.promote.choose': ['Promotion', '升主'],
  'shared.promote.name': ['{{node}}, token {{token}}', '{{node}}，令牌 {{token}}'],
  'shared.promote.steps': ['Steps of the promotion of {{node}}', '{{node}} 升主的各步'],
  'shared.promote.axis': ['Steps P1 to P6 over time', '步骤 P1 到 P6（按时间）'],
  'shared.promote.step': ['step', '步骤'],
  'shared.promote.what': ['reached when', '达成条件'],
  'shared.promote.at': ['time, ms', '时间 ms'],
  'shared.promote.since': ['after the loss, ms', '失去写节点后 ms'],
  'shared.promote.sinceHands': ['after the handover, ms', '交出后 ms'],
  'shared.promote.lsn': ['LSN', 'LSN'],
  'shared.promote.P1': ['the new token is installed in each chunk group', '新令牌已装入每个 chunk 组'],
  'shared.promote.P2': ['no statement of a reader runs there any more', '该节点不再执行只读语句'],
  'shared.promote.P3': ['the end of WAL is found by its metadata', '按日志元数据找到 WAL 末尾'],
  'shared.promote.P4': ['the redo point is durable', '重做起点已持久'],
  'shared.promote.P5': ['open for work', '开放读写'],
  'shared.promote.P6': ['background replay has ended', '后台回放结束'],
  'shared.promote.notYet': ['not yet', '尚未'],
  'shared.promote.lost': ['{{node}} is lost', '失去 {{node}}'],
  'shared.promote.hands': ['{{node}} hands over', '{{node}} 交出'],
  'shared.promote.noWriter': ['no writer', '无写节点'],
  'shared.promote.behind': ['replay in the background', '后台回放'],
  'shared.promote.laneSteps': ['steps', '步骤'],
  'shared.promote.laneReplays': ['pages replayed', '回放的页'],
  'shared.promote.laneCommits': ['commits', '提交'],
  'shared.promote.rtoOpen': ['RTO open, ms', 'RTO 打开，ms'],
  'shared.promote.rtoCommit': ['RTO commit, ms', 'RTO 提交，ms'],
  'shared.promote.from': ['after {{node}} was lost', '自失去 {{node}} 起'],
  'shared.promote.fromHands': ['after {{node}} handed over', '自 {{node}} 交出起'],
  'shared.promote.onDemand': ['on demand', '按需'],
  'shared.promote.onDemandNote': ['pages, for statements', '页，为语句回放'],
  'shared.promote.inBackground': ['background', '后台'],
  'shared.promote.inBackgroundNote': ['pages replayed', '页，已回放'],
  'shared.promote.early': ['before P6', 'P6 之前'],
  'shared.promote.earlyNote': ['commits, from {{ms}} ms', '次提交，自 {{ms}} ms'],
  'shared.promote.noEarly': ['commits', '次提交'],
  'shared.promote.progress': [
    'background replay of LSN {{from}} to {{to}}: done up to {{done}}',
    '后台回放 LSN {{from}} 到 {{to}}：已到 {{done}}',
  ],
  'shared.promote.gone': [
    '{{node}} does not keep any more whom the pages were replayed for.',
    '{{node}} 已不再记得这些页为谁回放。',
  ],
  'shared.promote.hasEarly': [
    '{{count}} commits were acknowledged between P5 and P6, the first (LSN {{scn}}) {{ms}} ms before background replay ended.',
    'P5 与 P6 之间确认了 {{count}} 次提交，首次（LSN {{scn}}）比后台回放结束早 {{ms}} ms。',
  ],
  'shared.promote.hasEarlyNow': [
    '{{count}} commits were acknowledged since P5, and background replay has not ended.',
    'P5 之后已确认 {{count}} 次提交，而后台回放尚未结束。',
  ],
  'shared.promote.hasNone': [
    'No commit was acknowledged before P6: background replay had few pages to replay.',
    'P6 之前没有确认提交：后台要回放的页很少。',
  ],
  'shared.promote.hasNoneNow': ['No commit is acknowledged yet.', '尚未确认任何提交。'],
  'shared.promote.for.opening': ['for the opening', '为打开'],
  'shared.promote.for.statement': ['for a statement', '为语句'],
  'shared.promote.for.background': ['in the background', '在后台'],
  'shared.promote.for.unknown': ['not known for whom', '不知为谁'],
  'shared.promote.isEarly': ['acknowledged before P6', '在 P6 之前确认'],
  'shared.promote.isLate': ['acknowledged after P6', '在 P6 之后确认'],
  'shared.mark.promote': ['P1 to P6', 'P1 到 P6'],
  'shared.mark.promoteText': [
    'Steps by which a reader becomes the writer. From P5 on it is open; pages are replayed when statements ask for them, and the others in the background until P6.',
    '只读节点成为写节点的步骤。自 P5 起开放；语句要用的页先回放，其余在后台回放，直到 P6。',
  ],
});

type Texts = typeof promotionTexts;
declare module '../../../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
