// Events that columns and phases follow from. What was read once stays while the same run is shown, so that a review of a
// moment keeps what came after it.

import { useMemo, useRef } from 'react';
import type { ListedEvent } from '../../../run-model/picture/frame.ts';
import { useRun } from '../../../state/run-store.ts';
import { shownRunOf } from '../../../state/shown-place.ts';
import { type PastNeed, usePast } from '../use-past.ts';

const eventLimit = 40_000;

/** Events of a stretch without a gap. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly events: readonly ListedEvent[];
}

/** A stretch with an answer that meets it, each event once; an answer that does not meet it stands alone. */
export function joinStretches(known: Stretch | null, fresh: Stretch): Stretch {
  if (known === null || fresh.from > known.to || fresh.to < known.from) return fresh;
  const [first, last] = [fresh.events[0]?.index, fresh.events.at(-1)?.index];
  const events =
    first === undefined || last === undefined
      ? known.events
      : [
          ...known.events.filter(({ index }) => index < first),
          ...fresh.events,
          ...known.events.filter(({ index }) => index > last),
        ];
  return {
    from: Math.min(known.from, fresh.from),
    to: Math.max(known.to, fresh.to),
    events: events.slice(-eventLimit),
  };
}

/** The events of a need in what is shown; the live cluster's past ends where it stands. */
export function usePastEvents(spanUs: number, need: PastNeed): readonly ListedEvent[] {
  const past = usePast(spanUs, null, need);
  const source = useRun(shownRunOf);
  const isLive = useRun((run) => run?.mode === 'LIVE' || run?.mode === 'PAUSED');
  const kept = useRef<{ readonly source: string; readonly stretch: Stretch | null }>({
    source,
    stretch: null,
  });
  return useMemo(() => {
    const known = kept.current.source === source ? kept.current.stretch : null;
    const all = past === null ? known : joinStretches(known, past);
    const stretch =
      all !== null && past !== null && isLive
        ? { ...all, to: past.to, events: all.events.filter(({ at }) => at <= past.to) }
        : all;
    kept.current = { source, stretch };
    return stretch?.events ?? [];
  }, [past, source, isLive]);
}
