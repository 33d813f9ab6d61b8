// What is modelled of CynosDB and what is not, as data: true for what exists in this version; a part that is built later
// changes its row on the same day.

import { type Disagreement, type ModelRow, nothing } from '../../rules/model-row.ts';

export const modelRows: readonly ModelRow[] = [
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
    areas: ['wal', 'commit'],
    source: 'S002; A17; A18',
  },
  {
    id: 'holes',
    part: { en: 'Holes', zh: '空洞' },
    real: {
      en: 'The status list with its merges and splits, the ring of requests, limits that adapt to the peer, repair from peers only, both modes, rebuilding after a crash, the list saved at a clean end.',
      zh: '状态列表及其合并与分裂、请求环、随同伴调整的时限、只由同伴修复、两种模式、宕机后重建、正常退出时保存。',
    },
    simplified: nothing,
    absent: nothing,
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
    simplified: {
      en: 'The same node comes back as writer; where there is a standby (preset cynosdb-ha) the PCS promotes it, planned or not.',
      zh: '由同一节点重新成为写节点；有备机时（预设 cynosdb-ha）由 PCS 提升备机，计划内外皆可。',
    },
    absent: {
      en: 'A warm buffer of a promoted standby.',
      zh: '被提升备机的热缓冲。',
    },
    ids: ['WAL-50', 'WAL-51', 'WAL-52', 'WAL-53', 'WAL-58', 'HOLE-43'],
    areas: ['recovery', 'cluster', 'ha', 'wal.truncated'],
    source: 'A17 §4.3; S001; S002',
  },
  {
    id: 'fencing',
    part: { en: 'Tokens and fencing', zh: '令牌与隔离' },
    real: {
      en: 'Tokens granted by the metadata node, durable on every replica before it answers; requests of an older writer are refused and change nothing.',
      zh: '令牌由元数据节点授予，副本持久化后才应答；旧写节点的请求被拒且不起作用。',
    },
    simplified: {
      en: 'The seed’s Disk-Paxos stub is replaced by the durable token.',
      zh: '原文中的 Disk-Paxos 占位以持久令牌代替。',
    },
    absent: { en: 'Byzantine nodes.', zh: '拜占庭节点。' },
    ids: ['FENCE-1', 'FENCE-4', 'FENCE-5', 'FENCE-14', 'WAL-46', 'WAL-48'],
    areas: ['fence', 'token', 'answer', 'wal.refusal'],
    source: 'S002 HA Fencing; A18 §2.4',
  },
  {
    id: 'pages',
    part: { en: 'Pages and storage', zh: '页与存储' },
    real: {
      en: 'Pages built from log by the stores, versions by read point, garbage collection with its floor, checksums, scrubbing, repair from peers, images for a lost replica. The writer sends no pages.',
      zh: '存储由日志生成页、按读点取版本、带下限的回收、校验和、巡检、由同伴修复、丢失副本的镜像。写节点不发送页。',
    },
    simplified: nothing,
    absent: nothing,
    ids: ['WAL-32', 'WAL-34', 'WAL-35', 'WAL-36', 'WAL-39'],
    areas: ['page', 'read', 'gc', 'buffer', 'scrub'],
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
      en: 'A backup of a restored volume.',
      zh: '恢复出的卷的备份。',
    },
    ids: ['WAL-40', 'WAL-41', 'WAL-42', 'WAL-43', 'WAL-44', 'WAL-45'],
    areas: ['archive', 'backup', 'restore'],
    source: 'S002; A17 §3.3; D',
  },
  {
    id: 'members',
    part: { en: 'Members and placement', zh: '成员与放置' },
    real: {
      en: 'Replacing a replica of a group under load: learner, both sets at once, catch-up, commit or rollback, images for who cannot be caught up by log. A store is added while the cluster runs, and another is drained: its replicas move to others, and it ends.',
      zh: '负载下更换组内副本：学习者、新旧两组并存、追赶、提交或撤回；日志追不上者用镜像。运行中可增加存储节点，也可排空另一个：其副本移到别处，随后结束。',
    },
    simplified: {
      en: 'In CynosDB a person says which replica moves where, but for those of a store that is drained.',
      zh: 'CynosDB 中由人指定哪个副本迁往何处，被排空的存储节点除外。',
    },
    absent: {
      en: 'A planner of placement, balance and drain for a volume of several groups: presets postdb-v4 and polardb have one.',
      zh: '多组卷的放置、均衡与排空规划器：预设 postdb-v4 与 polardb 才有。',
    },
    ids: ['WAL-62', 'WAL-63', 'WAL-64', 'WAL-66', 'WAL-71'],
    areas: ['member', 'base', 'group'],
    source: 'S000; A18 §4',
  },
  {
    id: 'metadata',
    part: { en: 'Metadata (PCS)', zh: '元数据（PCS）' },
    real: {
      en: 'A Raft log of one member, or of three (preset cynosdb-pcs): pre-vote, check-quorum, linearizable reads, log and promises durable before they are said, checkpoints. An empty, damaged or older disk takes no part.',
      zh: '一个或三个成员的 Raft 日志（预设 cynosdb-pcs）：预投票、检查多数派、线性一致读，日志与承诺先持久后应答，检查点。空的、损坏的或较旧的磁盘不参与。',
    },
    simplified: {
      en: 'A member whose disk is lost comes back only where an operator adds it.',
      zh: '磁盘丢失的成员须由操作员重新加入。',
    },
    absent: {
      en: 'Nodes that join under an address.',
      zh: '按地址加入的节点。',
    },
    ids: ['PCS-5', 'PCS-7', 'PCS-102', 'PCS-103', 'PCS-104'],
    areas: ['raft', 'pcs'],
    source: 'S000; Raft dissertation',
  },
  {
    id: 'configuration',
    part: { en: 'Configuration and agents', zh: '配置与代理' },
    real: {
      en: 'Versions as entries of the metadata’s log, checked before they enter, pushed in order, stored by each agent before it acknowledges; drift by an older disk or a person’s hand is seen and healed; commands to several agents, with who is silent; metrics of every role, reported to the metadata’s leader; the level from which each module logs.',
      zh: '版本即元数据日志的条目：先校验再写入、按序推送、代理先存盘再确认；磁盘变旧或人工改动造成的漂移会被发现并修复；可向多个代理下命令，并列出无应答者；各角色的指标上报给元数据的领导者；各模块的日志级别。',
    },
    simplified: {
      en: 'Some keys only; a few take effect at the next start of a node.',
      zh: '仅部分键；少数在节点下次启动时生效。',
    },
    absent: nothing,
    ids: ['PCS-90', 'PCS-91', 'PCS-92', 'PCS-99'],
    areas: ['config', 'agent'],
    source: 'S000',
  },
  {
    id: 'readers',
    part: { en: 'Readers', zh: '只读节点' },
    real: {
      en: 'A reader (preset cynosdb-ro) receives the writer’s log records, merges them by block, applies whole MTRs up to VDL, reads missing pages from the stores at its read point, and holds PGMRPL by its pins until they are revoked. The driver gives it what only reads, and carries each session’s LSN.',
      zh: '只读节点（预设 cynosdb-ro）接收写节点的日志记录，按块合并，把整个 MTR 应用到 VDL 为止，缺页时在其读点向存储读取，并以钉住点保持 PGMRPL 直到被撤销。驱动把只读请求交给它，并携带每个会话的 LSN。',
    },
    simplified: {
      en: 'Readers are added and removed where the preset has some; a new one is installed with the cluster’s first list, and hears of the rest from the metadata.',
      zh: '预设中有只读节点时可增减；新节点装有集群最初的名单，其余由元数据告知。',
    },
    absent: {
      en: 'A reader that replays from its own disk, free space sent to readers.',
      zh: '从自己磁盘回放的只读节点、发给只读节点的空闲空间信息。',
    },
    ids: ['READ-4', 'READ-10', 'READ-20', 'READ-26', 'READ-30', 'READ-41'],
    areas: ['ro', 'store.read-window', 'node.life'],
    source: 'S002',
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
      en: 'Users and rights, ALTER TABLE that rewrites rows, jsonb, arrays, functions and triggers of one’s own, parallel execution, Oracle compatibility, spatial, vector, search and graph types.',
      zh: '用户与权限、需重写行的 ALTER TABLE、jsonb、数组、自定义函数与触发器、并行执行、Oracle 兼容、空间、向量、检索与图类型。',
    },
    ids: ['WAL-5', 'WAL-9', 'WAL-22', 'WAL-60'],
    areas: ['tx', 'lock'],
    source: 'S002; S000',
  },
];

export const disagreements: readonly Disagreement[] = [
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
      zh: '请求标识为（节点，启动，计数），而非随机散列（S001）：散列会碰撞且破坏回放。',
    },
  },
];
