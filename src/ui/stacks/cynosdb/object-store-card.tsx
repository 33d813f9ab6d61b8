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

function marks({ backups }: ObjectStoreView, t: Translate): readonly CardMark[] {
  const groups = backups.flatMap((backup) => backup.groups);
  const archived = Math.min(...groups.map(({ archivedTo }) => archivedTo));
  const sum = (of: (group: (typeof groups)[number]) => number): string =>
    groupDigits(groups.reduce((total, group) => total + of(group), 0));
  return [
    { label: t('archive.cardTo'), term: 'archive', value: groups.length === 0 ? '–' : groupDigits(archived) },
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
  Chip: ({ t }) => <Chip hue="ack">{t('outcome.ok')}</Chip>,
  Body,
  Foot,
  details: async () => (await import('./object-store-details.tsx')).objectStoreDetails,
};
