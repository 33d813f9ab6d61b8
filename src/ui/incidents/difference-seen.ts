// Whether what an incident shows on a side has happened yet, by the events and the alarms up to the shown instant.

import type { TraceKind } from '../../core/kernel/trace.ts';
import type { Incident, Side } from '../../incidents/incident.ts';
import type { ListedEvent, ViolationFrame } from '../../run-model/picture/frame.ts';

/** Kinds of events that it is read from. */
export const seenByKinds = ({ difference }: Incident): readonly TraceKind[] =>
  difference.kind === 'answer' ? ['sql.end'] : difference.kind === 'events' ? [difference.event] : [];

interface Shown {
  /** Virtual µs. */
  readonly now: number;
  readonly violations: readonly Pick<ViolationFrame, 'rule' | 'at'>[];
  readonly events: readonly Pick<ListedEvent, 'at' | 'event'>[];
}

/** `at`: virtual µs, when it happened; `until`: virtual µs from which on it is certain, where that is known beforehand. */
export type Seen = { readonly at: number } | { readonly at: null; readonly until: number | null };

const actionsOf = ({ actions, counterpart }: Incident, side: Side): readonly string[] =>
  side === 'breaks' && 'actions' in counterpart ? counterpart.actions : actions;

/** Statements that a session is given. */
const statementsOf = (incident: Incident, side: Side, session: string): number =>
  actionsOf(incident, side).filter((line) => /^\S+ sql \S+ (\S+) /.exec(line)?.[1] === session).length;

export function differenceSeen(incident: Incident, side: Side, { now, violations, events }: Shown): Seen {
  const { difference, untilMs } = incident;
  const from = (until: number): Seen => (now >= until ? { at: until } : { at: null, until });
  const first = (at: number | undefined): Seen =>
    at !== undefined && at <= now ? { at } : { at: null, until: null };
  switch (difference.kind) {
    case 'rule':
      return side === 'holds'
        ? from(untilMs * 1000)
        : first(violations.find(({ rule }) => rule === difference.rule)?.at);
    case 'answer': {
      const { session } = difference;
      const ends = events.filter(({ event }) => event.kind === 'sql.end' && event.session === session);
      return first(ends[statementsOf(incident, side, session) - 1]?.at);
    }
    case 'commits':
      return from(difference.between[1] * 1000);
    case 'events':
      return side === difference.on
        ? first(events.filter(({ event }) => event.kind === difference.event)[difference.least - 1]?.at)
        : from(untilMs * 1000);
  }
}
