// The lesson's part of the strip under the toolbar: what was said or is asked, and how far one is. Small: it is in the
// page from the start, so that a lesson's first caption needs nothing more.

import { GraduationCap } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Words } from '../../lessons/format.ts';
import { isLeft, type LessonSession, useLesson } from '../../state/lesson-store.ts';
import { useT } from '../i18n/i18n.ts';
import { stepCount } from './step-items.ts';
import { wordsOf } from './words.ts';

function captionOf({
  challenge,
  question,
  compared,
  asked,
  did,
  said,
  free,
  lesson,
  phase,
}: LessonSession): Words {
  if (challenge !== null && lesson.challenge !== null) return lesson.challenge.goal;
  if (phase === 'done') return lesson.goal;
  if (question !== null) return question.ask;
  if (compared !== null) return compared.after;
  if (asked?.ask != null) return asked.ask;
  return free?.text ?? said?.text ?? did?.ask ?? lesson.goal;
}

/** Null when no lesson is on, or what runs is not the lesson's: then the strip speaks for itself. */
export const useLessonCaption = (): string | null => {
  useT();
  return useLesson(({ session }) => {
    if (session === null || isLeft(session)) return null;
    return wordsOf(captionOf(session));
  });
};

export function LessonCaption({ text }: { readonly text: string }): ReactNode {
  return (
    <>
      <GraduationCap size={20} strokeWidth={1.75} aria-hidden="true" className="flex-none text-accent" />
      <span className="caption-text" title={text} aria-live="polite">
        {text}
      </span>
    </>
  );
}

/** Which step one is at, and how many are behind. */
export function LessonGoal(): ReactNode {
  const t = useT();
  const [done = 0, at = 0, of = 0] = useLesson(({ session }) => {
    if (session === null || isLeft(session)) return '';
    const count = stepCount(session);
    return `${count.done} ${count.at} ${count.of}`;
  })
    .split(' ')
    .map(Number);
  if (of === 0) return null;
  return (
    <span className="flex flex-none items-center gap-2 text-[13px]">
      <span className="text-muted">{t('lesson.goal')}</span>
      <span className="bar w-24" aria-hidden="true">
        <i style={{ width: `${(done / of) * 100}%` }} />
      </span>
      <b className="mono font-semibold">
        {at} / {of}
      </b>
    </span>
  );
}
