// What the tape does to replicas, the archive, volumes and the buffer, in a few words each.

import { defineTexts } from '../../i18n/texts.ts';

const wordTexts = defineTexts({
  'word.pauseHoles': ['no hole filling on {{node}}', '{{node}} 暂停补洞'],
  'word.resumeHoles': ['hole filling on {{node}} again', '{{node}} 恢复补洞'],
  'word.padTo': ['no-op records up to {{lsn}}', '空操作记录直到 {{lsn}}'],
  'word.moveReplica': ['move {{group}} of {{node}} to {{to}}', '把 {{node}} 的 {{group}} 迁到 {{to}}'],
  'word.nameArchiver': ['{{node}} archives {{group}}', '{{node}} 归档 {{group}}'],
  'word.rollbackMove': ['take back the change of {{group}}', '撤回 {{group}} 的变更'],
  'word.addPcs': ['add {{node}} to the metadata', '把 {{node}} 加入元数据成员'],
  'word.removePcs': ['remove {{node}} from the metadata', '把 {{node}} 移出元数据成员'],
  'word.restore': ['restore {{source}} as {{volume}}', '把 {{source}} 恢复为 {{volume}}'],
  'word.cancelRestore': ['give up the restore of {{volume}}', '放弃恢复 {{volume}}'],
  'word.dropVolume': ['drop volume {{volume}}', '删除卷 {{volume}}'],
  'word.readPage': ['{{node}} reads page {{page}} as of {{point}}', '{{node}} 按 {{point}} 读取页 {{page}}'],
  'word.evictPage': ['{{node}} evicts page {{page}}', '{{node}} 淘汰页 {{page}}'],
  'word.checkpoint': ['{{node}} makes a checkpoint', '{{node}} 完成检查点'],
  'word.pinPage': ['{{node}} pins page {{page}}', '{{node}} 固定页 {{page}}'],
  'word.unpinPage': ['{{node}} unpins page {{page}}', '{{node}} 取消固定页 {{page}}'],
  'word.everyGroup': ['every group', '每个组'],
});

type Texts = typeof wordTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
