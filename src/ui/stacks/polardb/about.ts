// What is modelled of PolarDB and PolarFS and what is not, as data: true for what exists in this version; a part that is built later
// changes its row on the same day.

import type { Disagreement, ModelRow } from '../../rules/model-row.ts';

export const modelRows: readonly ModelRow[] = [
  {
    id: 'sharedPages',
    part: {
      en: 'Pages on shared storage (preset polardb)',
      zh: '共享存储上的页面（预设 polardb）',
    },
    real: {
      en: 'WAL and pages are files. Readers get only the metadata of WAL, keep LogIndex, mark pages OUTDATE and replay them when they are read. The writer stores no page beyond oldestApplyLsn, takes a copy of a hot page instead (or, if that is set, logs the stored image first), and makes checkpoints at consistentLsn without a flush. A reader that is silent loses its slot by its lease. The lock of a definition is logged, and waits until every reader has replayed it.',
      zh: 'WAL 与页面都是文件。只读节点只收 WAL 元数据，维护 LogIndex，把页标为 OUTDATE，读取时再回放。写节点不写超过 oldestApplyLsn 的页，热页先入拷贝缓冲（若启用，则先把存储镜像写入日志），在 consistentLsn 处做检查点而无需刷脏。沉默的只读节点按租约失去槽位。定义的锁写入日志，并等待每个只读节点回放。',
    },
    simplified: {
      en: 'LogIndex tables have 63 usable segments (number 0 stands for none) and 32 hash slots instead of 4095 and 2048. Pages have about 1 KB.',
      zh: 'LogIndex 表为 63 个可用段（0 号表示“无”）、32 个哈希槽，而非 4095 与 2048。页约 1 KB。',
    },
    absent: {
      en: 'Replay on several cores: pages are loaded and replayed side by side, but a node has one processor. Parallel query.',
      zh: '多核回放：页面可同时装载与回放，但一个节点只有一个处理器。并行查询。',
    },
    ids: ['LI-3', 'LI-20', 'LI-34', 'LI-37', 'LI-40', 'LI-44', 'LI-45', 'LI-47', 'LI-51', 'LI-52', 'LI-63'],
    areas: [
      'ddl',
      'page.flush-gate',
      'snapshot.',
      'ro.never',
      'logidx',
      'checkpoint',
      'redo',
      'shared',
      'wal.before-data',
    ],
    source: 'S004; PG-DOC; PG-SRC',
  },
  {
    id: 'sharedPromote',
    part: { en: 'Change of the writer on shared storage', zh: '共享存储上的写节点切换' },
    real: {
      en: 'The metadata detects a writer that is silent, or is asked for a switchover, and appoints a reader under a greater token. That node ends its reads (P2), installs the token at every chunk (P1), reads the metadata of WAL to its end (P3) and makes the new redo point durable (P4). It serves writes before old pages are replayed (P5), replays them behind, up to eight pages at a time, and normal rules return (P6). A candidate that lags far is passed over while another is up. A fenced writer becomes a reader without a restart.',
      zh: '元数据察觉写节点沉默，或受命切换，便以更大的令牌任命一个只读节点。该节点结束自己的读取（P2），在每个 chunk 安装令牌（P1），把 WAL 元数据读到末尾（P3），并把新的重做起点持久化（P4）。旧页尚未回放便开放写入（P5），在后台回放（至多八页同时），完毕后恢复常规（P6）。另有候选可用时，跳过滞后过多者。被隔离的写节点无需重启即成为只读节点。',
    },
    simplified: {
      en: 'The writer is appointed by a Raft group of three metadata nodes; there is one volume.',
      zh: '写节点由三个元数据节点组成的 Raft 组任命；只有一个卷。',
    },
    absent: {
      en: 'Several volumes on one file system, a switchover to another region.',
      zh: '一个文件系统上的多个卷、跨地域切换。',
    },
    ids: ['LI-70', 'LI-71', 'LI-72', 'LI-73', 'FENCE-20', 'FENCE-22'],
    areas: [],
    source: 'S004; PG-DOC',
  },
  {
    id: 'polarfs',
    part: { en: 'The file system (PolarFS) and its chunk servers', zh: '文件系统（PolarFS）与 ChunkServer' },
    real: {
      en: 'Superblocks with blktags, direntries and inodes; files larger than a block, holes, rename, delete; a circular journal whose leader record is the commit point, trimmed to the superblocks; readers that replay the journal or load anew; fsck. Each chunk is a Raft group of three servers that refuses an old token and repairs a damaged block from a peer; servers are added and drained while the device is mounted, and one that stays away is replaced.',
      zh: '带 blktag、目录项与 inode 的超级块；大于一块的文件、空洞、改名、删除；环形日志，以 leader 记录为提交点，并 trim 到超级块；只读节点回放日志或重新装载；fsck。每个 chunk 是三台服务器的 Raft 组，拒绝旧令牌，并从同伴修复损坏的块；挂载期间可添加、排空 ChunkServer，久未返回者会被替换。',
    },
    simplified: {
      en: 'Blocks of 16 KB and chunks of 40 blocks instead of 4 MB and 2560; the ratios of objects to blocks are kept.',
      zh: '块 16 KB、chunk 40 块，而非 4 MB 与 2560 块；对象与块的比例不变。',
    },
    absent: {
      en: 'RDMA and SPDK, ParallelRaft’s acceptance out of order (entries are applied out of order only within look-behind), PolarSwitch as a process between database and network, snapshots of a volume, the fast write buffer of a chunk server (Optane), Disk Paxos between hosts.',
      zh: 'RDMA 与 SPDK、ParallelRaft 的乱序接收（仅在 look-behind 内乱序应用）、数据库与网络之间的 PolarSwitch 进程、卷快照、ChunkServer 的高速写缓冲（Optane）、主机间的 Disk Paxos。',
    },
    ids: [
      'FS-1',
      'FS-6',
      'FS-22',
      'FS-52',
      'FS-56',
      'FS-62',
      'FS-70',
      'FS-73',
      'FS-76',
      'FS-77',
      'FS-78',
      'FS-81',
    ],
    areas: ['pfs', 'chunk'],
    source: 'S003; PFS-SRC; VLDB18',
  },
];

export const disagreements: readonly Disagreement[] = [
  {
    id: 'LI-1',
    text: {
      en: 'The seed calls the least applyLsn of the readers the consistency point; PolarDB’s documents call consistentLsn the point below which all is stored. Here they are two: oldestApplyLsn gates flushes, consistentLsn is where a checkpoint may begin.',
      zh: '原文把只读节点的最小 applyLsn 叫一致性位点；PolarDB 文档的 consistentLsn 则是其下皆已写入的点。此处为两者：oldestApplyLsn 约束刷脏，consistentLsn 是检查点可取之处。',
    },
  },
  {
    id: 'FS-73',
    text: {
      en: 'ParallelRaft accepts and acknowledges out of order; a Raft log does not. Look-behind orders only how committed writes are applied.',
      zh: 'ParallelRaft 乱序接收与确认；Raft 日志不然。look-behind 只规定已提交写入的应用次序。',
    },
  },
];
