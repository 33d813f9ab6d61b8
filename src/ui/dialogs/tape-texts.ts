// Texts of what a tape is shown with before it is opened, and of its import.

import { defineTexts } from '../i18n/texts.ts';

const tapeTexts = defineTexts({
  en: {
    'import.capsule': 'Capsule: {{what}} ({{node}}, {{time}} ms)',
    'import.capsuleHash': 'Hash so far {{hash}}; {{count}} last events are in it.',
    'import.capsuleTrace': 'Hash of the trace so far {{hash}}; {{count}} last events are in it.',
    'import.error': 'Line {{line}}: {{error}}',
    'import.file': 'Tape file',
    'import.open': 'Replay',
    'import.paste': 'or paste its text',
    'import.text':
      'A tape, or the tape in a capsule, is replayed from its start in memory. The saved cluster stays as it is.',
    'import.title': 'Open a tape',
    'preview.actions': 'actions',
    'preview.duration': 'duration',
    'preview.hash': 'end hash',
    'preview.noHash': 'not recorded',
    'preview.sql': 'SQL statements',
  },
  zh: {
    'import.capsule': '案卷：{{what}}（{{node}}，{{time}} ms）',
    'import.capsuleHash': '至此的哈希 {{hash}}；附有最后 {{count}} 个事件。',
    'import.capsuleTrace': '至此跟踪的哈希 {{hash}}；附有最后 {{count}} 个事件。',
    'import.error': '第 {{line}} 行：{{error}}',
    'import.file': '磁带文件',
    'import.open': '回放',
    'import.paste': '或粘贴其文本',
    'import.text': '磁带（或案卷中的磁带）会在内存中从头回放，已保存的集群不受影响。',
    'import.title': '打开磁带',
    'preview.actions': '动作数',
    'preview.duration': '时长',
    'preview.hash': '结束哈希',
    'preview.noHash': '未记录',
    'preview.sql': 'SQL 语句数',
  },
});

type Texts = typeof tapeTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
