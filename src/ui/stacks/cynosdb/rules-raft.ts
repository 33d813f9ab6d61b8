// Rules of the metadata's Raft log that no monitor watches but that captions and lessons name to say why.

import type { ExplainedRule } from '../../rules/rule-words.ts';

export const raftRules = {
  'raft.election': {
    ids: ['PCS-9', 'PCS-10', 'PCS-13'],
    title: { en: 'How a leader is elected', zh: '领导者如何选出' },
    text: {
      en: 'Who hears no leader first asks whether it could win, without raising its term; then it needs the votes of a majority, and gets one only from a member whose log is no newer.',
      zh: '收不到领导者消息的成员先询问能否当选而不抬高任期；随后需要多数派的选票，且只有日志不比它新的成员才投给它。',
    },
    source: 'Raft §5.2, §5.4.1; Thesis 9.6',
    lens: 'pcs',
  },
  'raft.check-quorum': {
    ids: ['PCS-14', 'PCS-31'],
    title: { en: 'A leader without a majority steps down', zh: '失去多数派的领导者退位' },
    text: {
      en: 'A leader that hears from no majority for an election timeout steps down. It could commit nothing anyway, and who asks it learns so. Reads and commits of data need no metadata and go on.',
      zh: '一个选举超时内收不到多数派应答的领导者退位：它本就无法提交，询问者也因此得知。数据的读与提交不需要元数据，照常进行。',
    },
    source: 'Thesis 6.2',
    lens: 'pcs',
  },
  'raft.snapshot': {
    ids: ['PCS-28', 'PCS-29'],
    title: { en: 'A snapshot replaces old entries', zh: '快照取代旧条目' },
    text: {
      en: 'Once the metadata as of an entry is durable, entries before it may be cut away; a member that still needs them gets the snapshot instead.',
      zh: '某条目之时的元数据落盘后，更早的条目可以裁去；仍需要它们的成员改得快照。',
    },
    source: 'Raft §7',
    lens: 'pcs',
  },
  'pcs.outage': {
    ids: ['PCS-31'],
    title: { en: 'Without the PCS only decisions wait', zh: '没有 PCS，等待的只是决定' },
    text: {
      en: 'The metadata is on no path of data: reads, commits and the repair of holes go on without a leader. Only a new token, a move, a restore or a change of members waits for one.',
      zh: '元数据不在任何数据路径上：没有领导者时，读、提交与补洞照常。只有新令牌、迁移、恢复或成员变更等待领导者。',
    },
    source: 'S000; D',
    lens: 'pcs',
  },
} as const satisfies Readonly<Record<string, ExplainedRule>>;

type Rules = typeof raftRules;
declare module '../../rules/rule-words.ts' {
  interface ExplainedRules extends Rules {}
}
