// A lesson in an embed: its words below the pane, and a way from step to step. Its script is played to a tape beside the page first.

import { ChevronLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Time } from '../../base/ids.ts';
import type { Lab } from '../../lab/api.ts';
import { type RecordedLesson, recordLesson } from '../../lab/lesson-guide.ts';
import { selectionStore } from '../../state/selection-store.ts';
import { ofBoth } from '../i18n/both.ts';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import { IconButton } from '../kit/button.tsx';
import { type BeatSteps, makeBeatSteps } from '../present/beat-steps.ts';
import { useBeats } from '../present/use-beats.ts';
import '../../words/embed.en.json';

/** What leads through a lesson. */
export interface LessonWay extends RecordedLesson {
  /** Made once the tape is loaded. */
  lead(lab: Lab): LessonLead;
}

export interface LessonLead {
  readonly steps: BeatSteps;
  /** On to the next step, where it stands; after the last one it goes on by itself. */
  play(): void;
  pause(): void;
}

/** Throws in words where there is no such lesson. */
export async function openLessonWay(id: string): Promise<LessonWay> {
  const recorded = await recordLesson(id, null);
  return {
    ...recorded,
    lead(lab) {
      const steps = makeBeatSteps(lab);
      lab.setSpeed(recorded.start.speed);
      selectionStore.setState({ group: recorded.start.group });
      return {
        steps,
        play() {
          const now = lab.frame()?.time ?? 0;
          if (lab.run().marks.some(({ at }) => at > now)) void steps.next();
          else lab.play();
        },
        // Where it is: it is on its way nowhere then.
        pause: () => void steps.goTo((lab.frame()?.time ?? 0) as Time),
      };
    },
  };
}

/** What the step says that it stands at or has left last; of a question also what there is to choose from. */
export function StepWords({ lead }: { readonly lead: LessonLead }): ReactNode {
  const t = useT();
  const { beats, index } = useBeats();
  const beat = beats[index];
  return (
    <section
      aria-label={t('embed.words')}
      className="flex max-h-[40%] flex-none items-start gap-2 overflow-y-auto border-t border-line px-2 py-1.5"
    >
      <IconButton
        icon={ChevronLeft}
        label={t('embed.previous')}
        disabled={index <= 0}
        onClick={() => void lead.steps.previous()}
      />
      <div className="min-w-0 flex-1 text-[14px] leading-5" aria-live="polite">
        {beat !== undefined && <p>{ofBoth(beat.title, currentLanguage())}</p>}
        {beat !== undefined && beat.answers.length > 0 && (
          <ul className="list-disc pl-5">
            {beat.answers.map((answer) => (
              <li key={answer.en}>{ofBoth(answer, currentLanguage())}</li>
            ))}
          </ul>
        )}
      </div>
      <span className="mono flex-none text-muted">
        {index + 1} / {beats.length}
      </span>
    </section>
  );
}
