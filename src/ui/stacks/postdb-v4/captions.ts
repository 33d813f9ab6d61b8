// Captions of tablets: a definition that advances, a group that is made by the first write, its shards, and the election of its
// primary.

import type { Translate } from '../../i18n/i18n.ts';
import { whyText } from '../../model/plan-words.ts';
import { type CaptionEntry, caption, short } from '../../story/caption-table.ts';
import '../../../words/postdb-v4/postdb-v4.en.json';

/** Why the metadata takes a volume from its primary (core/pcs/failover-driver.ts). */
const lostWhy = {
  first: 'story.lost.first',
  restarted: 'story.lost.restarted',
  'gave up': 'story.lost.gaveUp',
  silent: 'story.lost.silent',
  'cut off': 'story.lost.cutOff',
} as const;
const isLostWhy = (why: string): why is keyof typeof lostWhy => why in lostWhy;
export const lostBecause = (why: string, t: Translate): string =>
  isLostWhy(why) ? t(lostWhy[why]) : short(why, 18);

export const tabletCaptions: readonly CaptionEntry[] = [
  caption('table.step', {
    rule: 'catalog.one-step-apart',
    hue: 'ctl',
    icon: 'mark',
    weight: ({ event: { state } }) => (state === 'active' ? 78 : 60),
    say({ event: { table, version, state, tablets } }, t) {
      const of = { table: short(table, 24), version, count: tablets.length };
      if (state === 'active') return t('story.table.active', of);
      if (state === 'dropped') return t('story.table.dropped', of);
      return t(state === 'dropping' ? 'story.table.dropping' : 'story.table.prepared', of);
    },
  }),
  caption('group.made', {
    rule: 'shard.range-once',
    hue: 'ctl',
    icon: 'up',
    // A new leader of the metadata traces again those that there are.
    weight: ({ event, story }) => (story.volumes.has(event.volume) ? 10 : 82),
    say({ event: { group, volume, voters, leader, vw }, story }, t) {
      const made = { group, volume, count: voters.split(',').length, leader, vw };
      return t(story.volumes.has(volume) ? 'story.group.known' : 'story.group.made', made);
    },
  }),
  caption('create.refused', {
    rule: 'shard.made-once',
    hue: 'fence',
    icon: 'down',
    weight: 80,
    say: ({ node, event: { group, from } }, t) => t('story.create.refused', { node, group, from }),
  }),
  caption('group.shards', {
    rule: 'shard.tiling',
    hue: 'wal',
    icon: 'mark',
    weight: 52,
    say({ event: { group, firsts } }, t) {
      const first = firsts.at(-1) ?? 0;
      return firsts.length > 1
        ? t('story.group.rolled', { group, first, count: firsts.length })
        : t('story.group.shard', { group, first });
    },
  }),
  caption('gather.end', {
    rule: 'gather.one-point',
    hue: 'ctl',
    icon: 'mark',
    weight: 58,
    brings: true,
    say({ node, event: { volumes, readPoints } }, t) {
      const points = volumes.split(',').map((volume, i) => `${volume}@${readPoints[i] ?? ''}`);
      return t('story.gather.end', { node, points: short(points.join(' '), 32) });
    },
  }),
  caption('plan.begin', {
    rule: 'placement.converges',
    hue: 'ctl',
    icon: 'mark',
    weight: 76,
    say({ event: { group, from, to, why } }, t) {
      if (why === 'ISOLATE') return t('story.plan.leave', { group, from, to });
      if (why === 'transfer') return t('story.plan.transfer', { group, from, to });
      return t('story.plan.begin', { group, from, to, why: whyText(why, from, to, t) });
    },
  }),
  caption('plan.hot', {
    rule: 'placement.hot-halves',
    hue: 'ctl',
    icon: 'mark',
    weight: 82,
    say({ event: { group, load, keys, loads, key } }, t) {
      if (key === '') return t('story.plan.isolate', { group, load });
      const at: unknown = JSON.parse(keys);
      const cut = Array.isArray(at) ? at.indexOf(key) : 0;
      const sum = (part: readonly number[]): number => part.reduce((all, one) => all + one, 0);
      const [below, above] = [sum(loads.slice(0, cut)), sum(loads.slice(cut))];
      return t('story.plan.halve', { group, below, above, key: short(key, 16) });
    },
  }),
  caption('split.begin', {
    rule: 'shard.stale-epoch-inert',
    hue: 'ctl',
    icon: 'mark',
    weight: 83,
    say: ({ event: { volume, child, key, why } }, t) =>
      why === 'load'
        ? t('story.split.hot', { volume, child, key: short(key, 16) })
        : t('story.split.begin', { volume, child }),
  }),
  caption('split.attachment', {
    rule: 'shard.stale-epoch-inert',
    hue: 'ctl',
    icon: 'mark',
    weight: ({ event: { state } }) => (state === 'thaw' || state === 'trimmed' ? 60 : 77),
    say({ node, event: { volume, state, lsn, rows } }, t) {
      if (state === 'copied') return t('story.split.copied', { node, volume, rows, lsn });
      if (state === 'trimmed') return t('story.split.trimmed', { node, volume, rows });
      if (state === 'gone') return t('story.split.gone', { node, volume });
      return t(state === 'frozen' ? 'story.split.frozen' : 'story.split.thaw', { node, volume });
    },
  }),
  caption('split.cut', {
    rule: 'shard.stale-epoch-inert',
    hue: 'ctl',
    icon: 'up',
    weight: 86,
    say: ({ event: { volume, child, key } }, t) =>
      t('story.split.cut', { volume, child, key: short(key, 16) }),
  }),
  caption('split.end', {
    rule: 'shard.stale-epoch-inert',
    hue: 'fence',
    icon: 'down',
    weight: 79,
    say: ({ event: { volume, code } }, t) => t('story.split.end', { volume, code: short(code, 16) }),
  }),
  caption('merge.begin', {
    rule: 'shard.stale-epoch-inert',
    hue: 'ctl',
    icon: 'mark',
    weight: 83,
    say: ({ event: { volume, other, child, why } }, t) =>
      t(why === 'cold' ? 'story.merge.cold' : 'story.merge.begin', { volume, other, child }),
  }),
  caption('merge.cut', {
    rule: 'shard.stale-epoch-inert',
    hue: 'ctl',
    icon: 'up',
    weight: 86,
    say: ({ event: { volume, other, child } }, t) => t('story.merge.cut', { volume, other, child }),
  }),
  caption('merge.end', {
    rule: 'shard.stale-epoch-inert',
    hue: 'fence',
    icon: 'down',
    weight: 79,
    say: ({ event: { volume, other, code } }, t) =>
      t('story.merge.end', { volume, other, code: short(code, 20) }),
  }),
  caption('plan.cold', {
    rule: 'placement.converges',
    hue: 'ctl',
    icon: 'mark',
    weight: 82,
    say: ({ event: { group, other, size, load } }, t) => t('story.plan.cold', { group, other, size, load }),
  }),
  caption('node.offline', {
    rule: 'placement.drained',
    hue: 'ctl',
    icon: ({ event: { isOffline } }) => (isOffline ? 'down' : 'up'),
    weight: 84,
    say: ({ event: { node, isOffline } }, t) =>
      t(isOffline ? 'story.node.offline' : 'story.node.stays', { node }),
  }),
  caption('leader.lost', {
    rule: 'leader.greatest-tail',
    hue: 'fence',
    icon: 'down',
    weight: 84,
    say: ({ event: { volume, leader, why } }, t) =>
      t('story.leader.lost', { volume, leader, why: lostBecause(why, t) }),
  }),
  caption('volume.fence', {
    rule: 'leader.greatest-tail',
    hue: 'fence',
    icon: 'token',
    weight: 80,
    say: ({ event: { volume, token } }, t) => t('story.volume.fence', { volume, token }),
  }),
];
