// Words of the faults of chunk servers and readers of shared storage, and of the steps at which a crash can be aimed.

import { defineTexts } from '../../i18n/texts.ts';

const faultTexts = defineTexts({
  'fault.bitRotBlock': ['Flip a bit of a block of the first chunk', '翻转首个块组中某块的一个比特'],
  'fault.readErrorBlock': ['Make a block of the first chunk unreadable', '让首个块组的某块不可读'],
  'fault.loseChunkWrite': ['Lose the next write of the first chunk', '丢失首个块组的下一次写'],
  'fault.addServer': ['Add a chunk server, {{node}}', '添加块服务器 {{node}}'],
  'fault.drainServer': ['Drain it: its chunks leave, then it ends', '排空：块移走后永久结束'],
  'fault.keepServer': ['Keep it: it is drained no more', '留下：不再排空'],
  'fault.loseSlot': ['Silence it until its lease is over (200 ms)', '令其沉默到租约过期（200 ms）'],
  'moment.walSynced': ['WAL durable in shared storage', 'WAL 在共享存储持久'],
  'moment.pageStored': ['page stored', '页面写入'],
  'moment.checkpointed': ['checkpoint', '检查点'],
  'moment.fsGrown': ['growth of the file system', '文件系统扩容'],
  'moment.snapshotLogged': ['snapshot of a page', '页面快照'],
  'moment.replayed': ['end of replay', '重放结束'],
});

type Texts = typeof faultTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
