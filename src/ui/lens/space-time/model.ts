// Model of lens 4.7 (space-time diagram).

import type { MessageFamily } from '../../../core/kernel/message-label.ts';
import type { PastMessage } from '../../../run-model/picture/flights.ts';
import type { FaultFrame, ListedEvent } from '../../../run-model/picture/frame.ts';
import type { SelectionScope } from '../../../state/highlight.ts';
import type { Relation } from './causality.ts';

export interface SpaceTimeParams {
  /** Lanes from top to bottom; hidden ones are left out. */
  readonly lanes: readonly string[];
  readonly hidden: readonly string[];
  /** Families not drawn. */
  readonly families: readonly MessageFamily[];
  /** Index of the event that cones are drawn of, and of the second one of a relation. */
  readonly chosen: number | null;
  readonly other: number | null;
  /** Events below this rank are not drawn; they still carry the order. */
  readonly minRank: number;
  /** Events of one lane that fall into the same stretch of this length, µs, are one mark with a count. */
  readonly mergeUs: number;
  /** Events of a lane between which it neither sends nor receives are one mark as well. */
  readonly mergeLocal: boolean;
  /** How much time is shown; a run that is younger leaves its left empty. */
  readonly spanUs: number;
  /** What is selected elsewhere; lights marks and messages while no event is chosen. */
  readonly scope: SelectionScope | null;
}

export type Cone = 'past' | 'future' | 'concurrent' | 'self' | 'none';

export interface EventMark {
  readonly lane: number;
  /** Time of its first event. */
  readonly at: number;
  readonly rank: 0 | 1 | 2 | 3;
  /** Events of this mark, oldest first. */
  readonly events: readonly ListedEvent[];
  readonly cone: Cone;
}

export interface MessageMark {
  readonly message: PastMessage;
  readonly from: number;
  readonly to: number;
  readonly cone: Cone;
}

/** What hidden lanes passed on: from where a message left a shown lane to where the last one of the chain arrived. */
export interface ThroughMark extends MessageMark {
  readonly last: PastMessage;
}

export interface DownSpan {
  readonly lane: number;
  readonly from: number;
  readonly to: number;
}

export interface SpaceTimeModel {
  readonly from: number;
  readonly to: number;
  readonly spanUs: number;
  /** Counts the models of one projector. */
  readonly serial: number;
  /** Since when marks and messages are not as in the model before; what is older has only moved on. */
  readonly changedFrom: number;
  /** Every event of the stretch, and what of them is drawn. */
  readonly events: readonly ListedEvent[];
  readonly isDrawn: (event: ListedEvent) => boolean;
  readonly drawnCount: number;
  readonly coneOf: (event: ListedEvent) => Cone;
  readonly lanes: readonly string[];
  readonly scope: SelectionScope | null;
  readonly marks: readonly EventMark[];
  readonly messages: readonly MessageMark[];
  readonly through: readonly ThroughMark[];
  readonly down: readonly DownSpan[];
  readonly faults: readonly FaultFrame[];
  readonly left: number;
  /** Until when messages of the stretch may be missing; null: none is. */
  readonly forgottenTo: number | null;
  readonly counts: Readonly<Record<Exclude<Cone, 'none' | 'self'>, number>>;
  readonly chosen: {
    readonly event: ListedEvent;
    readonly clock: readonly (readonly [string, number])[];
  } | null;
  readonly relation: {
    readonly other: ListedEvent;
    readonly relation: Relation;
    /** Steps of one shortest chain between the two. */
    readonly path: readonly { readonly node: string; readonly at: number }[];
  } | null;
}
