// Texts of what can be done to replicas, records, pages and the archive, and of rare events.

import { defineTexts } from '../../i18n/texts.ts';

const faultTexts = defineTexts({
  'fault.stop': ['Stop in good order', '正常停机'],
  'fault.outageMeta': ['Control plane outage', '控制面全部断电'],
  'fault.outageObjectStore': ['Object store outage', '对象存储断电'],
  'fault.pcs.crash': ['Crash the PCS leader, {{node}}', '让 PCS 领导者 {{node}} 宕机'],
  'fault.pcs.isolate': [
    'Cut the PCS leader, {{node}}, off from its followers',
    '切断 PCS 领导者 {{node}} 与各跟随者',
  ],
  'fault.pcs.cut': ['Cut the PCS leader from {{other}}', '切断 PCS 领导者与 {{other}}'],
  'fault.pcs.alone': ['Leave {{node}} alone: no majority of the PCS', '只留 {{node}}：PCS 失去多数派'],
  'fault.pcs.start': ['Start {{nodes}}', '启动 {{nodes}}'],
  'fault.bitRotPage': ['Flip a bit of a page on disk', '翻转磁盘上页的一个比特'],
  'fault.splitAskedHole': ['Split a hole while it is asked for', '在请求途中切分空洞'],
  'fault.lateHoleReply': ['Let the answer for a hole come too late', '让填补空洞的应答迟到'],
  'fault.oldWriteAfterFence': [
    'Let a write of the old writer arrive after the fence',
    '让旧写节点的写入在隔离之后到达',
  ],
  'fault.recordOnOneDisk': [
    'Let the writer die with a record on one disk only',
    '让写节点在只有一个副本持久时宕机',
  ],
  'fault.twoPromotions': ['Let two nodes be promoted at once', '让两个节点同时提升'],
  'fault.cutFromPcs': ['Cut it off from the PCS only', '只切断它与 PCS 的连接'],
  'fault.holdJournal': ['Hold its journal', '扣留它的日志流'],
  'fault.releaseJournal': ['Release its journal', '放行它的日志流'],
  'fault.cutJournal': ['Lose its journal for 6 ms', '丢失它的日志流 6 ms'],
  'fault.revokeReader': ['Revoke its session', '撤销它的会话'],
  'fault.switchover': ['Switch the writer over to it', '把写节点切换到它'],
  'fault.moveToHa': ['Take it into the HA group', '列入 HA 组'],
  'fault.addClassic': ['Add a classic standby, {{node}}', '增加经典备机 {{node}}'],
  'fault.addReader': ['Add a reader, {{node}}', '增加只读节点 {{node}}'],
  'fault.addStore': ['Add a store, {{node}}', '增加存储节点 {{node}}'],
  'fault.removeNode': ['Remove it from the cluster', '移出集群'],
  'fault.wipeDisk': ['Replace the disk by an empty one', '换上一块空磁盘'],
  'fault.snapshotDisk': ['Take a snapshot of the disk', '为磁盘拍快照'],
  'fault.putDiskBack': ['Put the disk back to its snapshot', '把磁盘退回快照'],
  'fault.moveReplica': ['Move its replicas to {{to}}', '把其副本迁到 {{to}}'],
  'fault.addPcs': ['Add it to the metadata under a new identity', '以新身份加入元数据成员'],
  'fault.removePcs': ['Remove it from the metadata', '移出元数据成员'],
  'fault.remakeReplica': ['Remove its replicas and make them anew', '移除其副本并重新建立'],
  'fault.nameArchiver': ['Let it archive its groups', '由它归档其各组'],
  'fault.rotObject': ['Flip a bit of an object', '翻转某个对象的一位'],
  'fault.loseObject': ['Lose the next object it writes', '丢失下一个写入的对象'],
  'fault.rollbackMove': ['Take the open membership change back', '撤回进行中的成员变更'],
  'fault.dropSends': ['Drop its sends ({{count}})', '丢弃其发送（{{count}}）'],
  'fault.delaySends': ['Delay its sends by {{ms}} ms ({{count}})', '其发送延迟 {{ms}} ms（{{count}}）'],
  'fault.cutRequest': ['Cut the link to {{peer}} for {{ms}} ms', '断开到 {{peer}} 的链路 {{ms}} ms'],
  'fault.crashPeer': ['Crash {{peer}}, which was asked', '使被询问的 {{peer}} 宕机'],
  'fault.readPage': ['Read it as of VDL {{point}}', '按 VDL {{point}} 读取'],
  'fault.evictPage': ['Evict it from the buffer of {{node}}', '从 {{node}} 的缓冲池淘汰'],
  'fault.pinPage': ['Pin it in the buffer of {{node}}', '固定在 {{node}} 的缓冲池'],
  'fault.unpinPage': ['Unpin it in the buffer of {{node}}', '在 {{node}} 的缓冲池取消固定'],
  'fault.pauseHoles': ['Pause hole filling', '暂停补洞'],
  'fault.resumeHoles': ['Resume hole filling', '恢复补洞'],
  'fault.pauseHolesOf': ['Pause hole filling of {{node}}', '暂停 {{node}} 的补洞'],
  'fault.resumeHolesOf': ['Resume hole filling of {{node}}', '恢复 {{node}} 的补洞'],
  'fault.rotPage': ['Flip a bit of it on {{node}}', '在 {{node}} 上翻转其一个比特'],
  'fault.unreadablePage': ['Make it unreadable on {{node}}', '使其在 {{node}} 上不可读'],
  'fault.remakeIn': ['Make the replica of {{group}} on {{node}} anew', '重建 {{node}} 上 {{group}} 的副本'],
  'fault.rollbackIn': ['Take back the change of {{group}}', '撤回 {{group}} 的变更'],
  'moment.append': ['append', '追加'],
  'moment.ack': ['acknowledgement', '确认'],
  'moment.durable': ['durable record', '记录落盘'],
  'moment.holeRequest': ['hole request', '空洞请求'],
  'moment.holeFill': ['hole fill', '空洞填充'],
  'moment.token': ['token', '令牌'],
  'rare.looking': [
    'The next log messages to {{node}} are held back; the hole they leave is then split.',
    '将扣住接下来发往 {{node}} 的日志消息，随后切分它们留下的空洞。',
  ],
  'rare.done': [
    'Released {{name}} into the hole that {{node}} is asking for.',
    '已把 {{name}} 放进 {{node}} 正在请求的空洞。',
  ],
  'rare.fenceLooking': [
    'A log message of {{node}} is held back; {{node}} dies, opens again with a new token, and then it arrives.',
    '扣住 {{node}} 的一条日志消息；{{node}} 宕机并以新令牌重新打开后，该消息才到达。',
  ],
  'rare.fenceDone': [
    '{{node}} refused {{name}}: its token is of the writer before.',
    '{{node}} 拒绝了 {{name}}：它的令牌属于之前的写节点。',
  ],
  'rare.promotionsLooking': [
    '{{node}} freezes; whoever is granted the next token is cut off from the PCS, and {{node}} comes back.',
    '{{node}} 暂停；获得下一个令牌的节点随即与 PCS 断开，{{node}} 恢复。',
  ],
  'rare.promotionsDone': [
    'Two tokens were granted. {{node}} has the greater one and writes; the other promotion ends where it meets that token.',
    '先后授予了两个令牌。{{node}} 的令牌更大，由它写入；另一个提升遇到该令牌即告结束。',
  ],
  'rare.oneDiskLooking': [
    'For the next records the writer reaches {{node}} alone.',
    '接下来的记录，写节点只能到达 {{node}}。',
  ],
  'rare.oneDiskDone': [
    '{{writer}} is down. What only {{node}} has may survive its recovery, or not: restart it and see.',
    '{{writer}} 已宕机。只在 {{node}} 上的记录，恢复后可能保留，也可能丢失：重启它来看结果。',
  ],
  'rare.replyLooking': [
    '{{node}} misses records; the first answer to its request is held back until another store has filled the hole.',
    '{{node}} 会缺记录；对它请求的第一个应答先被扣住，直到另一存储填好空洞。',
  ],
  'rare.replyDone': [
    'The late answer arrived at {{node}}: nothing is written twice.',
    '迟到的应答到达 {{node}}：没有重复写入。',
  ],
  'rare.failed': [
    'No hole was asked for in time; what was held is released.',
    '没有及时请求空洞；被扣住的消息已放行。',
  ],
  'fault.bitRot': ['Flip a bit of the log on disk', '翻转磁盘上日志的一个比特'],
  'fault.loseWrite': ['Lose the next log write silently', '悄悄丢失下一次日志写'],
  'fault.misdirect': ['Misdirect the next log write', '下一次日志写错位置'],
  'fault.readError': ['Make a stored value unreadable', '让一个已存的值读不出来'],
});

type Texts = typeof faultTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
