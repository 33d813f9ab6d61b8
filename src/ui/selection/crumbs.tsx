// Breadcrumb of the selection history, newest last, and a way back through it.

import { Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import { selectBack, useSelection } from '../../state/selection-store.ts';
import type { Subject } from '../../state/subject.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { subjectText } from './subject-text.ts';
import '../../words/selection.en.json';

/** Steps spelled out. */
const shown = 3;

export function SelectionCrumbs(): ReactNode {
  const t = useT();
  const past = useSelection((state) => state.past);
  const frame = useFrame((state) => state.frame);
  if (past.length === 0) return null;
  const nameOf = (subjects: readonly Subject[]): string => {
    const last = subjects.at(-1);
    const name = last === undefined ? '' : subjectText(last, frame, t);
    return subjects.length > 1 ? `${name} ${t('selection.many', { count: subjects.length - 1 })}` : name;
  };
  const names = past.slice(-shown).map(nameOf);
  return (
    <nav aria-label={t('selection.trail')} className="flex min-w-0 items-center gap-1 text-[12px] text-muted">
      <span className="truncate @max-[520px]:hidden">{`${names.join(' › ')} ›`}</span>
      <Button
        small
        icon={Undo2}
        aria-label={t('selection.backTo', { name: names.at(-1) ?? '' })}
        onClick={selectBack}
      >
        {t('selection.back')}
      </Button>
    </nav>
  );
}
