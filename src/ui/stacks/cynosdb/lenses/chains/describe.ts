// Lens 4.8 in words: what the store keeps, what may go, and who holds it back. For screen readers, narration and tests.

import type { Translate } from '../../../../i18n/i18n.ts';
import { sentence } from '../../../../i18n/sentence.ts';
import { knownLsn } from '../../../../kit/format.ts';
import { pageName } from '../../../../model/page-name.ts';
import type { ArchiveModel } from './archive.ts';
import type { ChainsModel, HeldBy } from './project.ts';
import '../../../../../words/lens/lens.en.json';
import '../../../../../words/cynosdb/chains.en.json';

export function heldText(heldBy: HeldBy, t: Translate): string {
  switch (heldBy.kind) {
    case 'readPoint':
      return t('chains.heldByPin', { session: heldBy.session, lsn: heldBy.lsn });
    case 'replica':
      return t('chains.heldByReplica', { replica: heldBy.replica, lsn: knownLsn(heldBy.lsn) });
    case 'image':
      return t('chains.heldByImage', { peer: heldBy.peer, lsn: heldBy.lsn });
    case 'unheard':
      return t('chains.heldUnheard');
    case 'archive':
      return t('chains.heldByArchive', { lsn: knownLsn(heldBy.lsn) });
    case 'nobody':
      return t('chains.heldByNobody');
  }
}

export function describeChains(model: ChainsModel, t: Translate): string {
  const { store, group, total, records, versions, pgmrpl, logFloor, heldBy } = model;
  if (group === '') return t('groups.none');
  return [
    ...(model.isLoaded ? [t('chains.describe', { store, group, pages: total, records, versions })] : []),
    t('chains.describeFloor', { pgmrpl: knownLsn(pgmrpl), floor: knownLsn(logFloor) }),
    heldText(heldBy, t),
    ...model.jobs
      .slice(0, 3)
      .map(({ blockKey, to }) => t('chains.describeJob', { page: pageName(blockKey, [], t), lsn: to })),
  ].join(' ');
}

export function describeArchive(model: ArchiveModel, t: Translate): string {
  const { node, health, groups, restorable, points } = model;
  const newest = points.at(-1);
  return [
    ...(health === 'up' ? [] : [sentence(t('archive.outage', { node }), t)]),
    ...groups.map(({ group, archivedTo, lag, logs, bases }) =>
      t('archive.describe', {
        group,
        to: knownLsn(archivedTo),
        lag: knownLsn(lag),
        logs: logs.length,
        bases: bases.length,
      }),
    ),
    ...groups.flatMap(({ group, gaps }) =>
      gaps.map(({ first, end }) => t('archive.describeGap', { group, first, last: end - 1 })),
    ),
    ...restorable.map(([first, end]) => sentence(t('archive.restorable', { first, last: end - 1 }), t)),
    ...(newest === undefined ? [] : [t('archive.describeNewest', { lsn: newest.lsn })]),
  ].join(' ');
}
