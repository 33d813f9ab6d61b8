// Words for the rules of the log: its watermarks, quorums, acknowledgements and holes.

import type { RuleSlug } from '../../../sim/checks/monitor.ts';
import type { RuleWords } from '../../rules/rule-words.ts';

export const logRules: Readonly<Partial<Record<RuleSlug, RuleWords>>> = {
  'wal.ack-after-durable': {
    title: { en: 'Acknowledge after the disk', zh: '落盘后才确认' },
    text: {
      en: 'A replica acknowledges only records that are durable on its disk.',
      zh: '副本只确认已在自己磁盘上持久化的记录。',
    },
    source: 'S002; A17 §3.3',
    lens: 'wal',
  },
  'wal.pgcl-true': {
    title: { en: 'PGCL is what a quorum holds', zh: 'PGCL 即多数派所持' },
    text: {
      en: 'PGCL of a group is the vw-th largest SCL of its replicas: never more than a write quorum holds durably.',
      zh: '组的 PGCL 是各副本 SCL 中第 vw 大者：绝不超过写多数派已持久化的位置。',
    },
    source: 'A18 §2.3',
    lens: 'wal',
  },
  'wal.quorum-overlap': {
    title: { en: 'Below VDL all is at quorum', zh: 'VDL 以下皆达多数派' },
    text: {
      en: 'Every record at or below VCL and VDL is durable at the write quorum of its group, so any read quorum finds it.',
      zh: 'VCL 与 VDL 及以下的每条记录都在其组的写多数派上持久，任何读多数派都能找到它。',
    },
    source: 'A17 §4.1; A18 §2.3',
    lens: 'wal',
  },
  'wal.vdl-is-cpl': {
    title: { en: 'VDL ends an MTR', zh: 'VDL 落在 MTR 末尾' },
    text: {
      en: 'VDL is the LSN of the last record of a mini-transaction: the largest CPL not above VCL.',
      zh: 'VDL 是某个小事务最后一条记录的 LSN：不超过 VCL 的最大 CPL。',
    },
    source: 'S002; A17 §4.1',
    lens: 'mtr',
  },
  'wal.marks-monotone': {
    title: { en: 'Watermarks only rise', zh: '水位只升不降' },
    text: {
      en: 'PGCL, VCL and VDL never decrease within a term; VDL never decreases at all.',
      zh: '同一任期内 PGCL、VCL、VDL 不下降；VDL 在任何时候都不下降。',
    },
    source: 'A17 §4.1; D',
    lens: 'wal',
  },
  'wal.acked-at-vdl': {
    title: { en: 'A commit waits for VDL', zh: '提交等待 VDL' },
    text: {
      en: 'A commit is acknowledged when VDL has reached its commit record (VDL ≥ SCN), not when every replica has it: any read quorum meets a write quorum, so a recovery finds it.',
      zh: '当 VDL 到达提交记录（VDL ≥ SCN）时即确认提交，无需等所有副本：任一读多数派都与写多数派相交，恢复必能找到。',
    },
    source: 'A17 §4.2.2; A18 §2.3; S002',
    lens: 'mtr',
  },
  'wal.acked-survives': {
    title: { en: 'What was acknowledged stays', zh: '已确认者不丢' },
    text: {
      en: 'An acknowledged commit is in every later history of the volume. This is the system’s main promise.',
      zh: '已确认的提交存在于该卷此后的一切历史中。这是系统的首要承诺。',
    },
    source: 'A17 §4.3; S002',
    lens: 'wal',
  },
  'wal.lsn-never-reused': {
    title: { en: 'No LSN twice', zh: 'LSN 不复用' },
    text: {
      en: 'No LSN is given to two records that could both survive: a new term starts above the allocation window of the old.',
      zh: '不会有两条都可能存活的记录使用同一 LSN：新任期从旧分配窗口之上开始。',
    },
    source: 'A17 §4.2.1; D',
    lens: 'wal',
  },
  'wal.mtr-contiguous': {
    title: { en: 'LSNs without gaps', zh: 'LSN 连续' },
    text: {
      en: 'The writer gives LSNs one by one; an MTR’s records are contiguous and MTRs never interleave.',
      zh: '写节点逐一分配 LSN；一个 MTR 的记录相连，MTR 之间不交错。',
    },
    source: 'A17; S002 MTR',
    lens: 'mtr',
  },
  'wal.truncated-removed': {
    title: { en: 'Truncate what was annulled', zh: '截断被废弃的日志' },
    text: {
      en: 'A replica that installs a history deletes every record that history annuls.',
      zh: '副本装入历史后，删除该历史所废弃的每条记录。',
    },
    source: 'S001 异常; D',
    lens: 'wal',
  },
  'wal.truncated-never-returned': {
    title: { en: 'Annulled stays annulled', zh: '废弃者不再出现' },
    text: {
      en: 'An annulled record is never returned by a read, a gap reply or a stream of a replica that knows the history.',
      zh: '知道该历史的副本，其读取、补洞应答和日志流都不会再给出被废弃的记录。',
    },
    source: 'A17 §4.3; S001',
    lens: 'wal',
  },
  'wal.back-pressure': {
    title: { en: 'Allocation stays near VDL', zh: '分配不远离 VDL' },
    text: {
      en: 'LSNs are allocated at most LAL ahead of VDL; beyond it the writer waits.',
      zh: 'LSN 的分配最多领先 VDL 一个 LAL；超过则写节点等待。',
    },
    source: 'A17 §4.2.1',
    lens: 'mtr',
  },
  'hole.one-live-request': {
    title: { en: 'Asked for once', zh: '只请求一次' },
    text: {
      en: 'Every position of a hole is asked for by at most one live request; when a hole splits, both parts inherit “sent”.',
      zh: '空洞的每个位置至多被一个在途请求覆盖；空洞分裂时，两部分都继承“已发送”。',
    },
    source: 'S001',
    lens: 'wal',
  },
  'hole.below-sgcl': {
    title: { en: 'Ask only for what is certain', zh: '只请求确定的日志' },
    text: {
      en: 'No request reaches above SGCL: what lies above may still be on its way, or may not survive.',
      zh: '请求不越过 SGCL：其上的日志可能还在途中，也可能不会存活。',
    },
    source: 'S001 接口',
    lens: 'wal',
  },
  'wal.vcl-exact': {
    title: { en: 'VCL is exact', zh: 'VCL 恰如其分' },
    text: {
      en: 'VCL is as high as the PGCLs of the groups allow: an idle group never holds the volume back.',
      zh: 'VCL 高至各组 PGCL 所允许：空闲的组不会拖住全卷。',
    },
    source: 'A18 Fig 3',
    lens: 'wal',
  },
  'wal.own-term-counts': {
    title: { en: 'Only the own term counts', zh: '只计本任期的确认' },
    text: {
      en: 'Only what was acknowledged under the writer’s own token counts towards PGCL.',
      zh: '只有以写节点自己令牌得到的确认才计入 PGCL。',
    },
    source: 'A18; Raft §5.4.2',
    lens: 'wal',
  },
  'hole.own-answer': {
    title: { en: 'Only answers of this life', zh: '只认本次启动的应答' },
    text: {
      en: 'Only answers to requests of this life of a node are taken; those to an earlier life change nothing.',
      zh: '只接受对节点本次启动后请求的应答；对之前启动的应答不起作用。',
    },
    source: 'S001; D',
    lens: 'wal',
  },
  'hole.rebuild-whole': {
    title: { en: 'The rebuilt list reaches all', zh: '重建列表不遗漏' },
    text: {
      en: 'A list rebuilt after a crash reaches as far as the log on the disk does.',
      zh: '宕机后重建的列表与磁盘上的日志一样远。',
    },
    source: 'S001',
    lens: 'wal',
  },
  'wal.scl-true': {
    title: { en: 'SCL is what the replica has', zh: 'SCL 即副本所有' },
    text: {
      en: 'The SCL a replica reports never exceeds what it has durably without a gap.',
      zh: '副本报告的 SCL 不超过它已无空洞持久化的位置。',
    },
    source: 'A18 §2.3',
    lens: 'wal',
  },
};
