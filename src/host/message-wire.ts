// Messages on their way from a worker to the page: one array of numbers beside their words. A thousand of them as objects
// would take longer to copy than to draw; and one that is as it was stays the same object for whoever draws it.

import { type GroupId, groupId, nodeId, time } from '../base/ids.ts';
import type { MessageFamily, MessageLabel } from '../core/kernel/message-label.ts';
import type { PastMessage } from '../run-model/picture/flights.ts';
import type { PastPicture } from '../run-model/recorder/past.ts';
import type { FlightView } from '../sim/types.ts';
import { type PackedEvents, packEvents, unpackEvents } from './event-wire.ts';

export interface PackedMessages {
  /** Names and words that the numbers refer to. */
  readonly words: readonly string[];
  /** `columns` numbers for each message; NaN stands for none. */
  readonly numbers: Float64Array;
}

const columns = 18;
/** More copies of one message than a tape can make. */
const copiesPerMessage = 1 << 20;
export const flightFates: readonly FlightView['fate'][] = ['flying', 'lost', 'held'];
/** Begins as `flightFates`: one place, one fate. */
const pastFates: readonly PastMessage['fate'][] = [...flightFates, 'arrived'];
const none = Number.NaN;

export function packMessages(messages: readonly PastMessage[]): PackedMessages {
  const words: string[] = [];
  const places = new Map<string, number>();
  const placeOf = (word: string): number => {
    const known = places.get(word);
    if (known !== undefined) return known;
    places.set(word, words.length);
    words.push(word);
    return words.length - 1;
  };
  const numbers = new Float64Array(messages.length * columns);
  messages.forEach((message, i) => {
    const { label } = message;
    // `<from>.<sequence>.<copy>`: the name's first part is the sender's.
    const [sequence = '0', copy = '0'] = message.id.slice(message.from.length + 1).split('.');
    numbers.set(
      [
        placeOf(message.from),
        Number(sequence),
        Number(copy),
        placeOf(message.to),
        message.sentAt,
        message.arrivesAt,
        pastFates.indexOf(message.fate),
        message.bytes,
        placeOf(label.kind),
        placeOf(label.family),
        label.group === null ? none : placeOf(label.group),
        label.range === null ? none : label.range[0],
        label.range === null ? none : label.range[1],
        label.token ?? none,
        label.blockKey ?? none,
        label.trace ?? none,
        message.causeOrdinal,
        label.place ?? none,
      ],
      i * columns,
    );
  });
  return { words, numbers };
}

function unpackLabel(numbers: Float64Array, from: number, word: (place: number) => string): MessageLabel {
  const at = (i: number): number => numbers[from + i] ?? none;
  const optional = (value: number): number | null => (Number.isNaN(value) ? null : value);
  const group = at(10);
  const blockKey = at(14);
  const trace = at(15);
  const place = at(17);
  return {
    kind: word(at(8)),
    family: word(at(9)) as MessageFamily,
    group: Number.isNaN(group) ? null : (groupId(word(group)) satisfies GroupId),
    range: Number.isNaN(at(11)) ? null : [at(11), at(12)],
    token: optional(at(13)),
    ...(Number.isNaN(blockKey) ? {} : { blockKey }),
    ...(Number.isNaN(trace) ? {} : { trace }),
    ...(Number.isNaN(place) ? {} : { place }),
  };
}

type MessageOf<Fate> = Omit<FlightView, 'fate'> & { readonly fate: Fate };

/** Reads lists of messages one after the other. `fates`: those that can come, in the order of `flightFates`. */
export function makeMessageReader<Fate extends PastMessage['fate']>(
  fates: readonly Fate[],
): (packed: PackedMessages) => MessageOf<Fate>[] {
  /** By sender, then by sequence and copy: most messages of a list were in the one before. */
  let last = new Map<string, Map<number, MessageOf<Fate>>>();
  return ({ words, numbers }) => {
    const next = new Map<string, Map<number, MessageOf<Fate>>>();
    const word = (place: number): string => words[place] ?? '';
    const views: MessageOf<Fate>[] = [];
    for (let from = 0; from < numbers.length; from += columns) {
      const at = (i: number): number => numbers[from + i] ?? 0;
      const fate = fates[at(6)];
      if (fate === undefined) throw new Error(`a message with the unknown fate ${at(6)}`);
      const sender = word(at(0));
      const key = at(1) * copiesPerMessage + at(2);
      const known = last.get(sender)?.get(key);
      const isKnown =
        known?.arrivesAt === at(5) &&
        known.sentAt === at(4) &&
        known.fate === fate &&
        known.bytes === at(7) &&
        known.label.kind === word(at(8));
      const view: MessageOf<Fate> = isKnown
        ? known
        : {
            id: `${sender}.${at(1)}.${at(2)}`,
            from: nodeId(sender),
            to: nodeId(word(at(3))),
            sentAt: time(at(4)),
            arrivesAt: time(at(5)),
            fate,
            label: unpackLabel(numbers, from, word),
            bytes: at(7),
            causeOrdinal: at(16),
          };
      const own = next.get(sender);
      if (own === undefined) next.set(sender, new Map([[key, view]]));
      else own.set(key, view);
      views.push(view);
    }
    last = next;
    return views;
  };
}

export interface PackedPast extends Omit<PastPicture, 'events' | 'messages'> {
  readonly events: PackedEvents;
  readonly messages: PackedMessages;
}

export const packPast = (past: PastPicture): PackedPast => ({
  ...past,
  events: packEvents(past.events),
  messages: packMessages(past.messages),
});

/** Reads the answers about a past one after the other. */
export function makePastUnpacker(): (packed: PackedPast) => PastPicture {
  const read = makeMessageReader(pastFates);
  return (packed) => ({
    ...packed,
    events: unpackEvents(packed.events),
    messages: read(packed.messages),
  });
}
