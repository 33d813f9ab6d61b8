// Ordinary events of readers and of the log's way to them, in a few words, and the actions on them.

import { defineTexts } from '../../i18n/texts.ts';

const readerTexts = defineTexts({
  'kind.ro.accepted': ['{{node}} accepts a reader', '{{node}} 接受一个只读节点'],
  'kind.ro.dropped': ['{{node}} drops a reader’s stream', '{{node}} 放弃一个只读节点的日志流'],
  'kind.ro.revoked': ['{{node}} revokes a reader’s session', '{{node}} 撤销一个只读节点的会话'],
  'kind.ro.ready': ['{{node}} is ready for reads', '{{node}} 可以提供读服务'],
  'kind.ro.replay': ['{{node}} replays its log before its first read', '{{node}} 首次读之前先回放日志'],
  'kind.ro.restartPoint': ['{{node}} makes a restart point', '{{node}} 生成重启点'],
  'story.ro.replay': [
    '{{node}}, a classic standby, replays {{count}} records to MinRecoveryPoint {{to}} before its first read.',
    '经典备机 {{node}} 先回放 {{count}} 条到 MinRecoveryPoint {{to}} 才可读。',
  ],
  'kind.ro.gap': ['{{node}} finds a gap in its journal', '{{node}} 发现日志流有缺口'],
  'kind.ro.received': ['{{node}} receives journal records', '{{node}} 收到日志流的记录'],
  'kind.ro.released': ['{{node}} releases MTRs that VDL covers', '{{node}} 放行 VDL 已覆盖的 MTR'],
  'kind.ro.applied': ['{{node}} moves its visible LSN', '{{node}} 推进可见 LSN'],
  'kind.ro.pageRead': ['{{node}} reads a page at its read point', '{{node}} 在读点读取一个页'],
  'kind.ro.mrpl': ['{{node}} reports its least read point', '{{node}} 报告最小读点'],
  'kind.ro.lost': ['{{node}} learns that its session is revoked', '{{node}} 得知会话已被撤销'],
  'kind.ro.stale': ['{{node}} asks for a page below PGMRPL', '{{node}} 请求的页低于 PGMRPL'],
  'kind.ro.wait': ['{{node}}: a read waits for its LSN', '{{node}}：读等待其 LSN'],
  'kind.ro.waited': ['{{node}}: a read has waited for its LSN', '{{node}}：读已等到其 LSN'],
  'kind.session.read': ['{{node}}: a session has read', '{{node}}：会话完成一次读'],
  'kind.session.target': ['{{node}} routes a session elsewhere', '{{node}} 改变会话的路由'],
  'kind.driver.reader': ['{{node}} moves a read to another node', '{{node}} 将读转到另一节点'],
  'kind.driver.readers': ['{{node}} learns which readers there are', '{{node}} 得知有哪些只读节点'],
  'story.ro.removed': [
    '{{node}} ends the session of {{reader}}, which was removed: it holds PGMRPL no more.',
    '{{node}} 结束已移除的 {{reader}} 的会话：它不再拖住 PGMRPL。',
  ],
  'story.ro.ended': [
    '{{node}} was removed: it serves no more, and reads go to other nodes.',
    '{{node}} 已被移除：不再服务，读转到其他节点。',
  ],
  'story.node.joined': [
    '{{node}}: {{joined}} has joined the cluster. No group, page, log record or token changed.',
    '{{node}}：{{joined}} 已加入集群。组、页、日志与令牌均未变。',
  ],
  'story.node.removed': [
    '{{node}}: {{removed}} is removed; its name is not used again.',
    '{{node}}：{{removed}} 已移除，其名不再使用。',
  ],
  'story.node.exit': [
    '{{node}} has heard that it is removed, and ends.',
    '{{node}} 得知自己已被移除，自行结束。',
  ],
  'story.ro.ready': [
    '{{node}} serves reads at {{readPoint}}: no log was replayed, no page loaded.',
    '{{node}} 在 {{readPoint}} 提供读服务：未回放日志，未装载页。',
  ],
  'story.ro.kept': [
    '{{node}} joined again at {{readPoint}} and kept its pages: the writer sends the rest.',
    '{{node}} 在 {{readPoint}} 重新加入并保留其页：写节点补发其余记录。',
  ],
  'story.ro.gap': [
    '{{node}} expected {{expected}}, got {{firstLsn}}: a gap in its journal. It takes nothing and joins again.',
    '{{node}} 应收 {{expected}} 却收到 {{firstLsn}}：日志流有缺口，重新加入。',
  ],
  'story.ro.dropped': [
    '{{node}} drops the stream of {{reader}}, which has {{have}}: the writer never waits for a reader.',
    '{{node}} 放弃 {{reader}}（已有 {{have}}）的日志流：写节点从不等待只读节点。',
  ],
  'story.ro.revoked': [
    '{{node}} revokes the session of {{reader}}: read point {{mrpl}} holds PGMRPL no more.',
    '{{node}} 撤销 {{reader}} 的会话：读点 {{mrpl}} 不再拖住 PGMRPL。',
  ],
  'story.ro.silent': [
    '{{reader}} is silent: {{node}} revokes its session, so that it holds PGMRPL no more.',
    '{{reader}} 无声：{{node}} 撤销其会话，不再拖住 PGMRPL。',
  ],
  'story.ro.lost': [
    '{{node}} learns that its session was revoked: its open views end, and it joins again.',
    '{{node}} 得知会话已被撤销：打开的视图结束，重新加入。',
  ],
  'story.ro.stale': [
    '{{node}} asks for a page at {{readPoint}}, below PGMRPL {{floor}}: it is not to be had any more.',
    '{{node}} 在 {{readPoint}} 请求页，低于 PGMRPL {{floor}}：已不可得。',
  ],
  'story.ro.wait': [
    '{{node}}: a read of {{session}} waits until applyLsn {{applyLsn}} reaches {{bound}}, which it has seen.',
    '{{node}}：{{session}} 的读等待 applyLsn {{applyLsn}} 到达它已见的 {{bound}}。',
  ],
  'story.ro.waited.ruleOff': [
    '{{node}} has reached {{bound}}: the read of {{session}} runs.',
    '{{node}} 已到 {{bound}}：{{session}} 的读执行。',
  ],
  'story.ro.waited': [
    '{{node}} has reached {{bound}}: the read of {{session}} runs, and sees its own writes.',
    '{{node}} 已到 {{bound}}：{{session}} 的读执行，能见自己的写。',
  ],
  'story.ro.timeout': [
    '{{node}} did not reach {{bound}} in time: the read of {{session}} goes to the writer.',
    '{{node}} 未及时到达 {{bound}}：{{session}} 的读转到写节点。',
  ],
  'story.ro.moved': [
    '{{node}}: a read of {{session}} leaves {{from}} ({{why}}) for another node.',
    '{{node}}：{{session}} 的读离开 {{from}}（{{why}}），换一个节点。',
  ],
  'kind.ha.candidate': ['{{node}} chooses who is to write the volume', '{{node}} 选定由谁写卷'],
  'kind.ha.noCandidate': ['{{node}} finds nobody to write the volume', '{{node}} 找不到可写卷的节点'],
  'kind.ha.cutOff': ['{{node}} finds the writer cut off from its stores', '{{node}} 发现写节点与存储失联'],
  'kind.ha.switch': ['{{node}}: planned switchover', '{{node}}：计划切换'],
  'kind.ha.applied': ['{{node}} knows of a new standby', '{{node}} 得知新的备机'],
  'kind.ha.member': ['{{node}} makes a reader a standby', '{{node}} 把只读节点列为备机'],
  'kind.attachment.mode': ['{{node}} changes between reader and writer', '{{node}} 在读者与写节点之间转换'],
  'kind.attachment.kept': ['{{node}} goes on with pages of its buffer', '{{node}} 沿用缓冲中的页'],
  'kind.attachment.freeze': [
    '{{node}} drains for a switchover, or goes on',
    '{{node}} 为切换而排空，或继续写',
  ],
  'word.switchover': ['Switch the writer over to {{node}}', '把写节点切换到 {{node}}'],
  'word.moveToHa': ['{{node}} joins the HA group', '{{node}} 加入 HA 组'],
  'word.revokeReader': ['{{node}} revokes the session of {{reader}}', '{{node}} 撤销 {{reader}} 的会话'],
});

type Texts = typeof readerTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
