// Prediction form for a position on the LSN axis: a slider, and the same number in a box.

import type { ReactNode } from 'react';
import { useT } from '../i18n/i18n.ts';
import type { FormProps } from './form-props.ts';
import { NumberBox } from './number-form.tsx';
import { wordsOf } from './words.ts';

export function MarkForm({ question, value, onChange }: FormProps<'mark', number>): ReactNode {
  const t = useT();
  const { low, high } = question;
  const label = t('lessons.markAt', { label: wordsOf(question.label) });
  // At its beginning until it is moved: any other place would look like a suggestion.
  const at = value ?? low;
  return (
    <div className="flex flex-col gap-2">
      <div className="lesson-axis" style={{ ['--at' as string]: `${((at - low) / (high - low)) * 100}%` }}>
        <input
          type="range"
          aria-label={label}
          min={low}
          max={high}
          value={at}
          onChange={(event) => onChange(event.target.valueAsNumber)}
        />
        <div className="flex justify-between text-[12px] text-muted" aria-hidden="true">
          {[low, Math.round((low + high) / 2), high].map((lsn) => (
            <span key={lsn} className="mono">
              {lsn}
            </span>
          ))}
        </div>
      </div>
      <NumberBox label={label} low={low} high={high} value={value} onChange={onChange} />
    </div>
  );
}
