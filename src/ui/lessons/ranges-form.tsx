// Prediction form for ranges of a status list: a strip to draw on, and whole without a mouse as two numbers and a type.

import { type ReactNode, useState } from 'react';
import type { DrawnRange, RangeType } from '../../lessons/format.ts';
import { paint } from '../../lessons/grade.ts';
import { useT } from '../i18n/i18n.ts';
import { named } from '../i18n/sentence.ts';
import { Button } from '../kit/button.tsx';
import { rangeText, typeKeys } from './describe.ts';
import type { FormProps } from './form-props.ts';
import { RangeStrip } from './range-strip.tsx';

export function RangesForm({
  question,
  value,
  onChange,
}: FormProps<'ranges', readonly DrawnRange[]>): ReactNode {
  const t = useT();
  const ranges = value ?? question.start;
  const other = question.types.find((type) => type !== question.start[0]?.type) ?? 'hole';
  const [brush, setBrush] = useState<RangeType>(other);
  const [from, setFrom] = useState(question.first);
  const [to, setTo] = useState(question.last);
  const { first, last } = question;
  return (
    <div className="flex flex-col gap-2">
      <RangeStrip
        first={first}
        last={last}
        ranges={ranges}
        label={t('lessons.drawing')}
        onPaint={(lsn) => onChange(paint(ranges, lsn, lsn + 1, brush))}
      />
      <div role="radiogroup" aria-label={t('lessons.brush')} className="flex flex-wrap items-center gap-1.5">
        <span className="text-muted">{t('lessons.brush')}</span>
        {question.types.map((type) => (
          <label key={type} className="lesson-brush" data-on={brush === type}>
            <input
              type="radio"
              name="lesson-brush"
              className="sr-only"
              checked={brush === type}
              onChange={() => setBrush(type)}
            />
            {t(typeKeys[type])}
          </label>
        ))}
      </div>
      <div className="flex flex-wrap items-end gap-2 text-[12px]">
        {(
          [
            [t('lessons.from'), from, setFrom],
            [t('lessons.to'), to, setTo],
          ] as const
        ).map(([label, at, set]) => (
          <label key={label} className="flex flex-col gap-0.5">
            <span className="text-muted">{label}</span>
            <input
              type="number"
              className="lesson-number"
              min={first}
              max={last}
              value={at}
              onChange={(event) => {
                if (Number.isSafeInteger(event.target.valueAsNumber)) set(event.target.valueAsNumber);
              }}
            />
          </label>
        ))}
        <Button look="line" small onClick={() => onChange(paint(ranges, from, to, brush))}>
          {named(t('lessons.paint'), t(typeKeys[brush]), t)}
        </Button>
      </div>
      <RangeTable ranges={ranges} />
    </div>
  );
}

function RangeTable({ ranges }: { readonly ranges: readonly DrawnRange[] }): ReactNode {
  const t = useT();
  return (
    <table className="lesson-table">
      <thead>
        <tr>
          <th scope="col">{t('lessons.range')}</th>
          <th scope="col">{t('lessons.type')}</th>
        </tr>
      </thead>
      <tbody>
        {ranges.map((range) => (
          <tr key={range.first}>
            <td className="mono">{rangeText(range)}</td>
            <td>{t(typeKeys[range.type])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
