// The card of a prediction: the question, its form, the hint; and after the reveal the comparison, gap by gap. Nothing
// here blocks: one may be wrong, ask to be shown, or try again.

import { Check, CircleDot, Lightbulb } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Answer, PredictStep } from '../../lessons/format.ts';
import type { Grade } from '../../lessons/grade.ts';
import type { Compared, LessonSession } from '../../state/lesson-store.ts';
import { type PlainKey, useT } from '../i18n/i18n.ts';
import { named } from '../i18n/sentence.ts';
import { Button } from '../kit/button.tsx';
import { useComesIntoView } from '../kit/into-view.ts';
import { describeAnswer, describeGap } from './describe.ts';
import type { LessonRun } from './lesson-run.ts';
import { isComplete, PredictForm, startAnswer } from './predict-form.tsx';
import { RangeStrip } from './range-strip.tsx';
import { WhyRule } from './why-rule.tsx';
import { wordsOf } from './words.ts';

function questionNumber({ lesson }: LessonSession, step: PredictStep): { n: number; of: number } {
  const questions = lesson.steps.filter(({ kind }) => kind === 'predict');
  return { n: questions.findIndex(({ id }) => id === step.id) + 1, of: questions.length };
}

interface CardProps {
  readonly session: LessonSession;
  readonly run: LessonRun;
}

export function PredictCard({
  session,
  run,
  step,
  isLocked,
}: CardProps & { readonly step: PredictStep; readonly isLocked: boolean }): ReactNode {
  const t = useT();
  const [value, setValue] = useState<Answer | null>(() => startAnswer(step.question));
  const [hinted, setHinted] = useState(false);
  const committed = session.given !== null;
  const form = useComesIntoView<HTMLFormElement>();
  return (
    <form
      ref={form}
      className="lesson-card"
      aria-label={t('lessons.prediction', questionNumber(session, step))}
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete(step.question, value)) run.answer(value);
      }}
    >
      <div className="flex items-center gap-2">
        <Lightbulb size={20} strokeWidth={1.75} aria-hidden="true" className="flex-none text-accent" />
        <h3 className="text-[14px] font-semibold">
          {t('lessons.prediction', questionNumber(session, step))}
        </h3>
        <span className="flex-1" />
        <span className="text-[12px] text-muted">{t('lessons.harmless')}</span>
      </div>
      <p className="lesson-ask">{wordsOf(step.ask)}</p>
      <fieldset disabled={committed} className="m-0 min-w-0 border-0 p-0">
        <PredictForm question={step.question} value={value} onChange={setValue} />
      </fieldset>
      {hinted && (
        <p className="mt-3 text-muted" role="note">
          {wordsOf(step.hint)}
        </p>
      )}
      <div className="mt-2 flex flex-wrap gap-2">
        <Button
          look="primary"
          type="submit"
          className="h-9 px-4"
          disabled={committed || !isComplete(step.question, value)}
        >
          {t('lessons.commit')}
        </Button>
        {!hinted && !isLocked && (
          <Button className="h-9" onClick={() => setHinted(true)}>
            {t('lessons.hint')}
          </Button>
        )}
        {!isLocked && !committed && (
          <Button className="h-9" onClick={() => run.next()}>
            {t('lessons.passOver')}
          </Button>
        )}
      </div>
    </form>
  );
}

/** Yours above, what is so below: the gap is where they differ, and it is named. */
function Overlay({ compared }: { readonly compared: Compared }): ReactNode {
  const t = useT();
  const { step, given, truth } = compared;
  const { question } = step;
  const rows = [
    ...(given === null ? [] : [{ label: t('lessons.yours'), answer: given }]),
    { label: t('lessons.real'), answer: truth },
  ];
  return (
    <dl className="lesson-overlay">
      {rows.map(({ label, answer }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            {question.form === 'ranges' ? (
              <RangeStrip
                first={question.first}
                last={question.last}
                ranges={answer as Extract<Answer, readonly { first: number }[]>}
                label={named(label, describeAnswer(question, answer, t), t)}
              />
            ) : (
              <span className={question.form === 'choice' || question.form === 'order' ? '' : 'mono'}>
                {describeAnswer(question, answer, t)}
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const verdictKey = ({ right, near }: Grade): PlainKey =>
  right ? 'lessons.right' : near ? 'lessons.near' : 'lessons.wrong';

export function CompareCard({
  run,
  compared,
}: {
  readonly run: LessonRun;
  readonly compared: Compared;
}): ReactNode {
  const t = useT();
  const [again, setAgain] = useState<Answer | null>(null);
  const { step, grade, given } = compared;
  const isRight = grade?.right === true;
  const verdict = t(grade === null ? 'lessons.notGiven' : verdictKey(grade));
  const Icon = isRight ? Check : CircleDot;
  return (
    <section className="lesson-card" data-right={isRight} aria-label={t('lessons.compareStep')}>
      <div className="flex items-center gap-2">
        <Icon
          size={20}
          strokeWidth={1.75}
          aria-hidden="true"
          className={`flex-none ${isRight ? 'text-ack' : 'text-accent'}`}
        />
        <h3 className="text-[14px] font-semibold" role="status">
          {verdict}
        </h3>
      </div>
      {grade !== null && grade.gaps.length > 0 && (
        <ul className="mt-2 list-disc pl-5">
          {grade.gaps.map((gap) => {
            const text = describeGap(step.question, gap, t);
            return <li key={text}>{text}</li>;
          })}
        </ul>
      )}
      <Overlay compared={compared} />
      <p className="lesson-ask">{wordsOf(compared.after)}</p>
      <WhyRule name={step.rule} />
      {again !== null && (
        <div className="mt-3">
          <PredictForm question={step.question} value={again} onChange={setAgain} />
          <Button
            look="line"
            className="mt-3"
            disabled={!isComplete(step.question, again)}
            onClick={() => {
              run.answerAgain(again);
              setAgain(null);
            }}
          >
            {t('lessons.commitAgain')}
          </Button>
        </div>
      )}
      {!isRight && again === null && (
        <Button
          look="line"
          className="mt-3"
          onClick={() => setAgain(given ?? startAnswer(step.question) ?? emptyAnswer(step))}
        >
          {t('lessons.again')}
        </Button>
      )}
    </section>
  );
}

/** Something for the form to begin with. */
const emptyAnswer = ({ question }: PredictStep): Answer => {
  if (question.form === 'number' || question.form === 'mark') return question.low;
  return question.form === 'nodes' ? question.slots.map(() => '') : '';
};
