// A lesson in the list of lessons: its title, how hard and how long, whether it was passed.

import { Check, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import type { LessonEntry } from '../../lessons/format.ts';
import { useLesson } from '../../state/lesson-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Chip } from '../kit/button.tsx';
import '../../words/lessons.en.json';
import { wordsOf } from './words.ts';

export function LessonEntryLink({ entry }: { readonly entry: LessonEntry }): ReactNode {
  const t = useT();
  const passed = useLesson(({ progress }) => progress[entry.id]?.passed === true);
  const { id, minutes, level, topic } = entry;
  const title = wordsOf(entry.title);
  return (
    <li>
      <a href={`#/lessons/${id}`} className="lesson-entry" aria-label={t('lessons.open', { id, title })}>
        <span className="mono text-muted">{id}</span>
        <span className="min-w-0 flex-1">
          <b className="block text-[14px] leading-5 font-semibold">{title}</b>
          <span className="text-[12px] leading-4 text-muted">
            {wordsOf(topic)} · {t('lessons.level', { n: level })} · {t('lessons.minutes', { n: minutes })}
          </span>
        </span>
        {passed && (
          <Chip hue="ack">
            <Check size={12} aria-hidden="true" />
            {t('lessons.passed')}
          </Chip>
        )}
        <ChevronRight size={16} aria-hidden="true" className="flex-none text-muted" />
      </a>
    </li>
  );
}
