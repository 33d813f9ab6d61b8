// Spans of a client's statement (PCS-94): client → driver → writer → replicas → disks; and of what nodes do without one. A span is what
// a node really did: a statement at its driver, background work, a message with what its receiver did for it, a disk request. Nothing of it is in a frame but the
// trace id; span and parent follow from the input that did the work, so the id is a function of (node, life, ordinal, place).

import { hashHex, hashNumber, hashText, makeHash } from '../../base/hash.ts';
import type { NodeId } from '../../base/ids.ts';
import type { TraceKind } from '../../core/kernel/trace.ts';

export type SpanKind = 'operation' | 'statement' | 'work' | 'call' | 'disk';

/**
 * `ok`: it ended, a call by its answer. `open`: not yet, where the trace was looked at. `handled`: the receiver worked it off, and
 * no answer is due. `unanswered`: it arrived, its answer is due and has not come. `lost`: by the network or with the node's power.
 */
export type SpanStatus = 'ok' | 'open' | 'handled' | 'unanswered' | 'lost' | 'held' | 'error';

export type SpanValue = string | number | boolean;

export interface SpanEvent {
  readonly at: number;
  readonly node: NodeId;
  readonly name: string;
  readonly fields: Readonly<Record<string, SpanValue>>;
}

/** Another trace that did this work: its batch took records of this one along. */
export interface SpanLink {
  readonly traceId: number;
  readonly why: 'batch';
}

export interface Span {
  readonly id: string;
  readonly parent: string | null;
  readonly kind: SpanKind;
  /** Kind of the message, `write` or `read` of a disk, `statement`, or what the client's operation or the background work is called. */
  readonly name: string;
  /** Where the work was done. */
  readonly node: NodeId;
  /** Who sent the message; null for what is no call. */
  readonly from: NodeId | null;
  /** Virtual µs: of the sending, of the request. */
  readonly start: number;
  /** When a call arrived, and the last thing that its receiver did for it. */
  readonly receivedAt: number | null;
  readonly workedUntil: number | null;
  /** Null while it is open, and for a call that no answer ended. */
  readonly end: number | null;
  readonly status: SpanStatus;
  readonly attributes: Readonly<Record<string, SpanValue>>;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
}

/** Everything that was done for a statement, or for the statements of a client's operation, in the order in which it began. */
export interface SpanTrace {
  /** Of the statements, in their order; empty while nothing was sent. Of background work one that is made of its first span. */
  readonly traceIds: readonly number[];
  readonly spans: readonly Span[];
  /** Spans beyond the limit, which are not here. */
  readonly left: number;
  /** Virtual µs up to which it was followed. */
  readonly until: number;
}

/**
 * A statement of the console by its request, an operation of a load's client, what carries a trace id, or the work in which a node traced
 * an event: the input that it did it with. Of an event that a statement led to that is the statement.
 */
export type SpanTarget =
  | { readonly kind: 'request'; readonly request: string }
  | { readonly kind: 'operation'; readonly client: string; readonly op: number }
  | { readonly kind: 'trace'; readonly traceId: number }
  | {
      readonly kind: 'work';
      readonly node: NodeId;
      readonly ordinal: number;
      readonly event: TraceKind;
    };

/** What is asked of a run. */
export interface TraceQuery {
  readonly target: SpanTarget;
  /** When it began, or any time while it was worked on, virtual µs. */
  readonly at: number;
  /** The trace is as known at this time, or at the end of the run if that is earlier. */
  readonly until: number;
}

/** Sixteen hex digits, the same in every replay. */
export function spanIdOf(node: string, life: number, ordinal: number, place: number): string {
  const hash = makeHash();
  hashText(hash, node);
  for (const part of [life, ordinal, place]) hashNumber(hash, part);
  return hashHex(hash);
}

/** When the span has ended as far as is known: its answer, its last work, or its beginning. */
export const lastOf = ({ start, receivedAt, workedUntil, end }: Span): number =>
  end ?? workedUntil ?? receivedAt ?? start;
