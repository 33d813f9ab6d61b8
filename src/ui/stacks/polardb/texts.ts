// Words of the events of shared storage: in the list of events, and as captions.

import { defineTexts } from '../../i18n/texts.ts';

const sharedTexts = defineTexts({
  'kind.chunk.leads': ['{{node}} leads a chunk', '{{node}} 成为 chunk 领导者'],
  'kind.chunk.acked': ['{{node}} acknowledges a write of a chunk', '{{node}} 确认 chunk 写入'],
  'kind.chunk.durable': ['{{node}} has entries of a chunk on its disk', '{{node}} 的 chunk 日志条目已落盘'],
  'kind.chunk.made': ['{{node}} makes a replica of a chunk', '{{node}} 建立 chunk 副本'],
  'kind.chunk.identityLost': ['{{node}} has lost a replica of a chunk', '{{node}} 丢失 chunk 副本'],
  'kind.chunk.admitted': ['{{node}} takes a replica back', '{{node}} 重新接纳副本'],
  'kind.chunk.invited': ['{{node}} begins a replica of a chunk', '{{node}} 开始建立 chunk 副本'],
  'kind.chunk.members': ['{{node}} changes who has a chunk', '{{node}} 变更 chunk 的成员'],
  'kind.chunk.left': ['{{node}} has deleted a replica of a chunk', '{{node}} 已删除 chunk 副本'],
  'kind.chunk.move': ['a replica of a chunk moves', 'chunk 副本移动'],
  'story.chunk.invited': [
    '{{node}} begins a replica of {{group}}: first it learns, and counts for nothing.',
    '{{node}} 开始建立 {{group}} 的副本：先作为学习者，不计入多数。',
  ],
  'story.chunk.learner': [
    '{{node}}, which leads {{group}}, sends the log to {{to}} as well, which does not vote yet.',
    '{{group}} 的领导者 {{node}} 也向 {{to}} 发送日志；后者尚不投票。',
  ],
  'story.chunk.joint': [
    '{{group}} goes from {{from}} to {{to}}: until then a write needs a majority of each.',
    '{{group}} 从 {{from}} 换到 {{to}}：其间写入须在两组中各得多数。',
  ],
  'story.chunk.members': ['{{group}} is on {{to}} now.', '{{group}} 现位于 {{to}}。'],
  'story.chunk.left': [
    '{{node}} has deleted its replica of {{group}}: others have it.',
    '{{node}} 已删除 {{group}} 的副本：其他服务器持有它。',
  ],
  'story.chunk.begun': [
    'The metadata moves {{group}} from {{from}} to {{to}}: {{why}}.',
    '元数据把 {{group}} 从 {{from}} 移到 {{to}}：{{why}}。',
  ],
  'story.chunk.done': [
    '{{group}} has moved from {{from}} to {{to}}; no mount, token or journal has changed.',
    '{{group}} 已从 {{from}} 移到 {{to}}；挂载、令牌与日志均未变。',
  ],
  'story.chunk.failed': [
    '{{group}} does not move from {{from}} to {{to}}: the metadata takes the order back.',
    '{{group}} 不再从 {{from}} 移到 {{to}}：元数据收回该命令。',
  ],
  'story.chunk.identityLost.ruleOff': [
    '{{node}} has lost what it promised for {{group}}.',
    '{{node}} 丢失了对 {{group}} 的承诺。',
  ],
  'story.chunk.identityLost': [
    '{{node}} has lost what it promised for {{group}}: it neither votes nor acknowledges there.',
    '{{node}} 丢失了对 {{group}} 的承诺：在那里既不投票也不确认。',
  ],
  'story.chunk.admitted': [
    '{{node}} holds {{group}} whole again, and votes there as member {{member}}.',
    '{{node}} 已重新持有完整的 {{group}}，并以成员 {{member}} 投票。',
  ],
  'kind.promote.step': ['{{node}} is promoted: {{step}}', '{{node}} 提升中：{{step}}'],
  'story.promote.P1': [
    '{{node}} has its token {{token}} at every chunk: the old writer is fenced.',
    '{{node}} 已在每个 chunk 安装令牌 {{token}}：旧写节点被隔离。',
  ],
  'story.promote.P2': [
    '{{node}} reads no more and becomes the writer, without a restart.',
    '{{node}} 停止只读服务，不重启即成为写节点。',
  ],
  'story.promote.P3': [
    '{{node}} knows every record of the old log, which ends at LSN {{lsn}}.',
    '{{node}} 已解析旧日志的全部记录，其终点为 LSN {{lsn}}。',
  ],
  'story.promote.P4': [
    '{{node}} writes down that redo begins at LSN {{lsn}}.',
    '{{node}} 持久记录：重做从 LSN {{lsn}} 开始。',
  ],
  'story.promote.P5': [
    '{{node}} serves; pages below LSN {{lsn}} are replayed behind it.',
    '{{node}} 开始服务；LSN {{lsn}} 以下的页面在后台回放。',
  ],
  'story.promote.P6': [
    '{{node}} has replayed every page of the old log.',
    '{{node}} 已回放旧日志的所有页面。',
  ],
  'kind.chunk.refused': ['{{node}} refuses a write of an old writer', '{{node}} 拒绝旧写节点的写入'],
  'kind.chunk.lacks': ['{{node}} lacks a block', '{{node}} 缺少一个数据块'],
  'kind.chunk.repaired': ['{{node}} has a block back', '{{node}} 补回一个数据块'],
  'kind.fs.mounted': ['{{node}} mounts the file system', '{{node}} 挂载文件系统'],
  'kind.fs.orphan': [
    '{{node}}: a file has lost its name and is freed next',
    '{{node}}：文件已无名称，接着释放其空间',
  ],
  'kind.fs.done': ['{{node}}: a call of the file system ends', '{{node}}：一次文件系统调用结束'],
  'kind.fs.checked': ['{{node}} checks the metadata it has mounted', '{{node}} 检查已挂载的元数据'],
  'kind.redo.done': ['{{node}} has replayed its log', '{{node}} 已回放日志'],
  'kind.redo.page': ['{{node}} loads a page for replay', '{{node}} 为回放读取一个页面'],
  'kind.wal.synced': ['{{node}}: WAL is durable in shared storage', '{{node}}：WAL 已在共享存储持久'],
  'kind.page.fetched': ['{{node}} reads a page in its file', '{{node}} 从文件读取一个页面'],
  'kind.page.stored': ['{{node}} stores a page', '{{node}} 写入一个页面'],
  'kind.checkpoint.done': ['{{node}} makes a checkpoint', '{{node}} 完成检查点'],
  'kind.page.kept': ['{{node}} keeps a page in its buffer', '{{node}} 把页留在缓冲中'],
  'kind.checkpoint.refused': ['{{node}} makes no checkpoint', '{{node}} 不做检查点'],
  'story.checkpoint.done.ruleOff': [
    '{{node}} makes a checkpoint: redo begins at LSN {{lsn}}.',
    '{{node}} 完成检查点：重做从 LSN {{lsn}} 开始。',
  ],
  'story.checkpoint.done': [
    '{{node}} makes a checkpoint: redo begins at LSN {{lsn}}, all below is stored.',
    '{{node}} 完成检查点：重做从 LSN {{lsn}} 开始，其下皆已写入。',
  ],
  'story.checkpoint.same': [
    '{{node}} makes no checkpoint: redo begins at {{lsn}} already, and the oldest dirty page is not stored.',
    '{{node}} 不做检查点：重做已从 {{lsn}} 开始，而最老的脏页尚未写入。',
  ],
  'story.checkpoint.empty': [
    '{{node}} makes no checkpoint: nothing is in its log yet.',
    '{{node}} 不做检查点：日志中还没有内容。',
  ],
  'story.checkpoint.reader': [
    '{{node}} makes no checkpoint: it is a reader, and writes nothing to the shared disk.',
    '{{node}} 不做检查点：它是只读节点，不写共享磁盘。',
  ],
  'story.checkpoint.closed': [
    '{{node}} makes no checkpoint: its volume is not open.',
    '{{node}} 不做检查点：它的卷尚未打开。',
  ],
  'story.kept.absent': [
    '{{node}} has no {{page}} in its buffer to evict.',
    '{{node}} 的缓冲中没有 {{page}} 可淘汰。',
  ],
  'story.kept.loading': ['{{node}} keeps {{page}}: it is being read.', '{{node}} 保留 {{page}}：正在读取。'],
  'story.kept.pinned': ['{{node}} keeps {{page}}: it is pinned.', '{{node}} 保留 {{page}}：它被固定。'],
  'story.kept.replay': [
    '{{node}} keeps {{page}}: records are being applied to it.',
    '{{node}} 保留 {{page}}：正在对它应用记录。',
  ],
  'story.kept.written': [
    '{{node}} keeps {{page}}: it is being stored.',
    '{{node}} 保留 {{page}}：正在写入。',
  ],
  'story.kept.log': [
    '{{node}} keeps {{page}}: its log is not durable up to LSN {{lsn}}.',
    '{{node}} 保留 {{page}}：其日志尚未持久到 LSN {{lsn}}。',
  ],
  'story.kept.gate': [
    '{{node}} keeps {{page}}: it is dirty up to LSN {{lsn}}, {{by}} reported {{gate}} at least.',
    '{{node}} 保留 {{page}}：脏至 LSN {{lsn}}，而 {{by}} 上报的最小值为 {{gate}}。',
  ],
  'story.kept.dirty': [
    '{{node}} keeps {{page}}: it is dirty up to LSN {{lsn}}, and not stored yet.',
    '{{node}} 保留 {{page}}：脏至 LSN {{lsn}}，尚未写入。',
  ],
  'story.kept.closed': [
    '{{node}} evicts nothing: its volume is not open.',
    '{{node}} 不淘汰页：它的卷尚未打开。',
  ],
  'kind.mount.lost': ['{{node}} loses its mount', '{{node}} 失去挂载'],
  'kind.flush.held': ['{{node}}: another number of pages waits for readers', '{{node}}：受限脏页数变化'],
  'kind.flush.blocked': ['{{node}} may not store a page yet', '{{node}} 暂不能写入某个页面'],
  'kind.snapshot.logged': ['{{node}} logs the stored image of a page', '{{node}} 把页面的存储镜像写入日志'],
  'story.snapshot.logged.ruleOff': [
    '{{node}} logs {{page}} as stored at LSN {{lsn}}.',
    '{{node}} 把 LSN {{lsn}} 的 {{page}} 存储镜像写入日志。',
  ],
  'story.snapshot.logged': [
    '{{node}} logs {{page}} as stored at LSN {{lsn}}; now it may store a newer one, and slow readers use the log.',
    '{{node}} 把 LSN {{lsn}} 的 {{page}} 存储镜像写入日志：慢读者由此读取，新镜像可写。',
  ],
  'kind.fs.grown': ['{{node}}: the file system has grown', '{{node}}：文件系统已扩容'],
  'story.fs.grown': [
    '{{node}}: room runs short, so the file system takes another chunk of the disk; it has {{count}} now.',
    '{{node}}：空间不足，文件系统再取磁盘的一个 chunk，现有 {{count}} 个。',
  ],
  'kind.fs.full': ['{{node}}: the device is full, or has room again', '{{node}}：设备已满，或重新有空间'],
  'story.fs.full.data': [
    '{{node}} refuses statements that need new pages (53100): of {{free}} free blocks {{promised}} are promised, {{kept}} kept for the log. Reads go on.',
    '{{node}} 拒绝需要新页的语句（53100）：{{free}} 个空闲块中 {{promised}} 个已承诺，{{kept}} 个留给日志。读取照常。',
  ],
  'story.fs.full.files': [
    '{{node}} refuses statements that need a new file (53100): the few inodes left are kept for the log. Reads go on.',
    '{{node}} 拒绝需要新文件的语句（53100）：剩余的 inode 留给日志。读取照常。',
  ],
  'story.fs.full.log': [
    '{{node}} refuses statements that write (53100): the log has no segment left. Running transactions may end, reads go on.',
    '{{node}} 拒绝写入语句（53100）：日志没有可用的段。进行中的事务可以结束，读取照常。',
  ],
  'story.fs.room': [
    '{{node}}: the device has room again, {{free}} blocks are free; statements go on by themselves.',
    '{{node}}：设备重新有空间，{{free}} 块空闲；语句照常执行。',
  ],
  'wait.room': [
    'New pages at {{node}} have no room: {{have}} blocks are free beyond promises, {{need}} are needed',
    '{{node}} 的新页没有空间：除承诺外空闲 {{have}} 块，需要 {{need}} 块',
  ],
  'obstacle.deviceFull': [
    'the file system of {{a}} has no more chunks ({{of}} is full)',
    '{{a}} 的文件系统没有更多 chunk（{{of}} 已满）',
  ],
  'kind.ha.lags': ['{{node}}: a candidate lags far', '{{node}}：一个候选落后过多'],
  'story.ha.passedOver': [
    '{{candidate}} is passed over: it has applied LSN {{lsn}}, VDL was {{vdl}}, and others are nearer.',
    '略过 {{candidate}}：只应用到 {{lsn}}，VDL 为 {{vdl}}，另有更近的候选。',
  ],
  'story.ha.allLag': [
    '{{candidate}} lags far, LSN {{lsn}} of {{vdl}}, and so does every candidate: it may be promoted.',
    '{{candidate}} 落后过多（{{lsn}} / {{vdl}}），但没有更近的候选，仍可被提升。',
  ],
  'kind.flush.backpressure': ['{{node}}: statements wait for a frame', '{{node}}：语句等待缓冲帧'],
  'kind.ddl.locked': ['{{node}} logs a lock of a definition', '{{node}} 记录一个定义锁'],
  'kind.ddl.granted': ['{{node}} may change a definition', '{{node}} 可以更改定义'],
  'kind.ro.lock': ['{{node}}: a lock of the writer', '{{node}}：写节点的锁'],
  'kind.relation.removed': ['{{node}} removes the files of a relation', '{{node}} 删除一个关系的文件'],
  'story.relation': ['relation {{relation}}', '关系 {{relation}}'],
  'story.ddl.alone': [
    '{{node}} logs its lock on {{table}}; no reader has to replay it.',
    '{{node}} 记录 {{table}} 的锁；没有只读节点需要回放。',
  ],
  'story.ddl.locked': [
    '{{node}} has {{table}} alone, and waits until {{by}} replay the lock.',
    '{{node}} 独占 {{table}}，等待 {{by}} 回放该锁。',
  ],
  'story.ddl.granted': [
    'Every reader has replayed the lock of {{table}}: {{node}} changes it.',
    '所有只读节点都已回放 {{table}} 的锁：{{node}} 更改它。',
  ],
  'story.lock.held': [
    '{{node}} cannot replay the lock of {{table}} yet: a statement or an open transaction uses it here. The writer waits.',
    '{{node}} 暂不能回放 {{table}} 的锁：此处有语句或未结束的事务在用。写节点等待。',
  ],
  'story.lock.replayed': [
    '{{node}} replays the lock of {{table}}: nobody reads it here now.',
    '{{node}} 回放 {{table}} 的锁：此处已无人在读。',
  ],
  'story.lock.released': [
    '{{node}} opens {{table}} again: the writer’s transaction has ended.',
    '{{node}} 重新开放 {{table}}：写节点的事务已结束。',
  ],
  'story.lock.cancelled': [
    '{{node}} cancels who uses {{table}} (40001): the writer has waited long enough.',
    '{{node}} 取消在用 {{table}} 的语句（40001）：写节点已等待过久。',
  ],
  'story.relation.removed.ruleOff': [
    '{{node}} removes the files of {{table}}.',
    '{{node}} 删除 {{table}} 的文件。',
  ],
  'story.relation.removed': [
    '{{node}} removes the files of {{table}}: no view and no recovery needs them.',
    '{{node}} 删除 {{table}} 的文件：再无视图或恢复需要它们。',
  ],
  'wait.ddl': [
    '{{text}} at {{node}} waits until every reader has replayed its lock, {{have}} of {{need}} have',
    '{{node}} 上的 {{text}} 等待所有只读节点回放其锁，已有 {{have}}/{{need}} 个',
  ],
  'obstacle.readerRuns': [
    'session {{of}} runs a statement on the table at {{a}}',
    '会话 {{of}} 正在 {{a}} 上执行用到该表的语句',
  ],
  'obstacle.readerHolds': [
    'session {{of}} has used the table at {{a}}, and its transaction is open',
    '会话 {{of}} 在 {{a}} 上用过该表，其事务未结束',
  ],
  'obstacle.readerHears': ['{{a}} has not answered yet', '{{a}} 尚未应答'],
  'obstacle.leaseRuns': [
    '{{a}} does not answer; it is waited for until its lease ends',
    '{{a}} 无应答，等到其租约到期为止',
  ],
  'kind.slot.given': ['{{node}} registers a reader', '{{node}} 登记一个只读节点'],
  'kind.slot.dropped': ['{{node}} drops a reader’s slot', '{{node}} 收回一个只读节点的槽位'],
  'kind.ro.replayed': [
    '{{node}} brings a page up to where it has applied',
    '{{node}} 将一个页面更新到其应用点',
  ],
  'kind.ro.future': ['{{node}} meets a page from its future', '{{node}} 遇到“未来页”'],
  'kind.page.damaged': ['{{node}} reads what is no page', '{{node}} 读到的不是页面'],
  'kind.index.rebuilt': ['{{node}} makes LogIndex anew', '{{node}} 重建 LogIndex'],
  'kind.promote.damaged': ['{{node}} cannot go on from LogIndex', '{{node}} 无法依靠 LogIndex 继续'],
  'story.promote.damaged': [
    'LogIndex is not whole: {{node}} ends as writer; the next one reads all of WAL from the checkpoint.',
    'LogIndex 不完整：{{node}} 不再是写节点；下一个写节点从检查点起重读全部 WAL。',
  ],
  'kind.fs.synced': ['{{node}} follows the journal', '{{node}} 跟进文件系统日志'],
  'story.page.damaged': [
    '{{node}} reads {{page}} in its file, and finds no image of it there.',
    '{{node}} 在文件中读 {{page}}，那里却没有它的镜像。',
  ],
  'story.index.rebuilt': [
    'LogIndex is not whole: {{node}} makes it anew from WAL, from LSN {{lsn}} on.',
    'LogIndex 不完整：{{node}} 从 LSN {{lsn}} 起由 WAL 重建。',
  ],
  'kind.wal.pages': ['the pages of records', '日志记录所改的页面'],
  'kind.index.saved': ['{{node}} saves a table of LogIndex', '{{node}} 保存一张 LogIndex 表'],
  'timeline.durable': ['durableLsn', 'durableLsn'],
  'timeline.stored': ['stored', '页面写入'],
  'timeline.blocked': ['blocked pages', '受限脏页'],
  'timeline.replayed': ['pages current', '页面更新'],
  'story.index.saved': [
    '{{node}} has saved table {{table}} of LogIndex: what lies at or below LSN {{lsn}} is not parsed again.',
    '{{node}} 已保存 LogIndex 表 {{table}}：LSN {{lsn}} 及以下不再重新解析。',
  ],
  'story.flush.blocked': [
    '{{node}} may not store {{page}} as of LSN {{lsn}} yet: it has not heard that {{by}} applied it; oldestApplyLsn is {{gate}}.',
    '{{node}} 暂不写 {{page}}（{{lsn}}）：尚未得知 {{by}} 已应用（至 {{gate}}）。',
  ],
  'story.flush.backpressure': [
    '{{node}} has no frame for a statement: {{count}} pages are beyond what {{by}} has applied.',
    '{{node}} 没有空闲帧，语句等待：{{count}} 页超出 {{by}} 的应用位置。',
  ],
  'story.slot.given': [
    '{{node}} registers {{reader}}: it reads from LSN {{lsn}} on.',
    '{{node}} 登记 {{reader}}：它从 LSN {{lsn}} 起可读。',
  ],
  'story.slot.dropped': [
    '{{node}} drops the slot of {{reader}}: its lease is over, and pages wait for it no more.',
    '{{node}} 收回 {{reader}} 的槽位：租约已过，页面不再等它。',
  ],
  'story.ro.future': [
    '{{node}} meets {{page}} beyond LSN {{lsn}}, which it has not applied.',
    '{{node}} 遇到超出 LSN {{lsn}} 的 {{page}}，而它尚未应用到那里。',
  ],
  'story.chunk.leads': [
    '{{node}} leads chunk {{group}} in term {{term}}.',
    '{{node}} 在任期 {{term}} 领导 chunk {{group}}。',
  ],
  'story.chunk.refused': [
    '{{node}} refuses a write of {{group}} under token {{token}}: {{max}} is installed.',
    '{{node}} 拒绝令牌 {{token}} 对 {{group}} 的写入：已安装 {{max}}。',
  ],
  'story.chunk.lacks': [
    '{{node}} lacks block {{block}} of {{group}}.',
    '{{node}} 缺少 {{group}} 的数据块 {{block}}。',
  ],
  'story.chunk.repaired': [
    '{{node}} has block {{block}} of {{group}} back from {{from}}.',
    '{{node}} 从 {{from}} 补回 {{group}} 的数据块 {{block}}。',
  ],
  'story.fs.mounted': [
    '{{node}} mounts the file system under token {{token}}, as of transaction {{tx}}.',
    '{{node}} 以令牌 {{token}} 挂载文件系统，截至事务 {{tx}}。',
  ],
  'story.fs.read': ['{{node}} mounts the file system to read it.', '{{node}} 以只读方式挂载文件系统。'],
  'story.fs.reloaded': [
    'The journal has let go of what {{node}} lacks after transaction {{from}}: it loads the metadata anew, as of {{to}}.',
    '日志已不含 {{node}} 在事务 {{from}} 之后缺少的内容：它重新装载元数据，到事务 {{to}}。',
  ],
  'story.fs.replayed': [
    '{{node}} follows the journal from transaction {{from}} to {{to}}.',
    '{{node}} 沿日志从事务 {{from}} 跟进到 {{to}}。',
  ],
  'story.fs.refused': [
    '{{node}} cannot mount the file system: {{error}}.',
    '{{node}} 无法挂载文件系统：{{error}}。',
  ],
  'story.redo.done': [
    '{{node}} has replayed WAL from LSN {{from}} to {{to}} on {{count}} pages.',
    '{{node}} 已将 LSN {{from}} 至 {{to}} 的日志回放到 {{count}} 个页面。',
  ],
  'story.redo.read': [
    '{{node}} knows the WAL from LSN {{from}} to {{to}} and has replayed no page of it yet.',
    '{{node}} 已掌握 LSN {{from}} 至 {{to}} 的日志，尚未据此回放页面。',
  ],
  'story.mount.lost': [
    'A write of {{node}} failed: its mount is over, and it begins anew under another token.',
    '{{node}} 的写入失败：挂载终止，将以新令牌重新开始。',
  ],
});

type Texts = typeof sharedTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
