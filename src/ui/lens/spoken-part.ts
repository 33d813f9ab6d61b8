// The part of a lens that shows what is spoken of: a lesson's step, or a caption, names a rule or an event, and a lens says on which of its tabs,
// or in which of its sections, that is drawn. A step of a lesson brings it; a caption does so only while the reader has chosen no part.
// Otherwise the lens stays where the reader put it.

import { type RefObject, useEffect } from 'react';
import { assert } from '../../base/assert.ts';
import { type LessonSession, useLesson } from '../../state/lesson-store.ts';
import { useCaption } from '../story/story-store.ts';
import type { LensEntry, SeenIn } from './lens-entry.ts';
import { isPartChosen, leaveSection, openPart, partFor, useIsBrought, useLensTab } from './lens-part.ts';
import { useLensPlace } from './lens-place.ts';

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

/** Its part that is spoken of is brought. */
function useSpoken(lens: LensEntry['id'], parts: SeenIn | undefined): void {
  const lesson = useLesson(({ session }) => session !== null);
  const stepKey = useLesson(({ session }) => spokenStep(session)?.key ?? null);
  const stepRule = useLesson(({ session }) => spokenStep(session)?.rule ?? null);
  const caption = useCaption();
  const ofStep = stepRule === null ? null : partFor(parts, stepRule);
  const ofCaption =
    caption === null || !caption.brings
      ? null
      : (partFor(parts, caption.kind) ?? partFor(parts, caption.rule));
  const captionKey = caption === null ? null : `${caption.moment.listed.index} ${caption.kind}`;
  // By its key: each new step brings its part, also one that the reader has left.
  useEffect(() => {
    if (stepKey !== null && ofStep !== null) openPart(lens, ofStep);
  }, [lens, stepKey, ofStep]);
  useEffect(() => {
    if (!lesson && captionKey !== null && ofCaption !== null && !isPartChosen(lens))
      openPart(lens, ofCaption);
  }, [lens, captionKey, ofCaption, lesson]);
}

/** The tab of the lens that it is called in, opened by the lens's own table (LensEntry.tabs). */
export function useSpokenTab<T extends string>(
  tabs: readonly [T, ...T[]],
): readonly [tab: T, show: (tab: string) => void] {
  const { id: lens, tabs: claims } = useLensPlace().lens;
  const claimed = Object.keys(claims ?? {}).join(' ');
  assert(claimed === tabs.join(' '), `the table of ${lens} has its tabs, not ${claimed}`);
  useSpoken(lens, claims);
  return useLensTab(lens, tabs);
}

/** What a reader does to scroll a lens, or to work in it. */
const moves = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

/** The sections of a lens (LensEntry.sections) are brought into view in its frame until the reader scrolls it. */
export function useSpokenSections(lens: LensEntry, frame: RefObject<HTMLElement | null>): void {
  const { id, sections } = lens;
  useSpoken(id, sections);
  const [top] = Object.keys(sections ?? {});
  const isAtTop = useIsBrought(id, top);
  useEffect(() => {
    if (isAtTop) frame.current?.scrollTo({ top: 0 });
  }, [isAtTop, frame]);
  useEffect(() => {
    const element = frame.current;
    if (element === null || top === undefined) return;
    const onMove = (): void => leaveSection(id);
    for (const move of moves) element.addEventListener(move, onMove, { passive: true });
    return () => {
      for (const move of moves) element.removeEventListener(move, onMove);
    };
  }, [id, top, frame]);
}
