// Way on from a cluster that a lesson left behind: its tape is played to the end and nobody leads it on. Takes the lesson up
// again, or begins a run with clients at work.

import { GraduationCap, Play } from 'lucide-react';
import type { ReactNode } from 'react';
import { goTo } from '../../state/route-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import '../../words/lessons.en.json';

/** What a first visit begins with. */
const firstRun = { preset: 'hook-hole', seed: 7 } as const;

/** `lesson`: empty for one that came from a file. */
export function LessonLeft({ lesson }: { readonly lesson: string }): ReactNode {
  const t = useT();
  const lab = useLab();
  return (
    <span className="flex flex-none items-center gap-2" data-left-lesson={lesson}>
      {lesson !== '' && (
        <Button small look="line" icon={GraduationCap} onClick={() => goTo(`lessons/${lesson}`)}>
          {t('lessons.takeUp', { lesson })}
        </Button>
      )}
      <Button small look="line" icon={Play} onClick={() => void lab.startRun(firstRun)}>
        {t('lessons.newRun')}
      </Button>
    </span>
  );
}
