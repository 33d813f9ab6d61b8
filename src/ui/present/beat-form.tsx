// What a beat says, to write: title, notes, question and answers, each in both languages.

import { type ReactNode, useState } from 'react';
import type { Beat } from '../../sim/beat.ts';
import { type PlainKey, useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import '../../words/present.en.json';

interface FormProps {
  readonly beat: Beat;
  readonly onSave: (beat: Beat) => void;
  readonly onCancel: () => void;
}

/** Each field as text; answers are one a line. */
const textsOf = ({ title, notes, question, answers }: Beat) => ({
  titleEn: title.en,
  titleZh: title.zh,
  notesEn: notes.en,
  notesZh: notes.zh,
  questionEn: question.en,
  questionZh: question.zh,
  answersEn: answers.map(({ en }) => en).join('\n'),
  answersZh: answers.map(({ zh }) => zh).join('\n'),
});
type Fields = ReturnType<typeof textsOf>;

const rowsOf = {
  titleEn: 1,
  titleZh: 1,
  notesEn: 3,
  notesZh: 3,
  questionEn: 1,
  questionZh: 1,
  answersEn: 2,
  answersZh: 2,
} as const satisfies Readonly<Record<keyof Fields, number>>;
const names = Object.keys(rowsOf) as readonly (keyof Fields)[];

function beatOf({ at }: Beat, fields: Fields): Beat {
  const chinese = fields.answersZh.split('\n');
  return {
    at,
    title: { en: fields.titleEn.trim(), zh: fields.titleZh.trim() },
    notes: { en: fields.notesEn.trim(), zh: fields.notesZh.trim() },
    question: { en: fields.questionEn.trim(), zh: fields.questionZh.trim() },
    answers: fields.answersEn
      .split('\n')
      .map((en, i) => ({ en: en.trim(), zh: (chinese[i] ?? '').trim() }))
      .filter(({ en, zh }) => en + zh !== ''),
  };
}

export function BeatForm({ beat, onSave, onCancel }: FormProps): ReactNode {
  const t = useT();
  const [fields, setFields] = useState(() => textsOf(beat));
  return (
    <form
      className="present-form"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(beatOf(beat, fields));
      }}
    >
      {names.map((name) => {
        const label: PlainKey = `present.${name}`;
        return (
          <label key={name}>
            <span className="heading">{t(label)}</span>
            <textarea
              className="field"
              rows={rowsOf[name]}
              value={fields[name]}
              onChange={({ target }) => setFields({ ...fields, [name]: target.value })}
            />
          </label>
        );
      })}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>{t('present.cancel')}</Button>
        <Button type="submit" look="primary">
          {t('present.save')}
        </Button>
      </div>
    </form>
  );
}
