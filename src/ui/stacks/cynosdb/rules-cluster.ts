// Words for the rules of pages, clients, membership and the cluster as a whole.

import type { RuleSlug } from '../../../sim/checks/monitor.ts';
import type { RuleWords } from '../../rules/rule-words.ts';

export const clusterRules: Readonly<Partial<Record<RuleSlug, RuleWords>>> = {
  'buffer.evict-below-vdl': {
    title: { en: 'Evict at or below VDL', zh: 'VDL 以下才可淘汰' },
    text: {
      en: 'A dirty page leaves the writer’s buffer only at or below VDL, because storage can then rebuild it; nothing is written.',
      zh: '脏页只有在 VDL 及以下才可离开写节点缓冲：存储已能重建它，无需刷脏。',
    },
    source: 'A17 §4.2.3; D',
    lens: 'pages',
  },
  'page.same-bytes': {
    title: { en: 'Same page, same bytes', zh: '同页同字节' },
    text: {
      en: 'Two replicas give the same bytes for the same page and read point.',
      zh: '对同一页和同一读点，两个副本给出相同的字节。',
    },
    source: 'A17 §3; D',
    lens: 'chains',
  },
  'page.read-point': {
    title: { en: 'Never newer than asked', zh: '不新于读点' },
    text: {
      en: 'A page that storage returns is never newer than the read point and lacks no record at or below it.',
      zh: '存储返回的页不新于读点，也不缺少读点及以下的任何记录。',
    },
    source: 'S002 多版本读; A17',
    lens: 'chains',
  },
  'client.linearizable': {
    title: { en: 'One order for everybody', zh: '人人所见同一顺序' },
    text: {
      en: 'All operations on one key fit into one order that every client saw; an unknown outcome may count either way.',
      zh: '同一键上的全部操作可排成一个所有客户端都看到的顺序；结果未知者两可。',
    },
    source: 'D',
    lens: 'checks',
  },
  'client.acked-present': {
    title: { en: 'Acknowledged is there', zh: '确认的都在' },
    text: {
      en: 'At the end of a run every write that was acknowledged to a client is there.',
      zh: '运行结束时，客户端被告知已提交的每次写入都在。',
    },
    source: 'D',
    lens: 'checks',
  },
  'client.exactly-once': {
    title: { en: 'Exactly once', zh: '恰好一次' },
    text: {
      en: 'Every acknowledged operation of a countable load has left exactly one mark, one of unknown outcome at most one, whatever was retried and whoever wrote.',
      zh: '可计数负载中，每个已确认的操作恰好留下一个标记，结果未知的至多一个，无论如何重试、由谁写入。',
    },
    source: 'Raft Thesis 6.3; D',
    lens: 'checks',
  },
  'client.silence': {
    title: { en: 'Only silence is given up', zh: '只有沉默才放弃' },
    text: {
      en: 'A driver gives a request up only once no node has said, for as long as the driver’s limit, that it is working on it.',
      zh: '只有在驱动的时限内没有任何节点表示正在处理，驱动才放弃一个请求。',
    },
    source: 'D',
    lens: 'checks',
  },
  'client.block-fails': {
    title: { en: 'What is given up fails its transaction', zh: '放弃的请求使其事务失败' },
    text: {
      en: 'After a request inside a transaction was given up, cancelled or refused, the transaction is only rolled back, also where it is committed.',
      zh: '事务中的请求被放弃、取消或拒绝之后，该事务只会被回滚，提交时也按回滚处理。',
    },
    source: 'PostgreSQL; D',
    lens: 'checks',
  },
  'client.isolation': {
    title: { en: 'What a level promises', zh: '级别所承诺的' },
    text: {
      en: 'What transactions read and wrote, on the writer and on readers, closes no cycle that their isolation level, or the level of their session, excludes. A reader may lag behind other sessions, never behind its own.',
      zh: '事务在写节点与只读节点上的读写，不构成其隔离级别或会话级别所排除的环。只读节点可落后于其他会话，绝不落后于本会话。',
    },
    source: 'Adya 1999; READ-43',
    lens: 'checks',
  },
  'client.paths-agree': {
    title: { en: 'Every access path agrees', zh: '各访问路径一致' },
    text: {
      en: 'Heap scan, index scan and point lookups give the same rows of a table, and no row breaks a foreign key that stands.',
      zh: '堆扫描、索引扫描与点查给出同一张表的相同行，且没有行违反现存的外键。',
    },
    source: 'D',
    lens: 'checks',
  },
  'page.structure': {
    title: { en: 'Pages are whole', zh: '页面结构完好' },
    text: {
      en: 'At VDL and at each end of an MTR heap, index, free-space map, catalog and commit log are whole and say the same: every index entry has its row and every row its entry.',
      zh: '在 VDL 及每个 MTR 末尾处，堆、索引、空闲空间映射、目录与提交日志都完好且互相一致：每个索引项有其行，每行有其索引项。',
    },
    source: 'D',
    lens: 'pages',
  },
  'page.redo': {
    title: { en: 'Pages follow from the log', zh: '页由日志而定' },
    text: {
      en: 'What replicas would serve at any legal read point, what they store and what they cache of a page is what redo makes of the volume’s log alone; whatever a reader may still ask for can be served.',
      zh: '对任一合法读点，副本将返回的页、已存的版本与缓存的页，都与仅凭卷日志重做所得一致；读者仍可请求的页都能给出。',
    },
    source: 'A17 §3.3; D',
    lens: 'chains',
  },
  'buffer.redo': {
    title: { en: 'The buffer follows from the log', zh: '缓冲由日志而定' },
    text: {
      en: 'A page in the writer’s buffer is what redo makes of its records, durable or not: the writer changes nothing without a record.',
      zh: '写节点缓冲中的页是对其日志记录（无论是否已持久）重做的结果：没有记录，写节点不作任何更改。',
    },
    source: 'A17 §3; D',
    lens: 'chains',
  },
  'wal.same-records': {
    title: { en: 'Replicas hold the same records', zh: '副本持有相同的记录' },
    text: {
      en: 'Above their log floors and as far as both reach without a gap, two replicas of a group hold the same records.',
      zh: '在日志下界之上、两者都无空洞到达的范围内，同组的两个副本持有相同的记录。',
    },
    source: 'A18 §2.3; D',
    lens: 'wal',
  },
  'hole.filled-in-time': {
    title: { en: 'Holes are filled while faults last', zh: '故障持续时空洞也会补齐' },
    text: {
      en: 'A hole whose records a sound peer can give is filled within a bound, whatever is wrong elsewhere: a silent peer is given up in time and the next one is asked.',
      zh: '只要有完好的对等副本能提供记录，空洞就在限定时间内补齐，不论别处有何故障：沉默的对等副本会被及时放弃，转而询问下一个。',
    },
    source: 'D',
    lens: 'wal',
  },
  'page.read-in-time': {
    title: { en: 'Reads are answered while faults last', zh: '故障持续时读请求也得到应答' },
    text: {
      en: 'A page read that a sound replica can serve is answered within a bound: a replica that is silent or refuses is followed by the next one.',
      zh: '只要有完好的副本能提供某页，读请求就在限定时间内得到应答：副本沉默或拒绝时，改问下一个。',
    },
    source: 'A17 §4.2.3; D',
    lens: 'chains',
  },
  'commit.acked-in-time': {
    title: { en: 'Commits are acknowledged while faults last', zh: '故障持续时提交也得到确认' },
    text: {
      en: 'A commit is acknowledged within a bound once sound write quorums can take all of its log, whatever is wrong elsewhere: what was lost on its way is sent again.',
      zh: '只要完好的写多数派能接收其全部日志，提交就在限定时间内得到确认，不论别处有何故障：途中丢失的日志会重发。',
    },
    source: 'D',
    lens: 'wal',
  },
  'page.pinned-kept': {
    title: { en: 'A copied image stays whole', zh: '被复制的镜像保持完整' },
    text: {
      en: 'While somebody copies all pages of a group as of one LSN, GC leaves the log and the versions that these pages take.',
      zh: '有节点在复制某组于某 LSN 的全部页时，GC 保留这些页所需的日志与版本。',
    },
    source: 'D',
    lens: 'chains',
  },
  'read.floor-below-readers': {
    title: { en: 'PGMRPL below every reader', zh: 'PGMRPL 不高于任何读者' },
    text: {
      en: 'PGMRPL, below which storage may drop what a read needs, is at or below the read point of every open snapshot.',
      zh: 'PGMRPL 以下的内容存储可以丢弃，因此它不高于任何打开的快照的读点。',
    },
    source: 'A17 §4.2.3; D',
    lens: 'chains',
  },
  'member.one-step': {
    title: { en: 'Members change through two sets', zh: '成员经双集变更' },
    text: {
      en: 'The members of a group change one at a time, through a state in which old and new set must both reach the write quorum; memberEpoch rises by one at each step.',
      zh: '组的成员一次只变更一个，且须经过新旧两集都要达到写多数派的状态；每一步 memberEpoch 加一。',
    },
    source: 'A18 §4.1; D',
    lens: 'wal',
  },
  'member.quorums-meet': {
    title: { en: 'Quorums of every set meet', zh: '每组成员的多数派相交' },
    text: {
      en: 'In every set of members two write quorums meet, and a read quorum meets each of them.',
      zh: '在每一组成员中，两个写多数派必相交，读多数派与每个写多数派也相交。',
    },
    source: 'A18 §4.1',
    lens: 'wal',
  },
  'member.commit-safe': {
    title: { en: 'The new set has everything', zh: '新集已有全部' },
    text: {
      en: 'When a change of members is committed, every read quorum of the new set has every durable record.',
      zh: '成员变更提交时，新集的任何读多数派都持有每条已持久的记录。',
    },
    source: 'A18 §4.1; D',
    lens: 'wal',
  },
  'member.epoch-monotone': {
    title: { en: 'A membership is never forgotten', zh: '成员关系不会被遗忘' },
    text: {
      en: 'The memberEpoch of a replica never decreases, across any crash.',
      zh: '副本的 memberEpoch 在任何宕机之后都不下降。',
    },
    source: 'A18 §4; D',
    lens: 'wal',
  },
  'member.rollback-found': {
    title: { en: 'A disk that was put back is found out', zh: '回退的磁盘会被发现' },
    text: {
      en: 'A replica found at a start begins only if its disk holds all that the metadata has heard of it: a disk put back to an earlier state has forgotten promises, and counts as lost.',
      zh: '启动时找到的副本，只有磁盘不少于元数据所知的一切才开始服务：被退回旧状态的磁盘忘记了承诺，按丢失处理。',
    },
    source: 'D',
    lens: 'wal',
  },
  'disk.kept-by-crash': {
    title: { en: 'A loss of power takes nothing back', zh: '断电不会收回任何已持久的内容' },
    text: {
      en: 'Whichever of its unsynced writes survive a loss of power, a node still has all that it has reported: a replica is found rolled back or lost, and an archived object missing, only where a disk was tampered with.',
      zh: '无论断电后哪些未同步的写入得以保留，节点仍拥有它报告过的一切：只有磁盘被动过手脚，副本才会被判为回退或丢失，归档对象才会缺失。',
    },
    source: 'D',
    lens: 'wal',
  },
  'member.lost-is-learner': {
    title: { en: 'A lost disk comes back as a learner', zh: '丢盘者以学习者归来' },
    text: {
      en: 'A replica that has lost its disk takes part again only after a base image, as a learner: it has forgotten what it acknowledged and promised.',
      zh: '丢失磁盘的副本已忘记自己确认与承诺过什么，只有取得基础镜像、以学习者身份加入后才再次参与。',
    },
    source: 'D',
    lens: 'wal',
  },
  'cluster.converges': {
    title: { en: 'Healed means whole', zh: '修复即完整' },
    text: {
      en: 'After healing every replica holds the whole log without holes.',
      zh: '网络修复后，每个副本都持有完整、无空洞的日志。',
    },
    source: 'S001 网络延迟; D',
    lens: 'wal',
  },
  'cluster.progress': {
    title: { en: 'It goes on', zh: '终会继续' },
    text: {
      en: 'After healing the volume opens and commits again, with exactly one writer.',
      zh: '修复之后卷重新打开并继续提交，且恰有一个写节点。',
    },
    source: 'D',
    lens: 'recovery',
  },
};
