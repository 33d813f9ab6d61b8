// The width of an element in whole px, followed as panels are moved.

import { useEffect, useState } from 'react';

export function useWidth(least = 320): readonly [ref: (element: HTMLElement | null) => void, width: number] {
  const [width, setWidth] = useState(640);
  const [element, setElement] = useState<HTMLElement | null>(null);
  useEffect(() => {
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidth(Math.max(least, Math.floor(entry.contentRect.width)));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [element, least]);
  return [setElement, width];
}
