// The strip under the toolbar: what is true now, how many commits wait, and the bars of long work.

import { Clock } from 'lucide-react';
import { lazy, type ReactNode, Suspense } from 'react';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { useCoach } from '../../state/coach-store.ts';
import { useFrame } from '../../state/frame-store.ts';
import { isLeft, useLesson } from '../../state/lesson-store.ts';
import { commitsWaiting, statementsWaiting, tabletsWithoutPrimary } from '../../state/role-views.ts';
import { useRun } from '../../state/run-store.ts';
import { useT } from '../i18n/i18n.ts';
import { LessonCaption, LessonGoal, useLessonCaption } from '../lessons/lesson-strip.tsx';
import { StatusSentence } from '../story/status-sentence.tsx';
import { usePainted } from './use-painted.ts';

const CaptionLine = lazy(async () => ({ default: (await import('../story/caption-line.tsx')).CaptionLine }));
const BlockedLine = lazy(async () => ({ default: (await import('../story/blocked-line.tsx')).BlockedLine }));
const CoachChip = lazy(async () => ({ default: (await import('../story/coach-chip.tsx')).CoachChip }));

const WorkBars = lazy(async () => ({ default: (await import('./work-bars.tsx')).WorkBars }));
const LessonLeft = lazy(async () => ({
  default: (await import('../lessons/lesson-left.tsx')).LessonLeft,
}));

/** From here on the chip says how long the oldest commit waits, virtual ms, to a tenth. */
const WAIT_SHOWN_MS = 1.5;

/** Names of tablets that the chip has room for. */
const TABLETS_NAMED = 3;

/** The caption of what took a primary stands before the line that names its tablets. */
function tabletsIn(frame: WorldFrame): string {
  const { groups, total } = tabletsWithoutPrimary(frame);
  return groups.length > TABLETS_NAMED ? `${groups.length}/${total}` : groups.join(' ');
}

const isWithoutPrimary = (frame: WorldFrame): boolean => tabletsIn(frame) !== '';

/** A commit waits at who writes; of a tablet that has no primary what its clients ask waits at their driver. */
const waitingIn = (frame: WorldFrame): ReturnType<typeof commitsWaiting> =>
  isWithoutPrimary(frame) ? statementsWaiting(frame) : commitsWaiting(frame);

function Waiting(): ReactNode {
  const t = useT();
  const count = useFrame(({ frame }) => (frame === null ? 0 : waitingIn(frame).count));
  const oldest = useFrame(({ frame }) =>
    frame === null ? 0 : Math.floor(waitingIn(frame).oldestUs / 100) / 10,
  );
  const tablets = useFrame(({ frame }) => (frame === null ? '' : tabletsIn(frame)));
  if (count === 0 && tablets === '') return null;
  const waiting = t(tablets === '' ? 'commits.waiting' : 'statements.waiting', { count });
  const text = tablets === '' ? waiting : `${t('tablets.noPrimary', { tablets })} · ${waiting}`;
  const shown = oldest >= WAIT_SHOWN_MS ? `${text} · ${oldest.toFixed(1)} ms` : text;
  return (
    <output aria-live="off" aria-label={text} className="chip flex-none">
      <Clock size={14} aria-hidden="true" />
      {shown}
    </output>
  );
}

function Suggestion(): ReactNode {
  const chip = useCoach(({ inStrip }) => inStrip);
  return chip === null ? null : (
    <Suspense fallback={null}>
      <CoachChip chip={chip} />
    </Suspense>
  );
}

/** The live cluster is a lesson's, and the lesson is not on. */
function LeftBehind(): ReactNode {
  const lesson = useRun((run) => (run?.mode === 'LIVE' || run?.mode === 'PAUSED' ? run.lesson : null));
  const isOn = useLesson(({ session }) => session !== null && !isLeft(session));
  return lesson === null || isOn ? null : (
    <Suspense fallback={null}>
      <LessonLeft lesson={lesson} />
    </Suspense>
  );
}

export function StatusStrip(): ReactNode {
  const t = useT();
  const lesson = useLessonCaption();
  const isPainted = usePainted();
  return (
    <section className="status-strip" aria-label={t('status.title')} data-region="status">
      {lesson === null ? (
        <Suspense fallback={<StatusSentence />}>
          {isPainted ? (
            <CaptionLine>
              <StatusSentence />
            </CaptionLine>
          ) : (
            <StatusSentence />
          )}
        </Suspense>
      ) : (
        <LessonCaption text={lesson} />
      )}
      <span className="flex-1" />
      <LessonGoal />
      <Suspense fallback={null}>{isPainted && <BlockedLine />}</Suspense>
      <Waiting />
      <Suggestion />
      <LeftBehind />
      <Suspense fallback={null}>{isPainted && <WorkBars />}</Suspense>
    </section>
  );
}
