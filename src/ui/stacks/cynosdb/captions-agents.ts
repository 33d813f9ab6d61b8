// Captions of the configuration and the agents: what is set, refused, drifts and is healed, and who has answered an ask.

import { type CaptionEntry, caption, short } from '../../story/caption-table.ts';
import '../../../words/cynosdb/agent.en.json';

export const agentCaptions: readonly CaptionEntry[] = [
  caption('config.put', {
    rule: 'config.same',
    hue: 'ctl',
    icon: 'mark',
    weight: 62,
    brings: true,
    say: ({ event: { version, scope, key, value } }, t) =>
      value === 'unset'
        ? t('story.config.unset', { version, scope: short(scope, 16), key: short(key, 18) })
        : t('story.config.put', {
            version,
            scope: short(scope, 14),
            key: short(key, 18),
            value: short(value, 7),
          }),
  }),
  caption('config.refused', {
    rule: 'config.valid',
    hue: 'fence',
    icon: 'refused',
    weight: 74,
    brings: true,
    say: ({ event: { key, value, code, range } }, t) =>
      code === 'STALE_VERSION'
        ? t('story.config.stale', { key: short(key, 18), value: short(value, 7), range })
        : t('story.config.refused', {
            key: short(key, 18),
            value: short(value, 7),
            code,
            range: short(range, 20),
          }),
  }),
  caption('config.drift', {
    rule: ({ event }) => (event.why === 'behind' ? 'config.durable' : 'config.same'),
    hue: 'fence',
    icon: 'hole',
    weight: 78,
    brings: true,
    say: ({ event: { node, why, version, wanted } }, t) =>
      why === 'behind'
        ? t('story.config.behind', { node, version, wanted })
        : t('story.config.different', { node, version }),
  }),
  caption('config.healed', {
    rule: 'config.same',
    hue: 'ack',
    icon: 'mark',
    weight: 66,
    brings: true,
    say: ({ event: { node, version } }, t) => t('story.config.healed', { node, version }),
  }),
  caption('agent.asked', {
    rule: 'config.same',
    hue: 'ctl',
    icon: 'mark',
    weight: 60,
    brings: true,
    say: ({ event: { command, answers, missing } }, t) =>
      missing === ''
        ? t('story.agent.asked', { answers, command })
        : t('story.agent.missing', { answers, command, missing: short(missing.replace(/,/g, ', '), 30) }),
  }),
];
