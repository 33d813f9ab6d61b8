// Captions of shared storage: who leads a chunk, what it refuses and repairs, mounts, and replay.

import type { Translate } from '../../i18n/i18n.ts';
import { pageText, tableText } from '../../model/known-names.ts';
import { whyText } from '../../model/plan-words.ts';
import { type CaptionEntry, caption, short } from '../../story/caption-table.ts';
import '../../../words/polardb/polardb.en.json';

const lockStates = ['held', 'replayed', 'released', 'cancelled'] as const;
const keptWhys = [
  'absent',
  'loading',
  'pinned',
  'replay',
  'written',
  'log',
  'gate',
  'dirty',
  'closed',
] as const;
const refusedWhys = ['same', 'empty', 'reader', 'closed'] as const;
const promoteSteps = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6'] as const;

const fullOf = ['data', 'files', 'log'] as const;
const outcomes = ['begun', 'done', 'failed'] as const;
const tableIn = (relation: number, t: Translate): string =>
  short(tableText(relation) ?? t('story.relation', { relation }), 24);
/** A list of names as the language writes it. */
const spaced = (names: string, t: Translate, most = 30): string =>
  short(`${names}`.replaceAll(',', t('list.comma')), most);

export const sharedCaptions: readonly CaptionEntry[] = [
  caption('chunk.leads', {
    rule: 'chunk.majority',
    hue: 'ctl',
    icon: 'mark',
    weight: 40,
    say: ({ node, event: { group, term } }, t) => t('story.chunk.leads', { node, group, term }),
  }),
  caption('chunk.identityLost', {
    rule: 'chunk.made-once',
    hue: 'fence',
    icon: 'down',
    weight: 86,
    say: ({ node, event: { group } }, t) => t('story.chunk.identityLost', { node, group }),
  }),
  caption('chunk.admitted', {
    rule: 'chunk.made-once',
    hue: 'ctl',
    icon: 'up',
    weight: 84,
    say: ({ event: { group, node: back, member } }, t) =>
      t('story.chunk.admitted', { node: back, group, member }),
  }),
  caption('chunk.invited', {
    rule: 'chunk.one-exchange',
    hue: 'ctl',
    icon: 'up',
    weight: 72,
    say: ({ node, event: { group } }, t) => t('story.chunk.invited', { node, group }),
  }),
  caption('chunk.members', {
    rule: 'chunk.one-exchange',
    hue: 'ctl',
    icon: 'mark',
    weight: 76,
    say({ node, event: { group, voters, outgoing, learners } }, t) {
      const to = spaced(voters, t);
      if (outgoing !== '') return t('story.chunk.joint', { group, from: spaced(outgoing, t), to });
      return learners === ''
        ? t('story.chunk.members', { group, to })
        : t('story.chunk.learner', { node, group, to: spaced(learners, t) });
    },
  }),
  caption('chunk.left', {
    rule: 'chunk.drained',
    hue: 'ctl',
    icon: 'down',
    weight: 74,
    say: ({ node, event: { group } }, t) => t('story.chunk.left', { node, group }),
  }),
  caption('chunk.move', {
    rule: 'chunk.one-exchange',
    hue: 'ctl',
    icon: ({ event: { outcome } }) => (outcome === 'failed' ? 'down' : 'up'),
    weight: 83,
    say({ event: { group, from, to, why, outcome } }, t) {
      const key = outcomes.find((one) => one === outcome) ?? 'begun';
      return t(`story.chunk.${key}`, {
        group,
        from: from || '–',
        to: to || '–',
        why: whyText(why, from, to, t),
      });
    },
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
  caption('fs.synced', {
    rule: 'pfs.sync-exact',
    hue: 'ctl',
    icon: ({ event: { mode } }) => (mode === 'RELOAD' ? 'down' : 'mark'),
    weight: ({ event: { mode } }) => (mode === 'RELOAD' ? 81 : 20),
    say: ({ node, event: { mode, from, to } }, t) =>
      t(mode === 'RELOAD' ? 'story.fs.reloaded' : 'story.fs.replayed', { node, from, to }),
  }),
  caption('snapshot.logged', {
    rule: 'snapshot.first',
    hue: 'wal',
    icon: 'mark',
    weight: 66,
    say: ({ node, event: { blockKey, imageLsn: lsn } }, t) =>
      t('story.snapshot.logged', { node, page: pageText(blockKey), lsn }),
  }),
  caption('fs.grown', {
    rule: 'pfs.fsck-clean',
    hue: 'ctl',
    icon: 'up',
    weight: 76,
    say: ({ node, event: { chunks: count } }, t) => t('story.fs.grown', { node, count }),
  }),
  caption('fs.full', {
    rule: 'pfs.room-promised',
    hue: 'fence',
    icon: ({ event: { what } }) => (what === '' ? 'up' : 'down'),
    weight: 88,
    say({ node, event: { what, free, promised, kept } }, t) {
      const full = fullOf.find((one) => one === what);
      if (full === undefined) return t('story.fs.room', { node, free });
      return t(`story.fs.full.${full}`, { node, free, promised, kept });
    },
  }),
  caption('ha.lags', {
    rule: 'fence.candidate-near',
    hue: 'ctl',
    icon: 'down',
    weight: 83,
    say: ({ event: { candidate, applyLsn, vdl, others } }, t) =>
      t(others > 0 ? 'story.ha.passedOver' : 'story.ha.allLag', {
        candidate,
        lsn: Math.max(0, applyLsn),
        vdl,
      }),
  }),
  caption('redo.done', {
    rule: 'redo.whole',
    hue: 'wal',
    icon: 'up',
    weight: 82,
    say: ({ node, event: { redoLsn: from, lastLsn: to, pages: count } }, t) =>
      t(count > 0 ? 'story.redo.done' : 'story.redo.read', { node, from, to, count }),
  }),
  caption('promote.step', {
    rule: 'redo.whole',
    hue: 'ctl',
    icon: 'up',
    weight: 83,
    say({ node, event: { step, token, lsn } }, t) {
      const key = promoteSteps.find((one) => one === step) ?? 'P2';
      return t(`story.promote.${key}`, { node, token, lsn });
    },
  }),
  caption('mount.lost', {
    rule: 'pfs.journal-atomic',
    hue: 'fence',
    icon: 'down',
    weight: 84,
    say: ({ node }, t) => t('story.mount.lost', { node }),
  }),
  caption('index.saved', {
    rule: 'logidx.saved-whole',
    hue: 'ack',
    icon: 'fill',
    weight: 58,
    say: ({ node, event: { table, maxLsn: lsn } }, t) => t('story.index.saved', { node, table, lsn }),
  }),
  caption('flush.blocked', {
    rule: 'page.flush-gate',
    hue: 'wal',
    icon: 'down',
    weight: 62,
    brings: true,
    say: ({ node, event: { blockKey, latestLsn: lsn, gate, readers } }, t) =>
      t('story.flush.blocked', {
        node,
        page: pageText(blockKey),
        lsn,
        gate,
        by: spaced(readers, t, 13),
      }),
  }),
  caption('flush.backpressure', {
    rule: 'page.flush-gate',
    hue: 'hole',
    icon: 'down',
    weight: 80,
    say: ({ node, event: { blocked: count, readers } }, t) =>
      t('story.flush.backpressure', { node, count, by: spaced(readers, t, 13) }),
  }),
  caption('page.kept', {
    rule: 'page.flush-gate',
    hue: 'wal',
    icon: 'down',
    weight: 81,
    say({ node, event: { blockKey, why, latestLsn: lsn, gate, readers } }, t) {
      const key = keptWhys.find((one) => one === why) ?? 'absent';
      const by = spaced(readers, t, 13);
      return t(`story.kept.${key}`, { node, page: pageText(blockKey), lsn, gate, by });
    },
  }),
  caption('checkpoint.done', {
    rule: 'checkpoint.covers',
    hue: 'wal',
    icon: 'up',
    weight: 30,
    say: ({ node, event: { redoLsn: lsn } }, t) => t('story.checkpoint.done', { node, lsn }),
  }),
  caption('checkpoint.refused', {
    rule: 'checkpoint.covers',
    hue: 'wal',
    icon: 'down',
    weight: 81,
    say({ node, event: { why, redoLsn: lsn } }, t) {
      const key = refusedWhys.find((one) => one === why) ?? 'closed';
      return t(`story.checkpoint.${key}`, { node, lsn });
    },
  }),
  caption('ddl.locked', {
    rule: 'ddl.readers-first',
    hue: 'ctl',
    icon: 'down',
    weight: 76,
    say: ({ node, event: { relation, readers } }, t) =>
      readers === ''
        ? t('story.ddl.alone', { node, table: tableIn(relation, t) })
        : t('story.ddl.locked', {
            node,
            table: tableIn(relation, t),
            by: spaced(readers, t, 13),
          }),
  }),
  caption('ddl.granted', {
    rule: 'ddl.readers-first',
    hue: 'ctl',
    icon: 'up',
    weight: 70,
    say: ({ node, event: { relation } }, t) => t('story.ddl.granted', { node, table: tableIn(relation, t) }),
  }),
  caption('ro.lock', {
    rule: 'ddl.no-reader-inside',
    hue: 'ctl',
    icon: ({ event: { state } }) => (state === 'held' ? 'down' : 'mark'),
    weight: ({ event: { state } }) => (state === 'held' || state === 'cancelled' ? 82 : 72),
    say({ node, event: { relation, state } }, t) {
      const key = lockStates.find((one) => one === state) ?? 'replayed';
      return t(`story.lock.${key}`, { node, table: tableIn(relation, t) });
    },
  }),
  caption('relation.removed', {
    rule: 'ddl.readers-first',
    hue: 'ctl',
    icon: 'down',
    weight: 70,
    say: ({ node, event: { relation } }, t) =>
      t('story.relation.removed', { node, table: tableIn(relation, t) }),
  }),
  caption('slot.given', {
    rule: 'page.flush-gate',
    hue: 'ctl',
    icon: 'up',
    weight: 70,
    say: ({ node, event: { reader, readyLsn: lsn } }, t) => t('story.slot.given', { node, reader, lsn }),
  }),
  caption('slot.dropped', {
    rule: 'page.flush-gate',
    hue: 'fence',
    icon: 'down',
    weight: 78,
    say: ({ node, event: { reader } }, t) => t('story.slot.dropped', { node, reader }),
  }),
  caption('ro.future', {
    rule: 'ro.never-ahead',
    hue: 'hole',
    icon: 'down',
    weight: 84,
    say: ({ node, event: { blockKey, applyLsn: lsn } }, t) =>
      t('story.ro.future', { node, page: pageText(blockKey), lsn }),
  }),
  caption('page.damaged', {
    rule: 'pfs.own-bytes',
    hue: 'hole',
    icon: 'down',
    weight: 84,
    say: ({ node, event: { blockKey } }, t) => t('story.page.damaged', { node, page: pageText(blockKey) }),
  }),
  caption('promote.damaged', {
    rule: 'logidx.saved-whole',
    hue: 'hole',
    icon: 'down',
    weight: 84,
    say: ({ node }, t) => t('story.promote.damaged', { node }),
  }),
  caption('index.rebuilt', {
    rule: 'logidx.saved-whole',
    hue: 'hole',
    icon: 'up',
    weight: 82,
    say: ({ node, event: { walStart: lsn } }, t) => t('story.index.rebuilt', { node, lsn }),
  }),
];
