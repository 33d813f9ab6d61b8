// The log store on the map: SCL and NWL of its newest groups, their status lists as strips, holes and unsynced writes.

import { Database } from 'lucide-react';
import type { ReactNode } from 'react';
import { openHoles, type StoreGroupView, type StoreView } from '../../../core/log-store/store-view.ts';
import { useFrame } from '../../../state/frame-store.ts';
import { useSelection } from '../../../state/selection-store.ts';
import type { Translate } from '../../i18n/i18n.ts';
import { Chip } from '../../kit/button.tsx';
import { groupDigits } from '../../kit/format.ts';
import { labelOf, Term } from '../../kit/term.tsx';
import { type CardMark, computeOf, countHoles, joinNames } from '../../model/node-facts.ts';
import { FollowedLine } from '../followed-line.ts';
import { late } from '../late-part.tsx';
import type { RoleCard, RolePart } from '../stack-ui.ts';
import { MiniStrip, PictureStrips, shownGroups } from './mini-strip.tsx';

type Part = RolePart<StoreView>;

const parts = () => import('./detail-parts.tsx');

/** A replica this many LSNs short of its group's PGCL is behind; less is a batch on its way. */
const behindLsns = 8;

function useIsBehind({ groups }: StoreView): boolean {
  return useFrame(({ nodes }) =>
    Object.values(nodes).some((other) =>
      computeOf(other)?.groups.some(({ group, pgcl }) =>
        groups.some((own) => own.group === group && own.scl + behindLsns < pgcl),
      ),
    ),
  );
}

/** It has no replica of any group, so nothing that could be whole. */
const isEmpty = ({ groups }: Pick<StoreView, 'groups'>): boolean => groups.length === 0;

function StoreChip({ view, t }: Part): ReactNode {
  const isBehind = useIsBehind(view);
  if (isEmpty(view)) return <Chip>{t('chip.empty')}</Chip>;
  if (view.groups.some((group) => group.mode === 'recovery'))
    return (
      <Chip hue="fence">
        <Term of="mode">{t('chip.recovery')}</Term>
      </Chip>
    );
  if (countHoles(view).holes > 0)
    return (
      <Chip hue="hole">
        <Term of="hole">{t('chip.filling')}</Term>
      </Chip>
    );
  return isBehind ? (
    <Chip hue="hole">
      <Term of="behind">{t('chip.behind')}</Term>
    </Chip>
  ) : (
    <Chip>
      <Term of="whole">{t('chip.whole')}</Term>
    </Chip>
  );
}

function Body({ node, view }: Part): ReactNode {
  const lookedAt = useSelection(({ group }) => group);
  const failed = view.groups.find((group) => group.failed !== null);
  if (failed !== undefined) return <span className="text-fence">{`${failed.group}: ${failed.failed}`}</span>;
  return (
    <>
      <FollowedLine holder={node.id} groups={view.groups.map(({ group }) => group)} />
      {shownGroups(view, lookedAt).map((group) => (
        <MiniStrip key={group.group} group={group} />
      ))}
    </>
  );
}

function PlainStrip({ view }: Part): ReactNode {
  const lookedAt = useSelection(({ group }) => group);
  const [main] = shownGroups(view, lookedAt);
  return main === undefined ? null : <MiniStrip group={main} isAlone />;
}

function marks(view: StoreView, _: Translate, lookedAt: string | null): readonly CardMark[] {
  const [main, second] = shownGroups(view, lookedAt);
  if (main === undefined) return [];
  const scl = (group: StoreGroupView): CardMark => ({
    label: `SCL ${group.group}`,
    term: 'scl',
    of: group.group,
    value: groupDigits(group.scl),
    alert: openHoles(group) > 0,
  });
  const both = [
    scl(main),
    { label: `NWL ${main.group}`, term: 'nwl', of: main.group, value: groupDigits(main.nwl) },
  ];
  return second === undefined ? both : [...both, scl(second)];
}

export const storeCard: RoleCard<StoreView> = {
  role: 'store',
  icon: Database,
  place: 'lower',
  layer: 'storage',
  hasArcs: true,
  name(view, t) {
    const groups = (view?.groups ?? []).map(({ group }) => group);
    return groups.length === 0 ? t('role.store') : t('role.storeOf', { groups: joinNames(groups, t) });
  },
  spoken(view, t) {
    if (view.groups.length === 0) return [];
    const { holes } = countHoles(view);
    const scls = view.groups.map(({ scl }) => String(scl));
    return [`SCL ${joinNames(scls, t)}`, ...(holes > 0 ? [t('holes.count', { count: holes })] : [])];
  },
  marks,
  plain(view, _, lookedAt) {
    const [main] = shownGroups(view, lookedAt);
    // Records of a volume are spread over its groups: what a store has of one of them ends before the log does.
    return {
      label: labelOf('scl', 'SCL', main === undefined || view.groups.length === 1 ? '' : main.group),
      term: 'scl',
      value: main === undefined ? '–' : groupDigits(main.scl),
      alert: main !== undefined && openHoles(main) > 0,
    };
  },
  Strip: PlainStrip,
  Chip: StoreChip,
  Alert: late(async () => (await parts()).StoreAlert),
  Body,
  Strips: PictureStrips,
  Foot: late(async () => (await parts()).StoreFoot),
  downNote: ({ bootEpoch }, t) => t('card.boot', { epoch: bootEpoch }),
  details: async () => (await import('./store-details.tsx')).storeDetails,
};
