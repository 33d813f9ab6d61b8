// Prediction form for an order: each item moves by buttons.

import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Choice } from '../../lessons/format.ts';
import { useT } from '../i18n/i18n.ts';
import { IconButton } from '../kit/button.tsx';
import type { FormProps } from './form-props.ts';
import { wordsOf } from './words.ts';

export function OrderForm({ question, value, onChange }: FormProps<'order', readonly string[]>): ReactNode {
  const t = useT();
  const order = value ?? question.items.map(({ id }) => id);
  const move = (from: number, to: number): void => {
    const next = [...order];
    const [moved] = next.splice(from, 1);
    if (moved !== undefined) next.splice(to, 0, moved);
    onChange(next);
  };
  return (
    <ol className="lesson-order">
      {order.map((id, i) => {
        const item = textOf(question.items, id);
        return (
          <li key={id}>
            <span className="mono text-muted">{i + 1}</span>
            <span className="min-w-0 flex-1">{item}</span>
            <IconButton
              icon={ArrowUp}
              small
              label={t('lessons.up', { item })}
              disabled={i === 0}
              onClick={() => move(i, i - 1)}
            />
            <IconButton
              icon={ArrowDown}
              small
              label={t('lessons.down', { item })}
              disabled={i === order.length - 1}
              onClick={() => move(i, i + 1)}
            />
          </li>
        );
      })}
    </ol>
  );
}

const textOf = (choices: readonly Choice[], id: string): string => {
  const found = choices.find((choice) => choice.id === id);
  return found === undefined ? id : wordsOf(found.text);
};
