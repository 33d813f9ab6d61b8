// Ordinary events of readers and of the log's way to them, in a few words, and the actions on them.

import { defineTexts } from '../../i18n/texts.ts';

const readerTexts = defineTexts({
  'kind.ro.accepted': ['{{node}} accepts a reader', '{{node}} 接受一个只读节点'],
  'kind.ro.dropped': ['{{node}} drops a reader’s stream', '{{node}} 放弃一个只读节点的日志流'],
  'kind.ro.revoked': ['{{node}} revokes a reader’s session', '{{node}} 撤销一个只读节点的会话'],
  'kind.ro.ready': ['{{node}} is ready for reads', '{{node}} 可以提供读服务'],
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
  'word.revokeReader': ['{{node}} revokes the session of {{reader}}', '{{node}} 撤销 {{reader}} 的会话'],
});

type Texts = typeof readerTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
