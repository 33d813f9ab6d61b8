// Texts of the configuration and the agents: captions, words of their tape actions and what a menu offers.

import { defineTexts } from '../../i18n/texts.ts';

const agentTexts = defineTexts({
  'story.config.put.ruleOff': [
    'Version {{version}} of the configuration: {{key}} = {{value}} for {{scope}}.',
    '配置 {{version}}：{{scope}} {{key}} = {{value}}。',
  ],
  'story.config.put': [
    'Version {{version}} of the configuration: {{key}} = {{value}} for {{scope}}. Every agent stores it, then acknowledges.',
    '配置 {{version}}：{{scope}} {{key}} = {{value}}，先落盘再确认。',
  ],
  'story.config.unset': [
    'Version {{version}} of the configuration: {{key}} is unset for {{scope}}; the next scope decides.',
    '配置版本 {{version}}：取消 {{scope}} 的 {{key}}，由下一级作用域决定。',
  ],
  'story.config.refused': [
    '{{key}} = {{value}} is refused: {{code}}. The field takes {{range}}; nothing enters the log.',
    '拒绝 {{key}} = {{value}}：可取 {{range}}。',
  ],
  'story.config.stale': [
    '{{key}} = {{value}} is refused: the configuration is at version {{range}}, not the expected one.',
    '拒绝 {{key}} = {{value}}：配置已是版本 {{range}}，与预期不符。',
  ],
  'story.config.behind': [
    '{{node}} has version {{version}} of {{wanted}}, less than it acknowledged: its disk returned older contents.',
    '{{node}} 只有版本 {{version}}/{{wanted}}，少于其确认：磁盘返回了旧内容。',
  ],
  'story.config.different': [
    '{{node}} has other settings at version {{version}} than the metadata: somebody edited them there.',
    '{{node}} 版本 {{version}} 的设置与元数据不同：有人在本机改动。',
  ],
  'story.config.healed': [
    '{{node}} has version {{version}} as the metadata has it: the drift is healed.',
    '{{node}} 的版本 {{version}} 与元数据一致：漂移已修复。',
  ],
  'story.agent.asked': [
    'All {{answers}} agents have answered {{command}}.',
    '{{answers}} 个代理都已答复 {{command}}。',
  ],
  'story.agent.missing': [
    '{{answers}} agents have answered {{command}}; {{missing}} did not in time and is named as missing.',
    '{{answers}} 个代理答复 {{command}}；缺 {{missing}}。',
  ],
  'kind.config.applied': ['{{node}} applies a configuration version', '{{node}} 应用一个配置版本'],
  'kind.config.gap': ['{{node}} asks for missing versions', '{{node}} 请求缺失的版本'],
  'kind.agent.command': ['the agent of {{node}} carries out a command', '{{node}} 的代理执行命令'],
  'word.putConfig': ['set {{key}} = {{value}} for {{scope}}', '为 {{scope}} 设置 {{key}} = {{value}}'],
  'word.unsetConfig': ['unset {{key}} for {{scope}}', '取消 {{scope}} 的 {{key}}'],
  'word.ask': ['ask {{nodes}}: {{command}}', '询问 {{nodes}}：{{command}}'],
  'word.editConfig': [
    'edit {{key}} = {{value}} on {{node}} by hand',
    '在 {{node}} 上手工改 {{key}} = {{value}}',
  ],
  'fault.config.push': [
    'Push a configuration version: {{key}} = {{value}}',
    '推送配置版本：{{key}} = {{value}}',
  ],
  'fault.config.bad': ['Ask for a value out of range: {{key}} = 0', '请求越界的值：{{key}} = 0'],
  'fault.config.edit': ['Edit its configuration by hand (drift)', '手工修改其配置（漂移）'],
  'fault.config.read': ['Read its configuration', '读取其配置'],
  'fault.config.debug': ['Detailed log of its agent', '其代理记录详细日志'],
  'fault.agent.metrics': ['Read its metrics', '读取其指标'],
  'fault.agent.dump': ['Dump its figures', '转储其数据'],
  'fault.agent.drain': ['Drain it: no more requests', '排空：不再接受请求'],
});

type Texts = typeof agentTexts;
declare module '../../i18n/i18n.ts' {
  interface Catalogue extends Texts {}
}
