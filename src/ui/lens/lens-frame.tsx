// The frame all lenses share: which lens (a choice of all there are), its key, filter, frozen copy, table, export, and
// what each mark means.

import { ChevronDown, Columns2, Pin, Table2 } from 'lucide-react';
import { lazy, memo, type ReactNode, type RefObject, Suspense, useEffect, useRef } from 'react';
import type { PictureShape } from '../export/picture-shape.ts';
import { useT } from '../i18n/i18n.ts';
import { IconButton } from '../kit/button.tsx';
import { PartInstant } from '../model/part-instant.tsx';
import { TruthNote } from '../model/truth-note.tsx';
import type { Legend } from './legend.ts';
import { chooseLens, toggleSecond, useLensAt, useLensPlace } from './lens-place.ts';
import type { ExportedFile } from './lens-tools.tsx';
import { useSpokenSections } from './spoken-part.ts';

/** The menu of what is under the pointer. */
const openMenuUnder = async (target: Element, at: { x: number; y: number }): Promise<void> =>
  (await import('./lens-menu.ts')).openLensMenu(target, at);

const LensTools = lazy(async () => ({ default: (await import('./lens-tools.tsx')).LensTools }));

interface LensFrameProps {
  /** Null when the lens is a table itself. */
  readonly table: boolean | null;
  readonly onTable?: (table: boolean) => void;
  /** Text that parts of the lens must contain; absent: nothing to filter. */
  readonly filter?: string;
  /** How many parts do; 0 is said. */
  readonly hits?: number | undefined;
  readonly onFilter?: (text: string) => void;
  /** Whether a frozen copy stands beside the live picture; absent: it cannot be frozen. */
  readonly frozen?: boolean;
  readonly onFreeze?: () => void;
  /** Legend: every mark with its rules. */
  readonly legend?: Legend;
  /** Called before and after the drawing is exported: a lens that draws on canvases draws SVG meanwhile. */
  readonly onExport?: ((isOn: boolean, shape: PictureShape) => void) | undefined;
  /** Its numbers as a file, where its table is not always in the page. */
  readonly csv?: (() => string) | undefined;
  readonly files?: readonly ExportedFile[] | undefined;
  /** It shows what the node knows whose point of view is taken; any other lens says that it shows the truth. */
  readonly hasPov?: boolean | undefined;
  /** The lens in one paragraph, for those who listen. */
  readonly description: string;
  readonly children: ReactNode;
}

/** The title; where there are several lenses it is their choice as well. */
function LensTitle(): ReactNode {
  const t = useT();
  const { place, lens, lenses } = useLensPlace();
  return (
    <span className="relative flex min-w-0 items-center gap-1 focus-within:outline-2 focus-within:outline-accent">
      <h2 className="panel-title truncate">{t(lens.title)}</h2>
      {lenses.length > 1 && (
        <>
          <ChevronDown size={16} strokeWidth={1.75} aria-hidden="true" className="flex-none" />
          <select
            aria-label={t(place === 'first' ? 'lens.choose' : 'lens.chooseSecond')}
            className="absolute inset-0 h-full w-full cursor-pointer opacity-0"
            value={lens.id}
            onChange={(event) => {
              const chosen = lenses.find(({ id }) => id === event.target.value);
              if (chosen !== undefined) chooseLens(place, chosen.id);
            }}
          >
            {lenses.map((each) => (
              <option key={each.id} value={each.id} className="bg-panel text-text">
                {`${t(each.title)} (${each.digit})`}
              </option>
            ))}
          </select>
        </>
      )}
    </span>
  );
}

type HeadProps = Omit<LensFrameProps, 'children' | 'description' | 'hits' | 'onExport' | 'csv' | 'hasPov'> & {
  readonly section: RefObject<HTMLElement | null>;
  /** The newest ways to export: another one is no other head. */
  readonly exports: RefObject<Exports>;
  readonly hasCsv: boolean;
};

type Exports = Pick<LensFrameProps, 'onExport' | 'csv'>;

/** Title and tools: a picture changes nothing in them. */
const LensHead = memo(function LensHead(props: HeadProps): ReactNode {
  const t = useT();
  const { lens, lenses } = useLensPlace();
  const second = useLensAt('second') !== null;
  const { filter, onFilter, frozen, onFreeze, table, onTable, exports, hasCsv } = props;
  return (
    <div className="panel-head sticky top-0 z-[3] bg-panel">
      <LensTitle />
      <span className="kbd" aria-hidden="true">
        {lens.digit}
      </span>
      {frozen !== true && <PartInstant />}
      <span className="flex-1" />
      {onFilter !== undefined && (
        <label className="field field-small max-w-28 min-w-0 flex-[99_1_56px]">
          <input
            type="search"
            data-filter
            className="w-full"
            aria-label={t('lens.filter')}
            placeholder={t('lens.filterHint')}
            value={filter ?? ''}
            onChange={(event) => onFilter(event.target.value)}
          />
        </label>
      )}
      {onFreeze !== undefined && (
        <IconButton
          small
          icon={Pin}
          label={t('lens.freeze')}
          aria-pressed={frozen === true}
          onClick={onFreeze}
        />
      )}
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
      <Suspense fallback={null}>
        <LensTools
          section={props.section}
          legend={props.legend ?? null}
          onExport={(isOn, shape) => exports.current.onExport?.(isOn, shape)}
          {...(hasCsv && { csv: () => exports.current.csv?.() ?? '' })}
          files={props.files}
        />
      </Suspense>
    </div>
  );
});

export function LensFrame(props: LensFrameProps): ReactNode {
  const { children, description, hits, onExport, csv, hasPov, ...head } = props;
  const t = useT();
  const { place, lens } = useLensPlace();
  const section = useRef<HTMLElement>(null);
  const exports = useRef<Exports>({ onExport, csv });
  useEffect(() => {
    exports.current = { onExport, csv };
  });
  useSpokenSections(lens, section);
  return (
    <section
      ref={section}
      aria-label={t(lens.title)}
      className="lens @container flex h-full min-h-0 flex-col overflow-y-auto"
      data-region={place === 'first' ? 'lens' : 'lens2'}
      onContextMenu={(event) => {
        const { target, clientX: x, clientY: y } = event;
        if (!(target instanceof Element) || target.closest('[data-hover]') === null) return;
        event.preventDefault();
        void openMenuUnder(target, { x, y });
      }}
    >
      <LensHead {...head} section={section} exports={exports} hasCsv={csv !== undefined} />
      <p className="visually-hidden" data-described="">
        {description}
      </p>
      <NoHit typed={props.filter} hits={hits} />
      {hasPov !== true && <TruthNote />}
      {children}
    </section>
  );
}

interface NoHitProps {
  readonly typed: string | undefined;
  readonly hits: number | undefined;
}

/** What was typed into the filter is nowhere in the lens. */
function NoHit({ typed = '', hits }: NoHitProps): ReactNode {
  const t = useT();
  const isNone = hits === 0 && typed.trim() !== '';
  return (
    <output aria-live="polite" className="block px-4 text-[12px] leading-4 text-muted">
      {isNone ? t('lens.filterNone', { typed: typed.trim() }) : ''}
    </output>
  );
}
