// A run with rules off is framed in red, whatever else is shown (planted bugs, rules-off.tsx).

import { FlaskConical } from 'lucide-react';
import type { ReactNode } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import { useT } from '../i18n/i18n.ts';

export function RulesOffFrame(): ReactNode {
  const t = useT();
  const names = useFrame(({ frame }) => (frame?.mutants ?? []).join(t('list.comma')));
  if (names === '') return null;
  return (
    <div className="rules-off">
      <span role="status" title={names}>
        <FlaskConical size={12} aria-hidden="true" className="mr-1 inline-block align-[-1px]" />
        {t('rulesOff.frame', { n: names.split(', ').length })}
      </span>
    </div>
  );
}
