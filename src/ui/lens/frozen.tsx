// Frozen copy of a lens, beside its live picture.

import { X } from 'lucide-react';
import { type ReactNode, type RefObject, useCallback, useState } from 'react';
import { frameStore } from '../../state/frame-store.ts';
import { useT } from '../i18n/i18n.ts';
import { IconButton } from '../kit/button.tsx';
import { millis } from '../kit/format.ts';
import '../../words/lens/lens.en.json';

interface Kept<Model> {
  readonly model: Model;
  /** Virtual time it is of. */
  readonly at: number;
}

export interface Frozen<Model> {
  readonly kept: Kept<Model> | null;
  readonly toggle: () => void;
}

/** `read`: what is shown when the copy is made. */
export function useFrozenAt<Model>(read: RefObject<() => Model | null>): Frozen<Model> {
  const [kept, setKept] = useState<Kept<Model> | null>(null);
  const isKept = kept !== null;
  const toggle = useCallback((): void => {
    const model = isKept ? null : read.current();
    setKept(model === null ? null : { model, at: frameStore.getState().frame?.time ?? 0 });
  }, [isKept, read]);
  return { kept, toggle };
}

interface PaneProps<Model> {
  readonly frozen: Frozen<Model>;
  readonly children: (model: Model) => ReactNode;
}

/** Stands below the live part. */
export function FrozenPane<Model>({ frozen, children }: PaneProps<Model>): ReactNode {
  const t = useT();
  if (frozen.kept === null) return null;
  const title = t('lenses.frozenAt', { time: millis(frozen.kept.at) });
  return (
    <section className="frozen-pane" aria-label={title}>
      <div className="flex items-center gap-2">
        <h3 className="heading flex-1">{title}</h3>
        <IconButton small icon={X} label={t('lenses.thaw')} onClick={frozen.toggle} />
      </div>
      {children(frozen.kept.model)}
    </section>
  );
}
