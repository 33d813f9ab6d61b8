// Words of the events of shared storage: in the list of events, and as captions.

import { defineTexts } from '../../i18n/texts.ts';

const sharedTexts = defineTexts({
  'kind.chunk.leads': ['{{node}} leads a chunk', '{{node}} 成为块的领导者'],
  'kind.chunk.acked': ['{{node}} acknowledges a write of a chunk', '{{node}} 确认块写入'],
  'kind.chunk.durable': ['{{node}} has entries of a chunk on its disk', '{{node}} 的块日志条目已落盘'],
  'kind.chunk.refused': ['{{node}} refuses a write of an old writer', '{{node}} 拒绝旧写节点的写入'],
  'kind.chunk.lacks': ['{{node}} lacks a block', '{{node}} 缺少一个数据块'],
  'kind.chunk.repaired': ['{{node}} has a block back', '{{node}} 补回一个数据块'],
  'kind.fs.mounted': ['{{node}} mounts the file system', '{{node}} 挂载文件系统'],
  'kind.fs.done': ['{{node}}: a call of the file system ends', '{{node}}：一次文件系统调用结束'],
  'kind.fs.checked': ['{{node}} checks the metadata it has mounted', '{{node}} 检查已挂载的元数据'],
  'kind.redo.done': ['{{node}} has replayed its log', '{{node}} 已重放日志'],
  'kind.wal.synced': ['{{node}}: WAL is durable in shared storage', '{{node}}：WAL 已在共享存储持久'],
  'kind.page.stored': ['{{node}} stores a page', '{{node}} 写入一个页面'],
  'kind.checkpoint.done': ['{{node}} makes a checkpoint', '{{node}} 完成检查点'],
  'kind.mount.lost': ['{{node}} loses its mount', '{{node}} 失去挂载'],
  'story.chunk.leads': [
    '{{node}} leads chunk {{group}} in term {{term}}.',
    '{{node}} 在任期 {{term}} 领导块 {{group}}。',
  ],
  'story.chunk.refused': [
    '{{node}} refuses a write of {{group}} under token {{token}}: {{max}} is installed.',
    '{{node}} 拒绝令牌 {{token}} 对 {{group}} 的写入：已安装 {{max}}。',
  ],
  'story.chunk.lacks': [
    '{{node}} lacks block {{block}} of {{group}}.',
    '{{node}} 缺少 {{group}} 的数据块 {{block}}。',
  ],
  'story.chunk.repaired': [
    '{{node}} has block {{block}} of {{group}} back from {{from}}.',
    '{{node}} 从 {{from}} 补回 {{group}} 的数据块 {{block}}。',
  ],
  'story.fs.mounted': [
    '{{node}} mounts the file system under token {{token}}, as of transaction {{tx}}.',
    '{{node}} 以令牌 {{token}} 挂载文件系统，截至事务 {{tx}}。',
  ],
  'story.fs.read': ['{{node}} mounts the file system to read it.', '{{node}} 以只读方式挂载文件系统。'],
  'story.fs.refused': [
    '{{node}} cannot mount the file system: {{error}}.',
    '{{node}} 无法挂载文件系统：{{error}}。',
  ],
  'story.redo.done': [
    '{{node}} has replayed WAL from LSN {{from}} to {{to}} on {{count}} pages.',
    '{{node}} 已将 LSN {{from}} 至 {{to}} 的日志重放到 {{count}} 个页面。',
  ],
  'story.mount.lost': [
    'A write of {{node}} failed: its mount is over, and it begins anew under another token.',
    '{{node}} 的写入失败：挂载终止，将以新令牌重新开始。',
  ],
});

type Texts = typeof sharedTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
