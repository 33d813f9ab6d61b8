// Captions of who belongs to a group: a replica that is replaced, caught up, lost, and the images it is made from.

import type { Translate } from '../../i18n/i18n.ts';
import { type CaptionEntry, caption, short } from '../../story/caption-table.ts';
import '../../../words/cynosdb/caption.en.json';

/** `store-1,store-2|store-1,store-4` as people read it. */
const membersText = (sets: string): string => short(sets.replace(/,/g, ', ').replace(/\|/g, ' | '), 32);

function outcomeText(outcome: string, group: string, from: string, to: string, t: Translate): string {
  if (outcome === 'done') return t('story.move.done', { group, from, to });
  if (outcome === 'rolledBack') return t('story.move.rolledBack', { group, from, to });
  return t('story.move.refused', { group, from, to, outcome: short(outcome, 16) });
}

export const memberCaptions: readonly CaptionEntry[] = [
  caption('group.members', {
    rule: 'member.step',
    hue: 'ctl',
    icon: 'token',
    weight: 58,
    say: ({ event: { group, memberEpoch, sets } }, t) =>
      t('story.member.set', { group, epoch: memberEpoch, sets: membersText(sets) }),
  }),
  caption('group.move.begin', {
    rule: 'member.dual',
    hue: 'ctl',
    icon: 'ask',
    weight: 84,
    say: ({ event: { group, from, to, lost } }, t) =>
      lost ? t('story.move.replace', { group, from, to }) : t('story.move.begin', { group, from, to }),
  }),
  caption('group.move.catchup', {
    rule: 'member.catchup',
    hue: 'hole',
    icon: 'fill',
    weight: 56,
    say: ({ event: { group, to, scl, target } }, t) => t('story.move.catchup', { group, to, scl, target }),
  }),
  caption('group.move.done', {
    rule: 'member.dual',
    hue: 'ack',
    icon: 'fill',
    weight: 86,
    say: ({ event: { group, from, to, outcome } }, t) => outcomeText(outcome, group, from, to, t),
  }),
  caption('member.adopt', {
    rule: 'member.dual',
    hue: 'ctl',
    icon: 'token',
    weight: 54,
    say: ({ event: { group, sets }, node }, t) =>
      sets.includes('|')
        ? t('story.member.dual', { node, group, sets: membersText(sets) })
        : t('story.member.adopt', { node, group, sets: membersText(sets) }),
  }),
  caption('member.install', {
    rule: 'member.step',
    hue: 'ctl',
    icon: 'token',
    weight: 49,
    say: ({ event: { group, memberEpoch, state }, node }, t) =>
      t('story.member.install', { node, group, epoch: memberEpoch, state }),
  }),
  caption('member.dropped', {
    rule: 'member.removed',
    hue: 'ctl',
    icon: 'drop',
    weight: 60,
    say: ({ event: { group, memberEpoch }, node }, t) =>
      t('story.member.dropped', { node, group, epoch: memberEpoch }),
  }),
  caption('disk.lost', {
    rule: 'member.base',
    hue: 'fence',
    icon: 'down',
    weight: 87,
    say: ({ event: { group, node } }, t) => t('story.disk.lost', { node, group }),
  }),
  caption('disk.rolledBack', {
    rule: 'member.base',
    hue: 'fence',
    icon: 'down',
    weight: 88,
    say: ({ event: { group, scl }, node }, t) => t('story.disk.rolledBack', { node, group, scl }),
  }),
  caption('base.start', {
    rule: 'member.base',
    hue: 'hole',
    icon: 'page',
    weight: 68,
    say: ({ event: { group, from, base, pages }, node }, t) =>
      t('story.base.start', { node, group, from, base, pages }),
  }),
  caption('base.failed', {
    rule: 'member.base',
    hue: 'hole',
    icon: 'refused',
    weight: 62,
    say: ({ event: { group, from, code }, node }, t) =>
      t('story.base.failed', { node, group, from, code: short(code, 16) }),
  }),
  caption('base.installed', {
    rule: 'member.base',
    hue: 'ack',
    icon: 'fill',
    weight: 72,
    say: ({ event: { group, pages, scl }, node }, t) =>
      t('story.base.installed', { node, group, pages, scl }),
  }),
  caption('group.quorum', {
    rule: 'wal.quorum-lost',
    hue: 'fence',
    icon: ({ event }) => (event.state === 'OK' ? 'heal' : 'cut'),
    weight: 79,
    say: ({ event: { group, state, live, vw }, node }, t) =>
      state === 'OK'
        ? t('story.quorum.back', { node, group, live, vw })
        : t('story.quorum.below', { node, group, live, vw }),
  }),
];
