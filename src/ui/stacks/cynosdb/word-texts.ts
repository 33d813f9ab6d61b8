// What the tape does to replicas, the archive, volumes and the buffer, in a few words each.

import { defineTexts } from '../../i18n/texts.ts';

const wordTexts = defineTexts({
  en: {
    'word.pauseHoles': 'no hole filling on {{node}}',
    'word.resumeHoles': 'hole filling on {{node}} again',
    'word.padTo': 'no-op records up to {{lsn}}',
    'word.moveReplica': 'move {{group}} of {{node}} to {{to}}',
    'word.nameArchiver': '{{node}} archives {{group}}',
    'word.rollbackMove': 'take back the change of {{group}}',
    'word.restore': 'restore {{source}} as {{volume}}',
    'word.cancelRestore': 'give up the restore of {{volume}}',
    'word.dropVolume': 'drop volume {{volume}}',
    'word.readPage': '{{node}} reads page {{page}} as of {{point}}',
    'word.evictPage': '{{node}} evicts page {{page}}',
    'word.pinPage': '{{node}} pins page {{page}}',
    'word.unpinPage': '{{node}} unpins page {{page}}',
    'word.everyGroup': 'every group',
  },
  zh: {
    'word.pauseHoles': '{{node}} 暂停补洞',
    'word.resumeHoles': '{{node}} 恢复补洞',
    'word.padTo': '空操作记录直到 {{lsn}}',
    'word.moveReplica': '把 {{node}} 的 {{group}} 迁到 {{to}}',
    'word.nameArchiver': '{{node}} 归档 {{group}}',
    'word.rollbackMove': '撤回 {{group}} 的变更',
    'word.restore': '把 {{source}} 恢复为 {{volume}}',
    'word.cancelRestore': '放弃恢复 {{volume}}',
    'word.dropVolume': '删除卷 {{volume}}',
    'word.readPage': '{{node}} 按 {{point}} 读取页 {{page}}',
    'word.evictPage': '{{node}} 淘汰页 {{page}}',
    'word.pinPage': '{{node}} 固定页 {{page}}',
    'word.unpinPage': '{{node}} 取消固定页 {{page}}',
    'word.everyGroup': '每个组',
  },
});

type Texts = typeof wordTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
