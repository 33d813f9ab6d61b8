// Captions of the metadata's Raft log: elections, votes, leaders that step down, changes of its members.

import { defineTexts } from '../../i18n/texts.ts';

const raftTexts = defineTexts({
  'story.raft.candidate': [
    '{{node}} hears no leader of the metadata: it asks the others to vote for it in term {{term}}.',
    '{{node}} 收不到元数据领导者的消息：请其他成员在任期 {{term}} 投票给它。',
  ],
  'story.raft.vote.ruleOff': [
    '{{node}} has its vote for {{candidate}} on disk, in term {{term}}.',
    '{{node}} 把投给 {{candidate}} 的票落盘，任期 {{term}}。',
  ],
  'story.raft.truncate.ruleOff': [
    '{{node}} drops entries from {{from}} on: its leader does not have them.',
    '{{node}} 丢弃条目 {{from}} 及以后：领导者没有它们。',
  ],
  'story.raft.identityLost.ruleOff': [
    '{{node}} finds that its disk is not the one that made its promises.',
    '{{node}} 发现磁盘并非作出承诺的那一块。',
  ],
  'story.raft.vote': [
    '{{node}} has its vote for {{candidate}} on disk: it gives no other in term {{term}}.',
    '{{node}} 把投给 {{candidate}} 的票落盘：任期 {{term}} 不再投他人。',
  ],
  'story.raft.ownVote': [
    '{{node}} has its vote for itself on disk, in term {{term}}.',
    '{{node}} 把投给自己的票落盘，任期 {{term}}。',
  ],
  'story.raft.leader': [
    'A majority voted for {{node}}: it leads the metadata in term {{term}}.',
    '多数成员投票给 {{node}}：它在任期 {{term}} 领导元数据。',
  ],
  'story.raft.noQuorum': [
    '{{node}} no longer hears a majority: it steps down. Commits go on, changes of the metadata wait.',
    '{{node}} 不再收到多数派应答，因而退位。提交照常，元数据变更等待。',
  ],
  'story.raft.deposed': [
    '{{node}} led the metadata and learns of term {{term}}: it follows.',
    '{{node}} 曾领导元数据，得知任期 {{term}} 后转为跟随。',
  ],
  'story.raft.left': [
    '{{node}} is a voter of the metadata no more: it hands the leadership over.',
    '{{node}} 不再是元数据的投票成员：它交出领导权。',
  ],
  'story.raft.gaveUp': [
    '{{node}} was not elected: it follows in term {{term}}.',
    '{{node}} 未当选：在任期 {{term}} 跟随。',
  ],
  'story.raft.joint': [
    '{{node}}: the metadata needs a majority of {{old}} and one of {{voters}}.',
    '{{node}}：元数据须同时得到 {{old}} 与 {{voters}} 的多数派。',
  ],
  'story.raft.members': [
    '{{node}}: the voters of the metadata are {{voters}}.',
    '{{node}}：元数据的投票成员是 {{voters}}。',
  ],
  'story.raft.noVoters': [
    '{{node}}: its log of the metadata names no voters yet.',
    '{{node}}：其元数据日志中尚无投票成员。',
  ],
  'story.raft.learners': [
    '{{node}}: the voters of the metadata are {{voters}}; {{learners}} only receives its log.',
    '{{node}}：元数据的投票成员是 {{voters}}；{{learners}} 只接收日志。',
  ],
  'story.raft.snapshot.taken': [
    '{{node}} has a snapshot of the metadata up to entry {{index}}: the log before it may go.',
    '{{node}} 有了截至条目 {{index}} 的元数据快照：之前的日志可删。',
  ],
  'story.raft.snapshot.sent': [
    '{{peer}} lacks entries that {{node}} has cut away: it gets the snapshot up to {{index}}.',
    '{{peer}} 缺少 {{node}} 已裁去的条目：它得到截至 {{index}} 的快照。',
  ],
  'story.raft.snapshot.installed': [
    '{{node}} goes on from a snapshot of the metadata up to entry {{index}}.',
    '{{node}} 从截至条目 {{index}} 的元数据快照继续。',
  ],
  'story.raft.truncate': [
    '{{node}} drops entries from {{from}} on: its leader never had them, so none was committed.',
    '{{node}} 丢弃条目 {{from}} 及以后：领导者没有它们，因此从未提交。',
  ],
  'story.raft.removed': [
    '{{node}} learns that it is no member of the metadata’s log any more.',
    '{{node}} 得知自己已不是元数据日志的成员。',
  ],
  'story.pcs.in': [
    '{{node}} is to hold the metadata: identity, log, then a vote by joint consensus.',
    '{{node}} 将持有元数据：先得身份与日志，再经联合共识获得投票权。',
  ],
  'story.pcs.out': [
    '{{node}} is to hold the metadata no more: majorities of both sets agree first.',
    '{{node}} 将不再持有元数据：新旧两组成员的多数先要同意。',
  ],
  'story.pcs.admitted': [
    '{{node}} joins as {{as}}, an identity that was never used before.',
    '{{node}} 以 {{as}} 加入，该身份从未用过。',
  ],
  'story.pcs.isIn': ['{{node}} votes on the metadata now.', '{{node}} 现在参与元数据投票。'],
  'story.pcs.isOut': ['{{node}} is out of the metadata’s log.', '{{node}} 已退出元数据日志。'],
  'story.raft.identityLost': [
    '{{node}} finds that its disk is not the one that made its promises: it votes no more.',
    '{{node}} 发现磁盘并非作出承诺的那一块：不再投票。',
  ],
});

type Texts = typeof raftTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
