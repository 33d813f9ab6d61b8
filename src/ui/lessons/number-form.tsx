// Prediction form for a number.

import type { ReactNode } from 'react';
import { useT } from '../i18n/i18n.ts';
import type { FormProps } from './form-props.ts';

export function NumberForm({ question, value, onChange }: FormProps<'number', number>): ReactNode {
  const t = useT();
  const { low, high } = question;
  return <NumberBox label={t('lessons.number')} low={low} high={high} value={value} onChange={onChange} />;
}

interface NumberBoxProps {
  readonly label: string;
  readonly low: number;
  readonly high: number;
  readonly value: number | null;
  readonly onChange: (value: number) => void;
}

/** A number between two bounds, both shown. */
export function NumberBox({ label, low, high, value, onChange }: NumberBoxProps): ReactNode {
  return (
    <label className="flex items-center gap-2">
      <span>{label}</span>
      <input
        type="number"
        inputMode="numeric"
        className="lesson-number"
        min={low}
        max={high}
        value={value ?? ''}
        onChange={(event) => {
          const number = event.target.valueAsNumber;
          if (Number.isSafeInteger(number)) onChange(number);
        }}
      />
      <span className="mono text-muted">
        {low}–{high}
      </span>
    </label>
  );
}
