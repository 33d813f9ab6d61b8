// Rules that no monitor watches but that the story needs to say why something happened.

import type { ExplainedRule } from '../../rules/rule-words.ts';

export const explainedRules = {
  'ha.choice': {
    ids: ['FENCE-18', 'FENCE-20', 'FENCE-19'],
    title: { en: 'The metadata chooses the writer', zh: '由元数据选定写节点' },
    text: {
      en: 'Of the HA group’s nodes that are up: the highest priority, then the most applied, then the lowest name. Nobody asks for it; a standby has no log to replay.',
      zh: '在 HA 组在线节点中：优先级最高者，其次应用最多者，再次名字最小者。无人自荐；备机没有日志要回放。',
    },
    source: 'S002',
    lens: 'recovery',
  },
  'ha.planned': {
    ids: ['FENCE-33', 'FENCE-34'],
    title: { en: 'A planned switchover loses nothing', zh: '计划切换不丢任何东西' },
    text: {
      en: 'The writer drains until all is durable, then the target gets a token. Until that is granted the switchover can be given up and the writer goes on.',
      zh: '写节点排空到全部持久，然后目标得到令牌。授予之前可以放弃切换，写节点继续。',
    },
    source: 'S002; D',
    lens: 'recovery',
  },
  'ro.start': {
    ids: ['READ-30', 'READ-24'],
    title: { en: 'A reader starts at once', zh: '只读节点即刻可读' },
    text: {
      en: 'A reader pins the writer’s VDL and reads there: pages come from the stores as they are needed, whatever the data and the backlog.',
      zh: '只读节点钉住写节点的 VDL 并在此读取：页按需来自存储，与数据量和积压无关。',
    },
    source: 'S002',
    lens: 'journal',
  },
  'node.life': {
    ids: ['PCS-3', 'PCS-79', 'PCS-100'],
    title: { en: 'Nodes come and go', zh: '节点可加可减' },
    text: {
      en: 'A node that is added joins the metadata by itself; one that is removed serves no more, hears it and ends. A reader’s life changes no group, page, log or token.',
      zh: '新增节点自行加入元数据；被移除的节点不再服务，得知后自行结束。只读节点的增减不改动组、页、日志与令牌。',
    },
    source: 'S000; S002',
    lens: 'journal',
  },
  'ro.gap-free': {
    ids: ['READ-7', 'READ-4'],
    title: { en: 'The journal has no gap', zh: '日志流没有缺口' },
    text: {
      en: 'Each part of the journal begins where the last ended. If not, nothing of it is taken and the reader asks again from what it has.',
      zh: '日志流的每一段从上一段的末尾开始。否则不取任何记录，从已有处重新请求。',
    },
    source: 'D',
    lens: 'journal',
  },
  'ro.never-waits': {
    ids: ['READ-9'],
    title: { en: 'The writer never waits for a reader', zh: '写节点从不等待只读节点' },
    text: {
      en: 'A reader too far behind loses its stream and joins again; commits go on as if it were not there.',
      zh: '落后太多的只读节点失去日志流并重新加入；提交照常进行。',
    },
    source: 'S002; D',
    lens: 'journal',
  },
  'hole.found': {
    ids: ['HOLE-8', 'WAL-2'],
    title: { en: 'How a hole is found', zh: '空洞如何被发现' },
    text: {
      en: 'Each record names the record before it in its group. If that one is missing here, everything between is a hole.',
      zh: '每条记录都写着组内前一条记录。若本地缺少那一条，其间即为空洞。',
    },
    source: 'S001',
    lens: 'wal',
  },
  'hole.split': {
    ids: ['HOLE-13', 'HOLE-11'],
    title: { en: 'A split hole inherits “sent”', zh: '分裂的空洞继承“已发送”' },
    text: {
      en: 'When records arrive in the middle of a hole, both rests inherit its “sent” flag: the request that covers them is still live.',
      zh: '记录落在空洞中间时，两侧余下部分都继承“已发送”标志：覆盖它们的请求仍在途。',
    },
    source: 'S001',
    lens: 'wal',
  },
  'hole.ring': {
    ids: ['HOLE-25', 'HOLE-29', 'HOLE-30'],
    title: { en: 'Peers are asked in turn', zh: '轮流询问同伴' },
    text: {
      en: 'A hole is asked of the next eligible peer in the ring, never of the writer; the previous target comes last.',
      zh: '空洞向环中下一个合格的同伴请求，从不问写节点；上次的目标排在最后。',
    },
    source: 'S001',
    lens: 'wal',
  },
  'hole.fill': {
    ids: ['HOLE-35', 'HOLE-36'],
    title: { en: 'A fill is checked', zh: '补洞要校验' },
    text: {
      en: 'A reply counts only for a live request; each record’s checksum, chain and term are checked before it is written.',
      zh: '应答只对在途请求有效；写入前校验每条记录的校验和、链和任期。',
    },
    source: 'S001',
    lens: 'wal',
  },
  'hole.timeout': {
    ids: ['HOLE-37', 'HOLE-60'],
    title: { en: 'No answer: the next peer', zh: '超时则换同伴' },
    text: {
      en: 'A request without an answer within its limit is dropped; its positions become unsent and the next peer is asked.',
      zh: '限时内无应答的请求被放弃，其位置变为未发送，改问下一个同伴。',
    },
    source: 'S001',
    lens: 'wal',
  },
  'hole.ignored': {
    ids: ['HOLE-34'],
    title: { en: 'Late replies change nothing', zh: '迟到应答不起作用' },
    text: {
      en: 'A reply whose request is no longer live has no effect on list, requests or status.',
      zh: '其请求已不在途的应答，对列表、请求和状态都没有影响。',
    },
    source: 'S001; D',
    lens: 'wal',
  },
  'answer.late': {
    ids: ['FENCE-59'],
    title: { en: 'An answer belongs to one life', zh: '应答只属于一次运行' },
    text: {
      en: 'A node numbers its requests over all its lives. An answer to a request of an earlier life is dropped, for what it says may be old.',
      zh: '节点对所有运行期间的请求连续编号。对前一次运行所发请求的应答会被丢弃，因为其内容可能已过时。',
    },
    source: 'D',
    lens: 'spaceTime',
  },
  'hole.rebuild': {
    ids: ['HOLE-53', 'HOLE-52'],
    title: { en: 'The list is rebuilt from disk', zh: '由磁盘重建列表' },
    text: {
      en: 'After a crash the list is rebuilt from NCL on by following each record’s pointer to the one before; sent flags are cleared.',
      zh: '宕机后从 NCL 起沿记录的前向指针重建列表，“已发送”标志清除。',
    },
    source: 'S001',
    lens: 'wal',
  },
  'hole.saved': {
    ids: ['HOLE-51', 'HOLE-52'],
    title: { en: 'A clean end saves the list', zh: '正常退出保存列表' },
    text: {
      en: 'At a clean end the list is saved with a flag; it is used at the next start only if flag, checksum and log agree.',
      zh: '正常退出时列表连同标志一起保存；下次启动仅当标志、校验和与日志一致时采用。',
    },
    source: 'S001',
    lens: 'wal',
  },
  'wal.scl': {
    ids: ['WAL-14'],
    title: { en: 'SCL: complete on one replica', zh: 'SCL：单副本的完整点' },
    text: {
      en: 'SCL is the last record up to which this replica has every record of its group on disk.',
      zh: 'SCL 是本副本在磁盘上拥有其组全部记录的最后位置。',
    },
    source: 'A18 §2.3',
    lens: 'wal',
  },
  'wal.vcl': {
    ids: ['WAL-16'],
    title: { en: 'VCL: complete for the volume', zh: 'VCL：全卷的完整点' },
    text: {
      en: 'VCL ends just before the first record, of any group, that is not yet at its write quorum. It is not the least PGCL.',
      zh: 'VCL 止于第一条（任一组）尚未达到写多数派的记录之前。它不是最小的 PGCL。',
    },
    source: 'A18 Fig 3',
    lens: 'wal',
  },
  'wal.quorum-lost': {
    ids: ['WAL-16', 'WAL-19', 'WAL-20', 'WAL-34'],
    title: { en: 'What a lost quorum stops', zh: '失去多数派会停下什么' },
    text: {
      en: 'With fewer than Vw copies of a group answering, VDL stands still: nothing that is written is acknowledged, and each client waits or, after its timeout, asks again; none is refused. Reads go on, from the writer’s buffer and from any copy that is up. The writer takes changes until its log is LAL ahead of VDL, then statements that write wait too. It ends by itself when enough copies answer again: they get what they lack, and the commits that waited are acknowledged. A writer that starts meanwhile cannot recover with fewer than Vr.',
      zh: '应答的副本不足 Vw 时，VDL 停住：写入的都得不到确认，客户端等待，超时后重新询问；没有请求被拒绝。读取照常，来自写节点的缓冲与任何在线的副本。写节点继续接受改动，直到日志超前 VDL 达 LAL，此后写语句也要等待。足够的副本重新应答时自行结束：它们补上所缺，等待的提交得到确认。若其间有写节点启动，应答不足 Vr 则无法恢复。',
    },
    source: 'A17; S002',
    lens: 'mtr',
  },
  'wal.failed-write': {
    ids: ['WAL-28'],
    title: { en: 'A failed write is not acknowledged', zh: '写失败不确认' },
    text: {
      en: 'After a failed write its records are forgotten and the group takes no batch until a fresh write of its superblock succeeds.',
      zh: '写失败后其记录作废，直到超级块重新写成功之前，该组不接收新批次。',
    },
    source: 'A17 §3.3; D',
    lens: 'wal',
  },
  'wal.refusal': {
    ids: ['WAL-46', 'WAL-47'],
    title: { en: 'Refused requests change nothing', zh: '被拒请求不起作用' },
    text: {
      en: 'Every request of a writer carries its token and epochs; the replica compares them first, and what it refuses has no effect.',
      zh: '写节点的每个请求都带令牌和纪元；副本先比较它们，被拒的请求没有任何影响。',
    },
    source: 'A18 §2.4; S002 Fencing',
    lens: 'recovery',
  },
  'wal.conflict': {
    ids: ['HOLE-16', 'WAL-31'],
    title: { en: 'A contradiction stops the replica', zh: '矛盾则停止副本' },
    text: {
      en: 'Two different records for one LSN, or a broken chain below SCL, stop the replica: it serves nobody rather than guess.',
      zh: '同一 LSN 有两条不同记录，或 SCL 以下链断裂，副本即停止：宁可不服务也不猜。',
    },
    source: 'S002 日志链; D',
    lens: 'wal',
  },
  'page.materialise': {
    ids: ['WAL-32', 'WAL-33'],
    title: { en: 'Pages are made in the background', zh: '后台生成页' },
    text: {
      en: 'Storage builds a page from its log records in the background, never on the way of an acknowledgement and never above VDL.',
      zh: '存储在后台由日志生成页，从不在确认路径上，也不越过 VDL。',
    },
    source: 'A17 §3.3; S002 异步回放',
    lens: 'chains',
  },
  'page.scrub': {
    ids: ['WAL-39', 'HOLE-55'],
    title: { en: 'Damage is found and repaired', zh: '发现并修复损坏' },
    text: {
      en: 'In the background a replica checks checksums of records and page versions: a bad record becomes a hole, a bad version is rebuilt.',
      zh: '副本在后台校验记录和页版本：坏记录成为空洞，坏版本重建。',
    },
    source: 'A17 §3.3',
    lens: 'wal',
  },
  'gc.floor': {
    ids: ['WAL-36', 'WAL-25'],
    title: { en: 'What may be dropped', zh: '何者可回收' },
    text: {
      en: 'Log and page versions below the oldest read point anybody still needs may be dropped, never above PGMRPL.',
      zh: '低于任何人仍需的最旧读点的日志与页版本可以回收，绝不越过 PGMRPL。',
    },
    source: 'A17; S002 日志回收',
    lens: 'chains',
  },
  'member.step': {
    ids: ['WAL-62', 'WAL-69'],
    title: { en: 'Members change step by step', zh: '成员逐步变更' },
    text: {
      en: 'Each step of a membership change is one entry of the metadata, and complete only when quorums of both sides have it on disk.',
      zh: '成员变更的每一步是元数据的一条记录，两侧多数派都持久化后才算完成。',
    },
    source: 'A18 §4.1',
    lens: 'wal',
  },
  'member.dual': {
    ids: ['WAL-63', 'WAL-65'],
    title: { en: 'Two sets at once', zh: '新旧两组并存' },
    text: {
      en: 'While a replica is replaced, a write needs a quorum in the old set and in the new one, so either can be kept. Writes never stop.',
      zh: '更换副本期间，写入须在新旧两组都达多数派，因此留下任一组都安全。写入不停。',
    },
    source: 'A18 §4.1',
    lens: 'wal',
  },
  'member.catchup': {
    ids: ['WAL-64', 'WAL-70'],
    title: { en: 'It counts when it has caught up', zh: '追上才计入' },
    text: {
      en: 'A new member receives records and counts in no set until its SCL has reached that of the old members.',
      zh: '新成员接收记录，但在其 SCL 追上旧成员之前不计入任何一组。',
    },
    source: 'A18 §4; D',
    lens: 'wal',
  },
  'member.removed': {
    ids: ['WAL-66'],
    title: { en: 'Removed means silent', zh: '移除即不再应答' },
    text: {
      en: 'A removed replica refuses everything of the group once it knows; until then its acknowledgements do not count.',
      zh: '被移除的副本得知后拒绝该组的一切；在此之前它的确认不计数。',
    },
    source: 'A18 §4.1; D',
    lens: 'wal',
  },
  'backup.archiver': {
    ids: ['WAL-40'],
    title: { en: 'One replica archives', zh: '一个副本负责归档' },
    text: {
      en: 'Per group one replica archives, named by the metadata. It goes on from where the manifest ends; two at once do no harm.',
      zh: '每组一个副本归档，由元数据指定，自清单末尾继续；两个同时归档也无害。',
    },
    source: 'S002; A17 §3.3',
    lens: 'chains',
  },
  'backup.base': {
    ids: ['WAL-41'],
    title: { en: 'All pages at one LSN', zh: '同一 LSN 的全部页' },
    text: {
      en: 'A base image is all pages of a group at one LSN; a restore takes the newest one at or below its point and the log above it.',
      zh: '基础镜像是一个组在同一 LSN 的全部页；恢复取目标点之前最新的镜像，再加其后的日志。',
    },
    source: 'A17 §3.3; D',
    lens: 'chains',
  },
  'backup.object-lost': {
    ids: ['WAL-41', 'WAL-43'],
    title: { en: 'A lost object is put again or named', zh: '丢失的对象重传或写明' },
    text: {
      en: 'An object that is gone or damaged is put again while the log reaches; else the gap is named, and what needs it is refused.',
      zh: '对象丢失或损坏时，日志尚在则重传，否则写明缺口，需要它的恢复点被拒绝。',
    },
    source: 'D',
    lens: 'chains',
  },
  'member.base': {
    ids: ['WAL-71', 'HOLE-39'],
    title: { en: 'Made again from an image', zh: '由镜像重建' },
    text: {
      en: 'A replica whose missing log is gone everywhere, or that lost its disk, is made from a peer’s pages and goes on by log.',
      zh: '所缺日志已无处可得或磁盘丢失的副本，由同伴的页镜像重建，再由日志继续。',
    },
    source: 'A18 §4; D',
    lens: 'chains',
  },
  'token.grant': {
    ids: ['FENCE-1', 'FENCE-2'],
    title: { en: 'Every start gets a new token', zh: '每次启动都取新令牌' },
    text: {
      en: 'A writer gets a fresh token from the metadata when it starts, also after a crash; it never reuses one.',
      zh: '写节点每次启动（包括宕机后）都从元数据取得新令牌，从不复用。',
    },
    source: 'S002; D',
    lens: 'recovery',
  },
  'token.install': {
    ids: ['WAL-50', 'FENCE-5'],
    title: { en: 'The token fences older writers', zh: '令牌隔离旧写节点' },
    text: {
      en: 'Once a replica has the new token durably it refuses every writer with a smaller one.',
      zh: '副本持久化新令牌后，拒绝令牌更小的一切写节点。',
    },
    source: 'S002 Fencing',
    lens: 'recovery',
  },
  'recovery.order': {
    ids: ['WAL-50', 'WAL-52', 'FENCE-32'],
    title: { en: 'Recovery in steps R1 to R7', zh: '恢复分 R1 至 R7' },
    text: {
      en: 'Token to a quorum, read watermarks, compute VDL′, annul what lies above, fill to a quorum, open. No redo of pages is needed.',
      zh: '令牌达多数派、读水位、算 VDL′、废弃其上、补至多数派、打开。无需重做页。',
    },
    source: 'A17 §4.3; S002',
    lens: 'recovery',
  },
  'recovery.compute': {
    ids: ['WAL-52', 'WAL-53', 'WAL-55'],
    title: { en: 'How far the log reaches', zh: '日志到哪里为止' },
    text: {
      en: 'From the answers of a read quorum the walk along the volume chain gives VCL′; the last CPL on it is VDL′, never below any acknowledged commit.',
      zh: '由读多数派的应答沿卷链走到 VCL′；其中最后的 CPL 为 VDL′，不低于任何已确认提交。',
    },
    source: 'A17 §4.3',
    lens: 'wal',
  },
  'fence.stop': {
    ids: ['FENCE-14', 'WAL-13'],
    title: { en: 'A fenced writer stops', zh: '被隔离的写节点停止' },
    text: {
      en: 'A writer that learns of a greater token stops at once: it allocates and acknowledges nothing more.',
      zh: '得知更大令牌的写节点立即停止：不再分配，也不再确认。',
    },
    source: 'S002 HA Fencing',
    lens: 'recovery',
  },
  'client.unknown': {
    ids: ['FENCE-43', 'FENCE-44'],
    title: { en: 'Retry without doing it twice', zh: '重试不会做两次' },
    text: {
      en: 'A write carries (client, sequence); its outcome lies in the volume itself, so a repeated request gets the first answer.',
      zh: '写入带（客户端，序号）；其结果存于卷内，重复的请求得到第一次的答复。',
    },
    source: 'Raft dissertation §6.3',
    lens: 'checks',
  },
  'restore.restorable': {
    ids: ['WAL-43', 'WAL-44'],
    title: { en: 'What can be restored', zh: '何处可恢复' },
    text: {
      en: 'A point can be restored when it is a consistency point and the archive holds a base and the log up to it for every group.',
      zh: '一点可恢复，当且仅当它是一致点，且归档中每组都有基线及到该点的完整日志。',
    },
    source: 'S002; D',
    lens: 'recovery',
  },
} as const satisfies Readonly<Record<string, ExplainedRule>>;

type Rules = typeof explainedRules;
declare module '../../rules/rule-words.ts' {
  interface ExplainedRules extends Rules {}
}
