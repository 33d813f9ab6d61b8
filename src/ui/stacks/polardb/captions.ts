// Captions of shared storage: who leads a chunk, what it refuses and repairs, mounts, and replay.

import { type CaptionEntry, caption, short } from '../../story/caption-table.ts';
import './texts.ts';

export const sharedCaptions: readonly CaptionEntry[] = [
  caption('chunk.leads', {
    rule: 'chunk.majority',
    hue: 'ctl',
    icon: 'mark',
    weight: 40,
    say: ({ node, event: { group, term } }, t) => t('story.chunk.leads', { node, group, term }),
  }),
  caption('chunk.refused', {
    rule: 'chunk.token-order',
    hue: 'fence',
    icon: 'down',
    weight: 80,
    say: ({ node, event: { group, token, maxToken: max } }, t) =>
      t('story.chunk.refused', { node, group, token, max }),
  }),
  caption('chunk.lacks', {
    rule: 'chunk.majority',
    hue: 'hole',
    icon: 'down',
    weight: 60,
    say: ({ node, event: { group, block } }, t) => t('story.chunk.lacks', { node, group, block }),
  }),
  caption('chunk.repaired', {
    rule: 'chunk.majority',
    hue: 'hole',
    icon: 'up',
    weight: 60,
    say: ({ node, event: { group, block, from } }, t) =>
      t('story.chunk.repaired', { node, group, block, from }),
  }),
  caption('fs.mounted', {
    rule: 'pfs.journal-atomic',
    hue: 'ctl',
    icon: 'mark',
    weight: 74,
    say({ node, event: { mode, token, headTx: tx, error } }, t) {
      if (error !== '') return t('story.fs.refused', { node, error: short(error, 16) });
      return mode === 'rw' ? t('story.fs.mounted', { node, token, tx }) : t('story.fs.read', { node });
    },
  }),
  caption('redo.done', {
    rule: 'redo.whole',
    hue: 'wal',
    icon: 'up',
    weight: 82,
    say: ({ node, event: { redoLsn: from, lastLsn: to, pages: count } }, t) =>
      t('story.redo.done', { node, from, to, count }),
  }),
  caption('mount.lost', {
    rule: 'pfs.journal-atomic',
    hue: 'fence',
    icon: 'down',
    weight: 84,
    say: ({ node }, t) => t('story.mount.lost', { node }),
  }),
];
