// Words for the rules of the configuration (docs/spec/agents.md PCS-91, PCS-92).

import type { RuleSlug } from '../../../sim/checks/monitor.ts';
import type { RuleWords } from '../../rules/rule-words.ts';

export const agentRules: Readonly<Partial<Record<RuleSlug, RuleWords>>> = {
  'config.valid': {
    title: { en: 'Bad values never enter', zh: '坏值不入日志' },
    text: {
      en: 'The metadata checks key, scope and range before it proposes an entry, so that no agent has to refuse what is committed.',
      zh: '元数据在提议条目之前检查键、作用域与范围，因此没有代理需要拒绝已提交的内容。',
    },
    source: 'S000; D',
    lens: 'pcs',
  },
  'config.same': {
    title: { en: 'A version is the same everywhere', zh: '同一版本处处相同' },
    text: {
      en: 'Agents apply versions in order and ask for a gap, so that two nodes at one version have the same settings. What a person edits on a node is drift: its checksum shows it, and the leader puts the committed settings back.',
      zh: '代理按序应用版本并补齐缺口，因此同一版本的两个节点设置相同。有人在节点上改动即为漂移：校验和使其暴露，领导者恢复已提交的设置。',
    },
    source: 'S000; D',
    lens: 'pcs',
  },
  'config.durable': {
    title: { en: 'Stored before acknowledged', zh: '先存盘再确认' },
    text: {
      en: 'An agent acknowledges a version once it is on its disk. Less than it had acknowledged means that the disk returned older contents, and the leader brings it up again.',
      zh: '代理在版本落盘后才确认。若少于其确认过的内容，说明磁盘返回了旧内容，领导者会重新补齐。',
    },
    source: 'S000; D',
    lens: 'pcs',
  },
};
