// A status list as a strip of cells. Pressing or dragging draws; the table of the form says and does the same.

import type { ReactNode } from 'react';
import type { DrawnRange, RangeType } from '../../lessons/format.ts';
import { useT } from '../i18n/i18n.ts';
import { typeKeys } from './describe.ts';

export function RangeStrip(props: {
  readonly first: number;
  readonly last: number;
  readonly ranges: readonly DrawnRange[];
  readonly label: string;
  readonly onPaint?: (lsn: number) => void;
}): ReactNode {
  const t = useT();
  const { first, last, ranges, label, onPaint } = props;
  const cells = Array.from({ length: last - first }, (_, i) => first + i);
  const typeOf = (lsn: number): RangeType =>
    ranges.find((range) => range.first <= lsn && lsn < range.last)?.type ?? 'hole';
  return (
    <fieldset aria-label={label} className="lesson-strip">
      {cells.map((lsn) => {
        const type = typeOf(lsn);
        const text = t('lessons.cell', { lsn, type: t(typeKeys[type]) });
        const shape = { 'data-run': type, title: text };
        return (
          <span key={lsn} className="lesson-cell">
            <i className="mono" aria-hidden="true">
              {lsn % 2 === 0 || cells.length <= 8 ? lsn : ''}
            </i>
            {onPaint === undefined ? (
              <b role="img" aria-label={text} {...shape} />
            ) : (
              <button
                type="button"
                aria-label={text}
                {...shape}
                onPointerDown={(event) => {
                  event.currentTarget.releasePointerCapture?.(event.pointerId);
                  onPaint(lsn);
                }}
                onPointerEnter={(event) => {
                  if (event.buttons === 1) onPaint(lsn);
                }}
                onKeyDown={(event) => {
                  if (event.key === 'Enter' || event.key === ' ') onPaint(lsn);
                }}
              />
            )}
          </span>
        );
      })}
    </fieldset>
  );
}
