// Serializable transactions that were refused, newest first: between which transactions and for which reason (SSI). Pure.

import type { TraceOf } from '../../../core/kernel/trace.ts';
import type { PastPicture } from '../../../run-model/recorder/past.ts';

export interface Refusal {
  readonly index: number;
  /** Virtual µs. */
  readonly at: number;
  readonly node: string;
  readonly event: TraceOf<'tx.unserializable'>;
}

export const refusalsIn = ({ events }: Pick<PastPicture, 'events'>): readonly Refusal[] =>
  events
    .flatMap(({ index, at, node, event }) =>
      event.kind === 'tx.unserializable' ? [{ index, at, node, event }] : [],
    )
    .reverse();

/** A transaction by its id; one that has written nothing has none. */
export const xidText = (xid: number): string => (xid === 0 ? '–' : String(xid));
