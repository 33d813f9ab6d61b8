// True once a picture of a cluster has been painted. What the first picture does not show (captions, time's tools, bars)
// begins to load then: before, its code would be fetched and evaluated while the map is drawn.

import { useEffect, useState } from 'react';
import { useFrame } from '../../state/frame-store.ts';

/** A page that is not seen paints nothing: it waits no longer than this, ms. */
const LONGEST_MS = 300;

export function usePainted(): boolean {
  const hasPicture = useFrame(({ frame }) => frame !== null);
  const [isPainted, setPainted] = useState(false);
  useEffect(() => {
    if (!hasPicture) return;
    // The frame in which the picture is painted, and the one after it: painted by then.
    let request = requestAnimationFrame(() => {
      request = requestAnimationFrame(() => setPainted(true));
    });
    const timer = setTimeout(() => setPainted(true), LONGEST_MS);
    return () => {
      cancelAnimationFrame(request);
      clearTimeout(timer);
    };
  }, [hasPicture]);
  return isPainted;
}
