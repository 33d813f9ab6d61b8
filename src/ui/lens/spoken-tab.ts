// The tab that shows what is spoken of: a lesson's step, or a caption, names a rule or an event, and a lens says on which of its tabs that is drawn. A
// step of a lesson opens it; a caption does so only while the reader has chosen no tab. Otherwise the lens stays where the reader put it.

import { useEffect } from 'react';
import { assert } from '../../base/assert.ts';
import { type LessonSession, useLesson } from '../../state/lesson-store.ts';
import { useCaption } from '../story/story-store.ts';
import { useLensPlace } from './lens-place.ts';
import { isTabChosen, openTab, partFor, useLensTab } from './lens-tab.ts';

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

/** The tab of the lens that it is called in, opened by the lens's own table (LensEntry.tabs). */
export function useSpokenTab<T extends string>(
  tabs: readonly [T, ...T[]],
): readonly [tab: T, show: (tab: string) => void] {
  const { id: lens, tabs: claims } = useLensPlace().lens;
  const claimed = Object.keys(claims ?? {}).join(' ');
  assert(claimed === tabs.join(' '), `the table of ${lens} has its tabs, not ${claimed}`);
  const lesson = useLesson(({ session }) => session !== null);
  const stepKey = useLesson(({ session }) => spokenStep(session)?.key ?? null);
  const stepRule = useLesson(({ session }) => spokenStep(session)?.rule ?? null);
  const caption = useCaption();
  const stepTab = stepRule === null ? null : partFor(claims, stepRule);
  const captionTab =
    caption === null || caption.weight < leastWeight
      ? null
      : (partFor(claims, caption.kind) ?? partFor(claims, caption.rule));
  // By its key: each new step opens its tab, also one that the reader has left.
  useEffect(() => {
    if (stepKey !== null && stepTab !== null) openTab(lens, stepTab);
  }, [lens, stepKey, stepTab]);
  useEffect(() => {
    if (!lesson && captionTab !== null && !isTabChosen(lens)) openTab(lens, captionTab);
  }, [lens, captionTab, lesson]);
  return useLensTab(lens, tabs);
}
