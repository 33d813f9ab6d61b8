// Words of the faults of chunk servers and readers of shared storage, and of the steps at which a crash can be aimed.

import { defineTexts } from '../../i18n/texts.ts';

const faultTexts = defineTexts({
  'fault.bitRotBlock': ['Flip a bit of a block of the first chunk', '翻转首个 chunk 中某块的一个比特'],
  'fault.readErrorBlock': ['Make a block of the first chunk unreadable', '让首个 chunk 的某块不可读'],
  'fault.loseChunkWrite': ['Lose the next write of the first chunk', '丢失首个 chunk 的下一次写'],
  'fault.addServer': ['Add a chunk server, {{node}}', '添加 ChunkServer {{node}}'],
  'fault.loseSlot': ['Silence it until its lease is over (200 ms)', '令其沉默到租约过期（200 ms）'],
  'fault.stopSync': ['Stop its sync of the file system’s journal', '停止它对文件系统日志的同步'],
  'fault.allowSync': ['Let it sync the journal again', '恢复它对日志的同步'],
  'fault.journalFull': ['Fill the journal while a reader sleeps', '在只读节点休眠时写满日志'],
  'fault.tornLeaderRecord': ['Tear the leader record on a chunk server', '在 ChunkServer 上撕裂 leader 记录'],
  'fault.checkpoint': ['Make a checkpoint now', '立即做检查点'],
  'fault.evictFrom': ['Evict it from the buffer of {{node}}', '从 {{node}} 的缓冲池淘汰'],
  'rare.journalLooking': [
    '{{node}} freezes; {{writer}} makes files until the journal’s ring has gone round and its tail has passed {{node}}.',
    '{{node}} 冻结；{{writer}} 不断建文件，直到日志环写满一圈、其尾越过 {{node}}。',
  ],
  'rare.journalDone': [
    'The files of {{count}} tables filled the journal. What {{node}} lacks is no longer in it: it loads the metadata anew.',
    '{{count}} 张表的文件写满了日志。{{node}} 缺少的事务已不在其中：它重新装载元数据。',
  ],
  'rare.leaderLooking': [
    '{{writer}} makes a file; a chunk server loses its power while it writes the leader record of that transaction.',
    '{{writer}} 建一个文件；某台 ChunkServer 在写该事务的 leader 记录时断电。',
  ],
  'rare.leaderDone': [
    'The write of the leader record is torn on {{node}}. Its checksum tells; the record is whole in the other copy and on the other servers.',
    '{{node}} 上 leader 记录的写入被撕裂。校验和能识别；该记录在另一份副本与其他服务器上完整。',
  ],
  'moment.walSynced': ['WAL durable in shared storage', 'WAL 在共享存储持久'],
  'moment.pageStored': ['page stored', '页面写入'],
  'moment.checkpointed': ['checkpoint', '检查点'],
  'moment.fsGrown': ['growth of the file system', '文件系统扩容'],
  'moment.snapshotLogged': ['snapshot of a page', '页面快照'],
  'moment.replayed': ['end of replay', '回放结束'],
});

type Texts = typeof faultTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
