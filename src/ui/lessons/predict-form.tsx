// Prediction form by kind of question. Each is whole without a mouse.

import type { ReactNode } from 'react';
import type { Answer, DrawnRange, Question } from '../../lessons/format.ts';
import { ChoiceForm } from './choice-form.tsx';
import { MarkForm } from './mark-form.tsx';
import { NodesForm } from './nodes-form.tsx';
import { NumberForm } from './number-form.tsx';
import { OrderForm } from './order-form.tsx';
import { RangesForm } from './ranges-form.tsx';

interface PredictFormProps {
  readonly question: Question;
  readonly value: Answer | null;
  readonly onChange: (value: Answer) => void;
}

const isNames = (value: Answer | null): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
const isRanges = (value: Answer | null): value is readonly DrawnRange[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'object');

export function PredictForm({ question, value, onChange }: PredictFormProps): ReactNode {
  const number = typeof value === 'number' ? value : null;
  switch (question.form) {
    case 'choice':
      return (
        <ChoiceForm
          question={question}
          value={typeof value === 'string' ? value : null}
          onChange={onChange}
        />
      );
    case 'number':
      return <NumberForm question={question} value={number} onChange={onChange} />;
    case 'mark':
      return <MarkForm question={question} value={number} onChange={onChange} />;
    case 'ranges':
      return <RangesForm question={question} value={isRanges(value) ? value : null} onChange={onChange} />;
    case 'order':
      return <OrderForm question={question} value={isNames(value) ? value : null} onChange={onChange} />;
    case 'nodes':
      return <NodesForm question={question} value={isNames(value) ? value : null} onChange={onChange} />;
  }
}

/** What an untouched form stands for, or null when it says nothing yet. */
export function startAnswer(question: Question): Answer | null {
  if (question.form === 'ranges') return question.start;
  if (question.form === 'order') return question.items.map(({ id }) => id);
  return null;
}

/** True when everything that is asked has an answer. */
export function isComplete(question: Question, value: Answer | null): value is Answer {
  if (value === null) return false;
  if (question.form === 'nodes')
    return isNames(value) && value.length > 0 && value.every((one) => one !== '');
  return true;
}
