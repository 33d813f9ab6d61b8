// A fact that one node has heard of another.

import type { ReactNode } from 'react';
import { useT } from '../i18n/i18n.ts';
import { Fact, type FactProps } from './fact.tsx';
import { worded } from './term.tsx';
import '../../words/model/summary.en.json';

/** What a node has heard of another: it may be older than the truth, which stands elsewhere on the screen, so it is grey and says so. */
export function HeardFact({ label, children }: FactProps): ReactNode {
  const t = useT();
  return (
    <Fact label={t('summary.lastHeard', { what: worded(label) })}>
      <span className="text-muted">{children}</span>
    </Fact>
  );
}
