// Texts of configuration and agents in the PCS lens.

import { defineTexts } from '../../../../i18n/texts.ts';

const configTexts = defineTexts({
  'config.none': [
    'Nothing was ever set or asked: every node runs with its built-in values, and no agent sends anything.',
    '尚未设置或询问过：各节点使用内置值，代理不发送任何消息。',
  ],
  'config.noLeader': [
    'No leader: nobody pushes a version, agents keep what they have.',
    '没有领导者：无人推送版本，代理保持已有配置。',
  ],
  'config.settings': ['settings of version {{version}}', '版本 {{version}} 的设置'],
  'config.builtIn': ['Everything is unset: built-in values.', '全部未设置：使用内置值。'],
  'config.scope': ['scope', '作用域'],
  'config.key': ['key', '键'],
  'config.value': ['value', '值'],
  'config.agents': ['agents', '代理'],
  'config.standing': ['state', '状态'],
  'config.waits': ['waits for a restart', '等待重启'],
  'config.heard': ['reported', '上次报告'],
  'config.unheard': ['not heard by this leader', '此领导者尚未收到报告'],
  'config.current': ['current', '最新'],
  'config.behind': ['behind', '落后'],
  'config.healed': ['drift healed', '漂移已修复'],
  'config.drift.behind': ['drift: older contents', '漂移：内容较旧'],
  'config.drift.ahead': ['drift: a version nobody set', '漂移：无人设置的版本'],
  'config.drift.different': ['drift: other contents', '漂移：内容不同'],
  'config.refused': ['refused', '被拒绝'],
  'config.why': ['why', '原因'],
  'config.takes': ['the field takes', '该字段可取'],
  'config.asked': ['{{command}}, asked at {{at}} ms', '{{at}} ms 询问 {{command}}'],
  'config.asking': ['Answers are still to come.', '答复尚未到齐。'],
  'config.metrics': ['metrics, as reported', '上报的指标'],
  'config.metric': ['metric', '指标'],
  'config.of': ['of', '所属'],
  'config.unit': ['unit', '单位'],
  'config.metricKind': ['kind', '类型'],
  'config.counter': ['counter', '计数器'],
  'config.gauge': ['gauge', '瞬时值'],
  'config.unmeasured': ['No report has reached this leader yet.', '此领导者尚未收到指标。'],
  'config.missing': ['Missing: {{nodes}}', '缺失：{{nodes}}'],
});

type Texts = typeof configTexts;
declare module '../../../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
