// A lesson to read: its goal, what it says, does and asks in order, with the truth behind a fold, and its challenge.

import { type ReactNode, useEffect, useState } from 'react';
import { loadLesson } from '../../lessons/catalogue.ts';
import type { Lesson, LessonStep, PredictStep } from '../../lessons/format.ts';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import { Chip } from '../kit/button.tsx';
import '../lessons/texts.ts';
import { wordsOf } from '../lessons/words.ts';
import './texts.ts';

function Question({ step }: { readonly step: PredictStep }): ReactNode {
  const t = useT();
  const { question } = step;
  const items =
    question.form === 'choice' ? question.options : question.form === 'order' ? question.items : [];
  return (
    <div className="reader-card">
      <b className="text-[12px] text-muted">{t('reader.question')}</b>
      <p className="mt-1">{wordsOf(step.ask)}</p>
      {items.length > 0 && (
        <ul className="mt-1 list-disc pl-5">
          {items.map(({ id, text }) => (
            <li key={id}>{wordsOf(text)}</li>
          ))}
        </ul>
      )}
      <details className="mt-2">
        <summary className="reader-fold">{t('reader.answer')}</summary>
        <p className="mt-1">{wordsOf(step.after)}</p>
      </details>
    </div>
  );
}

function Step({ step }: { readonly step: LessonStep }): ReactNode {
  const t = useT();
  switch (step.kind) {
    case 'say':
      return <p>{wordsOf(step.text)}</p>;
    case 'predict':
      return <Question step={step} />;
    case 'free':
      return (
        <p>
          <b>{t('reader.free')}: </b>
          {wordsOf(step.text)}
        </p>
      );
    case 'act':
      // What the script does by itself is told by what it says next.
      return step.ask === null ? null : (
        <p>
          <b>{t('reader.action')}: </b>
          {wordsOf(step.ask)}
        </p>
      );
  }
}

function Text({ lesson }: { readonly lesson: Lesson }): ReactNode {
  const t = useT();
  const { challenge } = lesson;
  return (
    <article
      className="reader-text"
      lang={currentLanguage()}
      aria-label={`${lesson.id} ${wordsOf(lesson.title)}`}
    >
      <h2 className="text-[20px] leading-7 font-semibold">{`${lesson.id} ${wordsOf(lesson.title)}`}</h2>
      <div className="flex flex-wrap gap-1.5">
        <Chip>{wordsOf(lesson.topic)}</Chip>
        <Chip>{t('lessons.level', { n: lesson.level })}</Chip>
        <Chip>{t('lessons.minutes', { n: lesson.minutes })}</Chip>
      </div>
      <p className="font-semibold">{wordsOf(lesson.goal)}</p>
      {lesson.steps.map((step) => (
        <Step key={step.id} step={step} />
      ))}
      {challenge !== null && (
        <div className="reader-card">
          <b className="text-[12px] text-muted">{t('lessons.challenge')}</b>
          <p className="mt-1">{wordsOf(challenge.goal)}</p>
          {challenge.hints.map((hint) => (
            <details key={hint.en} className="mt-2">
              <summary className="reader-fold">{t('reader.hintOf')}</summary>
              <p className="mt-1">{wordsOf(hint)}</p>
            </details>
          ))}
        </div>
      )}
      <p className="text-muted">{t('reader.play')}</p>
    </article>
  );
}

export function LessonText({ id }: { readonly id: string }): ReactNode {
  const t = useT();
  const [loaded, setLoaded] = useState<Lesson | { readonly error: string } | null>(null);
  useEffect(() => {
    let left = false;
    setLoaded(null);
    loadLesson(id).then(
      (found) => {
        if (!left) setLoaded(found);
      },
      (reason: unknown) => {
        if (!left) setLoaded({ error: reason instanceof Error ? reason.message : String(reason) });
      },
    );
    return () => {
      left = true;
    };
  }, [id]);
  if (loaded === null) return <p className="p-4 text-muted">{t('lessons.loading')}</p>;
  if ('error' in loaded)
    return (
      <p role="alert" className="p-4">
        {loaded.error}
      </p>
    );
  return <Text lesson={loaded} />;
}
