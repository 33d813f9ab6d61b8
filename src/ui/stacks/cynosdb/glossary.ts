// The glossary in both languages, with the source of each term (docs/spec/terms.md has them in full).

import type { GlossaryTerm } from '../../rules/model-row.ts';

const term = (name: string, gloss: string, en: string, zh: string, source: string): GlossaryTerm => ({
  name,
  gloss,
  text: { en, zh },
  source,
});

export const glossary: readonly GlossaryTerm[] = [
  term(
    'LSN',
    '日志序号',
    'Log sequence number: number of a log record. Every record of the volume has its own, in order.',
    '日志记录的编号；卷内每条记录各有其一，依次递增。',
    'A17',
  ),
  term(
    'MTR',
    '小事务',
    'Records that count all together or not at all.',
    '要么全部算数、要么都不算的一组记录。',
    'A17; S002',
  ),
  term('CPL', '一致点', 'LSN of the last record of an MTR.', '一个 MTR 最后一条记录的 LSN。', 'A17'),
  term('SCN', '提交号', 'LSN of a transaction’s commit record.', '事务提交记录的 LSN。', 'A17'),
  term(
    'N/Vw/Vr',
    '副本数/写/读多数派',
    'Copies of a group; how many must have a write; how many a recovery must read.',
    '组的副本数；写须达到几个；恢复须读几个。',
    'A17',
  ),
  term(
    'SCL',
    '段完整点',
    'Up to here this replica has every record of its group.',
    '至此本副本拥有其组的全部记录。',
    'A18',
  ),
  term(
    'NCL',
    '节点完整点',
    'End of the first stretch of this replica’s list without a gap.',
    '本副本列表开头无空洞段的末尾。',
    'S001',
  ),
  term(
    'NWL',
    '节点最新点',
    'Newest LSN this replica has on disk; below it there may be holes.',
    '本副本磁盘上最新的 LSN；其下可能有空洞。',
    'S001',
  ),
  term(
    'PGCL',
    '组完整点',
    'Up to here Vw replicas of the group have everything.',
    '至此组内 Vw 个副本拥有一切。',
    'A18',
  ),
  term(
    'SGCL',
    '组内各分片完整点',
    'The same over all shards of the group.',
    '对组内所有分片而言的同一含义。',
    'S001',
  ),
  term(
    'VCL',
    '卷完整点',
    'Up to here every record of the volume is at its group’s write quorum.',
    '至此卷的每条记录都达到其组的写多数派。',
    'A17',
  ),
  term(
    'VDL',
    '卷持久点',
    'Newest CPL not above VCL: commits up to here are acknowledged and survive.',
    '不超过 VCL 的最新 CPL：至此的提交已确认且不会丢失。',
    'A17',
  ),
  term('LAL', '分配上限', 'How far new LSNs may run ahead of VDL.', '新 LSN 可领先 VDL 多远。', 'A17'),
  term(
    'PGMRPL',
    '最低读点',
    'Below it nobody reads any more; older versions may go.',
    '低于此再无人读；旧版本可回收。',
    'A17; S002',
  ),
  term(
    'VDL′',
    '恢复出的卷持久点',
    'VDL as a recovery computes it from a read quorum.',
    '恢复由读多数派算出的 VDL。',
    'A17 §4.3',
  ),
  term(
    'Hole',
    '空洞',
    'A range of LSNs that a replica lacks although it has newer ones.',
    '副本缺少而其后已有更新记录的一段 LSN。',
    'S001',
  ),
  term(
    'Token, term',
    '令牌，任期',
    'Grows with each start of a writer; stores refuse an older one, so two writers never commit at once. It is stamped into the records as their term.',
    '随每任写者增大；存储拒绝更小者，故两个写者不会同时提交。它作为任期写入记录。',
    'S002',
  ),
  term(
    'Annulled',
    '废弃',
    'LSNs that a recovery declares never to have existed.',
    '恢复宣布从未存在过的 LSN。',
    'A17',
  ),
  term('Read point', '读点', 'LSN as of which a page is read.', '读取页时所依据的 LSN。', 'A17; S002'),
  term(
    'Tape',
    '磁带',
    'Everything a person did to a run, line by line; it gives the same run again.',
    '人对运行所做的一切，逐行记录；可重现同一运行。',
    'D',
  ),
];
