// Entrance animation: opacity and place only, 160 ms, staggered where there are several. With
// reduced motion the final state shows at once.

import { type RefObject, useEffect, useRef } from 'react';
import { isMotionReduced } from '../../state/motion.ts';

const durationMs = 160;
const betweenMs = 80;
const frames: Keyframe[] = [
  { opacity: 0, transform: 'translateY(4px)' },
  { opacity: 1, transform: 'none' },
];

/** Of the element that holds the ref, each one that `selector` names comes in whenever `key` is another. */
export function useEntrance<E extends HTMLElement>(key: unknown, selector: string): RefObject<E | null> {
  const ref = useRef<E>(null);
  const before = useRef(key);
  useEffect(() => {
    if (before.current === key) return;
    before.current = key;
    if (isMotionReduced()) return;
    const coming = [...(ref.current?.querySelectorAll(selector) ?? [])].map((element, i) =>
      element.animate(frames, {
        duration: durationMs,
        delay: i * betweenMs,
        easing: 'ease-out',
        fill: 'backwards',
      }),
    );
    return () => {
      for (const one of coming) one.cancel();
    };
  }, [key, selector]);
  return ref;
}
