// Words for every rule that a monitor watches (src/sim/checks/rules.ts has its ids): title and claim in both languages,
// where it comes from, and the key of the lens that shows it (product design §2). A new rule has its words here: a test asks.

import type { RuleSlug } from '../../sim/checks/rules.ts';
import type { RuleWords } from './rule-words.ts';

export const monitoredRules: Readonly<Partial<Record<RuleSlug, RuleWords>>> = {
  'wal.ack-after-durable': {
    title: { en: 'Acknowledge after the disk', zh: '落盘后才确认' },
    text: {
      en: 'A replica acknowledges only records that are durable on its disk.',
      zh: '副本只确认已在自己磁盘上持久化的记录。',
    },
    source: 'S002; A17 §3.3',
    lens: '1',
  },
  'wal.pgcl-true': {
    title: { en: 'PGCL is what a quorum holds', zh: 'PGCL 即多数派所持' },
    text: {
      en: 'PGCL of a group is the vw-th largest SCL of its replicas: never more than a write quorum holds durably.',
      zh: '组的 PGCL 是各副本 SCL 中第 vw 大者：绝不超过写多数派已持久化的位置。',
    },
    source: 'A18 §2.3',
    lens: '1',
  },
  'wal.quorum-overlap': {
    title: { en: 'Below VDL all is at quorum', zh: 'VDL 以下皆达多数派' },
    text: {
      en: 'Every record at or below VCL and VDL is durable at the write quorum of its group, so any read quorum finds it.',
      zh: 'VCL 与 VDL 及以下的每条记录都在其组的写多数派上持久，任何读多数派都能找到它。',
    },
    source: 'A17 §4.1; A18 §2.3',
    lens: '1',
  },
  'wal.vdl-is-cpl': {
    title: { en: 'VDL ends an MTR', zh: 'VDL 落在 MTR 末尾' },
    text: {
      en: 'VDL is the LSN of the last record of a mini-transaction: the largest CPL not above VCL.',
      zh: 'VDL 是某个小事务最后一条记录的 LSN：不超过 VCL 的最大 CPL。',
    },
    source: 'S002; A17 §4.1',
    lens: '2',
  },
  'wal.marks-monotone': {
    title: { en: 'Watermarks only rise', zh: '水位只升不降' },
    text: {
      en: 'PGCL, VCL and VDL never decrease within a term; VDL never decreases at all.',
      zh: '同一任期内 PGCL、VCL、VDL 不下降；VDL 在任何时候都不下降。',
    },
    source: 'A17 §4.1; D',
    lens: '1',
  },
  'wal.acked-at-vdl': {
    title: { en: 'A commit waits for VDL', zh: '提交等待 VDL' },
    text: {
      en: 'A commit is acknowledged when VDL has reached its commit record (VDL ≥ SCN), not when every replica has it: any read quorum meets a write quorum, so a recovery finds it.',
      zh: '当 VDL 到达提交记录（VDL ≥ SCN）时即确认提交，无需等所有副本：任一读多数派都与写多数派相交，恢复必能找到。',
    },
    source: 'A17 §4.2.2; A18 §2.3; S002',
    lens: '2',
  },
  'wal.acked-survives': {
    title: { en: 'What was acknowledged stays', zh: '已确认者不丢' },
    text: {
      en: 'An acknowledged commit is in every later history of the volume. This is the system’s main promise.',
      zh: '已确认的提交存在于该卷此后的一切历史中。这是系统的首要承诺。',
    },
    source: 'A17 §4.3; S002',
    lens: '1',
  },
  'wal.lsn-never-reused': {
    title: { en: 'No LSN twice', zh: 'LSN 不复用' },
    text: {
      en: 'No LSN is given to two records that could both survive: a new term starts above the allocation window of the old.',
      zh: '不会有两条都可能存活的记录使用同一 LSN：新任期从旧分配窗口之上开始。',
    },
    source: 'A17 §4.2.1; D',
    lens: '1',
  },
  'wal.mtr-contiguous': {
    title: { en: 'LSNs without gaps', zh: 'LSN 连续' },
    text: {
      en: 'The writer gives LSNs one by one; an MTR’s records are contiguous and MTRs never interleave.',
      zh: '写节点逐一分配 LSN；一个 MTR 的记录相连，MTR 之间不交错。',
    },
    source: 'A17; S002 MTR',
    lens: '2',
  },
  'wal.truncated-removed': {
    title: { en: 'Truncate what was annulled', zh: '截断被废弃的日志' },
    text: {
      en: 'A replica that installs a history deletes every record that history annuls.',
      zh: '副本装入历史后，删除该历史所废弃的每条记录。',
    },
    source: 'S001 异常; D',
    lens: '1',
  },
  'wal.truncated-never-returned': {
    title: { en: 'Annulled stays annulled', zh: '废弃者不再出现' },
    text: {
      en: 'An annulled record is never returned by a read, a gap reply or a stream of a replica that knows the history.',
      zh: '知道该历史的副本，其读取、填洞应答和日志流都不会再给出被废弃的记录。',
    },
    source: 'A17 §4.3; S001',
    lens: '1',
  },
  'wal.back-pressure': {
    title: { en: 'Allocation stays near VDL', zh: '分配不远离 VDL' },
    text: {
      en: 'LSNs are allocated at most LAL ahead of VDL; beyond it the writer waits.',
      zh: 'LSN 的分配最多领先 VDL 一个 LAL；超过则写节点等待。',
    },
    source: 'A17 §4.2.1',
    lens: '2',
  },
  'recovery.token-before-read': {
    title: { en: 'Fence before reading', zh: '先设防再读取' },
    text: {
      en: 'Recovery reads replicas only after its token is at the write quorum of every group, so no older writer can change what it read.',
      zh: '恢复在令牌到达每组写多数派之后才读取副本，旧写者无法再改变读到的状态。',
    },
    source: 'S002 Fencing; A18 §2.4',
    lens: '9',
  },
  'fence.token-monotone': {
    title: { en: 'A token never falls', zh: '令牌不回退' },
    text: {
      en: 'A replica’s token never decreases, across any crash: it is durable before it is answered.',
      zh: '副本的令牌在任何崩溃后都不减小：先持久化再应答。',
    },
    source: 'S002',
    lens: '9',
  },
  'fence.token-unique': {
    title: { en: 'One token, one writer', zh: '一令牌一写者' },
    text: {
      en: 'Tokens are granted once and strictly increasing; each start of a writer gets its own.',
      zh: '令牌只授予一次且严格递增；写节点每次启动都得到自己的令牌。',
    },
    source: 'S002; D',
    lens: '9',
  },
  'hole.one-live-request': {
    title: { en: 'Asked for once', zh: '只请求一次' },
    text: {
      en: 'Every position of a hole is asked for by at most one live request; when a hole splits, both parts inherit “sent”.',
      zh: '空洞的每个位置至多被一个在途请求覆盖；空洞分裂时，两部分都继承“已发送”。',
    },
    source: 'S001',
    lens: '1',
  },
  'hole.below-sgcl': {
    title: { en: 'Ask only for what is certain', zh: '只请求确定的日志' },
    text: {
      en: 'No request reaches above SGCL: what lies above may still be on its way, or may not survive.',
      zh: '请求不越过 SGCL：其上的日志可能还在途中，也可能不会存活。',
    },
    source: 'S001 接口',
    lens: '1',
  },
  'buffer.evict-below-vdl': {
    title: { en: 'Evict at or below VDL', zh: 'VDL 以下才可淘汰' },
    text: {
      en: 'A dirty page leaves the writer’s buffer only at or below VDL, because storage can then rebuild it; nothing is written.',
      zh: '脏页只有在 VDL 及以下才可离开写节点缓冲：存储已能重建它，无需写页。',
    },
    source: 'A17 §4.2.3; D',
    lens: '4',
  },
  'page.same-bytes': {
    title: { en: 'Same page, same bytes', zh: '同页同字节' },
    text: {
      en: 'Two replicas give the same bytes for the same page and read point.',
      zh: '对同一页和同一读点，两个副本给出相同的字节。',
    },
    source: 'A17 §3; D',
    lens: '8',
  },
  'page.read-point': {
    title: { en: 'Never newer than asked', zh: '不新于读点' },
    text: {
      en: 'A page that storage returns is never newer than the read point and lacks no record at or below it.',
      zh: '存储返回的页不新于读点，也不缺少读点及以下的任何记录。',
    },
    source: 'S002 多版本读; A17',
    lens: '8',
  },
  'client.linearizable': {
    title: { en: 'One order for everybody', zh: '人人所见同一顺序' },
    text: {
      en: 'All operations on one key fit into one order that every client saw; an unknown outcome may count either way.',
      zh: '同一键上的全部操作可排成一个所有客户端都看到的顺序；结果未知者两可。',
    },
    source: 'D',
    lens: '0',
  },
  'client.acked-present': {
    title: { en: 'Acknowledged is there', zh: '确认的都在' },
    text: {
      en: 'At the end of a run every write that a client was told to be committed is there.',
      zh: '运行结束时，客户端被告知已提交的每次写入都在。',
    },
    source: 'D',
    lens: '0',
  },
  'member.one-step': {
    title: { en: 'Members change through two sets', zh: '成员经双集变更' },
    text: {
      en: 'The members of a group change one at a time, through a state in which old and new set must both reach the write quorum; memberEpoch rises by one at each step.',
      zh: '组的成员一次只变更一个，且须经过新旧两集都要达到写多数派的状态；每一步 memberEpoch 加一。',
    },
    source: 'A18 §4.1; D',
    lens: '3',
  },
  'member.quorums-meet': {
    title: { en: 'Quorums of every set meet', zh: '每组成员的多数派相交' },
    text: {
      en: 'In every set of members two write quorums meet, and a read quorum meets each of them.',
      zh: '在每一组成员中，两个写多数派必相交，读多数派与每个写多数派也相交。',
    },
    source: 'A18 §4.1',
    lens: '1',
  },
  'member.commit-safe': {
    title: { en: 'The new set has everything', zh: '新集已有全部' },
    text: {
      en: 'When a change of members is committed, every read quorum of the new set has every durable record.',
      zh: '成员变更提交时，新集的任何读多数派都持有每条已持久的记录。',
    },
    source: 'A18 §4.1; D',
    lens: '3',
  },
  'member.epoch-monotone': {
    title: { en: 'A membership is never forgotten', zh: '成员关系不会被遗忘' },
    text: {
      en: 'The memberEpoch of a replica never decreases, across any crash.',
      zh: '副本的 memberEpoch 在任何崩溃之后都不下降。',
    },
    source: 'A18 §4; D',
    lens: '3',
  },
  'member.lost-is-learner': {
    title: { en: 'A lost disk comes back as a learner', zh: '丢盘者以学习者归来' },
    text: {
      en: 'A replica that has lost its disk takes part again only after a base image, as a learner: it has forgotten what it acknowledged and promised.',
      zh: '丢失磁盘的副本已忘记自己确认与承诺过什么，只有取得基础镜像、以学习者身份加入后才再次参与。',
    },
    source: 'D',
    lens: '3',
  },
  'base.in-bounds': {
    title: { en: 'A base image serves every reader', zh: '基础镜像满足所有读点' },
    text: {
      en: 'A base image is as of a record that is durable and that no read point lies below.',
      zh: '基础镜像所在的记录已持久，且没有读点低于它。',
    },
    source: 'D',
    lens: '8',
  },
  'archive.no-annulled': {
    title: { en: 'Only what will stay is archived', zh: '只归档不会消失的日志' },
    text: {
      en: 'The archive holds nothing above VDL and nothing that a recovery annuls.',
      zh: '归档中没有高于 VDL 的日志，也没有被恢复废除的日志。',
    },
    source: 'S002; A17 §3.3',
    lens: '8',
  },
  'archive.whole': {
    title: { en: 'A segment is whole', zh: '日志段完整' },
    text: {
      en: 'A log segment of the archive holds every record of its group in its range, and no other.',
      zh: '归档的日志段含本组该区间的全部记录，且仅此而已。',
    },
    source: 'D',
    lens: '8',
  },
  'archive.gapless': {
    title: { en: 'Segments join', zh: '日志段首尾相接' },
    text: {
      en: 'The segments of a group follow each other without a gap, across crashes, recoveries and changes of the archiver; a gap is named.',
      zh: '一个组的日志段首尾相接，历经崩溃、恢复与归档者更换；若有缺口，清单中写明。',
    },
    source: 'D',
    lens: '8',
  },
  'archive.manifest-cas': {
    title: { en: 'One manifest after the other', zh: '清单逐版替换' },
    text: {
      en: 'Each manifest follows the one before it by compare-and-set, under a token that is not lower.',
      zh: '清单以比较并交换逐版替换，令牌不降。',
    },
    source: 'D',
    lens: '8',
  },
  'archive.after-manifest': {
    title: { en: 'Archived when the manifest says so', zh: '清单写明方算归档' },
    text: {
      en: 'Log counts as archived only when the manifest that names it is durable.',
      zh: '只有写明该日志的清单已持久，日志才算归档。',
    },
    source: 'D',
    lens: '8',
  },
  'archive.gc-behind': {
    title: { en: 'Nothing goes before it is archived', zh: '先归档后回收' },
    text: {
      en: 'No log is dropped before it is archived: while the object store is away it is kept.',
      zh: '日志未归档前不回收：对象存储不可用期间一直保留。',
    },
    source: 'S002; D',
    lens: '8',
  },
  'archive.catches-up': {
    title: { en: 'The archive catches up', zh: '归档终会追上' },
    text: {
      en: 'After healing the archive reaches the end of the log.',
      zh: '故障消除后，归档追到日志末尾。',
    },
    source: 'D',
    lens: '8',
  },
  'recovery.damaged-abstains': {
    title: { en: 'Damaged replicas abstain', zh: '受损副本弃权' },
    text: {
      en: 'A replica never tells a recovery of less than it has acknowledged: while damage hides a record it keeps out of the read quorum.',
      zh: '副本绝不向恢复报告少于自己已确认的内容：损坏遮住某条记录期间，它不参加读多数派。',
    },
    source: 'A17 §3.3; D',
    lens: '9',
  },
  'cluster.converges': {
    title: { en: 'Healed means whole', zh: '愈合即完整' },
    text: {
      en: 'After healing every replica holds the whole log without holes.',
      zh: '网络愈合后，每个副本都持有完整、无空洞的日志。',
    },
    source: 'S001 网络延迟; D',
    lens: '1',
  },
  'cluster.progress': {
    title: { en: 'It goes on', zh: '终会继续' },
    text: {
      en: 'After healing the volume opens and commits again, with exactly one writer.',
      zh: '愈合之后卷重新打开并继续提交，且恰有一个写者。',
    },
    source: 'D',
    lens: '9',
  },
  'wal.vcl-exact': {
    title: { en: 'VCL is exact', zh: 'VCL 恰如其分' },
    text: {
      en: 'VCL is as high as the PGCLs of the groups allow: an idle group never holds the volume back.',
      zh: 'VCL 高至各组 PGCL 所允许：空闲的组不会拖住全卷。',
    },
    source: 'A18 Fig 3',
    lens: '1',
  },
  'wal.own-term-counts': {
    title: { en: 'Only the own term counts', zh: '只计本任期的确认' },
    text: {
      en: 'Only what was acknowledged under the writer’s own token counts towards PGCL.',
      zh: '只有以写者自己令牌得到的确认才计入 PGCL。',
    },
    source: 'A18; Raft §5.4.2',
    lens: '1',
  },
  'recovery.read-quorum': {
    title: { en: 'Recovery reads a quorum', zh: '恢复须读多数派' },
    text: {
      en: 'A recovery goes by the answers of a read quorum of every group, of every set while membership changes.',
      zh: '恢复依据每组读多数派的应答；成员变更期间两组皆须。',
    },
    source: 'A17 §4.3; A18 §4.1',
    lens: '9',
  },
  'recovery.highest-term': {
    title: { en: 'The highest term decides', zh: '最高任期者为准' },
    text: {
      en: 'A recovery follows the history with the highest term among the answers.',
      zh: '恢复依从应答中任期最高的历史。',
    },
    source: 'Raft §5.4.1; A18',
    lens: '9',
  },
  'fence.stale-refused': {
    title: { en: 'Old tokens are refused', zh: '旧令牌被拒' },
    text: {
      en: 'A replica takes nothing under a token below the one it has installed.',
      zh: '副本不接受令牌小于已装入者的任何请求。',
    },
    source: 'S002 Fencing',
    lens: '9',
  },
  'fence.epoch-monotone': {
    title: { en: 'A history stays installed', zh: '历史装入后不失' },
    text: {
      en: 'The history a replica has installed is still there after any crash.',
      zh: '副本装入的历史在任何崩溃之后仍在。',
    },
    source: 'D',
    lens: '9',
  },
  'hole.own-answer': {
    title: { en: 'Only answers of this life', zh: '只认今世的应答' },
    text: {
      en: 'Only answers to requests of this life of a node are taken; those to an earlier life change nothing.',
      zh: '只接受对节点本次启动后请求的应答；对前世的应答不起作用。',
    },
    source: 'S001; D',
    lens: '1',
  },
  'hole.rebuild-whole': {
    title: { en: 'The rebuilt list reaches all', zh: '重建列表不遗漏' },
    text: {
      en: 'A list rebuilt after a crash reaches as far as the log on the disk does.',
      zh: '崩溃后重建的列表与磁盘上的日志一样远。',
    },
    source: 'S001',
    lens: '1',
  },
  'restore.token-above': {
    title: { en: 'A restored volume begins above its past', zh: '恢复出的卷令牌高于历史' },
    text: {
      en: 'A restored volume begins under a token above every term of the history that it was restored with.',
      zh: '恢复出的卷以高于其历史中所有任期的令牌开始。',
    },
    source: 'D',
    lens: '8',
  },
  'restore.equals-source': {
    title: { en: 'Restored is what was', zh: '恢复即当时' },
    text: {
      en: 'A restored volume holds exactly the records and pages that its source had at that point.',
      zh: '恢复出的卷恰好拥有源卷在该点的记录与页。',
    },
    source: 'A17 §3.3; D',
    lens: '8',
  },
  'restore.completes': {
    title: { en: 'A restore ends', zh: '恢复终会结束' },
    text: {
      en: 'After healing, a restore that was begun is done, or says why it is not.',
      zh: '故障修复后，已开始的恢复要么完成，要么说明原因。',
    },
    source: 'D',
    lens: '8',
  },
  'restore.source-untouched': {
    title: { en: 'The source is not touched', zh: '不触动源卷' },
    text: {
      en: 'A restore changes nothing of the volume that it restores from: no token, no record, no page.',
      zh: '恢复不改变源卷的任何东西：令牌、记录、页都不变。',
    },
    source: 'D',
    lens: '8',
  },
  'scrub.repaired': {
    title: { en: 'Lost on disk, back from a peer', zh: '盘上所失由同伴补回' },
    text: {
      en: 'What a disk has lost or damaged comes back from a peer.',
      zh: '磁盘丢失或损坏的内容由同伴补回。',
    },
    source: 'A17 §3.3',
    lens: '1',
  },
  'wal.scl-true': {
    title: { en: 'SCL is what the replica has', zh: 'SCL 即副本所有' },
    text: {
      en: 'The SCL a replica reports never exceeds what it has durably without a gap.',
      zh: '副本报告的 SCL 不超过它已无空洞持久化的位置。',
    },
    source: 'A18 §2.3',
    lens: '1',
  },
};
