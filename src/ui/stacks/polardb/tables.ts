// What PolarDB brings to the screen after the first picture: captions, faults, words.

import { clue } from '../../lens/checks/clue.ts';
import { logMetrics } from '../../lens/metrics/log/log-charts.ts';
import type { StackTables } from '../stack-tables.ts';
import { disagreements, modelRows } from './about.ts';
import { sharedCaptions } from './captions.ts';
import { routes, sharedFaults } from './faults.ts';
import { lanes } from './lanes.ts';
import { pictures } from './pictures.ts';
import { sharedTerms } from './terms.ts';

export const polardbTables: StackTables = {
  id: 'polardb',
  pictures,
  presetLines: {
    polardb: {
      en: 'one writer and two readers on one shared disk',
      zh: '一个写节点与两个只读节点共用一块磁盘',
      about: {
        en: 'One writer and two readers mount one file system, which is kept on three chunk servers. Readers see pages that the writer stored, and apply log to them.',
        zh: '一个写节点与两个只读节点挂载同一文件系统，数据在三个 ChunkServer 上。只读节点读取写节点存下的页面，再应用日志。',
      },
      first: {
        en: 'Switch the writer over to ro-1 by its menu: it opens for work first, and replays the rest in the background.',
        zh: '从 ro-1 的菜单把写节点切换到它：它先开放读写，其余日志在后台回放。',
      },
    },
  },
  about: { rows: modelRows, disagreements },
  captions: sharedCaptions,
  crashMoments: {
    walSynced: 'moment.walSynced',
    pageStored: 'moment.pageStored',
    checkpointed: 'moment.checkpointed',
    fsGrown: 'moment.fsGrown',
    snapshotLogged: 'moment.snapshotLogged',
    replayed: 'moment.replayed',
  },
  faults: sharedFaults,
  lanes,
  metrics: logMetrics,
  routes,
  terms: sharedTerms,
  monitoredRules: {
    'wal.before-data': {
      title: { en: 'WAL before pages', zh: '日志先于页面' },
      text: {
        en: 'A page is stored only once the log is durable in shared storage through the newest change of the page.',
        zh: '只有当日志在共享存储中已持久到页面的最新修改之后，页面才会写入。',
      },
      source: 'S004',
      lens: 'shared',
    },
    'shared.ack-after-sync': {
      title: { en: 'Commits are in shared storage', zh: '提交已在共享存储' },
      text: {
        en: 'A commit is acknowledged only once its record is durable in a WAL file on the chunk servers.',
        zh: '只有当提交记录在 ChunkServer 上的 WAL 文件中持久之后，才确认该提交。',
      },
      source: 'S004',
      lens: 'disk',
    },
    'page.flush-gate': {
      title: { en: 'No page from the future', zh: '没有“未来页”' },
      text: {
        en: 'A page is stored only up to changes that every live reader has applied.',
        zh: '页面只写到所有存活只读节点都已应用的修改为止。',
      },
      source: 'S004',
      lens: 'shared',
    },
    'checkpoint.covers': {
      title: { en: 'A checkpoint leaves nothing behind', zh: '检查点不遗漏修改' },
      text: {
        en: 'Every change below a checkpoint is in the file of its page, so recovery may begin there.',
        zh: '检查点以下的每处修改都已在页面文件中，因此恢复可从该处开始。',
      },
      source: 'S004; D',
      lens: 'shared',
    },
    'ro.never-behind': {
      title: { en: 'No page from the past', zh: '没有“过去页”' },
      text: {
        en: 'A page that a reader uses has every change at or below its read point: base image and LogIndex together give it.',
        zh: '只读节点使用的页面包含其读点及以下的全部修改：由存储镜像与 LogIndex 共同得到。',
      },
      source: 'S004',
      lens: 'shared',
    },
    'page.newest-fetched': {
      title: { en: 'What a file lacks is in memory', zh: '文件所缺者在内存' },
      text: {
        en: 'A page that the writer reads in its file has every change: one that is not stored yet, or is being written, is in memory.',
        zh: '写节点从文件读取的页面包含其全部修改：尚未写入或正在写入者仍在内存中。',
      },
      source: 'S004; PG-SRC',
      lens: 'shared',
    },
    'logidx.complete': {
      title: { en: 'LogIndex misses no record', zh: 'LogIndex 不漏记录' },
      text: {
        en: 'A replay applies every record of the page between its image and the reader’s applyLsn.',
        zh: '回放会应用页面镜像与只读节点 applyLsn 之间的每条记录。',
      },
      source: 'S004',
      lens: 'disk',
    },
    'logidx.saved-whole': {
      title: { en: 'Tables of LogIndex are whole', zh: 'LogIndex 表完整' },
      text: {
        en: 'The meta of LogIndex names a table only once its bloom filter and the table are durable.',
        zh: '只有当布隆过滤器与表都已持久之后，LogIndex 的元信息才会登记该表。',
      },
      source: 'S004; PG-SRC',
      lens: 'disk',
    },
    'redo.whole': {
      title: { en: 'Redo reaches every commit', zh: '重做覆盖全部提交' },
      text: {
        en: 'A writer that starts replays the log at least to the newest commit that was acknowledged before.',
        zh: '启动的写节点至少回放到此前已确认的最新提交。',
      },
      source: 'S004; D',
      lens: 'shared',
    },
    'chunk.majority': {
      title: { en: 'Chunk writes at a majority', zh: 'chunk 写入达到多数派' },
      text: {
        en: 'A write of a chunk is acknowledged once a majority of its servers has it on its disks; while one is exchanged, of both sets.',
        zh: 'chunk 的写入在其服务器的多数派落盘之后才确认；交换副本期间，须在新旧两组中各得多数派。',
      },
      source: 'S003; VLDB18',
      lens: 'disk',
    },
    'chunk.made-once': {
      title: { en: 'A lost disk does not vote', zh: '丢盘的副本不投票' },
      text: {
        en: 'A replica of a chunk is made from nothing only before its group has had a leader; later it comes back as a learner.',
        zh: 'chunk 副本只能在其组尚无领导者时从空建立；之后只能以学习者身份回归。',
      },
      source: 'S000; D',
      lens: 'disk',
    },
    'chunk.one-exchange': {
      title: { en: 'One replica at a time', zh: '一次只换一个副本' },
      text: {
        en: 'A chunk has never fewer replicas than at first: one of them is exchanged at a time, and both sets decide until it is done.',
        zh: 'chunk 的副本数从不低于最初：一次只交换一个，完成之前由新旧两组共同决定。',
      },
      source: 'VLDB18; D',
      lens: 'disk',
    },
    'chunk.drained': {
      title: { en: 'Who ends has nothing', zh: '退出者一无所有' },
      text: {
        en: 'A chunk server that is drained ends only once it is a member of no chunk and, if it has power, holds no replica.',
        zh: '被排空的 ChunkServer，只有在不是任何 chunk 的成员、且（若未断电）不再持有副本之后才会结束。',
      },
      source: 'S003; D',
      lens: 'disk',
    },
    'chunk.token-order': {
      title: { en: 'An old writer is refused by chunks', zh: 'chunk 拒绝旧写节点' },
      text: {
        en: 'A chunk acknowledges no write under a lower token than one that is installed before it in its log.',
        zh: '在 chunk 的日志中，某个令牌安装之后的更低令牌写入不会被确认。',
      },
      source: 'S002; D',
      lens: 'disk',
    },
    'pfs.journal-atomic': {
      title: { en: 'Journal transactions are whole', zh: '日志事务完整' },
      text: {
        en: 'A mount finds every file-system transaction whose call was answered, each whole or not at all.',
        zh: '挂载能找到每个已应答调用的文件系统事务，要么完整，要么完全没有。',
      },
      source: 'S003; PFS-SRC',
      lens: 'disk',
    },
    'pfs.sync-exact': {
      title: { en: 'Readers skip no transaction', zh: '只读节点不跳过事务' },
      text: {
        en: 'The metadata of a reader goes on by every transaction of the journal; behind its tail it is loaded anew.',
        zh: '只读节点的元数据按日志逐个事务推进；若已落在尾部之后，则整体重新加载。',
      },
      source: 'S003; D',
      lens: 'disk',
    },
    'pfs.own-bytes': {
      title: { en: 'A file shows its own bytes', zh: '文件只显示自己的数据' },
      text: {
        en: 'The place of a page in its file has an image of that page, or was never written: never bytes of another file.',
        zh: '文件中页面的位置要么是该页的镜像，要么从未写入，绝不会是其他文件的数据。',
      },
      source: 'S003; PFS-SRC',
      lens: 'disk',
    },
    'ddl.readers-first': {
      title: { en: 'Readers replay a lock first', zh: '只读节点先回放锁' },
      text: {
        en: 'A definition changes only once every live reader has replayed its lock; files go once no view needs them.',
        zh: '只有所有存活只读节点都已回放其锁之后，定义才会更改；再无视图需要时才删除文件。',
      },
      source: 'PG-DOC',
      lens: 'shared',
    },
    'ddl.no-reader-inside': {
      title: { en: 'Nobody reads inside a lock', zh: '锁内无人读取' },
      text: {
        en: 'While a reader has replayed the writer’s lock of a table, none of its statements reads that table.',
        zh: '只读节点回放了写节点对某表的锁之后，它的任何语句都不读该表。',
      },
      source: 'PG-DOC',
      lens: 'shared',
    },
    'snapshot.first': {
      title: { en: 'A snapshot before a page from the future', zh: '先快照，再写“未来页”' },
      text: {
        en: 'A page beyond some reader is stored only once the image that was stored before is durable in the log, for that reader to go on from.',
        zh: '超出某只读节点的页面，只有在原存储镜像已持久写入日志、可供其继续之后，才会写入。',
      },
      source: 'PG-SRC',
      lens: 'shared',
    },
    'fence.candidate-near': {
      title: { en: 'Who lags far is passed over', zh: '落后过多者不提升' },
      text: {
        en: 'A candidate that has applied far less than the last known VDL is not promoted while another one is up: it would have to read long.',
        zh: '应用位置远落后于已知 VDL 的候选，在另有候选可用时不会被提升：它要补读太久。',
      },
      source: 'PG-DOC',
      lens: 'pcs',
    },
    'pfs.room-promised': {
      title: { en: 'What is made has room', zh: '已建者有空间' },
      text: {
        en: 'A page that is made in memory has its blocks promised until it is stored, so no call of the writer fails for lack of room; statements that need more are refused.',
        zh: '在内存中建立的页在写入前已承诺其块，因此写节点的调用不会因空间不足而失败；需要更多空间的语句被拒绝。',
      },
      source: 'D',
      lens: 'disk',
    },
    'pfs.fsck-clean': {
      title: { en: 'The mounted metadata is sound', zh: '挂载的元数据无误' },
      text: {
        en: 'A check of the metadata that a writer has just mounted finds nothing wrong.',
        zh: '检查写节点刚挂载的元数据，未发现任何错误。',
      },
      source: 'D',
      lens: 'disk',
    },
  },
  clues: {
    'wal.before-data': clue(['page.stored'], ['wal.synced'], []),
    'shared.ack-after-sync': clue(['commit.ack'], ['wal.synced'], []),
    'page.flush-gate': clue(['page.stored'], ['ro.applied', 'slot.given'], []),
    'checkpoint.covers': clue(['checkpoint.done'], ['page.stored', 'wal.pages'], []),
    'ro.never-behind': clue(['ro.pageRead'], ['wal.pages', 'ro.replayed'], []),
    'logidx.saved-whole': clue(['index.rebuilt', 'promote.damaged'], ['index.saved'], []),
    'pfs.sync-exact': clue(['fs.synced'], ['fs.done'], []),
    'pfs.own-bytes': clue(['page.damaged'], ['page.stored', 'fs.done'], []),
    'page.newest-fetched': clue(['page.fetched'], ['page.stored', 'wal.pages'], []),
    'logidx.complete': clue(['ro.replayed'], ['wal.pages'], []),
    'redo.whole': clue(['redo.done'], ['commit.ack'], []),
    'chunk.majority': clue(['chunk.acked'], ['chunk.durable'], ['group']),
    'chunk.made-once': clue(['chunk.made'], ['chunk.leads'], ['group']),
    'chunk.one-exchange': clue(['chunk.members'], ['chunk.admitted', 'chunk.move'], ['group']),
    'chunk.drained': clue(['node.removed'], ['chunk.left', 'chunk.members'], []),
    'chunk.token-order': clue(['chunk.acked'], ['chunk.acked'], ['group']),
    'pfs.journal-atomic': clue(['fs.mounted'], ['fs.done'], []),
    'ddl.readers-first': clue(['ddl.granted', 'relation.removed'], ['ddl.locked', 'ro.lock'], []),
    'ddl.no-reader-inside': clue(['ro.pageRead'], ['ro.lock'], []),
    'snapshot.first': clue(['page.stored'], ['snapshot.logged'], []),
    'fence.candidate-near': clue(['ha.candidate'], ['ha.lags'], []),
    'pfs.room-promised': clue(['fs.done'], ['fs.full', 'fs.grown'], []),
    'pfs.fsck-clean': clue(['fs.checked'], ['fs.mounted'], []),
  },
};
