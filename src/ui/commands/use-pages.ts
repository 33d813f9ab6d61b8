// The pages of the cluster while the palette is open, once all nodes have reported theirs.

import { useEffect, useState } from 'react';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { frameStore, newestFrame } from '../../state/frame-store.ts';
import { useViewNeeds } from '../lab-context.ts';
import { hasPages } from './known-pages.ts';

/** Null until they are there: what follows would move the list under the hand. */
export function usePagesFrame(): WorldFrame | null {
  const needs = useViewNeeds();
  const [shown, setShown] = useState<WorldFrame | null>(null);
  useEffect(() => {
    let isDone = false;
    const take = (): void => {
      const { frame } = newestFrame();
      if (isDone || frame === null || !hasPages(frame)) return;
      isDone = true;
      setShown(frame);
    };
    needs.set('palette', { pages: true });
    const stop = frameStore.subscribe(take);
    take();
    return () => {
      stop();
      needs.set('palette', null);
    };
  }, [needs]);
  return shown;
}
