// Lens 4.8 in words: what the store keeps, what may go, and who holds it back. For screen readers, narration and tests.

import type { Translate } from '../../i18n/i18n.ts';
import type { ChainsModel, HeldBy } from './project.ts';
import './texts.ts';

export function heldText(heldBy: HeldBy, t: Translate): string {
  switch (heldBy.kind) {
    case 'readPoint':
      return t('chains.heldByPin', { session: heldBy.session, lsn: heldBy.lsn });
    case 'replica':
      return t('chains.heldByReplica', { replica: heldBy.replica, lsn: heldBy.lsn });
    case 'nobody':
      return t('chains.heldByNobody');
  }
}

const known = (lsn: number): number | string => (lsn < 0 ? '–' : lsn);

export function describeChains(model: ChainsModel, t: Translate): string {
  const { store, group, total, records, versions, pgmrpl, logFloor, heldBy } = model;
  return [
    t('chains.describe', { store, group, pages: total, records, versions }),
    t('chains.describeFloor', { pgmrpl: known(pgmrpl), floor: known(logFloor) }),
    heldText(heldBy, t),
  ].join(' ');
}
