// Lens 4.7 as data: lanes, events and messages of a stretch, faults over it, and how everything stands to what is chosen.

import type { MessageFamily } from '../../../core/door.ts';
import type { PastMessage } from '../../../sim/flights.ts';
import type { FaultFrame, ListedEvent } from '../../../sim/frame.ts';
import { leftOut, type PastPicture } from '../../../sim/past.ts';
import {
  type Causality,
  causalPath,
  makeCausality,
  type Relation,
  relationOf,
  type Step,
} from './causality.ts';

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
  /** Consecutive events of one lane within this time are one mark with a count, µs. */
  readonly mergeUs: number;
}

export type Cone = 'past' | 'future' | 'concurrent' | 'self' | 'none';

export interface EventMark {
  readonly lane: number;
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

export interface DownSpan {
  readonly lane: number;
  readonly from: number;
  readonly to: number;
}

export interface SpaceTimeModel {
  readonly from: number;
  readonly to: number;
  readonly lanes: readonly string[];
  readonly marks: readonly EventMark[];
  readonly messages: readonly MessageMark[];
  readonly down: readonly DownSpan[];
  readonly faults: readonly FaultFrame[];
  readonly left: number;
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

const coneOf = (chosen: Step | null, step: Step | undefined): Cone => {
  if (chosen === null || step === undefined) return 'none';
  const relation = relationOf(step, chosen);
  return relation === 'same'
    ? 'self'
    : relation === 'before'
      ? 'past'
      : relation === 'after'
        ? 'future'
        : 'concurrent';
};

function mergeMarks(
  events: readonly ListedEvent[],
  causality: Causality,
  laneOf: ReadonlyMap<string, number>,
  chosen: Step | null,
  mergeUs: number,
): EventMark[] {
  const open = new Map<number, { at: number; cone: Cone; rank: 0 | 1 | 2 | 3; events: ListedEvent[] }>();
  const marks: EventMark[] = [];
  const close = (lane: number): void => {
    const mark = open.get(lane);
    if (mark !== undefined) marks.push({ lane, ...mark });
    open.delete(lane);
  };
  for (const event of events) {
    const lane = laneOf.get(event.node);
    if (lane === undefined) continue;
    const cone = coneOf(chosen, causality.stepOf.get(event.index));
    const mark = open.get(lane);
    if (mark !== undefined && mark.cone === cone && event.at - mark.at <= mergeUs && cone !== 'self') {
      mark.events.push(event);
      mark.rank = Math.max(mark.rank, event.rank) as 0 | 1 | 2 | 3;
    } else {
      close(lane);
      open.set(lane, { at: event.at, cone, rank: event.rank, events: [event] });
    }
  }
  for (const lane of [...open.keys()]) close(lane);
  return marks.sort((a, b) => a.at - b.at || a.lane - b.lane);
}

/** Times at which a lane's node was down. */
function downSpans(
  events: readonly ListedEvent[],
  laneOf: ReadonlyMap<string, number>,
  to: number,
): DownSpan[] {
  const since = new Map<number, number>();
  const spans: DownSpan[] = [];
  for (const { event, node, at } of events) {
    const lane = laneOf.get(node);
    if (lane === undefined) continue;
    if (event.kind === 'node.down') since.set(lane, at);
    else if (event.kind === 'node.open' && since.has(lane)) {
      spans.push({ lane, from: since.get(lane) ?? at, to: at });
      since.delete(lane);
    }
  }
  for (const [lane, from] of since) spans.push({ lane, from, to });
  return spans;
}

function messageCone(message: PastMessage, causality: Causality, lane: number, chosen: Step | null): Cone {
  if (chosen === null) return 'none';
  const sent = causality.steps.findLast(
    (step) => step.node === message.from && step.at <= message.sentAt && step.ordinal <= message.causeOrdinal,
  );
  if (sent === undefined) return 'concurrent';
  const cone = coneOf(chosen, sent);
  if (cone === 'future' || cone === 'self') return 'future';
  if (cone !== 'past' || message.fate !== 'arrived') return 'concurrent';
  // In the past only if what it caused is: it must have arrived before something that the chosen event knows of.
  return lane === chosen.lane
    ? message.arrivesAt <= chosen.at
      ? 'past'
      : 'concurrent'
    : causality.steps.some(
          (step) =>
            step.lane === lane && step.at >= message.arrivesAt && (chosen.clock[lane] ?? 0) >= step.place,
        )
      ? 'past'
      : 'concurrent';
}

export function projectSpaceTime(
  past: PastPicture,
  faults: readonly FaultFrame[],
  params: SpaceTimeParams,
): SpaceTimeModel {
  const lanes = params.lanes.filter((lane) => !params.hidden.includes(lane));
  const laneOf = new Map(lanes.map((lane, i) => [lane, i]));
  // Cones go through hidden lanes as well. Who chooses nothing asks for none: clocks of many events take their time.
  const causality = makeCausality(params.chosen === null ? [] : past.events, params.lanes);
  const find = (index: number | null): ListedEvent | undefined =>
    index === null ? undefined : past.events.find((event) => event.index === index);
  const chosenEvent = find(params.chosen);
  const chosen = causality.stepOf.get(chosenEvent?.index ?? -1) ?? null;
  const otherEvent = find(params.other);
  const other = causality.stepOf.get(otherEvent?.index ?? -1) ?? null;
  const drawn = past.events.filter(({ rank }) => rank >= params.minRank);
  const counts = { past: 0, future: 0, concurrent: 0 };
  for (const event of drawn) {
    const cone = coneOf(chosen, causality.stepOf.get(event.index));
    if (cone === 'past' || cone === 'future' || cone === 'concurrent') counts[cone]++;
  }
  const messages = past.messages.flatMap((message): MessageMark[] => {
    const from = laneOf.get(message.from);
    const to = laneOf.get(message.to);
    if (from === undefined || to === undefined || params.families.includes(message.label.family)) return [];
    const lane = params.lanes.indexOf(message.to);
    return [{ message, from, to, cone: messageCone(message, causality, lane, chosen) }];
  });
  return {
    from: past.from,
    to: past.to,
    lanes,
    marks: mergeMarks(drawn, causality, laneOf, chosen, params.mergeUs),
    messages,
    down: downSpans(past.events, laneOf, past.to),
    faults: faults.filter(({ at, until }) => at <= past.to && (until ?? past.to) >= past.from),
    left: leftOut(past),
    counts,
    chosen:
      chosenEvent === undefined || chosen === null
        ? null
        : {
            event: chosenEvent,
            clock: params.lanes.map((lane, i) => [lane, chosen.clock[i] ?? 0] as const),
          },
    relation:
      chosen === null || other === null || otherEvent === undefined
        ? null
        : {
            other: otherEvent,
            relation: relationOf(other, chosen),
            path: (causalPath(other, chosen) ?? causalPath(chosen, other) ?? []).map(({ node, at }) => ({
              node,
              at,
            })),
          },
  };
}
