// Texts of the glossary.

import { defineTexts } from '../../i18n/texts.ts';

const termTexts = defineTexts({
  'term.cpl': [
    'Records that count all together or not at all; the CPL is the last of them.',
    '同生共灭的一组记录；CPL 是其中最后一条。',
  ],
  'term.group': [
    'Part of a volume’s log. Every group is kept as N copies on N stores.',
    '卷日志的一部分，每组在 N 个存储上各有一份副本。',
  ],
  'term.hole': [
    'Records that a replica lacks below its NWL. It asks another replica for them, not the writer.',
    '副本在 NWL 以下缺少的记录；它向其他副本索取，而不是向写节点。',
  ],
  'term.lal': ['How far new LSNs may run ahead of VDL.', '新分配的 LSN 最多可领先 VDL 多少。'],
  'term.lsn': [
    'Log sequence number: number of a log record. Every record of the volume has its own, in order.',
    '日志序号：日志记录的编号，卷内每条记录各有一个，依次递增。',
  ],
  'term.range': [
    'From the first number on, up to the second and without it.',
    '从第一个数起，到第二个数之前为止。',
  ],
  'term.replica': ['One copy of a group, on one store.', '一个组在一个存储上的那一份。'],
  'term.scn': ['LSN of a transaction’s commit record.', '事务提交记录的 LSN。'],
  'term.ncl': [
    'End of the first stretch of this replica’s list without a gap.',
    '该副本状态列表从头起无缺口部分的末端。',
  ],
  'term.nwl': [
    'Newest LSN this replica has on disk; below it there may be holes.',
    '该副本已落盘的最新 LSN，其下可有空洞。',
  ],
  'term.pgcl': [
    'Up to here Vw replicas of the group have everything.',
    '本组有 Vw 个副本拥有在此之前的全部记录。',
  ],
  'term.quorum': [
    'Copies of a group; how many must have a write; how many a recovery must read.',
    '副本数；一次写入须达到的副本数；恢复时须读取的副本数。',
  ],
  'term.scl': [
    'Up to here this replica has every record of its group.',
    '该副本拥有本组在此之前的每条记录。',
  ],
  'term.sgcl': [
    'The same over all shards of the group; with one open shard it is PGCL.',
    '对本组所有分片而言的 PGCL；只有一个打开的分片时二者相等。',
  ],
  'term.token': [
    'Number of a writer’s right to write; it grows with each start of a writer. Stores refuse an older one, so two writers never commit at once.',
    '写入权的编号，写节点每次启动都增大；存储拒绝较旧者，故两个写节点不会同时提交。',
  ],
  'term.vcl': [
    'Up to here every record of the volume is at its group’s write quorum.',
    '卷内在此之前的每条记录都已达到所属组的写多数派。',
  ],
  'term.vdl': [
    'Newest CPL not above VCL: commits up to here are acknowledged and survive.',
    '不超过 VCL 的最新 CPL：在此之前的提交已确认，不会丢失。',
  ],
});

type Texts = typeof termTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
