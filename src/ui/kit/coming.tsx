// Stands in for a part that loads because somebody asked for it.

import { type ReactNode, useEffect } from 'react';
import { beginWork } from '../../state/at-work.ts';

export function Coming({ children = null }: { readonly children?: ReactNode }): ReactNode {
  useEffect(beginWork, []);
  return children;
}
