// A stretch of the past as the screen asks for it: the events and messages between two times, from what the recorder and
// the message log still hold.

import type { NodeId, Time } from '../../base/ids.ts';
import { countBefore } from '../../base/sorted.ts';
import type { MessageLabel } from '../../core/kernel/message-label.ts';
import type { TraceKind } from '../../core/kernel/trace.ts';
import type { Fabric } from '../../sim/fabric-state.ts';
import { noMessages, type PastMessage, pastMessages } from '../picture/flights.ts';
import type { ListedEvent } from '../picture/frame.ts';
import type { Recorder } from './recorder.ts';

export interface PastQuery {
  readonly from: number;
  readonly to: number;
  readonly minRank: number;
  /** Kinds of events that are asked for; null: every kind. */
  readonly kinds: readonly TraceKind[] | null;
  /** Whose events are asked for; by default every node's. */
  readonly node?: NodeId | undefined;
  readonly withMessages: boolean;
  /** What the asker has already: events up to this index, messages that ended before this time; null: nothing. */
  readonly known: { readonly index: number; readonly at: number } | null;
  /** Most events and most messages answered; the newest are kept. */
  readonly limit: number;
}

export interface PastPicture {
  readonly from: Time;
  readonly to: Time;
  readonly events: readonly ListedEvent[];
  /** Every event of the stretch after this virtual time is in the answer: older ones may be listed no more. */
  readonly eventsSince: number;
  /** Messages that are on their way come in every answer: what becomes of them is not settled. */
  readonly messages: readonly PastMessage[];
  /** Messages that ended at this time or before are no longer remembered as a whole. */
  readonly messagesSince: number;
  /** Events and messages of the whole stretch, whether or not they are in the answer. */
  readonly total: number;
}

/** Events and messages of the stretch that the limit left out. */
export const leftOut = ({ events, messages, total }: PastPicture): number =>
  Math.max(0, total - events.length - messages.length);

export function pastPicture(
  fabric: Fabric,
  recorder: Recorder,
  query: PastQuery,
  describe: (bytes: Uint8Array) => MessageLabel,
): PastPicture {
  const { from, to, minRank, kinds, node, withMessages, known, limit } = query;
  const { listed, listedSince } = recorder;
  const events = listed
    .slice(
      countBefore(listed, ({ at }) => at < from),
      countBefore(listed, ({ at }) => at <= to),
    )
    .filter(
      (one) =>
        one.rank >= minRank &&
        (kinds === null || kinds.includes(one.event.kind)) &&
        (node === undefined || node === one.node),
    );
  const messages = withMessages ? pastMessages(fabric, describe, from, to, known?.at ?? from) : noMessages;
  const fresh = known === null ? events : events.filter(({ index }) => index > known.index);
  return {
    from: from as Time,
    to: to as Time,
    events: fresh.slice(-limit),
    eventsSince: fresh.at(-limit - 1)?.at ?? listedSince,
    messages: messages.list.slice(-limit),
    messagesSince: withMessages ? (fabric.traffic.log?.since ?? to) : Number.NEGATIVE_INFINITY,
    total: events.length + messages.total,
  };
}
