// Says whose knowledge is drawn, how old what it received is, and where that differs from the truth.

import { Eye } from 'lucide-react';
import type { ReactNode } from 'react';
import { useFrame } from '../../../../../state/frame-store.ts';
import { setMapView } from '../../../../../state/map-view.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { Button } from '../../../../kit/button.tsx';
import { duration } from '../../../../kit/format.ts';
import type { WalModel } from './model.ts';
import { heardAgo } from './pov.ts';
import '../../../../../words/cynosdb/wal.en.json';

interface NoteProps {
  readonly pov: string;
  readonly truth: WalModel;
  readonly seen: WalModel;
}

export function PovNote({ pov, truth, seen }: NoteProps): ReactNode {
  const t = useT();
  const nodes = useFrame((state) => state.nodes);
  const now = useFrame((state) => state.frame?.time ?? 0);
  const differing = seen.rows.flatMap((row, i) => {
    const real = truth.rows[i];
    if (real === undefined || row.node === pov || row.ncl === real.ncl) return [];
    const age = heardAgo({ nodes }, pov, truth.group, row.node, now);
    const known = row.ncl < 0 ? '–' : row.ncl;
    const text = t('walPov.differs', { node: row.node, known, real: real.ncl });
    return [age === null ? text : `${text} (${t('walPov.old', { age: duration(age) })})`];
  });
  return (
    <section
      className="flex flex-wrap items-center gap-2 border-b border-line bg-raised px-4 py-1.5 text-[12px] leading-4"
      aria-label={t('walPov.title', { node: pov })}
    >
      <Eye size={16} strokeWidth={1.75} aria-hidden="true" />
      <b>{t('walPov.title', { node: pov })}</b>
      <span className="min-w-0 flex-1 underline decoration-dotted underline-offset-2">
        {differing.length === 0 ? t('walPov.same') : differing.join(' · ')}
      </span>
      <Button small look="line" onClick={() => setMapView({ pov: null })}>
        {t('walPov.truth')}
      </Button>
    </section>
  );
}
