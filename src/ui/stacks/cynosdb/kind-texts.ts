// Ordinary events of the log, pages, archive and volumes, which have no caption, in a few words.

import { defineTexts } from '../../i18n/texts.ts';

const kindTexts = defineTexts({
  'kind.wal.ackSeen': ['{{node}} hears an acknowledgement', '{{node}} 收到确认'],
  'kind.mark.known': ['{{node}} learns the marks of its group', '{{node}} 得知本组的位点'],
  'kind.mtr.append': ['{{node}} appends an MTR', '{{node}} 追加一个 MTR'],
  'kind.wal.send': ['{{node}} sends log records', '{{node}} 发送日志记录'],
  'kind.raft.open': ['{{node}} opens its copy of the metadata log', '{{node}} 打开其元数据日志副本'],
  'kind.raft.durable': ['{{node}} has metadata entries durable', '{{node}} 的元数据条目落盘'],
  'kind.raft.commit': ['{{node}} learns that metadata is committed', '{{node}} 得知元数据已提交'],
  'kind.pcs.apply': ['{{node}} applies a metadata entry', '{{node}} 应用一条元数据'],
  'kind.pcs.ask': ['{{node}} is asked for metadata', '{{node}} 收到元数据查询'],
  'kind.pcs.answer': ['{{node}} answers as of a committed state', '{{node}} 按已提交的状态应答'],
  'kind.pcs.order': ['{{node}} answers an order of the operator', '{{node}} 应答操作员的指令'],
  'kind.pcs.idle': ['{{node}} asks for an identity in the metadata', '{{node}} 请求元数据成员身份'],
  'kind.limit.reached': ['{{node}} reaches one of its limits', '{{node}} 达到一项上限'],
  'kind.tx.begin': ['{{node}} begins a transaction', '{{node}} 开始一个事务'],
  'kind.request.known': ['{{node}} finds a request in the client table', '{{node}} 在客户端表中找到一个请求'],
  'kind.index.split': ['{{node}} splits an index page', '{{node}} 分裂一个索引页'],
  'kind.log.compacted': ['{{node}} has compacted log segments', '{{node}} 合并了日志段'],
  'kind.tx.wait': ['{{node}}: a transaction waits for another', '{{node}}：事务等待另一个事务'],
  'kind.wal.receive': ['{{node}} receives log records', '{{node}} 收到日志记录'],
  'kind.wal.durable': ['{{node}} has log records durable', '{{node}} 的日志记录落盘'],
  'kind.wal.ack': ['{{node}} acknowledges log records', '{{node}} 确认日志记录'],
  'kind.hole.serve': ['{{node}} serves a hole request', '{{node}} 应答空洞请求'],
  'kind.page.read': ['{{node}} asks for a page', '{{node}} 请求一个页'],
  'kind.page.served': ['{{node}} serves a page', '{{node}} 给出一个页'],
  'kind.page.evict': ['{{node}} evicts a page', '{{node}} 淘汰一个页'],
  'kind.hole.answer': ['{{node}} takes an answer to a hole request', '{{node}} 收下对空洞请求的应答'],
  'kind.recovery.told': ['{{node}} tells a recovery what it holds', '{{node}} 告知恢复它所持有的'],
  'kind.base.chunk': ['{{node}} receives a part of a base image', '{{node}} 收到基础镜像的一部分'],
  'kind.base.serve': ['{{node}} serves a part of a base image', '{{node}} 给出基础镜像的一部分'],
  'kind.archive.standing': ['{{node}} says what the archive stands at', '{{node}} 说明归档所处的位置'],
  'kind.archive.extent': ['{{node}} says what the archive has of a group', '{{node}} 说明归档中某组的内容'],
  'kind.archive.collected': ['{{node}} deletes objects that nothing needs', '{{node}} 删除无人需要的对象'],
  'kind.restore.standing': ['{{node}} says what restores its log holds', '{{node}} 说明其日志中的恢复'],
  'kind.volume.standing': ['{{node}} says which volumes there are', '{{node}} 说明现有的卷'],
  'kind.archive.pinned': ['{{node}} keeps objects for restores', '{{node}} 为恢复保留对象'],
  'kind.restore.progress': [
    '{{node}} has loaded a part of a restored volume',
    '{{node}} 已载入所恢复卷的一部分',
  ],
  'kind.mtr.sums': ['{{node}} tells the checksums of an MTR', '{{node}} 告知一个 MTR 的校验和'],
  'kind.volume.left': [
    '{{node}} ends the writer of a volume that is gone',
    '{{node}} 结束已不存在的卷的写节点',
  ],
  'kind.volume.answered': ['{{node}} answers an order about a volume', '{{node}} 答复关于卷的指令'],
  'kind.disk.checked': ['{{node}} compares its disk with the metadata', '{{node}} 将磁盘与元数据对照'],
});

type Texts = typeof kindTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
