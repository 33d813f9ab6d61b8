// Words for the rules of what is kept beside the log: backup, restore, base images, the check of disks.

import type { RuleSlug } from '../../../sim/checks/monitor.ts';
import type { RuleWords } from '../../rules/rule-words.ts';

export const archiveRules: Readonly<Partial<Record<RuleSlug, RuleWords>>> = {
  'base.in-bounds': {
    title: { en: 'A base image serves every reader', zh: '基础镜像满足所有读点' },
    text: {
      en: 'A base image is as of a record that is durable and that no read point lies below.',
      zh: '基础镜像所在的记录已持久，且没有读点低于它。',
    },
    source: 'D',
    lens: 'chains',
  },
  'archive.no-annulled': {
    title: { en: 'Only what will stay is archived', zh: '只归档不会消失的日志' },
    text: {
      en: 'The archive holds nothing above VDL and nothing that a recovery annuls.',
      zh: '归档中没有高于 VDL 的日志，也没有被恢复废除的日志。',
    },
    source: 'S002; A17 §3.3',
    lens: 'chains',
  },
  'archive.whole': {
    title: { en: 'A segment is whole', zh: '日志段完整' },
    text: {
      en: 'A log segment of the archive holds every record of its group in its range, and no other.',
      zh: '归档的日志段含本组该区间的全部记录，且仅此而已。',
    },
    source: 'D',
    lens: 'chains',
  },
  'archive.gapless': {
    title: { en: 'Segments join', zh: '日志段首尾相接' },
    text: {
      en: 'The segments of a group follow each other without a gap, across crashes, recoveries and changes of the archiver; a gap is named.',
      zh: '一个组的日志段首尾相接，历经宕机、恢复与归档者更换；若有缺口，清单中写明。',
    },
    source: 'D',
    lens: 'chains',
  },
  'archive.manifest-cas': {
    title: { en: 'One manifest after the other', zh: '清单逐版替换' },
    text: {
      en: 'Each manifest follows the one before it by compare-and-set, under a token that is not lower.',
      zh: '清单以比较并交换逐版替换，令牌不降。',
    },
    source: 'D',
    lens: 'chains',
  },
  'archive.after-manifest': {
    title: { en: 'Archived when the manifest says so', zh: '清单写明方算归档' },
    text: {
      en: 'Log counts as archived only when the manifest that names it is durable.',
      zh: '只有写明该日志的清单已持久，日志才算归档。',
    },
    source: 'D',
    lens: 'chains',
  },
  'archive.gc-behind': {
    title: { en: 'Nothing goes before it is archived', zh: '先归档后回收' },
    text: {
      en: 'No log is dropped before it is archived: while the object store is away it is kept.',
      zh: '日志未归档前不回收：对象存储不可用期间一直保留。',
    },
    source: 'S002; D',
    lens: 'chains',
  },
  'archive.catches-up': {
    title: { en: 'The archive catches up', zh: '归档终会追上' },
    text: {
      en: 'After healing the archive reaches the end of the log.',
      zh: '故障消除后，归档追到日志末尾。',
    },
    source: 'D',
    lens: 'chains',
  },
  'restore.token-above': {
    title: { en: 'A restored volume begins above its past', zh: '恢复出的卷令牌高于历史' },
    text: {
      en: 'A restored volume begins under a token above every term of the history that it was restored with.',
      zh: '恢复出的卷以高于其历史中所有任期的令牌开始。',
    },
    source: 'D',
    lens: 'chains',
  },
  'restore.equals-source': {
    title: { en: 'Restored is what was', zh: '恢复即当时' },
    text: {
      en: 'A restored volume holds exactly the records and pages that its source had at that point.',
      zh: '恢复出的卷恰好拥有源卷在该点的记录与页。',
    },
    source: 'A17 §3.3; D',
    lens: 'chains',
  },
  'restore.completes': {
    title: { en: 'A restore ends', zh: '恢复终会结束' },
    text: {
      en: 'After healing, a restore that was begun is done, or says why it is not.',
      zh: '故障修复后，已开始的恢复要么完成，要么说明原因。',
    },
    source: 'D',
    lens: 'chains',
  },
  'restore.objects-kept': {
    title: { en: 'What a restore needs stays', zh: '恢复所需的对象保留' },
    text: {
      en: 'No object that a running restore is made from is deleted from the archive before the restore ends.',
      zh: '正在进行的恢复所用的归档对象，在恢复结束前不会被删除。',
    },
    source: 'D',
    lens: 'chains',
  },
  'restore.write-quorum': {
    title: { en: 'Opened with a write quorum', zh: '达到写多数派才打开' },
    text: {
      en: 'A restored volume opens only when a write quorum of every group holds it; the rest are made anew.',
      zh: '恢复出的卷只有在每个组的写多数派都持有后才打开，其余副本重新生成。',
    },
    source: 'D',
    lens: 'chains',
  },
  'restore.source-untouched': {
    title: { en: 'The source is not touched', zh: '不触动源卷' },
    text: {
      en: 'A restore changes nothing of the volume that it restores from: no token, no record, no page.',
      zh: '恢复不改变源卷的任何东西：令牌、记录、页都不变。',
    },
    source: 'D',
    lens: 'chains',
  },
  'scrub.repaired': {
    title: { en: 'Lost on disk, back from a peer', zh: '盘上所失由同伴补回' },
    text: {
      en: 'What a disk has lost or damaged comes back from a peer.',
      zh: '磁盘丢失或损坏的内容由同伴补回。',
    },
    source: 'A17 §3.3',
    lens: 'wal',
  },
};
