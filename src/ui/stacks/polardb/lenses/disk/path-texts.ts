// What the parts "Path" and "LogIndex" of the lens "Shared disk" say.

import { defineTexts } from '../../../../i18n/texts.ts';

const pathTexts = defineTexts({
  'disk.tab.path': ['Path', '路径'],
  'disk.path.ask': ['Path and offset', '路径与偏移'],
  'disk.path.example': ['for example /base/8.0 4096', '例如 /base/8.0 4096'],
  'disk.path.name': [
    'From {{path}}, byte {{offset}}, to the chunk servers',
    '从 {{path}} 的字节 {{offset}} 到 ChunkServer',
  ],
  'disk.path.none': ['There is no {{path}}.', '没有 {{path}}。'],
  'disk.path.directory': ['{{path}} is a directory, and has no bytes.', '{{path}} 是目录，没有字节。'],
  'disk.path.beyond': [
    '{{path}} has {{size}} bytes: nothing is at {{offset}}.',
    '{{path}} 有 {{size}} 字节：{{offset}} 处没有内容。',
  ],
  'disk.path.file': ['file', '文件'],
  'disk.path.byte': ['{{path}}, byte {{offset}}', '{{path}}，字节 {{offset}}'],
  'disk.path.meta': [
    'direntry {{direntry}} → inode {{inode}}, {{size}} B',
    '目录项 {{direntry}} → inode {{inode}}，{{size}} B',
  ],
  'disk.path.names': ['metadata', '元数据'],
  'disk.path.ofFile': ['block of the file', '文件的块'],
  'disk.path.blkid': [
    'block {{blkid}} = ⌊{{offset}} / {{bytes}}⌋, byte {{within}} of it',
    '第 {{blkid}} 块 = ⌊{{offset}} / {{bytes}}⌋，块内字节 {{within}}',
  ],
  'disk.path.onDevice': ['place on the device', '设备上的位置'],
  'disk.path.blktag': [
    'blktag {{blktag}} → chunk {{chunk}}, block {{block}}',
    'blktag {{blktag}} → chunk {{chunk}}，块 {{block}}',
  ],
  'disk.path.deviceByte': ['byte {{byte}} of the device', '设备的字节 {{byte}}'],
  'disk.path.hole': ['never written: reads as zero', '从未写入：读出为零'],
  'disk.path.servers': ['chunk servers of {{group}}', '{{group}} 的 ChunkServer'],
  'disk.path.leads': ['{{node}}, leads', '{{node}}，领导者'],
  'disk.path.applied': ['applied {{applied}}', '已应用 {{applied}}'],
  'disk.sizes': ['Sizes: as the source has them, and here', '大小：原文与此处'],
  'disk.sizes.what': ['what', '项目'],
  'disk.sizes.source': ['in the source', '原文'],
  'disk.sizes.here': ['here', '此处'],
  'disk.sizes.device': ['device', '设备'],
  'disk.sizes.deviceOf': ['{{size}} = {{chunks}} chunks', '{{size}} = {{chunks}} 个 chunk'],
  'disk.sizes.chunk': ['chunk', 'chunk'],
  'disk.sizes.block': ['block', '块'],
  'disk.sizes.data': ['data blocks of a chunk', '每个 chunk 的数据块'],
  'disk.sizes.objects': ['direntries, and inodes, of a chunk', '每个 chunk 的目录项与 inode'],
  'disk.sizes.superblock': ['superblock of a chunk', '每个 chunk 的超级块'],
  'disk.sizes.blockZero': ['block 0', '块 0'],
  'disk.index.page': ['Page', '页'],
  'disk.index.of': ['LSNs of {{page}} by table', '{{page}} 的 LSN（按表）'],
  'disk.index.lsns': ['LSNs of {{page}}', '{{page}} 的 LSN'],
  'disk.index.noLsn': ['none', '无'],
  'disk.index.more': ['{{count}} more', '另有 {{count}} 个'],
  'disk.index.saving': [
    'A table is saved once its {{segments}} usable segments are used (parameter indexSegments, without number 0, which stands for none) and its LSNs are durable; the next one is active then.',
    '一张表的 {{segments}} 个可用段（参数 indexSegments 除去表示“无”的 0 号）用完且其 LSN 已持久后写入文件，此后下一张表为活动。',
  ],
  'disk.index.files': [
    'saved, no longer in memory: tables {{first}} to {{last}}',
    '已保存且不在内存：表 {{first}} 到 {{last}}',
  ],
  'disk.index.isFull': ['full', '已满'],
  'disk.index.runToSave': ['Run until a table is saved', '运行到有表写入文件'],
  'disk.index.ofSegments': ['{{used}} of {{all}}', '{{used}} / {{all}}'],
});

type Texts = typeof pathTexts;
declare module '../../../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
