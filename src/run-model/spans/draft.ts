// A span while it is collected, and the statements whose traces are followed.

import type { NodeId } from '../../base/ids.ts';
import type { Span, SpanEvent, SpanKind, SpanLink, SpanStatus, SpanValue } from './span.ts';

/** Events kept of a span; of a longer one the first. */
const EVENT_LIMIT = 100;

export interface Draft {
  readonly id: string;
  readonly parent: Draft | null;
  readonly kind: SpanKind;
  readonly name: string;
  readonly node: NodeId;
  readonly from: NodeId | null;
  readonly start: number;
  /** Of the frame or the disk request: another than the statement's for a batch that took its records along. */
  readonly traceId: number;
  /** Null: an operation of several statements. */
  readonly statement: Statement | null;
  /** Whether an answer is due. */
  readonly isDue: boolean;
  receivedAt: number | null;
  workedUntil: number | null;
  end: number | null;
  fate: 'lost' | 'down' | 'error' | null;
  /** Disk requests and calls below it that have not ended. */
  openBelow: number;
  readonly attributes: Record<string, SpanValue>;
  readonly events: SpanEvent[];
  readonly links: SpanLink[];
}

export interface Statement {
  readonly traceId: number;
  readonly root: Draft;
  readonly session: string;
  /** The newest call that each node works on for it. */
  readonly latest: Map<NodeId, Draft>;
  /** The call in which its newest records were appended. */
  writer: Draft | null;
  /** LSNs of its records, by group. */
  readonly records: Map<string, number[]>;
  /** Of its commit record; −1 while there is none. */
  scn: number;
  isDurable: boolean;
}

export type DraftParts = Pick<Draft, 'id' | 'parent' | 'kind' | 'name' | 'node' | 'from' | 'start'> &
  Pick<Draft, 'traceId' | 'statement' | 'isDue'>;

export const makeDraft = (parts: DraftParts): Draft => ({
  ...parts,
  receivedAt: null,
  workedUntil: null,
  end: null,
  fate: null,
  openBelow: 0,
  attributes: {},
  events: [],
  links: [],
});

export function addEvent(draft: Draft, event: SpanEvent): void {
  if (draft.events.length < EVENT_LIMIT) draft.events.push(event);
}

/** Ends it, once. A call whose node went down is ended all the same by an answer that had left. */
export function endDraft(draft: Draft, at: number, fate: Draft['fate'] = null): void {
  const wasDown = draft.fate === 'down' && fate !== 'down';
  if (draft.end !== null || (draft.fate !== null && !wasDown)) return;
  if (fate !== 'down' && (fate !== 'lost' || draft.kind === 'disk')) draft.end = at;
  draft.fate = fate;
  if (wasDown) return;
  for (let above = draft.parent; above !== null; above = above.parent) above.openBelow--;
}

function statusOf(draft: Draft, isHeld: boolean): SpanStatus {
  const { kind, fate, end, receivedAt, isDue, statement, openBelow } = draft;
  if (fate === 'error' || fate === 'lost') return fate;
  if (fate === 'down') return kind === 'call' && isDue ? 'unanswered' : 'lost';
  if (end !== null) return 'ok';
  if (kind !== 'call') return 'open';
  if (receivedAt === null) return isHeld ? 'held' : 'open';
  if (!isDue) return 'handled';
  return statement !== null && statement.root.end !== null && openBelow === 0 ? 'unanswered' : 'open';
}

export const spanOf = (draft: Draft, isHeld: boolean): Span => ({
  id: draft.id,
  parent: draft.parent?.id ?? null,
  kind: draft.kind,
  name: draft.name,
  node: draft.node,
  from: draft.from,
  start: draft.start,
  receivedAt: draft.receivedAt,
  workedUntil: draft.workedUntil,
  end: draft.end,
  status: statusOf(draft, isHeld),
  attributes: draft.attributes,
  events: draft.events,
  links: draft.links,
});
