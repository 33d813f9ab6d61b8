// What the writer has told of its log in the stretch before what is shown, asked for a few times a second.

import { useEffect, useRef, useState } from 'react';
import { useFrame } from '../../../state/frame-store.ts';
import { useLab } from '../../lab-context.ts';
import type { LogEvent } from './project.ts';

/** Wall ms between two questions, virtual µs that are looked back, events asked for. */
const askMs = 250;
const backUs = 400_000;
const eventLimit = 20_000;

export function useTold(): readonly LogEvent[] {
  const lab = useLab();
  const now = useFrame((state) => state.frame?.time ?? 0);
  const [told, setTold] = useState<readonly LogEvent[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const to = useRef(now);
  to.current = now;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new time only says that there is something to ask
  useEffect(() => {
    timer.current ??= setTimeout(() => {
      timer.current = null;
      const query = {
        from: Math.max(0, to.current - backUs),
        to: to.current,
        minRank: 1,
        kinds: ['mtr.append', 'recovery.computed'],
        withMessages: false,
        known: null,
        limit: eventLimit,
      } as const;
      lab.past(query).then(
        ({ events }) =>
          setTold(
            events.flatMap(({ event }) =>
              event.kind === 'mtr.append' || event.kind === 'recovery.computed' ? [event] : [],
            ),
          ),
        () => undefined,
      );
    }, askMs);
  }, [lab, now]);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  return told;
}
