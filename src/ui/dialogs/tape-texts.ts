// Texts of what a tape is shown with before it is opened, and of its import.

import { defineTexts } from '../i18n/texts.ts';

const tapeTexts = defineTexts({
  'import.bundle': [
    'Repro bundle: {{what}} ({{node}}, {{time}} ms)',
    '复现包：{{what}}（{{node}}，{{time}} ms）',
  ],
  'import.bundleHash': [
    'Hash so far {{hash}}; {{count}} last events are in it.',
    '至此的哈希 {{hash}}；附有最后 {{count}} 个事件。',
  ],
  'import.bundleTrace': [
    'Hash of the trace so far {{hash}}; {{count}} last events are in it.',
    '至此追踪的哈希 {{hash}}；附有最后 {{count}} 个事件。',
  ],
  'import.error': ['Line {{line}}: {{error}}', '第 {{line}} 行：{{error}}'],
  'import.file': ['Tape file', '磁带文件'],
  'import.open': ['Replay', '回放'],
  'import.paste': ['or paste its text', '或粘贴其文本'],
  'import.text': [
    'A tape, or the tape in a repro bundle, is replayed from its start in memory. The saved cluster stays as it is.',
    '磁带（或复现包中的磁带）会在内存中从头回放，已保存的集群不受影响。',
  ],
  'import.title': ['Open a tape', '打开磁带'],
  'preview.actions': ['actions', '动作数'],
  'preview.duration': ['duration', '时长'],
  'preview.hash': ['end hash', '结束哈希'],
  'preview.noHash': ['not recorded', '未记录'],
  'preview.sql': ['SQL statements', 'SQL 语句数'],
});

type Texts = typeof tapeTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
