// Captions of the log, its holes, members, recovery, archive and restores, in both languages. Sentences: each language as a list.

import { addTexts, type Chinese } from '../../i18n/texts.ts';

const en = {
  'story.tx.abort.ruleOff': 'Transaction {{tx}} is rolled back ({{sqlstate}}).',
  'story.wal.refused.ruleOff': '{{node}} refused a request of {{from}}: {{code}}.',
  'story.hole.sent.ruleOff': '{{node}} asks {{to}} for its hole {{group}} {{range}}.',
  'story.gc.dropVersions.ruleOff': '{{node}} dropped page versions of {{group}}: {{versions}}.',
  'story.gc.drop.ruleOff': '{{node}} dropped of {{group}}: records {{records}}, page versions {{versions}}.',
  'story.gc.many.ruleOff': 'Stores dropped records {{records}}, page versions {{versions}}.',
  'story.recovery.R1.ruleOff': 'R1 of 7: {{node}} installs token {{token}} at a quorum.',
  'story.recovery.R4.ruleOff': 'R4 of 7: {{node}} decides where new records begin.',
  'story.recovery.computed.ruleOff':
    'The answers put the end of the log at VDL′ {{vdl}}. New records begin at LSN {{start}}.',
  'story.volume.fenced.ruleOff': '{{node}} saw token {{seen}} above its own {{token}} and stopped.',
  'story.archive.moved.ruleOff': '{{group}} is archived to LSN {{value}}.',
  'story.op.unknown.ruleOff': 'A client does not know whether its commit counts: it asks again.',
  'story.op.conflict.ruleOff': 'A transaction was refused (40001): another wrote its row after its snapshot.',
  'story.wal.backpressure':
    '{{node}} waits before new records: {{wanted}} after LSN {{tail}} would pass the limit {{limit}}.',
  'story.tx.abort': 'Transaction {{tx}} is rolled back ({{sqlstate}}): none of it counts.',
  'story.tx.unserializable':
    'Transaction {{tx}} is refused (40001): {{reader}} read what {{pivot}} replaced, {{pivot}} what {{writer}} replaced, perhaps a cycle.',
  'story.wal.refused': '{{node}} refused a request of {{from}}: {{code}}. What is refused changes nothing.',
  'story.store.failed': '{{node}} stopped serving {{group}} at LSN {{at}}: {{code}}.',
  'story.store.open': '{{node}} offers {{group}} again: all records up to LSN {{scl}}, token {{token}}.',
  'story.store.suspended': '{{node}} takes no records of {{group}} for now: {{code}}.',
  'story.wal.full':
    'No room on {{nodes}}: {{group}} has no write quorum left. {{node}} refuses statements that write (53100); reads go on.',
  'story.wal.room': 'The stores have room again: {{node}} takes writes.',
  'story.hole.open':
    '{{node}} found a hole: {{group}} {{range}} never arrived. A later record names a predecessor that is missing.',
  'story.hole.sent':
    '{{node}} asks {{to}} for its hole {{group}} {{range}}: a quorum has it, so the writer need not send again.',
  'story.hole.sentRecovery': 'Recovery: {{node}} asks {{to}} for {{group}} {{range}} to reach a quorum.',
  'story.hole.fill': '{{from}} gave {{node}} the records of {{group}} {{range}}.',
  'story.hole.split':
    'Records landed inside a hole of {{node}}: {{group}} {{range}} is what is left of it, {{state}}.',
  'story.hole.splitSent': 'still asked for',
  'story.hole.splitUnsent': 'not asked for yet',
  'story.hole.closed': '{{node}} has {{group}} whole again, up to LSN {{ncl}}.',
  'story.hole.timeout':
    '{{to}} did not answer {{node}} in time: request r{{counter}} is dropped, the next peer is asked.',
  'story.hole.ignored': 'A late answer of {{from}} to request r{{counter}} changes nothing at {{node}}.',
  'story.hole.opened_one': '{{node}} opens {{group}} whole to {{ncl}}, newest {{nwl}}, with one hole.',
  'story.hole.opened_other':
    '{{node}} opens {{group}} whole to {{ncl}}, newest {{nwl}}, with {{count}} holes.',
  'story.hole.rebuild_one':
    '{{node}} rebuilt the list of {{group}} from its disk: whole to {{ncl}}, newest {{nwl}}, one hole.',
  'story.hole.rebuild_other':
    '{{node}} rebuilt the list of {{group}} from its disk: whole to {{ncl}}, newest {{nwl}}, {{count}} holes.',
  'story.hole.saved':
    '{{node}} saved the list of {{group}} before it ended: whole to {{ncl}}, newest {{nwl}}. Nothing to rebuild.',
  'story.hole.restore': '{{node}} opened with the saved list of {{group}}: whole to {{ncl}}, newest {{nwl}}.',
  'story.hole.restoreRefused':
    '{{node}} does not trust the saved list of {{group}} ({{error}}) and rebuilds it from the log.',
  'story.scrub.bad':
    '{{node}} found damage in {{group}} while scrubbing ({{what}}, {{damage}}): it is not served, a peer is asked.',
  'story.scrub.repaired': '{{node}} repaired the damaged {{what}} of {{group}}.',
  'story.page.materialise':
    '{{node}} built a page of {{group}} from its log, as of LSN {{lsn}}. The writer sends no pages.',
  'story.page.materialiseMany':
    'Stores built {{count}} pages from the log in the background. The writer sends no pages.',
  'story.page.evict':
    '{{node}} evicts {{page}}, as of LSN {{lsn}}. The next statement that needs it reads it from storage.',
  'story.page.evictMany':
    'Buffers evict {{count}} pages. The next statement that needs one of them reads it from storage.',
  'story.page.probe':
    '{{node}} read a page as of LSN {{readPoint}}: {{from}} gave the version of LSN {{lsn}}.',
  'story.page.probeRefused': '{{node}} asked for a page as of LSN {{readPoint}} and was refused: {{error}}.',
  'story.gc.dropVersions':
    '{{node}} dropped page versions of {{group}} that nobody reads any more: {{versions}}.',
  'story.gc.drop':
    '{{node}} dropped what nobody can need of {{group}}: records {{records}}, page versions {{versions}}.',
  'story.gc.many':
    'Stores dropped what nobody can need any more: records {{records}}, page versions {{versions}}.',
  'story.recovery.token': '{{node}} recovers: first it asks the metadata for a new token.',
  'story.recovery.R1':
    'R1 of 7: {{node}} installs token {{token}} at a quorum, so that nothing it reads can change later.',
  'story.recovery.R2': 'R2 of 7: {{node}} asks the replicas of every group how far their logs reach.',
  'story.recovery.R3': 'R3 of 7: from a read quorum {{node}} computes where the log ends.',
  'story.recovery.R4':
    'R4 of 7: {{node}} decides where new records begin, above all that may have been given out.',
  'story.recovery.R5': 'R5 of 7: replicas install the new history and delete what it annuls.',
  'story.recovery.R6': 'R6 of 7: what a quorum lacks is filled from peers.',
  'story.recovery.R7': 'R7 of 7: {{node}} opens the volume at every group’s quorum.',
  'story.recovery.info': '{{replica}} answers for {{group}}: whole up to LSN {{scl}}, it knows VDL {{vdl}}.',
  'story.recovery.infoMany':
    '{{count}} answers of replicas are in, the last from {{replica}}: {{group}} whole up to LSN {{scl}}.',
  'story.recovery.computed':
    'A read quorum shows: the log ends at VDL′ {{vdl}}, nothing above it counts. New records begin at LSN {{start}}.',
  'story.recovery.history_one':
    '{{node}} took the history of token {{token}} for {{group}}: one record above {{prevEnd}} deleted.',
  'story.recovery.history_other':
    '{{node}} took the history of token {{token}} for {{group}}: {{count}} records above {{prevEnd}} deleted.',
  'story.volume.open': '{{node}} opened {{group}} for the writer with token {{token}}.',
  'story.volume.openMany': '{{count}} replicas opened for the writer with token {{token}}.',
  'story.volume.fenced':
    '{{node}} saw token {{seen}} above its own {{token}} and stopped: it can do no harm.',
  'story.member.set': 'Metadata: the members of {{group}} are {{sets}}, membership {{epoch}}.',
  'story.member.adopt': '{{node}} writes {{group}} to {{sets}} from here on.',
  'story.member.dual': '{{node}} writes {{group}} to both sets, {{sets}}: each must reach its quorum.',
  'story.member.install':
    '{{node}} wrote membership {{epoch}} of {{group}} to its disk; it is {{state}} there.',
  'story.member.dropped':
    '{{node}} is no member of {{group}} any more (membership {{epoch}}) and deletes its copy.',
  'story.restore.begin':
    '{{volume}} is made from the archive of {{source}}, as it was at LSN {{lsn}}. {{source}} goes on.',
  'story.restore.refused': 'No restore to {{volume}}: {{code}} {{detail}}',
  'story.restore.resume':
    '{{node}} goes on with {{group}} of {{volume}}: {{done}} objects were here already.',
  'story.restore.resumeJob': '{{node}} is back and goes on with the restore of {{volume}}.',
  'story.restore.replica': '{{node}} has {{group}} of {{volume}} whole, up to LSN {{lsn}}.',
  'story.restore.replicas': '{{count}} replicas of {{volume}} are whole, up to LSN {{lsn}}.',
  'story.restore.done':
    '{{volume}} is restored to LSN {{lsn}}; {{writer}} opens it by a recovery of its own.',
  'story.restore.doneWithout':
    '{{volume}} is restored to LSN {{lsn}} on a write quorum; {{lacking}} will be made anew.',
  'story.volume.dropped': '{{volume}} is deleted with all that it held.',
  'story.restore.failed': 'The restore of {{volume}} stops: {{group}} lacks {{object}}.',
  'story.restore.cancelled': 'The restore of {{volume}} is given up; what was loaded is deleted.',
  'story.move.begin': '{{to}} will take the place of {{from}} in {{group}}. Writes go on meanwhile.',
  'story.move.replace':
    '{{from}} has lost its copy of {{group}}: {{to}} will take its place. Writes go on meanwhile.',
  'story.move.catchup': '{{to}} has {{group}} up to LSN {{scl}}; it counts once it has reached {{target}}.',
  'story.move.done': '{{to}} has taken the place of {{from}} in {{group}}.',
  'story.move.rolledBack': 'The change of {{group}} from {{from}} to {{to}} is taken back: all is as before.',
  'story.move.refused': 'The change of {{group}} from {{from}} to {{to}} is refused: {{outcome}}.',
  'story.disk.lost': '{{node}} has lost what {{group}} had on its disk.',
  'story.disk.rolledBack':
    '{{node}}: the disk is older than what it reported of {{group}} (SCL {{scl}} now). It deletes its copy.',
  'story.archive.segment': '{{node}} holds [{{first}}, {{last}}) of {{group}}’s log, put by {{from}}.',
  'story.archive.base': '{{node}} holds a part of {{group}}’s base image at LSN {{base}}: {{pages}} pages.',
  'story.archive.manifest':
    '{{node}}: manifest {{version}} of {{volume}} stands; it names {{objects}} objects.',
  'story.archive.refused': '{{node}} refuses {{from}} {{what}}: {{code}}.',
  'story.archive.rot': '{{node}}: {{name}} is damaged on its disk. Its archiver is to put it again.',
  'story.archive.missing': '{{node}}: {{name}} is not on its disk. Its archiver is to put it again.',
  'story.archive.named': 'Metadata: {{archiver}} archives {{group}} from here on.',
  'story.archive.namedSilent': 'Metadata: the archiver of {{group}} is silent, {{archiver}} takes its place.',
  'story.archive.namedRemoved':
    'Metadata: the archiver of {{group}} is no member, {{archiver}} takes its place.',
  'story.archive.begin': '{{node}} archives {{group}}, from where the manifest ends: LSN {{archivedTo}}.',
  'story.archive.moved': '{{group}} is archived to LSN {{value}}: up to there its log may be dropped.',
  'story.archive.gap': 'BACKUP_GAP: [{{first}}, {{last}}) of {{group}} is in no backup any more.',
  'story.archive.lostBase': 'BACKUP_GAP: {{name}} of {{group}} is lost; another base image follows.',
  'story.archive.repaired': '{{node}} put {{name}} again: the backup is whole.',
  'story.archive.outage': '{{node}} cannot archive {{group}} ({{why}}). The log is kept until it can.',
  'story.archive.back': '{{node}} archives {{group}} again, from where it stopped.',
  'story.base.start':
    '{{node}} copies an image of {{group}} as of LSN {{base}} from {{from}}: {{pages}} pages.',
  'story.base.failed': '{{from}} cannot give {{node}} an image of {{group}}: {{code}}. Another is asked.',
  'story.base.installed':
    '{{node}} has the image of {{group}}, {{pages}} pages, and goes on from LSN {{scl}} by log.',
  'story.quorum.below':
    '{{group}}: replicas that answer {{node}}: {{live}}. A write needs {{vw}}: commits wait, reads go on.',
  'story.quorum.back': '{{group}}: replicas that answer {{node}} again: {{live}}. A write needs {{vw}}.',
  'story.sql.start': 'Session {{session}}: a statement begins.',
  'story.sql.end': 'Session {{session}}: the statement has ended, {{outcome}}.',
  'story.op.unknown':
    'A client does not know whether its commit counts: it asks again, nothing is done twice.',
  'story.op.failed': 'A client received the failure of its operation (SQLSTATE {{sqlstate}}).',
  'story.op.conflict':
    'A transaction was refused (40001): another wrote its row after its snapshot. Nothing of it stays, a client may try again.',
} as const;

const zh: Chinese<typeof en> = {
  'story.tx.abort.ruleOff': '事务 {{tx}} 回滚（{{sqlstate}}）。',
  'story.wal.refused.ruleOff': '{{node}} 拒绝 {{from}} 的请求：{{code}}。',
  'story.hole.sent.ruleOff': '{{node}} 向 {{to}} 请求空洞 {{group}} {{range}}。',
  'story.gc.dropVersions.ruleOff': '{{node}} 回收 {{group}} 的 {{versions}} 个页版本。',
  'story.gc.drop.ruleOff': '{{node}} 回收 {{group}} 的 {{records}} 条记录、{{versions}} 个页版本。',
  'story.gc.many.ruleOff': '存储回收 {{records}} 条记录、{{versions}} 个页版本。',
  'story.recovery.R1.ruleOff': '恢复 R1/7：{{node}} 在多数派装入令牌 {{token}}。',
  'story.recovery.R4.ruleOff': '恢复 R4/7：{{node}} 定出新记录起点。',
  'story.recovery.computed.ruleOff': '由答复得日志止于 VDL′ {{vdl}}；新记录自 LSN {{start}} 起。',
  'story.volume.fenced.ruleOff': '{{node}} 见到令牌 {{seen}} 大于自己的 {{token}}，已停止。',
  'story.archive.moved.ruleOff': '{{group}} 已归档到 LSN {{value}}。',
  'story.op.unknown.ruleOff': '客户端不知其提交是否算数：它会再问。',
  'story.op.conflict.ruleOff': '一个事务被拒绝（40001）：其快照之后另一事务写了同一行。',
  'story.wal.backpressure': '{{node}} 暂不写新记录：LSN {{tail}} 后再写 {{wanted}} 条将越过上限 {{limit}}。',
  'story.tx.abort': '事务 {{tx}} 回滚（{{sqlstate}}）：全部不算数。',
  'story.tx.unserializable':
    '事务 {{tx}} 被拒（40001）：{{reader}}→{{pivot}}→{{writer}} 的读写依赖可能成环。',
  'story.wal.refused': '{{node}} 拒绝 {{from}} 的请求：{{code}}，状态不变。',
  'story.store.failed': '{{node}} 在 LSN {{at}} 停止服务 {{group}}：{{code}}。',
  'story.store.open': '{{node}} 重新提供 {{group}}：至 LSN {{scl}} 完整，令牌 {{token}}。',
  'story.store.suspended': '{{node}} 暂不接收 {{group}} 的记录：{{code}}。',
  'story.wal.full': '{{nodes}} 已满，{{group}} 写多数派不足：{{node}} 拒绝写（53100），读照常。',
  'story.wal.room': '存储节点又有空间了：{{node}} 恢复接受写入。',
  'story.hole.open': '{{node}} 发现空洞：{{group}} {{range}} 未到，后一条记录指向缺失的前一条。',
  'story.hole.sent': '{{node}} 向 {{to}} 请求空洞 {{group}} {{range}}：多数派已有，写节点不必重发。',
  'story.hole.sentRecovery': '恢复：{{node}} 向 {{to}} 请求 {{group}} {{range}} 以达多数派。',
  'story.hole.fill': '{{from}} 把 {{group}} {{range}} 的记录给了 {{node}}。',
  'story.hole.split': '记录落入 {{node}} 的空洞：{{group}} 余下 {{range}}，{{state}}。',
  'story.hole.splitSent': '仍在请求中',
  'story.hole.splitUnsent': '尚未请求',
  'story.hole.closed': '{{node}} 的 {{group}} 重新完整，至 LSN {{ncl}}。',
  'story.hole.timeout': '{{to}} 未及时答复 {{node}}：放弃请求 r{{counter}}，改问下一同伴。',
  'story.hole.ignored': '{{from}} 对请求 r{{counter}} 的迟到应答在 {{node}} 不起作用。',
  'story.hole.opened_other': '{{node}} 打开 {{group}}：完整至 {{ncl}}，最新 {{nwl}}，空洞 {{count}} 个。',
  'story.hole.rebuild_other':
    '{{node}} 由磁盘重建 {{group}} 列表：完整至 {{ncl}}，最新 {{nwl}}，空洞 {{count}} 个。',
  'story.hole.saved': '{{node}} 结束前存下 {{group}} 列表：完整至 {{ncl}}，最新 {{nwl}}，无需重建。',
  'story.hole.restore': '{{node}} 用存下的 {{group}} 列表打开：完整至 {{ncl}}，最新 {{nwl}}。',
  'story.hole.restoreRefused': '{{node}} 不采信 {{group}} 的列表（{{error}}），由日志重建。',
  'story.scrub.bad': '{{node}} 巡检发现 {{group}} 受损（{{what}}，{{damage}}）：不再提供，向同伴请求。',
  'story.scrub.repaired': '{{node}} 修复了 {{group}} 受损的 {{what}}。',
  'story.page.materialise': '{{node}} 由日志生成 {{group}} 的一页（LSN {{lsn}}）。写节点不发送页。',
  'story.page.materialiseMany': '存储在后台由日志生成 {{count}} 页。写节点不发送页。',
  'story.page.evict': '{{node}} 淘汰 {{page}}（LSN {{lsn}}）。下一条需要它的语句从存储读取。',
  'story.page.evictMany': '缓冲池淘汰 {{count}} 页。下一条需要其中某页的语句从存储读取。',
  'story.page.probe': '{{node}} 按 LSN {{readPoint}} 读一页：{{from}} 给出 LSN {{lsn}} 的版本。',
  'story.page.probeRefused': '{{node}} 按 LSN {{readPoint}} 读一页被拒：{{error}}。',
  'story.gc.dropVersions': '{{node}} 回收 {{group}} 的 {{versions}} 个无人再读的页版本。',
  'story.gc.drop': '{{node}} 回收 {{group}} 的 {{records}} 条记录、{{versions}} 个页版本：无人再需。',
  'story.gc.many': '存储回收 {{records}} 条记录、{{versions}} 个页版本：无人再需。',
  'story.recovery.token': '{{node}} 开始恢复：先向元数据取新令牌。',
  'story.recovery.R1': '恢复 R1/7：{{node}} 在多数派装入令牌 {{token}}，所读不再改变。',
  'story.recovery.R2': '恢复 R2/7：{{node}} 询问各组副本的日志到哪里。',
  'story.recovery.R3': '恢复 R3/7：{{node}} 由读多数派算出日志终点。',
  'story.recovery.R4': '恢复 R4/7：{{node}} 定出新记录起点，高于一切可能已分配者。',
  'story.recovery.R5': '恢复 R5/7：副本装入新历史，删除被废弃者。',
  'story.recovery.R6': '恢复 R6/7：多数派所缺由同伴补齐。',
  'story.recovery.R7': '恢复 R7/7：{{node}} 在各组多数派打开卷。',
  'story.recovery.info': '{{replica}} 答复 {{group}}：完整至 LSN {{scl}}，所知 VDL {{vdl}}。',
  'story.recovery.infoMany': '已收 {{count}} 份答复，末份来自 {{replica}}：{{group}} 完整至 LSN {{scl}}。',
  'story.recovery.computed': '读多数派给出：日志止于 VDL′ {{vdl}}，其上皆不算数；新记录自 LSN {{start}} 起。',
  'story.recovery.history_other':
    '{{node}} 装入令牌 {{token}} 的历史（{{group}}）：删除 {{prevEnd}} 以上 {{count}} 条。',
  'story.volume.open': '{{node}} 为令牌 {{token}} 的写节点打开 {{group}}。',
  'story.volume.openMany': '{{count}} 个副本为令牌 {{token}} 的写节点打开。',
  'story.volume.fenced': '{{node}} 见到令牌 {{seen}} 大于自己的 {{token}}，已停止：不会造成损害。',
  'story.member.set': '元数据：{{group}} 的成员为 {{sets}}（成员纪元 {{epoch}}）。',
  'story.member.adopt': '{{node}} 自此把 {{group}} 写到 {{sets}}。',
  'story.member.dual': '{{node}} 把 {{group}} 写两组 {{sets}}，各须达多数派。',
  'story.member.install': '{{node}} 持久化 {{group}} 的成员纪元 {{epoch}}，身份 {{state}}。',
  'story.member.dropped': '{{node}} 不再是 {{group}} 的成员（纪元 {{epoch}}），删除其副本。',
  'story.restore.begin': '{{volume}} 由 {{source}} 的归档恢复到 LSN {{lsn}}，{{source}} 照常运行。',
  'story.restore.refused': '无法恢复到 {{volume}}：{{code}} {{detail}}',
  'story.restore.resume': '{{node}} 继续装载 {{volume}} 的 {{group}}：已有 {{done}} 个对象。',
  'story.restore.resumeJob': '{{node}} 已恢复，继续还原 {{volume}}。',
  'story.restore.replica': '{{node}} 上 {{volume}} 的 {{group}} 已完整，至 LSN {{lsn}}。',
  'story.restore.replicas': '{{volume}} 的 {{count}} 个副本已完整，至 LSN {{lsn}}。',
  'story.restore.done': '{{volume}} 已恢复到 LSN {{lsn}}，由 {{writer}} 经恢复流程打开。',
  'story.restore.doneWithout': '{{volume}} 在写多数派上恢复到 LSN {{lsn}}，{{lacking}} 将重新生成。',
  'story.volume.dropped': '{{volume}} 及其全部内容已删除。',
  'story.restore.failed': '{{volume}} 的恢复停止：{{group}} 缺少 {{object}}。',
  'story.restore.cancelled': '{{volume}} 的恢复已取消，已装载部分被删除。',
  'story.move.begin': '{{to}} 将在 {{group}} 中接替 {{from}}，其间照常写入。',
  'story.move.replace': '{{from}} 失去 {{group}} 的副本，{{to}} 将接替，其间照常写入。',
  'story.move.catchup': '{{to}} 的 {{group}} 已至 LSN {{scl}}，到 {{target}} 才计入。',
  'story.move.done': '{{to}} 已在 {{group}} 中接替 {{from}}。',
  'story.move.rolledBack': '{{group}} 由 {{from}} 换 {{to}} 已撤回：一切如前。',
  'story.move.refused': '{{group}} 由 {{from}} 换 {{to}} 被拒：{{outcome}}。',
  'story.disk.lost': '{{node}} 丢失了磁盘上的 {{group}}。',
  'story.disk.rolledBack': '{{node}}：磁盘比它报告过的 {{group}} 更旧（现 SCL {{scl}}），删除自己的副本。',
  'story.archive.segment': '{{node}} 收存 {{group}} 日志 [{{first}}, {{last}})，由 {{from}} 上传。',
  'story.archive.base': '{{node}} 收存 {{group}} 在 LSN {{base}} 的基础镜像：{{pages}} 页。',
  'story.archive.manifest': '{{node}}：{{volume}} 的清单 {{version}} 生效，列 {{objects}} 个对象。',
  'story.archive.refused': '{{node}} 拒绝 {{from}} 的 {{what}}：{{code}}。',
  'story.archive.rot': '{{node}}：{{name}} 已损坏，待归档者重传。',
  'story.archive.missing': '{{node}}：{{name}} 不在盘上，待归档者重传。',
  'story.archive.named': '元数据：{{group}} 自此由 {{archiver}} 归档。',
  'story.archive.namedSilent': '元数据：{{group}} 的归档者沉默，改由 {{archiver}}。',
  'story.archive.namedRemoved': '元数据：{{group}} 的归档者已非成员，改由 {{archiver}}。',
  'story.archive.begin': '{{node}} 归档 {{group}}，自清单末尾 LSN {{archivedTo}} 继续。',
  'story.archive.moved': '{{group}} 已归档到 LSN {{value}}，此前日志可回收。',
  'story.archive.gap': 'BACKUP_GAP：{{group}} 的 [{{first}}, {{last}}) 已无备份。',
  'story.archive.lostBase': 'BACKUP_GAP：{{group}} 的 {{name}} 丢失，将另做镜像。',
  'story.archive.repaired': '{{node}} 重传了 {{name}}，备份复原。',
  'story.archive.outage': '{{node}} 无法归档 {{group}}（{{why}}），日志保留待恢复。',
  'story.archive.back': '{{node}} 恢复归档 {{group}}，自停处继续。',
  'story.base.start': '{{node}} 从 {{from}} 复制 {{group}} 在 LSN {{base}} 的镜像：{{pages}} 页。',
  'story.base.failed': '{{from}} 不能给 {{node}} {{group}} 的镜像：{{code}}，另问他人。',
  'story.base.installed': '{{node}} 得到 {{group}} 的镜像（{{pages}} 页），自 LSN {{scl}} 由日志继续。',
  'story.quorum.below': '{{group}}：仅 {{live}} 个副本应答 {{node}}，写需 {{vw}}：提交等待，读取照常。',
  'story.quorum.back': '{{group}}：应答 {{node}} 的副本恢复到 {{live}} 个，写需 {{vw}}。',
  'story.sql.start': '会话 {{session}}：语句开始。',
  'story.sql.end': '会话 {{session}}：语句结束（{{outcome}}）。',
  'story.op.unknown': '客户端不知其提交是否算数：它会再问，不会做两次。',
  'story.op.failed': '客户端被告知其操作失败（SQLSTATE {{sqlstate}}）。',
  'story.op.conflict': '一个事务被拒绝（40001）：其快照之后另一事务写了同一行。它什么也没留下，可以重试。',
};

addTexts({ en, zh });

type Texts = typeof en;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
