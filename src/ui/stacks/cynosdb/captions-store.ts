// Captions of a store's groups as a whole: offered, suspended, stopped.

import { type CaptionEntry, caption, short } from '../../story/caption-table.ts';
import '../../../words/cynosdb/caption.en.json';

export const storeCaptions: readonly CaptionEntry[] = [
  caption('store.open', {
    rule: 'fence.token-monotone',
    hue: 'ack',
    icon: 'up',
    weight: 53,
    say: ({ event: { group, scl, maxToken }, node }, t) =>
      t('story.store.open', { node, group, scl, token: maxToken }),
  }),
  caption('store.suspended', {
    rule: 'wal.failed-write',
    hue: 'fence',
    icon: 'refused',
    weight: 61,
    say: ({ event: { group, code }, node }, t) =>
      t('story.store.suspended', { node, group, code: short(code, 20) }),
  }),
  caption('wal.full', {
    rule: 'wal.failed-write',
    hue: 'fence',
    icon: 'refused',
    weight: 90,
    say: ({ event: { group, stores }, node }, t) =>
      group === ''
        ? t('story.wal.room', { node })
        : t('story.wal.full', { node, group, nodes: stores.replaceAll(',', t('list.comma')) }),
  }),
  caption('store.failed', {
    rule: 'wal.conflict',
    hue: 'fence',
    icon: 'refused',
    weight: 89,
    say: ({ event: { group, code, at }, node }, t) =>
      t('story.store.failed', { node, group, at, code: short(code, 20) }),
  }),
];
