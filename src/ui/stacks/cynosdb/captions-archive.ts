// Captions of the backup: what is archived, who archives, what the object store refuses, loses or is asked in vain.

import type { Translate } from '../../i18n/i18n.ts';
import { type CaptionEntry, caption, short } from '../../story/caption-table.ts';
import '../../../words/cynosdb/caption.en.json';

/** The end of an object's name tells its range; the volume and the checksum are too long for a line. */
const objectText = (name: string): string =>
  short(
    name
      .split('/')
      .slice(1)
      .join('/')
      .replace(/-[0-9a-f]{8}$/, ''),
    34,
  );

function namedText(group: string, archiver: string, why: string, t: Translate): string {
  if (why === 'silent') return t('story.archive.namedSilent', { group, archiver });
  if (why === 'removed') return t('story.archive.namedRemoved', { group, archiver });
  return t('story.archive.named', { group, archiver });
}

export const archiveCaptions: readonly CaptionEntry[] = [
  caption('archive.segment', {
    rule: 'archive.whole',
    hue: 'ack',
    icon: 'fill',
    weight: 46,
    say: ({ event: { group, first, end, from }, node }, t) =>
      t('story.archive.segment', { group, first, last: end, from, node }),
  }),
  caption('archive.base', {
    rule: 'backup.base',
    hue: 'ack',
    icon: 'page',
    weight: 52,
    say: ({ event: { group, base, pages }, node }, t) =>
      t('story.archive.base', { group, base, pages, node }),
  }),
  caption('archive.manifest', {
    rule: 'archive.manifest-cas',
    hue: 'ack',
    icon: 'token',
    weight: 44,
    say: ({ event: { volume, version, objects }, node }, t) =>
      t('story.archive.manifest', { volume, version, objects, node }),
  }),
  caption('archive.refused', {
    rule: 'archive.manifest-cas',
    hue: 'fence',
    icon: 'refused',
    weight: 62,
    say: ({ event: { what, from, code }, node }, t) =>
      t('story.archive.refused', { node, from, what: objectText(`/${what}`), code: short(code, 18) }),
  }),
  caption('archive.bad', {
    rule: 'backup.object-lost',
    hue: 'fence',
    icon: 'down',
    weight: 86,
    say: ({ event: { name, damage }, node }, t) =>
      damage === 'rot'
        ? t('story.archive.rot', { node, name: objectText(name) })
        : t('story.archive.missing', { node, name: objectText(name) }),
  }),
  caption('archive.named', {
    rule: 'backup.archiver',
    hue: 'ctl',
    icon: 'token',
    weight: 60,
    say: ({ event: { group, archiver, why } }, t) => namedText(group, archiver, why, t),
  }),
  caption('archive.begin', {
    rule: 'backup.archiver',
    hue: 'ctl',
    icon: 'up',
    weight: 55,
    say: ({ event: { group, archivedTo }, node }, t) => t('story.archive.begin', { node, group, archivedTo }),
  }),
  caption('mark.archived', {
    rule: 'archive.after-manifest',
    hue: 'ack',
    icon: 'mark',
    weight: 47,
    say: ({ event: { group, value } }, t) => t('story.archive.moved', { group, value }),
  }),
  caption('archive.gap', {
    rule: 'backup.object-lost',
    hue: 'fence',
    icon: 'hole',
    weight: 88,
    say: ({ event: { group, first, end, name } }, t) =>
      first < 0
        ? t('story.archive.lostBase', { group, name: objectText(name) })
        : t('story.archive.gap', { group, first, last: end }),
  }),
  caption('archive.repaired', {
    rule: 'backup.object-lost',
    hue: 'ack',
    icon: 'heal',
    weight: 64,
    say: ({ event: { name }, node }, t) => t('story.archive.repaired', { node, name: objectText(name) }),
  }),
  caption('archive.outage', {
    rule: 'archive.gc-behind',
    hue: 'fence',
    icon: ({ event: { state } }) => (state === 'begin' ? 'down' : 'heal'),
    weight: 84,
    say: ({ event: { group, state, why }, node }, t) =>
      state === 'begin'
        ? t('story.archive.outage', { node, group, why: short(why, 12) })
        : t('story.archive.back', { node, group }),
  }),
];
