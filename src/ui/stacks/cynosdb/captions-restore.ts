// Captions of a restore to a point in time: a new volume beside its source, replica by replica, and what stops it.

import { type CaptionEntry, caption, short } from '../../story/caption-table.ts';
import '../../../words/cynosdb/caption.en.json';

/** The end of an object's name says which it is. */
const objectText = (name: string): string => short(name.split('/').slice(1).join('/'), 40);

export const restoreCaptions: readonly CaptionEntry[] = [
  caption('restore.begin', {
    rule: 'restore.equals-source',
    hue: 'ctl',
    icon: 'fill',
    weight: 86,
    say: ({ event: { volume, source, lsn } }, t) => t('story.restore.begin', { volume, source, lsn }),
  }),
  caption('restore.refused', {
    rule: 'restore.restorable',
    hue: 'fence',
    icon: 'refused',
    weight: 84,
    say: ({ event: { volume, code, detail } }, t) =>
      t('story.restore.refused', { volume, code, detail: short(String(detail), 32) }),
  }),
  caption('restore.resume', {
    rule: 'restore.equals-source',
    hue: 'hole',
    icon: 'fill',
    weight: 62,
    say: ({ event: { volume, group, done }, node }, t) =>
      group === ''
        ? t('story.restore.resumeJob', { node, volume })
        : t('story.restore.resume', { node, volume, group, done }),
  }),
  caption('restore.replica', {
    rule: 'restore.equals-source',
    hue: 'ack',
    icon: 'fill',
    weight: 60,
    say: ({ event: { volume, group, lsn }, node }, t) =>
      t('story.restore.replica', { node, volume, group, lsn }),
    many: (all, t) => {
      const last = all.at(-1)?.event;
      return t('story.restore.replicas', {
        count: all.length,
        volume: last?.volume ?? '',
        lsn: last?.lsn ?? 0,
      });
    },
  }),
  caption('restore.done', {
    rule: 'restore.token-above',
    hue: 'ack',
    icon: 'fill',
    weight: 86,
    say: ({ event: { volume, lsn, writer, lacking } }, t) =>
      lacking === ''
        ? t('story.restore.done', { volume, lsn, writer })
        : t('story.restore.doneWithout', { volume, lsn, lacking: short(String(lacking), 40) }),
  }),
  caption('volume.dropped', {
    rule: 'restore.source-untouched',
    hue: 'ctl',
    icon: 'drop',
    weight: 80,
    say: ({ event: { volume } }, t) => t('story.volume.dropped', { volume }),
  }),
  caption('restore.failed', {
    rule: 'restore.restorable',
    hue: 'fence',
    icon: 'refused',
    weight: 86,
    say: ({ event: { volume, group, object } }, t) =>
      t('story.restore.failed', { volume, group, object: objectText(String(object)) }),
  }),
  caption('restore.cancelled', {
    rule: 'restore.source-untouched',
    hue: 'ctl',
    icon: 'drop',
    weight: 70,
    say: ({ event: { volume } }, t) => t('story.restore.cancelled', { volume }),
  }),
];
