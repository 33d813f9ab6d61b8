// The sign that what was asked for is worked on: a stripe along the window's upper edge, over dialogs too.

import type { ReactNode } from 'react';
import { useIsAtWork } from '../../state/at-work.ts';
import { useT } from '../i18n/i18n.ts';

export function AtWorkBar(): ReactNode {
  const t = useT();
  return useIsAtWork() ? <div role="progressbar" aria-label={t('atWork')} className="at-work" /> : null;
}
