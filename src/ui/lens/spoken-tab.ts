// The tab that shows what is spoken of: a lesson's step, or a caption, names a rule, and a lens says on which of its tabs that rule is drawn. A
// step of a lesson opens it; a caption does so only while the reader has chosen no tab. Otherwise the lens stays where the reader put it.

import { useEffect } from 'react';
import { type LessonSession, useLesson } from '../../state/lesson-store.ts';
import type { LensId } from '../../state/settings-store.ts';
import { useCaption } from '../story/story-store.ts';
import { isTabChosen, openTab, useLensTab } from './lens-tab.ts';

/** Captions of at least this weight are about something that changes what one looks at. */
const leastWeight = 80;

interface Spoken {
  readonly key: string;
  readonly rule: string;
}

/** The step whose words are on the screen, where it names a rule. */
export function spokenStep(session: LessonSession | null): Spoken | null {
  const step = session?.question ?? session?.compared?.step ?? session?.said ?? null;
  return step === null || step.rule === null
    ? null
    : { key: `${session?.lesson.id} ${step.id}`, rule: step.rule };
}

/** `byRule`: has to be the same from call to call. */
export function useSpokenTab<T extends string>(
  lens: LensId,
  tabs: readonly [T, ...T[]],
  byRule: Readonly<Partial<Record<string, T>>>,
): readonly [tab: T, show: (tab: string) => void] {
  const lesson = useLesson(({ session }) => session !== null);
  const stepKey = useLesson(({ session }) => spokenStep(session)?.key ?? null);
  const stepRule = useLesson(({ session }) => spokenStep(session)?.rule ?? null);
  const caption = useCaption();
  const captionRule = caption !== null && caption.weight >= leastWeight ? caption.rule : null;
  useEffect(() => {
    const tab = stepRule === null ? undefined : byRule[stepRule];
    if (stepKey !== null && tab !== undefined) openTab(lens, tab);
  }, [lens, byRule, stepKey, stepRule]);
  useEffect(() => {
    const tab = captionRule === null ? undefined : byRule[captionRule];
    if (!lesson && tab !== undefined && !isTabChosen(lens)) openTab(lens, tab);
  }, [lens, byRule, captionRule, lesson]);
  return useLensTab(lens, tabs);
}
