// The frame all lenses share: which lens (a choice of all there are), its key, tools, the table switch.

import { Columns2, Table2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useT } from '../i18n/i18n.ts';
import { IconButton } from '../kit/button.tsx';
import { Select } from '../kit/select.tsx';
import { chooseLens, toggleSecond, useLensAt, useLensPlace } from './lens-place.ts';

interface LensFrameProps {
  /** Null when the lens is a table itself. */
  readonly table: boolean | null;
  readonly onTable?: (table: boolean) => void;
  readonly tools?: ReactNode;
  /** The lens in one paragraph, for those who listen. */
  readonly description: string;
  readonly children: ReactNode;
}

export function LensFrame({ table, onTable, tools, description, children }: LensFrameProps): ReactNode {
  const t = useT();
  const { place, lens, lenses } = useLensPlace();
  const second = useLensAt('second') !== null;
  const title = t(lens.title);
  return (
    <section
      aria-label={title}
      className="@container flex h-full min-h-0 flex-col overflow-y-auto"
      data-region={place === 'first' ? 'lens' : 'lens2'}
    >
      <div className="panel-head sticky top-0 z-[3] bg-panel">
        <h2 className="panel-title">{title}</h2>
        <span className="kbd" aria-hidden="true">
          {lens.digit}
        </span>
        {lenses.length > 1 && (
          <Select
            bare
            label={t(place === 'first' ? 'lens.choose' : 'lens.chooseSecond')}
            value={lens.id}
            options={lenses.map((each) => ({ value: each.id, label: t(each.title) }))}
            onChange={(next) => chooseLens(place, next)}
          />
        )}
        <span className="flex-1" />
        {tools}
        {lenses.length > 1 && (
          <IconButton
            small
            icon={Columns2}
            label={t('lens.second')}
            aria-pressed={second}
            className="max-[1919px]:hidden"
            onClick={() => toggleSecond(lens.id, lenses, second)}
          />
        )}
        {table !== null && (
          <IconButton
            small
            icon={Table2}
            label={t('lens.table')}
            aria-pressed={table}
            onClick={() => onTable?.(!table)}
          />
        )}
      </div>
      <p className="visually-hidden">{description}</p>
      {children}
    </section>
  );
}
