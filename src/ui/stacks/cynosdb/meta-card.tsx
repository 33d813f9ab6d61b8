// The metadata node on the map: its Raft term and log positions, the volume's state and its writer.

import { Landmark } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MetaView } from '../../../core/pcs/pcs-view.ts';
import { Chip } from '../../kit/button.tsx';
import { Pair } from '../../kit/fact.tsx';
import { groupDigits } from '../../kit/format.ts';
import { Term } from '../../kit/term.tsx';
import { late } from '../late-part.tsx';
import type { RoleCard, RolePart } from '../stack-ui.ts';

type Part = RolePart<MetaView>;

const parts = () => import('./detail-parts.tsx');

/** Of several: whom it follows and voted for; of one alone: what it decided last. */
const Body = ({ view, t }: Part): ReactNode =>
  view.voters.length > 1 ? (
    <>
      <Pair label={t('chip.leader')} term="raft">
        {view.leader ?? '–'}
      </Pair>
      <Pair label={t('card.vote')} term="term">
        {view.votedFor ?? '–'}
      </Pair>
    </>
  ) : (
    <>
      <Pair label={t('card.volume')} term="volume">{`${view.volumeState}(${view.token})`}</Pair>
      <Pair label={t('card.writer')} term="writer">
        {view.writer ?? '–'}
      </Pair>
    </>
  );

export const metaCard: RoleCard<MetaView> = {
  role: 'meta',
  icon: Landmark,
  place: 'sideBottom',
  layer: 'control',
  name: (_, t) => t('role.meta'),
  marks: ({ term, commit, applied }, t) => [
    { label: t('mark.term'), term: 'term', value: String(term) },
    { label: t('mark.commit'), term: 'raft', value: groupDigits(commit) },
    { label: t('mark.applied'), term: 'raft', value: groupDigits(applied) },
  ],
  plain: ({ member, voters, leader, writer }, t) =>
    voters.length > 1 && member !== 'leader'
      ? { label: t('card.follows'), term: 'raft', value: leader ?? '–' }
      : { label: t('card.namesWriter'), term: 'writer', value: writer ?? '–' },
  // who follows has no beats of others to count
  Strip: ({ view, t }) =>
    view.member === 'leader' ? (
      <span className="text-muted">
        {t('card.nodesUp', { count: view.nodes.filter(({ up }) => up).length, of: view.nodes.length })}
      </span>
    ) : null,
  Chip: ({ view, t }) => (
    <Chip hue="ctl">
      <Term of="raft">{view.member === 'leader' ? t('chip.leader') : t(`member.${view.member}`)}</Term>
    </Chip>
  ),
  Body,
  Foot: late(async () => (await parts()).MetaFoot),
  details: async () => (await import('./meta-details.tsx')).metaDetails,
};
