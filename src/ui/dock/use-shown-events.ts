// Contents of the event list: what a search found, else the newest events, else those around an event that was chosen
// elsewhere and is older than the newest. An event that was gone to or chosen is always shown.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { ListedEvent } from '../../run-model/picture/frame.ts';
import { usePicked, useRun } from '../../state/run-store.ts';
import { useSelection } from '../../state/selection-store.ts';
import { shownRunOf } from '../../state/shown-place.ts';
import { useLab } from '../lab-context.ts';
import { goToEvent } from '../time/go-to-event.ts';
import { useSearch } from '../time/search-store.ts';
import { eventsAround, type Standing, standingOf, withEvent } from './event-window.ts';

export interface ShownEvents {
  readonly events: readonly ListedEvent[];
  /** The event that was gone to or chosen. */
  readonly current: ListedEvent | null;
  /**
   * `newest`, what was `found`, those `around` the current one; or the newest without it: it comes `later` than the time
   * shown, or is `forgotten`.
   */
  readonly as: 'newest' | 'found' | 'around' | 'later' | 'forgotten';
  /** Back to the newest. */
  readonly leave: () => void;
  /** Shows the run as it was just after the current one. */
  readonly goThere: () => Promise<void>;
}

interface Around {
  readonly request: string;
  readonly asked: Standing;
  /** Null: they are not remembered. */
  readonly events: readonly ListedEvent[] | null;
}

/** The event that was gone to or chosen, and how it stands to the newest of what is shown; null: it says nothing here. */
function useCurrent(newest: readonly ListedEvent[], total: number, run: string) {
  const goneTo = useSearch((state) => state.at);
  const chosen = useSelection(({ subject }) => (subject?.kind === 'event' ? subject.listed : null));
  const current = goneTo ?? chosen;
  /** The run in which it was chosen. */
  const home = useRef({ of: current, run });
  if (home.current.of !== current) home.current = { of: current, run };
  const standing = current === null || newest.length === 0 ? null : standingOf(newest, total, current);
  return { current, standing: standing === 'later' && home.current.run !== run ? null : standing };
}

export function useShownEvents(minRank: number): ShownEvents {
  const lab = useLab();
  const { events: newest, total } = usePicked();
  const found = useSearch((state) => state.found);
  const run = useRun(shownRunOf);
  const { current, standing } = useCurrent(newest, total, run);
  const [around, setAround] = useState<Around | null>(null);
  const [visits, setVisits] = useState(0);
  const request = current === null ? '' : `${run} ${current.index} ${minRank} ${visits}`;
  /** The last one that was listed or asked for. One that grows too old for the list after that was seen there. */
  const settled = useRef('');
  useEffect(() => {
    if (standing === 'listed') setAround(null);
    if (current === null || standing === null || standing === 'later' || settled.current === request) return;
    settled.current = request;
    if (standing === 'listed') return;
    const take = (events: Around['events']): void => {
      if (settled.current === request) setAround({ request, asked: standing, events });
    };
    eventsAround(lab, current, minRank).then(take, () => take(null));
  }, [lab, current, standing, request, minRank]);
  const leave = useCallback(() => setAround(null), []);
  const goThere = useCallback(async () => {
    if (current !== null) await goToEvent(lab, current.index);
    setVisits((count) => count + 1);
  }, [lab, current]);
  const shown = { events: newest, current, as: 'newest', leave, goThere } as const;
  if (found !== null) return { ...shown, events: found, as: 'found' };
  if (standing === 'later') return { ...shown, as: 'later' };
  if (current === null || standing === null || standing === 'listed' || around?.request !== request)
    return shown;
  if (around.events === null) return { ...shown, as: 'forgotten' };
  if (standing === 'below rank') return { ...shown, events: withEvent(newest, current) };
  return around.asked === 'older' ? { ...shown, events: around.events, as: 'around' } : shown;
}
