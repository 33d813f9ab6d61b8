// Texts of the paragraph that the WAL lens says to those who listen.

import { defineTexts } from '../../../../i18n/texts.ts';

const describeTexts = defineTexts({
  'describe.down': ['{{node}} is down, durable to {{scl}}.', '{{node}} 已宕机，持久到 {{scl}}。'],
  'describe.holes_one': '{{node}} has one hole: {{ranges}}, {{asked}} asked for.',
  'describe.holes_other': [
    '{{node}} has {{count}} holes: {{ranges}}, {{asked}} asked for.',
    '{{node}} 有 {{count}} 个空洞：{{ranges}}，已请求 {{asked}} 个。',
  ],
  'describe.recoveryToken': [
    'Recovery has begun: its node waits for a token.',
    '恢复已开始：其节点等待令牌。',
  ],
  'describe.recovery': [
    'Recovery with token {{token}} is at {{step}}.',
    '令牌 {{token}} 的恢复进行到 {{step}}。',
  ],
  'describe.unknown': ['{{node}} has not been heard yet.', '尚未收到 {{node}} 的状态。'],
  'describe.volume': [
    'Volume {{volume}}: VDL {{vdl}}, VCL {{vcl}}, tail {{tail}}; group {{group}}: PGCL {{pgcl}}.',
    '卷 {{volume}}：VDL {{vdl}}，VCL {{vcl}}，尾部 {{tail}}；组 {{group}}：PGCL {{pgcl}}。',
  ],
  'describe.zoneOut': ['AZ {{zone}} is out.', '可用区 {{zone}} 失效。'],
  'describe.joint': [
    'The members of {{group}} change: a write needs {{vw}} of both sets.',
    '{{group}} 的成员正在变更：写需要两个集合各 {{vw}} 个。',
  ],
  'describe.whole': ['{{node}} is whole to {{scl}}.', '{{node}} 完整到 {{scl}}。'],
  'lens.mode.fenced': [
    '{{node}}: RECOVERY token {{token}} · waits for the history, answers nobody',
    '{{node}}：恢复模式，令牌 {{token}}，等待历史，不应答',
  ],
  'lens.mode.missed': [
    '{{node}}: NORMAL · the recovery of token {{token}} has not reached it',
    '{{node}}：正常模式，令牌 {{token}} 的恢复尚未到达它',
  ],
  'lens.mode.normal': ['{{node}}: NORMAL', '{{node}}：正常模式'],
  'lens.mode.recovery': [
    '{{node}}: RECOVERY token {{token}} · minStart {{minStart}} · maxNWL {{maxNwl}}',
    '{{node}}：恢复模式，令牌 {{token}}，minStart {{minStart}}，maxNWL {{maxNwl}}',
  ],
  'lens.mode.recoveryNone': [
    '{{node}}: RECOVERY token {{token}} · maxNWL {{maxNwl}} · no record since minStart {{minStart}}',
    '{{node}}：恢复模式，令牌 {{token}}，maxNWL {{maxNwl}}，minStart {{minStart}} 起无记录',
  ],
  'walLimit.label': ['hole limit', '补洞上限'],
  'walLimit.normal': ['holes up to SGCL {{sgcl}}', '空洞请求至 SGCL {{sgcl}}'],
  'walLimit.unknown': ['minStart, maxNWL: known from R3 on', 'minStart、maxNWL：R3 起可知'],
  'walLimit.recovery': [
    'agree on [minStart {{minStart}}, maxNWL {{maxNwl}}]',
    '须一致 [minStart {{minStart}}, maxNWL {{maxNwl}}]',
  ],
  'walLimit.nothing': [
    'nothing to agree on: minStart {{minStart}} > maxNWL {{maxNwl}}',
    '无须一致：minStart {{minStart}} > maxNWL {{maxNwl}}',
  ],
  'describe.bracket': [
    'A recovery now would end between VDL {{least}} and {{most}}.',
    '此刻恢复将止于 VDL {{least}} 与 {{most}} 之间。',
  ],
});

type Texts = typeof describeTexts;
declare module '../../../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
