// The size of an element in whole px, followed as panels are moved.

import { useEffect, useState } from 'react';

interface Box {
  readonly width: number;
  readonly height: number;
}

export function useBox(leastWidth = 320): readonly [ref: (element: HTMLElement | null) => void, box: Box] {
  const [box, setBox] = useState<Box>({ width: 640, height: 0 });
  const [element, setElement] = useState<HTMLElement | null>(null);
  useEffect(() => {
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      const { width, height } = entry.contentRect;
      setBox({ width: Math.max(leastWidth, Math.floor(width)), height: Math.floor(height) });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [element, leastWidth]);
  return [setElement, box];
}
