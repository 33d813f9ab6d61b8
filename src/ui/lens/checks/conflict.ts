// The two facts of a violation: the event that broke the rule, and the newest one before it that it contradicts. Both are
// looked for in the trace as the recorder still has it; what is gone is said to be gone. Pure.

import type { TraceEvent, TraceKind } from '../../../core/kernel/trace.ts';
import type { ListedEvent, ViolationFrame } from '../../../run-model/picture/frame.ts';
import type { LensId } from '../../../state/settings-store.ts';
import type { Subject } from '../../../state/subject.ts';
import { stackTables } from '../../stacks/tables.ts';
import { lensOfKind } from '../lens-of-kind.ts';
import { type Clue, numberOf, type Quoted, type Shared } from './clue.ts';

export interface Fact {
  readonly listed: ListedEvent;
  /** The LSN that it speaks of, or null. */
  readonly lsn: number | null;
  readonly group: string | null;
  /** The lens in which it is seen, and what is lit there. */
  readonly lens: LensId;
  readonly subject: Subject;
}

export interface Conflict {
  readonly offence: Fact | null;
  readonly against: Fact | null;
  /** No event breaks this rule by itself: the whole run does. */
  readonly isOfWholeRun: boolean;
}

const clues = new Map<string, Clue>(stackTables.flatMap((table) => Object.entries(table.clues ?? {})));

/** A rule without one is said of the whole run. */
const clueOf = (rule: string): Clue | undefined => clues.get(rule);

/** Kinds of the events among which the facts of a rule are looked for. */
export function kindsOf(rule: string): readonly TraceKind[] {
  const clue = clueOf(rule);
  return clue === undefined ? [] : [...new Set([...clue.offence, ...clue.against])];
}

/** How much of the monitor's words an event says itself: its group, its numbers. */
function agreement(event: TraceEvent, words: ReadonlySet<string>): number {
  return Object.entries(event).filter(
    ([name, value]) =>
      name !== 'kind' && (typeof value === 'number' || typeof value === 'string') && words.has(String(value)),
  ).length;
}

const quotedBy = ({ message }: ViolationFrame): Quoted => ({
  words: new Set(message.match(/[\w./-]*\w/g) ?? []),
  last: Number(message.match(/-?\d+/g)?.at(-1) ?? Number.NaN),
});

function findOffence(
  clue: Clue,
  events: readonly ListedEvent[],
  violation: ViolationFrame,
): ListedEvent | null {
  const { words } = quotedBy(violation);
  let best: ListedEvent | null = null;
  let most = -1;
  for (const listed of events) {
    if (listed.at !== violation.at || !clue.offence.includes(listed.event.kind)) continue;
    if (violation.node !== null && listed.node !== violation.node) continue;
    const score = agreement(listed.event, words);
    if (score > most) {
      best = listed;
      most = score;
    }
  }
  return best;
}

function shares(shared: readonly Shared[], offence: ListedEvent, earlier: ListedEvent): boolean {
  return shared.every((what) => {
    if (what === 'node') return offence.node === earlier.node;
    if (what === 'replica') return 'replica' in offence.event && offence.event.replica === earlier.node;
    if (what === 'page') return numberOf(offence.event, 'blockKey') === numberOf(earlier.event, 'blockKey');
    return (
      'group' in offence.event && 'group' in earlier.event && offence.event.group === earlier.event.group
    );
  });
}

function findAgainst(
  clue: Clue,
  events: readonly ListedEvent[],
  violation: ViolationFrame,
  offence: ListedEvent | null,
): ListedEvent | null {
  const quoted = quotedBy(violation);
  const isMeant = (earlier: ListedEvent): boolean => {
    if (offence !== null)
      return (
        earlier.index < offence.index &&
        shares(clue.shared, offence, earlier) &&
        (clue.contradicts?.(offence.event, earlier.event, quoted) ?? true)
      );
    const isThere =
      !clue.shared.includes('node') || violation.node === null || earlier.node === violation.node;
    return earlier.at <= violation.at && isThere;
  };
  for (const kind of clue.against) {
    const found = events.findLast((earlier) => earlier.event.kind === kind && isMeant(earlier));
    if (found !== undefined) return found;
  }
  return null;
}

/** The LSN of an event: of a range its first. */
function lsnOf(event: TraceEvent): number | null {
  if (event.kind === 'wal.durable') return event.lsns.at(-1) ?? null;
  if (event.kind === 'recovery.history') return event.prevEnd;
  const lsn = /^(wal|hole|mtr|commit|mark|recovery\.(computed|info)|archive\.segment|page\.evict)/.test(
    event.kind,
  )
    ? numberOf(event, 'first', 'scl', 'value', 'scn', 'vdlPrime', 'pageLsn')
    : Number.NaN;
  return Number.isNaN(lsn) || lsn < 0 ? null : lsn;
}

function factOf(listed: ListedEvent): Fact {
  const { event, node } = listed;
  const group = 'group' in event ? event.group : null;
  const lsn = lsnOf(event);
  const blockKey = numberOf(event, 'blockKey');
  const lens = lensOfKind(event.kind);
  const subject: Subject =
    lens === 'spaceTime'
      ? { kind: 'event', listed }
      : /^page/.test(event.kind) && group !== null && !Number.isNaN(blockKey)
        ? { kind: 'page', group, blockKey }
        : event.kind === 'mtr.append'
          ? { kind: 'mtr', first: event.first, last: event.end }
          : lsn !== null
            ? { kind: 'lsn', lsn }
            : { kind: 'node', id: node };
  return { listed, lsn, group, lens, subject };
}

/** `events` in the run's order, up to the violation. */
export function findConflict(violation: ViolationFrame, events: readonly ListedEvent[]): Conflict {
  const clue = clueOf(violation.rule);
  if (clue === undefined) return { offence: null, against: null, isOfWholeRun: true };
  const offence = findOffence(clue, events, violation);
  // Without the event that broke it nothing says which of those before it was meant.
  const isFound = offence !== null || clue.offence.length === 0;
  const against = isFound ? findAgainst(clue, events, violation, offence) : null;
  return {
    offence: offence === null ? null : factOf(offence),
    against: against === null ? null : factOf(against),
    isOfWholeRun: clue.offence.length === 0,
  };
}
