// Factory of lenses: a hook that projects a model and says what to show of it, within the one frame that has table
// switch, filter, frozen copy, export and legend.

import { type ReactNode, type RefCallback, useRef, useState } from 'react';
import type { PictureShape } from '../export/picture-shape.ts';
import { useWidth } from '../plot/use-size.ts';
import { FrozenPane, useFrozenAt } from './frozen.tsx';
import type { Legend } from './legend.ts';
import { LensFrame } from './lens-frame.tsx';
import type { ExportedFile } from './lens-tools.tsx';
import { useSection } from './use-section.ts';

export interface LensState<Model> {
  /** The table is shown in place of the drawing. */
  readonly table: boolean;
  readonly filter: string;
  /** px of the element that has `ref`. */
  readonly width: number;
  readonly ref: RefCallback<HTMLElement>;
  readonly isFrozen: boolean;
  /** The frozen copy below the live drawing; null while there is none. */
  readonly frozenPane: (still: (kept: Model) => ReactNode) => ReactNode;
}

export interface LensParts<Model> {
  /** What a frozen copy keeps. */
  readonly keep: () => Model | null;
  /** The lens in one paragraph, for a screen reader. */
  readonly description: string;
  /** Tools it does not have now: a board that is a table itself cannot be frozen. */
  readonly without?: readonly ('table' | 'filter' | 'frozen')[];
  /** How much of it has what the filter says; absent where it has none. */
  readonly hits?: number;
  /** Called before and after the drawing is exported: a lens that draws on a canvas draws SVG meanwhile. */
  readonly onExport?: (isOn: boolean, shape: PictureShape) => void;
  /** Its numbers as a file, where its table is not always in the page. */
  readonly csv?: () => string;
  /** It shows what the node knows whose point of view is taken. */
  readonly hasPov?: boolean;
  /** Further files that an export can be. */
  readonly files?: readonly ExportedFile[];
  readonly body: ReactNode;
}

interface LensPlan<Model> {
  readonly legend: Legend;
  /** Null while there is no picture yet. */
  readonly useParts: (state: LensState<Model>) => LensParts<Model> | null;
}

export function defineLens<Model>({ legend, useParts }: LensPlan<Model>): () => ReactNode {
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each lens, where its module is loaded
  return function Lens() {
    const [table, setTable] = useState(false);
    const [filter, setFilter] = useState('');
    const [ref, width] = useWidth();
    const keep = useRef<() => Model | null>(() => null);
    const frozen = useFrozenAt(keep);
    const parts = useParts({
      table,
      filter,
      width,
      ref,
      isFrozen: frozen.kept !== null,
      frozenPane: (still) => <FrozenPane frozen={frozen}>{still}</FrozenPane>,
    });
    if (parts === null) return null;
    keep.current = parts.keep;
    const { without = [], description, hits, body, onExport, csv, files, hasPov } = parts;
    return (
      <LensFrame
        table={without.includes('table') ? null : table}
        onTable={setTable}
        {...(without.includes('filter') ? {} : { filter, onFilter: setFilter, hits })}
        {...(without.includes('frozen') ? {} : { frozen: frozen.kept !== null, onFreeze: frozen.toggle })}
        legend={legend}
        onExport={onExport}
        csv={csv}
        files={files}
        hasPov={hasPov}
        description={description}
      >
        {body}
      </LensFrame>
    );
  };
}

interface PlotAreaProps<Model> {
  readonly state: LensState<Model>;
  /** Null: there is nothing to draw. */
  readonly drawing: ReactNode;
  readonly still: (kept: Model) => ReactNode;
  /** The store that the drawing is about, for menus. */
  readonly node?: string;
  readonly className?: string;
  /** Its name among the lens's sections (LensEntry.sections). */
  readonly part?: string;
  /** The table beside the drawing, and what is said where it is empty. */
  readonly children: ReactNode;
}

/** A drawing as wide as the lens, its frozen copy, its table. */
export function PlotArea<Model>(props: PlotAreaProps<Model>): ReactNode {
  const { state, drawing, still, node, part, className = 'px-4 pt-1.5 pb-2', children } = props;
  const ref = useSection<HTMLDivElement>(part);
  return (
    <div ref={ref} className={className}>
      <div ref={state.ref} data-node={node}>
        {!state.table && drawing}
        {state.frozenPane(still)}
      </div>
      {children}
    </div>
  );
}
