// Captions of the HA group (docs/spec/failover.md §2, §5): who is chosen to write and why, switchovers, nodes that change their part.

import { type CaptionEntry, caption } from '../../story/caption-table.ts';
import '../../../words/cynosdb/ha.en.json';

/** Why a switchover ended without a grant (core/pcs/failover-driver.ts); all else is a refusal. */
const givenUp: ReadonlySet<string> = new Set(['leader', 'drain', 'ready']);

const chosenBecause: Readonly<Record<string, 'story.ha.restarted' | 'story.ha.cutOff'>> = {
  restarted: 'story.ha.restarted',
  'cut off': 'story.ha.cutOff',
};

export const haCaptions: readonly CaptionEntry[] = [
  caption('ha.candidate', {
    rule: 'ha.choice',
    hue: 'ctl',
    icon: 'token',
    weight: 84,
    say: ({ event: { candidate, priority, applyLsn, why, from } }, t) => {
      if (why === 'first') return t('story.ha.first', { candidate });
      const key = chosenBecause[why] ?? 'story.ha.silent';
      return t(key, { candidate, priority, applyLsn: Math.max(0, applyLsn), from });
    },
  }),
  caption('ha.noCandidate', {
    rule: 'ha.choice',
    hue: 'fence',
    icon: 'refused',
    weight: 80,
    say: ({ node }, t) => t('story.ha.none', { node }),
  }),
  caption('ha.switch', {
    rule: 'ha.planned',
    hue: 'ctl',
    icon: 'token',
    weight: 82,
    say: ({ event: { target, state: why } }, t) => {
      if (why === 'begin') return t('story.ha.begin', { target });
      return t(givenUp.has(why) ? 'story.ha.givenUp' : 'story.ha.refused', { target, why });
    },
  }),
  caption('ha.member', {
    rule: 'ha.choice',
    hue: 'ctl',
    icon: 'mark',
    weight: 62,
    say: ({ event: { node: member, priority } }, t) => t('story.ha.member', { member, priority }),
  }),
  caption('attachment.mode', {
    rule: ({ event }) => (event.mode === 'rw' ? 'ha.choice' : 'fence.stop'),
    hue: 'fence',
    icon: ({ event }) => (event.mode === 'rw' ? 'token' : 'refused'),
    weight: 86,
    say({ event: { mode, token, why }, node }, t) {
      if (mode === 'rw') return t('story.attachment.rw', { node, token });
      return t(why === 'fenced' ? 'story.attachment.ro' : 'story.attachment.roLost', { node });
    },
  }),
  caption('attachment.kept', {
    rule: 'buffer.redo',
    hue: 'ctl',
    icon: 'mark',
    weight: 60,
    say: ({ event: { kept, dropped, vdl }, node }, t) =>
      kept > 0 || dropped === 0
        ? t('story.attachment.kept', { node, count: kept, vdl })
        : t('story.attachment.cold', { node, count: dropped, vdl }),
  }),
  caption('attachment.freeze', {
    rule: ({ event }) => (event.state === 'handoff' ? 'fence.handoff-whole' : 'ha.planned'),
    hue: 'fence',
    icon: 'token',
    weight: ({ event }) => (event.state === 'freeze' ? 66 : 78),
    say: ({ event: { state, token, vdl }, node }, t) => {
      if (state === 'handoff') return t('story.attachment.handoff', { node, vdl });
      return t(state === 'thaw' ? 'story.attachment.thaw' : 'story.attachment.freeze', { node, token });
    },
  }),
];
