// Captions of readers: a session that begins, is refused, ends or begins anew; what a read waits for, and what it cannot have.

import { type CaptionEntry, caption, short } from '../../story/caption-table.ts';
import '../../../words/cynosdb/reader.en.json';

export const readerCaptions: readonly CaptionEntry[] = [
  caption('ro.ready', {
    rule: 'ro.start',
    hue: 'ack',
    icon: 'up',
    weight: 62,
    say: ({ event: { readPoint, kept }, node }, t) =>
      kept ? t('story.ro.kept', { node, readPoint }) : t('story.ro.ready', { node, readPoint }),
  }),
  caption('ro.replay', {
    rule: 'ro.start',
    hue: 'hole',
    icon: 'hole',
    weight: 68,
    say: ({ event: { to, records }, node }, t) => t('story.ro.replay', { node, to, count: records }),
  }),
  caption('ro.gap', {
    rule: 'ro.gap-free',
    hue: 'hole',
    icon: 'hole',
    weight: 70,
    say: ({ event: { expected, firstLsn }, node }, t) => t('story.ro.gap', { node, expected, firstLsn }),
  }),
  caption('ro.dropped', {
    rule: 'ro.never-waits',
    hue: 'fence',
    icon: 'drop',
    weight: 72,
    say: ({ event: { reader, have }, node }, t) => t('story.ro.dropped', { node, reader, have }),
  }),
  caption('ro.revoked', {
    rule: 'store.read-window',
    hue: 'fence',
    icon: 'refused',
    weight: 82,
    say: ({ event: { reader, mrpl, why }, node }, t) => {
      if (why === 'removed') return t('story.ro.removed', { node, reader });
      return why === 'operator'
        ? t('story.ro.revoked', { node, reader, mrpl })
        : t('story.ro.silent', { node, reader });
    },
  }),
  caption('ro.lost', {
    rule: 'store.read-window',
    hue: 'fence',
    icon: 'refused',
    weight: 64,
    say: ({ event: { why }, node }, t) => t(why === 'removed' ? 'story.ro.ended' : 'story.ro.lost', { node }),
  }),
  caption('node.joined', {
    rule: 'node.life',
    hue: 'ack',
    icon: 'up',
    weight: 84,
    say: ({ event: { node: joined }, node }, t) => t('story.node.joined', { node, joined }),
  }),
  caption('node.removed', {
    rule: 'node.life',
    hue: 'fence',
    icon: 'down',
    weight: 84,
    say: ({ event: { node: removed }, node }, t) => t('story.node.removed', { node, removed }),
  }),
  caption('node.exit', {
    rule: 'node.life',
    hue: 'fence',
    icon: 'down',
    weight: 66,
    say: ({ node }, t) => t('story.node.exit', { node }),
  }),
  caption('ro.stale', {
    rule: 'store.read-window',
    hue: 'fence',
    icon: 'refused',
    weight: 74,
    brings: true,
    say: ({ event: { readPoint, floor }, node }, t) => t('story.ro.stale', { node, readPoint, floor }),
  }),
  caption('ro.wait', {
    rule: 'ro.session-monotone',
    hue: 'reader',
    icon: 'client',
    weight: 48,
    say: ({ event: { session, bound, applyLsn }, node }, t) =>
      t('story.ro.wait', { node, session: short(session, 16), bound, applyLsn }),
  }),
  caption('ro.waited', {
    rule: 'ro.session-monotone',
    hue: 'reader',
    icon: ({ event: { code } }) => (code === '' ? 'client' : 'refused'),
    weight: ({ event: { code } }) => (code === '' ? 46 : 66),
    say: ({ event: { session, bound, code }, node }, t) =>
      t(code === '' ? 'story.ro.waited' : 'story.ro.timeout', { node, session: short(session, 16), bound }),
  }),
  caption('driver.reader', {
    rule: 'ro.session-monotone',
    hue: 'client',
    icon: 'client',
    weight: 44,
    say: ({ event: { session, from, why }, node }, t) =>
      t('story.ro.moved', { node, session: short(session, 16), from, why: short(why, 18) }),
  }),
];
