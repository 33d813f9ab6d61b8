// Captions of a replica that misses records and gets them back from a peer.

import type { TraceOf } from '../../../core/kernel/trace.ts';
import { rangeText } from '../../kit/format.ts';
import { type CaptionEntry, type CaptionSource, caption, short } from '../../story/caption-table.ts';
import type { Healing } from '../../story/story.ts';
import '../../../words/cynosdb/caption.en.json';

/** What the replica went through, when this closes its last hole. */
function healedBy({ event, node, story }: CaptionSource<'hole.closed'>): Healing | null {
  const one = story.healing.get(node);
  if (one === undefined || one.records === 0 || one.from.length === 0) return null;
  return [...one.open].every((group) => group === event.group) ? one : null;
}

const rangeOf = ({ first, end }: Pick<TraceOf<'hole.open'>, 'first' | 'end'>): string =>
  rangeText(first, end);

/** The list came from the disk as it was saved: the replica says what is in it, and has rebuilt nothing. */
const isRestored = ({ event: { group }, node, story }: CaptionSource<'hole.rebuild'>): boolean =>
  story.restored.has(`${node} ${group}`);

export const holeCaptions: readonly CaptionEntry[] = [
  caption('hole.open', {
    rule: 'hole.found',
    hue: 'hole',
    icon: 'hole',
    weight: 66,
    say: ({ event, node }, t) => t('story.hole.open', { node, group: event.group, range: rangeOf(event) }),
  }),
  caption('hole.sent', {
    rule: ({ event }) => (event.mode === 'recovery' ? 'recovery.order' : 'hole.ring'),
    hue: 'hole',
    icon: 'ask',
    weight: ({ event }) => (event.mode === 'recovery' ? 52 : 70),
    say: ({ event, node }, t) => {
      const params = { node, to: event.to, group: event.group, range: rangeOf(event) };
      return event.mode === 'recovery' ? t('story.hole.sentRecovery', params) : t('story.hole.sent', params);
    },
  }),
  caption('hole.fill', {
    rule: 'hole.fill',
    hue: 'hole',
    icon: 'fill',
    weight: 56,
    say: ({ event, node }, t) =>
      t('story.hole.fill', { node, from: event.from, group: event.group, range: rangeOf(event) }),
  }),
  caption('hole.split', {
    rule: 'hole.split',
    hue: 'hole',
    icon: 'hole',
    weight: 54,
    brings: true,
    say: ({ event, node }, t) =>
      t('story.hole.split', {
        node,
        group: event.group,
        range: rangeOf(event),
        state: event.sent ? t('story.hole.splitSent') : t('story.hole.splitUnsent'),
      }),
  }),
  caption('hole.closed', {
    rule: (source) => (healedBy(source) === null ? 'wal.scl' : 'hole.ring'),
    hue: 'ack',
    icon: 'fill',
    weight: (source) => (healedBy(source) === null ? 58 : 88),
    claim: (all) => {
      const source = all.at(-1);
      const healed = source === undefined ? null : healedBy(source);
      if (source === undefined || healed === null) return null;
      const { records, from, commits } = healed;
      return { kind: 'healed', node: source.node, records, from, commits };
    },
    say: ({ event, node }, t) => t('story.hole.closed', { node, group: event.group, ncl: event.ncl }),
  }),
  caption('hole.timeout', {
    rule: 'hole.timeout',
    hue: 'hole',
    icon: 'ask',
    weight: 55,
    say: ({ event: { counter, to }, node }, t) => t('story.hole.timeout', { node, to, counter }),
  }),
  caption('hole.ignored', {
    rule: 'hole.ignored',
    hue: 'hole',
    icon: 'fill',
    weight: 55,
    say: ({ event: { counter, from }, node }, t) => t('story.hole.ignored', { node, from, counter }),
  }),
  caption('hole.rebuild', {
    rule: (source) => (isRestored(source) ? 'hole.saved' : 'hole.rebuild'),
    hue: 'hole',
    icon: 'hole',
    weight: (source) => (isRestored(source) ? 40 : 62),
    brings: true,
    say(source, t) {
      const { group, ncl, nwl, holes: count } = source.event;
      const key = isRestored(source) ? 'story.hole.opened' : 'story.hole.rebuild';
      return t(key, { node: source.node, group, ncl, nwl, count });
    },
  }),
  caption('hole.saved', {
    rule: 'hole.saved',
    hue: 'ack',
    icon: 'fill',
    weight: 52,
    say: ({ event: { group, ncl, nwl }, node }, t) => t('story.hole.saved', { node, group, ncl, nwl }),
  }),
  caption('hole.restore', {
    rule: 'hole.saved',
    hue: 'ack',
    icon: 'fill',
    weight: 59,
    brings: true,
    say: ({ event: { group, ncl, nwl, error }, node }, t) =>
      error === ''
        ? t('story.hole.restore', { node, group, ncl, nwl })
        : t('story.hole.restoreRefused', { node, group, error: short(error, 18) }),
  }),
  caption('scrub.bad', {
    rule: 'page.scrub',
    hue: 'fence',
    icon: 'hole',
    weight: 81,
    say: ({ event: { group, what, damage }, node }, t) =>
      t('story.scrub.bad', { node, group, what: short(what, 12), damage: short(damage, 12) }),
  }),
  caption('scrub.repaired', {
    rule: 'page.scrub',
    hue: 'ack',
    icon: 'fill',
    weight: 65,
    say: ({ event: { group, what }, node }, t) =>
      t('story.scrub.repaired', { node, group, what: short(what, 12) }),
  }),
];
