// The size of an element in whole px, followed as panels are moved. A lens that needs its width alone is not drawn again
// for its height.

import { type RefCallback, useCallback, useState } from 'react';

interface Box {
  readonly width: number;
  readonly height: number;
}

/** `onSize` is the same from one rendering to the next: another one observes anew. */
const useObserved = (onSize: (size: Box) => void): RefCallback<HTMLElement> =>
  useCallback(
    (element) => {
      if (element === null) return undefined;
      const observer = new ResizeObserver(([entry]) => {
        if (entry === undefined) return;
        const { width, height } = entry.contentRect;
        onSize({ width: Math.floor(width), height: Math.floor(height) });
      });
      observer.observe(element);
      return () => observer.disconnect();
    },
    [onSize],
  );

/** A drawing's place in the narrowest panel and in a window of 320 px, less their padding and scroll bar; from here on it is scrolled. */
const leastDrawn = 264;

export function useWidth(least = leastDrawn): readonly [ref: RefCallback<HTMLElement>, width: number] {
  const [width, setWidth] = useState(640);
  const onSize = useCallback((size: Box): void => setWidth(Math.max(least, size.width)), [least]);
  return [useObserved(onSize), width];
}

export function useBox(leastWidth = leastDrawn): readonly [ref: RefCallback<HTMLElement>, box: Box] {
  const [box, setBox] = useState<Box>({ width: 640, height: 0 });
  const onSize = useCallback(
    ({ width, height }: Box): void => setBox({ width: Math.max(leastWidth, width), height }),
    [leastWidth],
  );
  return [useObserved(onSize), box];
}
