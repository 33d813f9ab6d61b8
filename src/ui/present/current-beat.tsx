// The beat at which the run stands: its title, its notes in both languages, its question with the hands that were raised, and what the
// next one is.

import { Pencil, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useStore } from 'zustand';
import type { Beat } from '../../sim/beat.ts';
import { ofBoth } from '../i18n/both.ts';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import { Button, IconButton } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import { BeatForm } from './beat-form.tsx';
import { setStage, stageStore } from './stage-state.ts';
import { beatTitle, changeBeat, removeBeat, useBeats } from './use-beats.ts';
import '../../words/present.en.json';

/** Nobody counts more hands in a room. */
const MOST_HANDS = 999;

function Notes({ beat: { notes } }: { readonly beat: Beat }): ReactNode {
  const t = useT();
  if (notes.en + notes.zh === '') return <p className="text-muted">{t('present.noNotes')}</p>;
  return (
    <>
      {notes.en !== '' && (
        <p lang="en" className="present-note">
          {notes.en}
        </p>
      )}
      {notes.zh !== '' && (
        <p lang="zh-CN" className="present-note">
          {notes.zh}
        </p>
      )}
    </>
  );
}

function Question({ beat: { question, answers } }: { readonly beat: Beat }): ReactNode {
  const t = useT();
  const [hands, setHands] = useState<readonly number[]>([]);
  const isAsked = useStore(stageStore, ({ asked }) => asked !== null);
  if (question.en + question.zh === '') return null;
  const show = (counted: readonly number[]): void =>
    setStage({ asked: { question, answers: answers.map((text, i) => ({ text, hands: counted[i] ?? 0 })) } });
  const count = (index: number, value: number): void => {
    const counted = answers.map((_, i) =>
      i === index ? Math.min(MOST_HANDS, Math.max(0, Math.round(value) || 0)) : (hands[i] ?? 0),
    );
    setHands(counted);
    if (isAsked) show(counted);
  };
  return (
    <section aria-label={t('present.question')} className="present-question">
      <h3 className="heading">{ofBoth(question, currentLanguage())}</h3>
      {answers.map((answer, i) => {
        const text = ofBoth(answer, currentLanguage());
        return (
          <label key={text} className="flex items-center gap-2">
            <input
              type="number"
              className="field mono w-16"
              min={0}
              max={MOST_HANDS}
              aria-label={t('present.hands', { answer: text })}
              value={hands[i] ?? 0}
              onChange={({ target }) => count(i, target.valueAsNumber)}
            />
            <span className="min-w-0 flex-1">{text}</span>
          </label>
        );
      })}
      <Button
        look="line"
        aria-pressed={isAsked}
        onClick={() => (isAsked ? setStage({ asked: null }) : show(hands))}
      >
        {t(isAsked ? 'present.asked' : 'present.ask')}
      </Button>
    </section>
  );
}

function Shown({ beat, index }: { readonly beat: Beat; readonly index: number }): ReactNode {
  const t = useT();
  const lab = useLab();
  const { beats, canChange } = useBeats();
  const [isEdited, setEdited] = useState(false);
  const next = beats[index + 1];
  return (
    <>
      <div className="flex items-start gap-2">
        <h1 className="min-w-0 flex-1">{beatTitle(beat, index, t)}</h1>
        <IconButton
          icon={Pencil}
          label={t('present.edit')}
          disabled={!canChange}
          aria-expanded={isEdited}
          onClick={() => setEdited(!isEdited)}
        />
        <IconButton
          icon={Trash2}
          label={t('present.remove')}
          disabled={!canChange}
          onClick={() => removeBeat(lab, beat)}
        />
      </div>
      {isEdited ? (
        <BeatForm
          beat={beat}
          onSave={(changed) => {
            changeBeat(lab, changed);
            setEdited(false);
          }}
          onCancel={() => setEdited(false)}
        />
      ) : (
        <>
          <Notes beat={beat} />
          <Question beat={beat} />
        </>
      )}
      <p className="text-muted">
        {next === undefined ? (
          t('present.lastBeat')
        ) : (
          <>
            <b>{t('present.nextBeat')}</b> {beatTitle(next, index + 1, t)}
          </>
        )}
      </p>
    </>
  );
}

export function CurrentBeat(): ReactNode {
  const t = useT();
  const { beats, index } = useBeats();
  const beat = beats[index];
  const first = beats[0];
  return (
    <section aria-label={t('present.notes')} className="present-current">
      <p className="heading" role="status">
        {beat === undefined
          ? t('present.before')
          : t('present.beatOf', { index: index + 1, count: beats.length })}
      </p>
      {beat !== undefined && <Shown key={beat.at} beat={beat} index={index} />}
      {beat === undefined && first !== undefined && (
        <p className="text-muted">
          <b>{t('present.nextBeat')}</b> {beatTitle(first, 0, t)}
        </p>
      )}
    </section>
  );
}
