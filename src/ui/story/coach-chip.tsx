// A suggestion as a chip: one press follows it, the cross puts it aside for good. It blocks nothing.

import { CircleDashed, GitFork, GraduationCap, Link, type LucideIcon, Scissors, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { type ChipId, markSeen } from '../../state/coach-store.ts';
import { useFrame } from '../../state/frame-store.ts';
import { type Translate, useT } from '../i18n/i18n.ts';
import { useLab } from '../lab-context.ts';
import { coachLink, cutFromWriter } from './coach.ts';
import { followChip } from './coach-actions.ts';
import '../../words/story/story.en.json';

const icons: Readonly<Record<ChipId, LucideIcon>> = {
  cut: Scissors,
  atHole: CircleDashed,
  cutBoth: Scissors,
  heal: Link,
  whatIf: GitFork,
  lesson: GraduationCap,
};

/** What stands on a link names what it cuts or heals: beside it others pass. */
export function chipLabel(
  chip: ChipId,
  writer: string,
  { replicas, cut }: { readonly replicas: readonly string[]; readonly cut: readonly string[] },
  t: Translate,
): string {
  const list = (nodes: readonly string[]): string => nodes.join(t('list.comma'));
  switch (chip) {
    case 'cut':
      return t('coach.cut', { link: `${writer}–${replicas.at(-1) ?? ''}` });
    case 'cutBoth':
      return t('coach.cutBoth', { replicas: list(replicas) });
    case 'whatIf':
      return t('coach.whatIf', { node: writer });
    case 'heal':
      return t('coach.heal', { links: list(cut.map((node) => `${writer}–${node}`)) });
    default:
      return t(chip === 'atHole' ? 'coach.atHole' : 'coach.lesson');
  }
}

export function CoachChip({ chip }: { readonly chip: ChipId }): ReactNode {
  const t = useT();
  const lab = useLab();
  const writer = useFrame(({ frame }) => (frame === null ? '' : coachLink(frame).writer));
  const replicas = useFrame(({ frame }) => (frame === null ? '' : coachLink(frame).replicas.join(' ')));
  const cut = useFrame(({ frame }) => (frame === null ? '' : cutFromWriter(frame).join(' ')));
  const Icon = icons[chip];
  return (
    <span className="coach" data-coach={chip}>
      <button type="button" className="coach-do" onClick={() => void followChip(lab, chip)}>
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" className="flex-none" />
        {chipLabel(chip, writer, { replicas: replicas.split(' '), cut: cut.split(' ') }, t)}
      </button>
      {chip !== 'heal' && (
        <button
          type="button"
          className="coach-close"
          aria-label={t('coach.dismiss')}
          title={t('coach.dismiss')}
          onClick={() => markSeen(chip)}
        >
          <X size={14} strokeWidth={2} aria-hidden="true" />
        </button>
      )}
    </span>
  );
}
