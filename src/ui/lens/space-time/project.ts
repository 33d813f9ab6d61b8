// Lens 4.7 as data: lanes, events and messages of a stretch, faults over it, and how everything stands to what is chosen.
// A stretch moves on in time: what came is added to what was projected before, what went is dropped.

import type { PastMessage } from '../../../run-model/picture/flights.ts';
import type { FaultFrame, ListedEvent } from '../../../run-model/picture/frame.ts';
import { leftOut, type PastPicture } from '../../../run-model/recorder/past.ts';
import {
  type Causality,
  causalPath,
  makeCausality,
  relationOf,
  type Step,
  stepsBefore,
} from './causality.ts';
import { makeEventMarks } from './event-marks.ts';
import { makeLocalRuns } from './local-runs.ts';
import type { Cone, DownSpan, MessageMark, SpaceTimeModel, SpaceTimeParams, ThroughMark } from './model.ts';
import { findChains } from './through-hidden.ts';

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

const isOfDown = ({ event }: ListedEvent): boolean =>
  event.kind === 'node.down' || event.kind === 'node.open';

/** Times at which a lane's node was down. */
function downSpans(
  events: readonly ListedEvent[],
  laneOf: ReadonlyMap<string, number>,
  to: number,
): DownSpan[] {
  const since = new Map<number, number>();
  const spans: DownSpan[] = [];
  for (const { event, node, at } of events) {
    if (event.kind !== 'node.down' && event.kind !== 'node.open') continue;
    const lane = laneOf.get(node);
    if (lane === undefined) continue;
    if (event.kind === 'node.down') since.set(lane, at);
    else if (since.has(lane)) {
      spans.push({ lane, from: since.get(lane) ?? at, to: at });
      since.delete(lane);
    }
  }
  for (const [lane, from] of since) spans.push({ lane, from, to });
  return spans;
}

/** The step that sent a message: the newest one of its sender that left an event, not after it. */
function senderStep({ byNode }: Causality, { from, sentAt, causeOrdinal }: PastMessage): Step | undefined {
  const own = byNode.get(from) ?? [];
  return own.findLast((step) => step.at <= sentAt && step.ordinal <= causeOrdinal);
}

function messageCone(message: PastMessage, causality: Causality, lane: number, chosen: Step | null): Cone {
  if (chosen === null) return 'none';
  const sent = senderStep(causality, message);
  if (sent === undefined) return 'concurrent';
  const cone = coneOf(chosen, sent);
  if (cone === 'future' || cone === 'self') return 'future';
  if (cone !== 'past' || message.fate !== 'arrived') return 'concurrent';
  // In the past only if what it caused is: it must have arrived before something that the chosen event knows of.
  const newestKnown = causality.byNode.get(message.to)?.[(chosen.clock[lane] ?? 0) - 1];
  const arrivedBefore = lane === chosen.lane ? chosen.at : (newestKnown?.at ?? Number.NEGATIVE_INFINITY);
  return message.arrivesAt <= arrivedBefore ? 'past' : 'concurrent';
}

/** Messages with what is drawn of each, in the order of an answer. */
interface Placed {
  readonly messages: readonly PastMessage[];
  readonly marks: readonly (MessageMark | null)[];
}

/**
 * What was drawn of messages, for those that are asked for in order: an answer begins with what was kept of the one before, so that one
 * walk beside it finds most of them. Undefined: it was not there.
 */
function walkBeside({ messages, marks }: Placed): (message: PastMessage) => MessageMark | null | undefined {
  let at = 0;
  const passed: number[] = [];
  let rest: ReadonlyMap<PastMessage | undefined, MessageMark | null> | null = null;
  return (message) => {
    if (rest === null) {
      for (; at < messages.length && messages[at] !== message; at++) passed.push(at);
      if (at < messages.length) return marks[at++];
      rest = new Map(passed.map((place) => [messages[place], marks[place] ?? null]));
    }
    return rest.get(message);
  };
}

export interface Projector {
  project(past: PastPicture, faults: readonly FaultFrame[]): SpaceTimeModel;
}

/** Projects one stretch after the other; one that goes on from the one before costs what is new. */
export function makeProjector(params: SpaceTimeParams): Projector {
  const { minRank, mergeUs } = params;
  const lanes = params.lanes.filter((lane) => !params.hidden.includes(lane));
  const laneOf = new Map(lanes.map((lane, i) => [lane, i]));
  const everyLane = new Map(params.lanes.map((lane, i) => [lane, i]));
  const isDrawn = ({ rank, node }: ListedEvent): boolean => rank >= minRank && laneOf.has(node);

  let before: PastPicture | null = null;
  let serial = 0;
  let wasChosen = false;
  let marks = makeEventMarks(mergeUs);
  /** Of the last answer; a mark that is null is not drawn. */
  let placed: Placed = { messages: [], marks: [] };
  /** Messages that were on their way in the last answer. */
  let flying = new Map<string, PastMessage>();
  let causality: Causality | null = null;
  /** Chains through hidden lanes that were drawn. */
  let chained = new Set<string>();
  /** Events of the stretch that say that a node went down or opened: few among many. */
  let ofDown: readonly ListedEvent[] = [];

  const findEvent = (past: PastPicture, index: number | null): ListedEvent | undefined =>
    index === null ? undefined : past.events.find((event) => event.index === index);

  const begin = (): void => {
    before = null;
    marks = makeEventMarks(mergeUs);
    placed = { messages: [], marks: [] };
    flying = new Map();
    causality = null;
    chained = new Set();
    ofDown = [];
  };

  /** Cones go through hidden lanes as well. Who chooses nothing asks for none: clocks of many events take their time. */
  const order = (past: PastPicture, fresh: readonly ListedEvent[], isChosen: boolean): Causality => {
    if (!isChosen) return makeCausality([], params.lanes);
    if (causality === null || causality.stepOf.size > 2 * past.events.length)
      return makeCausality(past.events, params.lanes);
    causality.extend(fresh);
    return causality;
  };

  const project = (past: PastPicture, faults: readonly FaultFrame[]): SpaceTimeModel => {
    const chosenEvent = findEvent(past, params.chosen);
    const isChosen = chosenEvent !== undefined;
    const shownTo =
      // Runs grow at both ends: they are made anew.
      before !== null && isChosen === wasChosen && !params.mergeLocal && goesOn(before, past)
        ? before.to
        : Number.NEGATIVE_INFINITY;
    if (shownTo === Number.NEGATIVE_INFINITY) begin();
    const fresh = eventsAfter(past.events, before?.events.at(-1)?.index ?? -1);
    causality = order(past, fresh, isChosen);
    const { stepOf } = causality;
    const chosen = stepOf.get(chosenEvent?.index ?? -1) ?? null;
    const otherEvent = findEvent(past, params.other);
    const other = stepOf.get(otherEvent?.index ?? -1) ?? null;
    const coneAt = ({ index }: ListedEvent): Cone => coneOf(chosen, stepOf.get(index));

    ofDown = [...ofDown.filter(({ at }) => at >= past.from), ...fresh.filter(isOfDown)];
    marks.dropBefore(past.from);
    const runOf = params.mergeLocal ? makeLocalRuns(past.messages) : () => null;
    for (const event of fresh) {
      const lane = laneOf.get(event.node);
      if (lane !== undefined && event.rank >= minRank) marks.add(event, lane, coneAt(event), runOf(event));
    }
    const drawn = marks.list();
    const { messages, changedFrom: messagesFrom } = projectMessages(past, causality, chosen);
    const through = findThrough(past, causality, chosen);
    const keys = through.map(({ message, last }) => `${message.id} ${last.id}`);
    const chainsFrom = Math.min(
      past.to,
      ...through.flatMap(({ message }, i) => (chained.has(keys[i] ?? '') ? [] : [message.sentAt])),
    );
    chained = new Set(keys);
    before = past;
    wasChosen = isChosen;
    return {
      from: past.from,
      to: past.to,
      spanUs: params.spanUs,
      serial: ++serial,
      changedFrom: Math.min(shownTo - mergeUs, messagesFrom, chainsFrom),
      events: past.events,
      isDrawn,
      drawnCount: drawn.reduce((sum, { events }) => sum + events.length, 0),
      coneOf: coneAt,
      lanes,
      scope: params.scope,
      marks: drawn,
      messages,
      through,
      down: downSpans(ofDown, laneOf, past.to),
      faults: faults.filter(({ at, until }) => at <= past.to && (until ?? past.to) >= past.from),
      left: leftOut(past),
      forgottenTo: past.messagesSince < past.from ? null : past.messagesSince,
      counts: countCones(past.events, minRank, chosen === null ? null : coneAt),
      chosen:
        chosenEvent === undefined || chosen === null
          ? null
          : { event: chosenEvent, clock: clockOf(chosen, causality, past.from) },
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
  };

  /** And since when they are drawn otherwise than they were: one that was on its way may go slower, get lost, or be gone. */
  const projectMessages = (
    past: PastPicture,
    known: Causality,
    chosen: Step | null,
  ): { readonly messages: readonly MessageMark[]; readonly changedFrom: number } => {
    const drawnOf = walkBeside(placed);
    const marksNow: (MessageMark | null)[] = [];
    const messages: MessageMark[] = [];
    const onWay = new Map<string, PastMessage>();
    let changedFrom: number = past.to;
    let found = 0;
    for (const message of past.messages) {
      const { fate } = message;
      if (fate === 'flying' || fate === 'held') onWay.set(message.id, message);
      let mark = drawnOf(message);
      if (mark === undefined) {
        const earlier = flying.get(message.id);
        if (earlier !== undefined) found++;
        const isSame =
          earlier?.arrivesAt === message.arrivesAt && (earlier.fate === 'lost') === (fate === 'lost');
        if (!isSame && message.sentAt < changedFrom) changedFrom = message.sentAt;
        mark = markOf(message, known, chosen);
      } else if (flying.has(message.id)) found++;
      marksNow.push(mark);
      if (mark !== null) messages.push(mark);
    }
    const isAllThere = found === flying.size;
    flying = onWay;
    placed = { messages: past.messages, marks: marksNow };
    return { messages, changedFrom: isAllThere ? changedFrom : Number.NEGATIVE_INFINITY };
  };

  const markOf = (message: PastMessage, known: Causality, chosen: Step | null): MessageMark | null => {
    const from = laneOf.get(message.from);
    const to = laneOf.get(message.to);
    if (from === undefined || to === undefined || params.families.includes(message.label.family)) return null;
    const lane = everyLane.get(message.to) ?? 0;
    return { message, from, to, cone: messageCone(message, known, lane, chosen) };
  };

  const findThrough = (past: PastPicture, order: Causality, chosen: Step | null): readonly ThroughMark[] => {
    if (params.hidden.length === 0) return [];
    const drawnMessages = past.messages.filter(({ label }) => !params.families.includes(label.family));
    const coneFor = (message: PastMessage): Cone =>
      messageCone(message, order, everyLane.get(message.to) ?? 0, chosen);
    return findChains(drawnMessages, (node) => !laneOf.has(node)).map(({ first, last }) => ({
      message: first,
      last,
      from: laneOf.get(first.from) ?? 0,
      to: laneOf.get(last.to) ?? 0,
      cone: coneFor(last) === 'past' ? 'past' : coneFor(first) === 'past' ? 'concurrent' : coneFor(first),
    }));
  };

  return { project };
}

/** The same run goes on: what both stretches hold is the same. */
function goesOn(before: PastPicture, past: PastPicture): boolean {
  if (past.from < before.from || past.to < before.to) return false;
  const last = before.events.at(-1);
  return last === undefined || last.at < past.from || past.events.includes(last);
}

const eventsAfter = (events: readonly ListedEvent[], index: number): readonly ListedEvent[] =>
  events.slice(events.findLastIndex((event) => event.index <= index) + 1);

/** Places counted from the stretch's beginning. */
const clockOf = (
  { clock }: Step,
  causality: Causality,
  from: number,
): readonly (readonly [string, number])[] =>
  causality.lanes.map(
    (node, i) => [node, Math.max(0, (clock[i] ?? 0) - stepsBefore(causality, node, from))] as const,
  );

function countCones(
  events: readonly ListedEvent[],
  minRank: number,
  coneAt: ((event: ListedEvent) => Cone) | null,
): SpaceTimeModel['counts'] {
  const counts = { past: 0, future: 0, concurrent: 0 };
  if (coneAt === null) return counts;
  for (const event of events) {
    if (event.rank < minRank) continue;
    const cone = coneAt(event);
    if (cone === 'past' || cone === 'future' || cone === 'concurrent') counts[cone]++;
  }
  return counts;
}
