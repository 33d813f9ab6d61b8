// Glossary of PolarDB: shared storage, its file system and LogIndex (docs/spec/terms.md has them in full).

import { type Term, term } from '../../rules/term.ts';

export const sharedTerms: readonly Term[] = [
  term(
    'durableLsn',
    'durableLsn',
    '已持久位点',
    [
      'The log is durable in shared storage up to here; commits up to here are confirmed.',
      '至此的日志在共享存储中已持久；至此的提交已确认。',
    ],
    'LI-3 LI-41',
    null,
    'S004',
  ),
  term(
    'oldestApplyLsn',
    'oldestApplyLsn',
    '最旧应用位点',
    [
      'The least applyLsn of all live readers: a page that was changed above it must not be stored yet.',
      '所有存活只读节点的最小 applyLsn：在其上修改过的页还不能写入。',
    ],
    'LI-1 LI-40',
    null,
    'S004',
  ),
  term(
    'consistentLsn',
    'consistentLsn|cons.',
    '一致位点',
    [
      'Every change below it is in the page files: a checkpoint may begin here, and older log may go.',
      '其下的每处修改都已在页面文件中：检查点可取于此，更旧的日志可以删除。',
    ],
    'LI-1 LI-45 LI-47',
    null,
    'PG-DOC',
  ),
  term(
    'bgReplayedLsn',
    'bgReplayedLsn',
    '后台回放位点',
    [
      'Background replay of a reader has handled every record up to here.',
      '只读节点的后台回放已处理至此的每条记录。',
    ],
    'LI-39',
    null,
    'PG-DOC',
  ),
  term(
    'logIndex',
    'LogIndex',
    '日志索引',
    [
      'Says which log records change a page, so that a reader can bring an old image of the page up to date.',
      '说明哪些日志记录修改了某页，只读节点据此把旧页镜像补到最新。',
    ],
    'LI-20 LI-30',
    null,
    'S004',
  ),
  term(
    'outdate',
    'OUTDATE',
    '过时标志',
    [
      'LogIndex has records of this page above its image: it is replayed before it is read.',
      'LogIndex 中有该页镜像之后的记录：读取前先回放。',
    ],
    'LI-34 LI-36',
    null,
    'S004',
  ),
  term(
    'flushList',
    'flush list',
    '刷脏链表',
    [
      'Pages that were changed and not stored, by the LSN of the first change that is missing in their file.',
      '已修改未写入的页，按文件中缺少的首个修改的 LSN 排列。',
    ],
    'LI-42',
    null,
    'PG-DOC',
    'pages not stored|未写入的页',
  ),
  term(
    'chunk',
    '',
    '设备段',
    [
      'A part of the shared device: blocks with a superblock in front, kept by three chunk servers.',
      '共享设备的一段：前有超级块的若干数据块，由三台 ChunkServer 保存。',
    ],
    'FS-1 FS-70',
    null,
    'S003',
    'chunks|chunk',
  ),
  term(
    'chunkLeader',
    'chunk leader',
    'chunk 领导者',
    [
      'The server that takes a chunk’s writes and reads and acknowledges what a majority has.',
      '接收 chunk 读写、在多数落盘后确认的服务器。',
    ],
    'FS-71',
    null,
    'VLDB18',
  ),
  term(
    'block',
    '',
    '数据块',
    [
      'The unit in which files get room on the device; the superblock is one too.',
      '文件在设备上获得空间的单位；超级块也是一块。',
    ],
    'FS-1 FS-2',
    null,
    'S003',
    'blocks written|已写数据块',
  ),
];
