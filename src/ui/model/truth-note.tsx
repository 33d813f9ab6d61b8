// Under the point of view of a node: what a part of the screen says besides is the truth, and not what that node knows. Each such part
// says so; with it stands the way back.

import { Eye } from 'lucide-react';
import type { ReactNode } from 'react';
import { setMapView, useMapView } from '../../state/map-view.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import '../../words/model/truth.en.json';

/** Of a lens. */
export function TruthNote(): ReactNode {
  const t = useT();
  const node = useMapView(({ pov }) => pov);
  if (node === null) return null;
  return (
    <p
      className="flex items-center gap-2 border-b border-line bg-raised px-4 py-1.5 text-[12px] leading-4"
      data-truth={node}
    >
      <Eye size={16} strokeWidth={1.75} aria-hidden="true" className="flex-none" />
      <span className="min-w-0 flex-1">{t('truth.note', { node })}</span>
      <Button small look="line" onClick={() => setMapView({ pov: null })}>
        {t('truth.back')}
      </Button>
    </p>
  );
}

/** Of the strip: its sentence has no place for more than two words. */
export function TruthChip(): ReactNode {
  const t = useT();
  const node = useMapView(({ pov }) => pov);
  return node === null ? null : (
    <span className="chip flex-none" title={t('truth.note', { node })} data-truth={node}>
      <Eye size={14} strokeWidth={1.75} aria-hidden="true" />
      {t('truth.chip', { node })}
    </span>
  );
}
