// What the writer has told of its log in the stretch before what is shown, asked for a few times a second.

import { useEffect, useRef, useState } from 'react';
import type { ListedEvent } from '../../../sim/frame.ts';
import { useFrame } from '../../../state/frame-store.ts';
import { useLab } from '../../lab-context.ts';
import type { LogEvent } from './project.ts';

/** Wall ms between two questions, virtual µs that are looked back, events asked for. */
const askMs = 250;
const backUs = 400_000;
const eventLimit = 20_000;

/** What was told of the log that lies in these groups: a writer of another volume has LSNs of its own (WAL-45). */
function ownEvents(events: readonly ListedEvent[], groups: readonly string[]): readonly LogEvent[] {
  const others = new Set(
    events.flatMap(({ node, event }) =>
      event.kind === 'mtr.append' && event.groups.split(',').some((group) => !groups.includes(group))
        ? [node]
        : [],
    ),
  );
  return events.flatMap(({ node, event }) => {
    const isLog = event.kind === 'mtr.append' || event.kind === 'recovery.computed';
    return isLog && !others.has(node) ? [event] : [];
  });
}

/** `names`: the groups of the volume that is shown. */
export function useTold(names: readonly string[]): readonly LogEvent[] {
  const lab = useLab();
  const now = useFrame((state) => state.frame?.time ?? 0);
  const [told, setTold] = useState<readonly LogEvent[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const groups = useRef(names);
  groups.current = names;
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
        ({ events }) => setTold(ownEvents(events, groups.current)),
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
