// Texts of a reader in outline and inspector.

import { defineTexts } from '../../i18n/texts.ts';

const readerDetailTexts = defineTexts({
  'reader.joined': ['reader of {{writer}}, session {{epoch}}', '跟随 {{writer}}，会话 {{epoch}}'],
  'reader.joining': [
    'asks {{writer}} to accept it, session {{epoch}}',
    '请求 {{writer}} 接受，会话 {{epoch}}',
  ],
  'reader.revoked': ['its session was revoked, asks {{writer}} again', '会话已被撤销，再次请求 {{writer}}'],
  'reader.classic': ['classic standby', '经典备机'],
  'reader.classicAt': [
    'restore point {{restorePoint}}, MinRecoveryPoint {{minRecovery}}; {{loaded}} pages loaded to be changed, {{waits}} waits for views',
    '恢复起点 {{restorePoint}}，MinRecoveryPoint {{minRecovery}}；为回放装载 {{loaded}} 页，等待视图 {{waits}} 次',
  ],
  'reader.marks': ['watermarks', '水位'],
  'reader.readPoints': ['read points open', '打开的读点'],
  'reader.stream': ['journal', '日志流'],
  'reader.streamAt_one':
    'received to {{to}}; {{held}} held until VDL; {{records}} in {{count}} list of the Block–Journal table',
  'reader.streamAt_other': [
    'received to {{to}}; {{held}} held until VDL; {{records}} in {{count}} lists of the Block–Journal table',
    '收到 {{to}}；{{held}} 条等待 VDL；Block–Journal 表 {{count}} 个列表共 {{records}} 条',
  ],
  'reader.records': ['records', '记录'],
  'reader.counts_one':
    '{{count}} received, {{applied}} applied, {{skipped}} skipped, {{discarded}} discarded',
  'reader.counts_other': [
    '{{count}} received, {{applied}} applied, {{skipped}} skipped, {{discarded}} discarded',
    '收到 {{count}}，应用 {{applied}}，跳过 {{skipped}}，丢弃 {{discarded}}',
  ],
  'reader.pool': ['{{used}} of {{limit}} pages, none is written back', '{{used}} / {{limit}} 页，从不写回'],
  'reader.sessions': ['sessions', '会话'],
  'reader.sessionUse_one': '{{count}} session; {{waits}} reads wait for an LSN, {{pages}} pages for a store',
  'reader.sessionUse_other': [
    '{{count}} sessions; {{waits}} reads wait for an LSN, {{pages}} pages for a store',
    '{{count}} 个会话；{{waits}} 个读在等 LSN，{{pages}} 页在等存储',
  ],
  'reader.runtime': ['run-time information', '运行时信息'],
  'reader.runtimeAt_one': 'as of {{lsn}}: {{count}} transaction runs, minXid {{minXid}}',
  'reader.runtimeAt_other': [
    'as of {{lsn}}: {{count}} transactions run, minXid {{minXid}}',
    '截至 {{lsn}}：{{count}} 个事务在运行，minXid {{minXid}}',
  ],
  'reader.holds': ['holds PGMRPL', '拖住 PGMRPL'],
  'reader.reported': ['reported {{time}} ago', '{{time}} 前报告'],
  'reader.noStream': ['stream dropped', '日志流已断'],
  'tree.readerMarks': [
    'applyLsn {{applyLsn}}, VDL {{vdl}}, MRPL {{mrpl}}',
    'applyLsn {{applyLsn}}，VDL {{vdl}}，MRPL {{mrpl}}',
  ],
});

type Texts = typeof readerDetailTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
