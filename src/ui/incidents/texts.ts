// Texts of incidents: in the gallery, and in the bar over the map while one is on.

import { defineTexts } from '../i18n/texts.ts';

const incidentTexts = defineTexts({
  'incident.title': ['Incidents', '事故'],
  'incident.lead': [
    'What the field knows from its outages, played here by the real protocol: once as it is, and once with the rule off that protects.',
    '业界从故障里认识的情形，由真实协议在这里上演：一次照常，一次关掉起保护作用的规则。',
  ],
  'incident.inPreset': ['in {{preset}}', '在 {{preset}} 中'],
  'incident.holds': ['The protocol holds', '协议守住'],
  'incident.breaks.off': ['With the rule off', '关掉规则'],
  'incident.breaks.set': ['With {{name}} = {{value}}', '{{name}} = {{value}} 时'],
  'incident.breaks.actions': ['With one thing changed', '改动一处'],
  'incident.play': ['Play: {{what}}', '播放：{{what}}'],
  'incident.playOf': ['Play {{title}}: {{what}}', '播放“{{title}}”：{{what}}'],
  'incident.other': ['Now: {{what}}', '再看：{{what}}'],
  'incident.present': ['Present', '演示'],
  'incident.ask': ['What will it show?', '结果会怎样？'],
  'incident.now': ['Now: {{what}}', '现在：{{what}}'],
  'incident.all': ['All incidents', '所有事故'],
  'incident.close': ['Close', '关闭'],
  'incident.bar': ['Incident', '事故'],
  'incident.shown': ['What it shows:', '看点：'],
  'incident.seen': ['seen at {{time}} ms', '已见：{{time}} ms'],
  'incident.pending': ['not seen yet', '尚未出现'],
  'incident.pendingUntil': ['watch until {{time}} ms', '看到 {{time}} ms'],
  'incident.rule.holds': ['No monitor reports a violation.', '没有监控器报警。'],
  'incident.rule.breaks': ['The monitor of {{rule}} raises the alarm.', '规则 {{rule}} 的监控器报警。'],
  'incident.answer': [
    'The last statement of session {{session}} is answered {{answer}}.',
    '会话 {{session}} 的最后一条语句得到 {{answer}}。',
  ],
  'incident.commits.holds': [
    'At least {{count}} commits are acknowledged from {{from}} to {{to}} ms.',
    '{{from}} 到 {{to}} ms 之间至少确认 {{count}} 个提交。',
  ],
  'incident.commits.breaks': [
    'At most {{count}} commits are acknowledged from {{from}} to {{to}} ms.',
    '{{from}} 到 {{to}} ms 之间至多确认 {{count}} 个提交。',
  ],
  'incident.raft.leader.some': ['The metadata elect a leader.', '元数据选出 leader。'],
  'incident.raft.leader.none': ['The metadata elect no leader.', '元数据选不出 leader。'],
  'incident.split.begin.some': ['The tablet is split.', 'tablet 分裂。'],
  'incident.split.begin.none': ['No tablet is split.', '没有 tablet 分裂。'],
});

type Texts = typeof incidentTexts;
declare module '../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
