// What time travel needs on every page once the browser is idle: undo's memory of the view, and the strands' bar.

import { type ReactNode, useEffect } from 'react';
import { useLab } from '../lab-context.ts';
import { applyLink } from './link-place.ts';
import { TwinBar } from './twin-bar.tsx';
import { watchViews } from './undo.ts';

export function TimeHost(): ReactNode {
  const lab = useLab();
  useEffect(() => watchViews(lab), [lab]);
  useEffect(applyLink, []);
  return <TwinBar />;
}
