// What the writer traced of its log in the stretch before what is shown.

import { useMemo } from 'react';
import { type PastNeed, usePast } from '../../../../lens/use-past.ts';
import type { LogEvent } from './project.ts';

/** Virtual µs that are looked back. */
const backUs = 400_000;

const logNeed: PastNeed = {
  minRank: 1,
  kinds: ['mtr.append', 'recovery.computed'],
  withMessages: false,
};

/** Null until they are here. Events of this volume's log: a writer of another has LSNs of its own (WAL-45), and one node may write several (PCS-39). */
export function useLogEvents(volume: string): readonly LogEvent[] | null {
  const past = usePast(backUs, null, logNeed);
  return useMemo(
    () =>
      past === null
        ? null
        : past.events.flatMap(({ event }) => {
            const isLog = event.kind === 'mtr.append' || event.kind === 'recovery.computed';
            return isLog && event.volume === volume ? [event] : [];
          }),
    [past, volume],
  );
}
