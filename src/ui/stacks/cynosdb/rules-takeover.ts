// Words for the rules of a takeover: tokens, fencing, terms and the recovery of the log.

import type { RuleSlug } from '../../../sim/checks/monitor.ts';
import type { RuleWords } from '../../rules/rule-words.ts';

export const takeoverRules: Readonly<Partial<Record<RuleSlug, RuleWords>>> = {
  'recovery.token-before-read': {
    title: { en: 'Fence before reading', zh: '先设防再读取' },
    text: {
      en: 'Recovery reads replicas only after its token is at the write quorum of every group, so no older writer can change what it read.',
      zh: '恢复在令牌到达每组写多数派之后才读取副本，旧写节点无法再改变读到的状态。',
    },
    source: 'S002 Fencing; A18 §2.4',
    lens: 'recovery',
  },
  'recovery.open-after-history': {
    title: { en: 'History before opening', zh: '先装历史再打开' },
    text: {
      en: 'Recovery opens the volume, and answers clients, only after its history is at the write quorum of every group: the next recovery finds it.',
      zh: '恢复的历史到达每组写多数派之后，才打开卷并应答客户端：下一次恢复一定看得到它。',
    },
    source: 'S002 Fencing; A17 §4.3',
    lens: 'recovery',
  },
  'fence.token-monotone': {
    title: { en: 'A token never falls', zh: '令牌不回退' },
    text: {
      en: 'A replica’s token never decreases, across any crash: it is durable before it is answered.',
      zh: '副本的令牌在任何宕机后都不减小：先持久化再应答。',
    },
    source: 'S002',
    lens: 'recovery',
  },
  'fence.token-chosen': {
    title: { en: 'Tokens go to the chosen node', zh: '令牌只给选定的节点' },
    text: {
      en: 'A token goes only to a node that the metadata chose as writer of the volume, whoever asks for one.',
      zh: '无论谁请求，令牌只授予元数据选定为该卷写节点的节点。',
    },
    source: 'S002',
    lens: 'pcs',
  },
  'fence.token-unique': {
    title: { en: 'One token, one writer', zh: '一令牌一写节点' },
    text: {
      en: 'Tokens are granted once and strictly increasing; each start of a writer gets its own, and no two nodes work under the same.',
      zh: '令牌只授予一次且严格递增；写节点每次启动都得到自己的令牌，不会有两个节点使用同一令牌。',
    },
    source: 'S002; D',
    lens: 'recovery',
  },
  'fence.stale-write-inert': {
    title: { en: 'An old writer’s work has no effect', zh: '旧写节点的写入无效' },
    text: {
      en: 'A writer that a later token has overtaken may acknowledge only what the recovery under that token kept; the stores refuse all else.',
      zh: '被更新令牌取代的写节点只能确认新令牌恢复所保留的内容；其余一概被存储拒绝。',
    },
    source: 'S002',
    lens: 'recovery',
  },
  'fence.cut-off-replaced': {
    title: { en: 'A writer that is cut off is replaced', zh: '与存储失联的写节点会被替换' },
    text: {
      en: 'A writer that lives but that no write quorum of stores answers loses its place, once a standby is answered by one.',
      zh: '写节点虽在线，却得不到写多数派存储节点的应答时，只要有备机能得到应答，就由备机接替。',
    },
    source: 'D',
    lens: 'recovery',
  },
  'fence.handoff-whole': {
    title: { en: 'A handoff leaves nothing behind', zh: '交接不留尾' },
    text: {
      en: 'In a planned switchover the writer hands over when all that it has allocated is durable, so the recovery after it discards nothing.',
      zh: '计划内切换时，写节点在已分配的日志全部持久后才交接，其后的恢复不丢弃任何记录。',
    },
    source: 'S002; D',
    lens: 'recovery',
  },
  'raft.one-leader': {
    title: { en: 'One leader a term', zh: '每任期一个领导者' },
    text: {
      en: 'A member votes once a term, durably, so that no term of the metadata has two leaders.',
      zh: '成员每任期只投一票并先持久化，因此元数据的任一任期都不会有两个领导者。',
    },
    source: 'Raft §5.2',
    lens: 'pcs',
  },
  'raft.joint': {
    title: { en: 'Voters change in two steps', zh: '投票成员分两步变更' },
    text: {
      en: 'A new member first receives the log without a vote. Then an entry puts both sets in force: elections and commits need a majority of each, until a second entry ends the old one.',
      zh: '新成员先只接收日志、不投票；随后一个条目使新旧两组同时生效：选举与提交须各得多数派，直到第二个条目结束旧组。',
    },
    source: 'Raft §6; Thesis 4.2.1',
    lens: 'pcs',
  },
  'raft.commit-rule': {
    title: { en: 'Committed is on a majority', zh: '已提交即在多数成员上' },
    text: {
      en: 'A leader commits entries of its own term that a majority has on disk; whoever is elected later has them.',
      zh: '领导者只提交本任期且已在多数成员落盘的条目；其后当选者必定持有它们。',
    },
    source: 'Raft §5.4',
    lens: 'pcs',
  },
  'raft.log-matching': {
    title: { en: 'Logs match', zh: '日志匹配' },
    text: {
      en: 'Two logs that have an entry of the same index and term are the same up to it.',
      zh: '两份日志若有序号与任期相同的条目，则到该条目为止完全相同。',
    },
    source: 'Raft §5.3',
    lens: 'pcs',
  },
  'pcs.model': {
    title: { en: 'Members agree', zh: '成员状态一致' },
    text: {
      en: 'Every member that has applied an entry has the same metadata after it.',
      zh: '应用同一条目之后，每个成员的元数据都相同。',
    },
    source: 'Raft §5.4.3',
    lens: 'pcs',
  },
  'pcs.read-fresh': {
    title: { en: 'No answer from the past', zh: '不以旧状态应答' },
    text: {
      en: 'An answer of the metadata holds all that was committed when the question came, also by a leader that was deposed.',
      zh: '元数据的应答包含提问时已提交的一切，被罢免的领导者也不例外。',
    },
    source: 'Thesis 6.4',
    lens: 'pcs',
  },
  'recovery.damaged-abstains': {
    title: { en: 'Damaged replicas abstain', zh: '受损副本弃权' },
    text: {
      en: 'A replica never tells a recovery of less than it has acknowledged: while damage hides a record it keeps out of the read quorum.',
      zh: '副本绝不向恢复报告少于自己已确认的内容：损坏遮住某条记录期间，它不参加读多数派。',
    },
    source: 'A17 §3.3; D',
    lens: 'recovery',
  },
  'recovery.read-quorum': {
    title: { en: 'Recovery reads a quorum', zh: '恢复须读多数派' },
    text: {
      en: 'A recovery goes by the answers of a read quorum of every group, of every set while membership changes.',
      zh: '恢复依据每组读多数派的应答；成员变更期间两组皆须。',
    },
    source: 'A17 §4.3; A18 §4.1',
    lens: 'recovery',
  },
  'recovery.highest-term': {
    title: { en: 'The highest term decides', zh: '最高任期者为准' },
    text: {
      en: 'A recovery follows the history with the highest term among the answers.',
      zh: '恢复依从应答中任期最高的历史。',
    },
    source: 'Raft §5.4.1; A18',
    lens: 'recovery',
  },
  'fence.stale-refused': {
    title: { en: 'Old tokens are refused', zh: '旧令牌被拒' },
    text: {
      en: 'A replica takes nothing under a token below the one it has installed.',
      zh: '副本不接受令牌小于已装入者的任何请求。',
    },
    source: 'S002 Fencing',
    lens: 'recovery',
  },
  'fence.epoch-monotone': {
    title: { en: 'A history stays installed', zh: '历史装入后不失' },
    text: {
      en: 'The history a replica has installed is still there after any crash.',
      zh: '副本装入的历史在任何宕机之后仍在。',
    },
    source: 'D',
    lens: 'recovery',
  },
};
