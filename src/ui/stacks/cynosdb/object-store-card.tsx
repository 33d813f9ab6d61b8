// The object store on the map: how far every group is archived, and the range of LSNs that can be restored.

import { Archive } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ObjectStoreView } from '../../../core/object-store/object-store-view.ts';
import type { Translate } from '../../i18n/i18n.ts';
import { Chip } from '../../kit/button.tsx';
import { Pair } from '../../kit/fact.tsx';
import { bytesText, groupDigits } from '../../kit/format.ts';
import type { CardMark } from '../../model/node-facts.ts';
import type { RoleCard, RolePart } from '../stack-ui.ts';

type Part = RolePart<ObjectStoreView>;

function Body({ view: { objects, bytes, backups }, t }: Part): ReactNode {
  const [first, last] = backups[0]?.restorable.at(-1) ?? [0, 0];
  return (
    <>
      <Pair label={t('archive.cardObjects')}>{`${objects} · ${bytesText(bytes)}`}</Pair>
      <Pair label={t('archive.cardRestorable')}>
        {last > Math.max(0, first) ? `${first} – ${last - 1}` : '–'}
      </Pair>
    </>
  );
}

const Foot = ({ view: { bad, uploads }, t }: Part): ReactNode =>
  bad.length > 0 ? (
    <span className="text-fence">{t('archive.cardBad', { count: bad.length })}</span>
  ) : (
    <span>{t('archive.cardUploads', { count: uploads })}</span>
  );

const groupsOf = ({ backups }: ObjectStoreView) => backups.flatMap(({ groups }) => groups);

/** The least LSN up to which every group is archived. */
function archivedTo(view: ObjectStoreView): string {
  const groups = groupsOf(view);
  return groups.length === 0 ? '–' : groupDigits(Math.min(...groups.map((one) => one.archivedTo)));
}

function marks(view: ObjectStoreView, t: Translate): readonly CardMark[] {
  const groups = groupsOf(view);
  const sum = (of: (group: (typeof groups)[number]) => number): string =>
    groupDigits(groups.reduce((total, group) => total + of(group), 0));
  return [
    { label: t('archive.cardTo'), term: 'archive', value: archivedTo(view) },
    { label: t('archive.cardSegments'), term: 'archive', value: sum(({ logs }) => logs.length) },
    { label: t('archive.cardBases'), term: 'base', value: sum(({ bases }) => bases.length) },
  ];
}

export const objectStoreCard: RoleCard<ObjectStoreView> = {
  role: 'objectStore',
  icon: Archive,
  place: 'lower',
  layer: 'control',
  hasArcs: true,
  name: (_, t) => t('role.objectStore'),
  marks,
  plain: (view, t) => ({ label: t('card.archivedUpTo'), term: 'archive', value: archivedTo(view) }),
  Strip: ({ view: { objects, bytes } }) => (
    <span className="text-muted">{`${objects} · ${bytesText(bytes)}`}</span>
  ),
  Chip: ({ t }) => <Chip hue="ack">{t('outcome.ok')}</Chip>,
  Body,
  Foot,
  details: async () => (await import('./object-store-details.tsx')).objectStoreDetails,
};
