// What is modelled, as data: for each part what is real here, what is simplified, what is absent. True for what exists
// in this version; a part that is built later changes its row on the same day.

import type { Bilingual } from '../rules/rule-words.ts';

export interface ModelRow {
  readonly id: string;
  readonly part: Bilingual;
  readonly real: Bilingual;
  readonly simplified: Bilingual;
  readonly absent: Bilingual;
  /** Sentences of docs/spec. */
  readonly ids: readonly string[];
  /** Beginnings of the slugs of the rules that this row is about; the longest one decides. *Why?* leads here. */
  readonly areas: readonly string[];
  /** Seeds and papers, by the tags of docs/spec/terms.md. */
  readonly source: string;
}

const none: Bilingual = { en: '–', zh: '–' };

export const modelRows: readonly ModelRow[] = [
  {
    id: 'nodes',
    part: { en: 'Nodes and messages', zh: '节点与消息' },
    real: {
      en: 'The node’s code: one worker and one database of its own for each. Messages, log records, pages and superblocks are encoded, checksummed and decoded as bytes.',
      zh: '节点代码：每个节点一个工作线程和自己的数据库。消息、日志记录、页和超级块都按字节编码、校验、解码。',
    },
    simplified: {
      en: 'Pages of about 1 KB in demos. Beyond 64 nodes, or where workers or storage are refused, all nodes share one worker and memory disks.',
      zh: '演示中页约 1 KB。超过 64 个节点或浏览器拒绝工作线程、存储时，全部节点共用一个线程和内存磁盘。',
    },
    absent: { en: 'Real kernels, direct I/O, RDMA, SPDK.', zh: '真实内核、直接 I/O、RDMA、SPDK。' },
    ids: ['WAL-1', 'WAL-3', 'WAL-29'],
    areas: [],
    source: 'S000; S002',
  },
  {
    id: 'quorum',
    part: { en: 'Log and quorum', zh: '日志与多数派' },
    real: {
      en: 'Records, MTRs and their chains; SCL, PGCL, VCL and VDL; acknowledgement when VDL has reached the commit record; back pressure at LAL; 3/2/2 and 6/4/3.',
      zh: '记录、MTR 及其链；SCL、PGCL、VCL、VDL；VDL 到达提交记录时确认；LAL 反压；3/2/2 与 6/4/3。',
    },
    simplified: { en: 'One LSN is one record, in every preset.', zh: '各预设中一个 LSN 就是一条记录。' },
    absent: { en: 'Transactions across volumes.', zh: '跨卷事务。' },
    ids: ['WAL-14', 'WAL-15', 'WAL-16', 'WAL-17', 'WAL-19', 'WAL-20'],
    areas: ['wal'],
    source: 'S002; A17; A18',
  },
  {
    id: 'holes',
    part: { en: 'Holes', zh: '空洞' },
    real: {
      en: 'The status list with its merges and splits, the ring of requests, limits that adapt to the peer, repair from peers only, both modes, rebuilding after a crash, the list saved at a clean end.',
      zh: '状态列表及其合并与分裂、请求环、随同伴调整的时限、只由同伴修复、两种模式、崩溃后重建、正常退出时保存。',
    },
    simplified: none,
    absent: none,
    ids: ['HOLE-4', 'HOLE-13', 'HOLE-19', 'HOLE-24', 'HOLE-25', 'HOLE-53'],
    areas: ['hole'],
    source: 'S001',
  },
  {
    id: 'recovery',
    part: { en: 'Recovery of the writer', zh: '写节点的恢复' },
    real: {
      en: 'Steps R1 to R7 with their messages: token, watermarks of a read quorum, VDL′, annulled range, truncation, filling, opening. No redo of pages.',
      zh: 'R1 至 R7 及其消息：令牌、读多数派水位、VDL′、废弃区间、截断、补齐、打开。无需重做页。',
    },
    simplified: { en: 'The same node comes back as writer.', zh: '由同一节点重新成为写节点。' },
    absent: {
      en: 'Failover to another node, standbys, switchover.',
      zh: '切换到另一节点、备机、主动切换。',
    },
    ids: ['WAL-50', 'WAL-51', 'WAL-52', 'WAL-53', 'WAL-58', 'HOLE-43'],
    areas: ['recovery', 'cluster', 'wal.truncated'],
    source: 'A17 §4.3; S001; S002',
  },
  {
    id: 'fencing',
    part: { en: 'Tokens and fencing', zh: '令牌与隔离' },
    real: {
      en: 'Tokens granted by the metadata node, durable on every replica before it answers; requests of an older writer are refused and change nothing.',
      zh: '令牌由元数据节点授予，副本持久化后才应答；旧写者的请求被拒且不起作用。',
    },
    simplified: {
      en: 'The seed’s Disk-Paxos stub is replaced by the durable token.',
      zh: '种子中的 Disk-Paxos 占位以持久令牌代替。',
    },
    absent: { en: 'Byzantine nodes.', zh: '拜占庭节点。' },
    ids: ['FENCE-1', 'FENCE-4', 'FENCE-5', 'FENCE-14', 'WAL-46', 'WAL-48'],
    areas: ['fence', 'token', 'wal.refusal'],
    source: 'S002 HA Fencing; A18 §2.4',
  },
  {
    id: 'pages',
    part: { en: 'Pages and storage', zh: '页与存储' },
    real: {
      en: 'Pages built from log by the stores, versions by read point, garbage collection with its floor, checksums, scrubbing, repair from peers, images for a lost replica. The writer sends no pages.',
      zh: '存储由日志生成页、按读点取版本、带下限的回收、校验和、巡检、由同伴修复、丢失副本的镜像。写节点不发送页。',
    },
    simplified: none,
    absent: {
      en: 'Readers (RO), shared storage (PolarFS), LogIndex, the presets polardb and postdb-v4.',
      zh: '只读节点、共享存储（PolarFS）、LogIndex，以及预设 polardb 与 postdb-v4。',
    },
    ids: ['WAL-32', 'WAL-34', 'WAL-35', 'WAL-36', 'WAL-39'],
    areas: ['page', 'gc', 'buffer', 'scrub'],
    source: 'S002; A17 §3',
  },
  {
    id: 'archive',
    part: { en: 'Backup and point-in-time restore', zh: '备份与时间点恢复' },
    real: {
      en: 'An archiver in each group uploads its log and base images to an object store, under a manifest that moves by compare-and-set; a restore loads them into a new volume beside the old one, which another compute node opens.',
      zh: '每组一个归档者把日志与基础镜像上传到对象存储，清单以比较并交换更新；恢复把它们载入旧卷旁的新卷，由另一计算节点打开。',
    },
    simplified: {
      en: 'The object store is one node. A lost object is put again only while its archiver still has the log; else it is a gap with a name.',
      zh: '对象存储是一个节点。丢失的对象只有在归档者仍有日志时才会重新上传，否则成为有名的缺口。',
    },
    absent: {
      en: 'Deleting a restored volume; a backup of it.',
      zh: '删除恢复出的卷；对其备份。',
    },
    ids: ['WAL-40', 'WAL-41', 'WAL-42', 'WAL-43', 'WAL-44', 'WAL-45'],
    areas: ['archive', 'backup', 'restore'],
    source: 'S002; A17 §3.3; D',
  },
  {
    id: 'members',
    part: { en: 'Members and placement', zh: '成员与放置' },
    real: {
      en: 'Replacing a replica of a group under load: learner, both sets at once, catch-up, commit or rollback, images for who cannot be caught up by log.',
      zh: '负载下更换组内副本：学习者、新旧两组并存、追赶、提交或撤回；日志追不上者用镜像。',
    },
    simplified: {
      en: 'Metadata is one node with a durable log of its own.',
      zh: '元数据是一个带持久日志的节点。',
    },
    absent: {
      en: 'Raft under the metadata, shard placement, balancing, drain.',
      zh: '元数据的 Raft、分片放置、均衡、下线。',
    },
    ids: ['WAL-62', 'WAL-63', 'WAL-64', 'WAL-66', 'WAL-71'],
    areas: ['member', 'base', 'group'],
    source: 'S000; A18 §4',
  },
  {
    id: 'sql',
    part: { en: 'SQL and transactions', zh: 'SQL 与事务' },
    real: {
      en: 'PostgreSQL’s own grammar; heap, B+tree, MVCC snapshots, row locks, deadlock detection, vacuum, over the same log and pages.',
      zh: 'PostgreSQL 的语法；堆、B+ 树、MVCC 快照、行锁、死锁检测、vacuum，皆在同一日志与页上。',
    },
    simplified: {
      en: 'A subset of SQL; what is not supported is refused by name.',
      zh: 'SQL 的子集；不支持者按名拒绝。',
    },
    absent: {
      en: 'Joins, secondary indexes, further constraints, users and rights, parallel execution, Oracle compatibility, spatial, vector, search and graph types.',
      zh: '连接、二级索引、其他约束、用户与权限、并行执行、Oracle 兼容、空间、向量、检索与图类型。',
    },
    ids: ['WAL-5', 'WAL-9', 'WAL-22', 'WAL-60'],
    areas: ['tx', 'lock'],
    source: 'S002; S000',
  },
  {
    id: 'clients',
    part: { en: 'Clients', zh: '客户端' },
    real: {
      en: 'A driver with retries; each write carries (client, sequence) and its outcome lies in the volume, so that asking again does nothing twice. Unknown outcomes are counted as unknown.',
      zh: '带重试的驱动；写入带（客户端，序号），结果存于卷内，重复询问不会做两次。未知结果计为未知。',
    },
    simplified: none,
    absent: { en: 'Connection pools, read/write splitting.', zh: '连接池、读写分离。' },
    ids: ['FENCE-43', 'FENCE-44', 'FENCE-47'],
    areas: ['client'],
    source: 'Raft dissertation §6.3',
  },
  {
    id: 'disks',
    part: { en: 'Disks and crashes', zh: '磁盘与崩溃' },
    real: {
      en: 'Persistence in IndexedDB with strict durability; a crash terminates the worker; a reload or a killed tab is a power cut that every node comes back from.',
      zh: '以严格持久性存于 IndexedDB；崩溃即终止工作线程；刷新或关闭标签页即断电，各节点由此恢复。',
    },
    simplified: {
      en: 'Which unsynced writes are lost or torn is modelled above IndexedDB, drawn from the seed.',
      zh: '未同步的写哪些丢失或撕裂，在 IndexedDB 之上按种子抽取。',
    },
    absent: { en: 'Failures of the computer itself.', zh: '计算机自身的故障。' },
    ids: ['WAL-28', 'WAL-33', 'PRE-7'],
    areas: ['disk', 'wal.failed'],
    source: 'D',
  },
  {
    id: 'network',
    part: { en: 'Network and time', zh: '网络与时间' },
    real: {
      en: 'Loss, delay, duplication, reordering, damage, cuts and partitions of every message, in each direction.',
      zh: '每条消息在每个方向上的丢失、延迟、重复、乱序、损坏、断开与分区。',
    },
    simplified: {
      en: 'Time is virtual: latencies are chosen, not measured. The network is a model that draws from the seed. One fabric orders all events, so true parallel races are explored by seeds, not by hardware.',
      zh: '时间是虚拟的：延迟是选定而非测得。网络是按种子抽取的模型。一个调度者排定全部事件，真正的并行竞争靠种子而非硬件探索。',
    },
    absent: { en: 'Predictions of production latency.', zh: '对生产延迟的预测。' },
    ids: ['PRE-2', 'PRE-3', 'WAL-12', 'HOLE-40'],
    areas: ['net'],
    source: 'D',
  },
  {
    id: 'replay',
    part: { en: 'Replay', zh: '重放' },
    real: {
      en: 'Preset, configuration, seed and tape give one trace, byte for byte, in workers and headless alike; hashes are compared.',
      zh: '预设、配置、种子与磁带逐字节给出同一轨迹，浏览器与无界面皆然；散列相互比对。',
    },
    simplified: none,
    absent: { en: 'Engines of older versions beside this one.', zh: '与当前并存的旧版引擎。' },
    ids: ['PRE-1', 'PRE-5'],
    areas: ['tape'],
    source: 'D',
  },
];

/** The row that a rule belongs to. */
export function rowOfRule(slug: string): ModelRow | undefined {
  const depth = ({ areas }: ModelRow): number =>
    Math.max(-1, ...areas.filter((area) => slug.startsWith(area)).map((area) => area.length));
  const [best] = [...modelRows].sort((a, b) => depth(b) - depth(a));
  return best !== undefined && depth(best) >= 0 ? best : undefined;
}

/** Where sources disagree, and what was decided. */
export const disagreements: readonly { readonly id: string; readonly text: Bilingual }[] = [
  {
    id: 'WAL-5',
    text: {
      en: 'A commit is acknowledged at VCL (A18) or at VDL (A17): a commit record is an MTR of its own, so both say the same.',
      zh: '提交确认以 VCL（A18）还是 VDL（A17）为准：提交记录自成一个 MTR，两者等价。',
    },
  },
  {
    id: 'WAL-16',
    text: {
      en: 'VCL is not the least PGCL (as often drawn): an idle group must not hold the volume back.',
      zh: 'VCL 不是最小的 PGCL（常见画法）：空闲的组不得拖住全卷。',
    },
  },
  {
    id: 'WAL-53',
    text: {
      en: 'A new term starts above VDL′ + LAL (A17), and above the former term’s start too: a term that left nothing had LSNs as well.',
      zh: '新任期起点高于 VDL′ + LAL（A17），也高于前一任期的起点：没有留下记录的任期也分配过 LSN。',
    },
  },
  {
    id: 'HOLE-28',
    text: {
      en: 'A request’s id is (node, boot, counter), not a random hash (S001): a hash can collide and breaks replay.',
      zh: '请求标识为（节点，启动，计数），而非随机散列（S001）：散列会碰撞且破坏重放。',
    },
  },
];

export const knownLimits: readonly Bilingual[] = [
  {
    en: 'The event list keeps the newest 20 000 events; older ones come back by seeking.',
    zh: '事件列表保留最新 20 000 条；更早的可通过跳转重现。',
  },
  {
    en: 'A tape takes 100 000 actions; a link longer than 8 KB is offered as a file.',
    zh: '一条磁带至多 100 000 个动作；超过 8 KB 的链接改为文件。',
  },
  {
    en: 'A run-until gives up after 10 s of virtual time.',
    zh: '“运行到”在 10 秒虚拟时间后放弃。',
  },
  {
    en: 'At full speed captions tell only the newest of what happened.',
    zh: '全速运行时说明只讲述最近发生的。',
  },
];

export const notProven: Bilingual = {
  en: 'A green board means that no rule was violated in this run, nothing more. No number here predicts production.',
  zh: '全绿只表示本次运行没有违反规则，仅此而已。此处的数字都不预测生产表现。',
};
