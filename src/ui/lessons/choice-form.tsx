// Prediction form, one of several: radios.

import type { ReactNode } from 'react';
import type { FormProps } from './form-props.ts';
import { wordsOf } from './words.ts';

export function ChoiceForm({ question, value, onChange }: FormProps<'choice', string>): ReactNode {
  return (
    <div className="flex flex-col gap-1">
      {question.options.map(({ id, text }) => (
        <label key={id} className="lesson-option">
          <input type="radio" name="lesson-choice" checked={value === id} onChange={() => onChange(id)} />
          <span>{wordsOf(text)}</span>
        </label>
      ))}
    </div>
  );
}
