// What the writer traced of its log in the stretch before what is shown.

import { useMemo } from 'react';
import type { ListedEvent } from '../../../../../sim/frame.ts';
import { type PastNeed, usePast } from '../../../../lens/use-past.ts';
import type { LogEvent } from './project.ts';

/** Virtual µs that are looked back. */
const backUs = 400_000;

const logNeed: PastNeed = {
  minRank: 1,
  kinds: ['mtr.append', 'recovery.computed'],
  withMessages: false,
};

/** Events of the log that lies in these groups: a writer of another volume has LSNs of its own (WAL-45). */
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
export function useLogEvents(names: readonly string[]): readonly LogEvent[] {
  const past = usePast(backUs, null, logNeed);
  const groups = names.join(',');
  return useMemo(() => ownEvents(past?.events ?? [], groups.split(',')), [past, groups]);
}
