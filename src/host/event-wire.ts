// Events on their way from a worker to the page: one array of numbers beside their words. A crowded stretch is some thousand
// events in an answer; a structured clone of as many objects takes four times as long to read. Events of a kind have the same
// fields mostly: a shape says once what they are called and what each holds.

import { assert } from '../base/assert.ts';
import type { NodeId, Time } from '../base/ids.ts';
import type { ListedEvent } from '../run-model/picture/frame.ts';

/** What a field holds: a number, a word, a truth, a list of numbers, or anything else. */
type Held = 'number' | 'word' | 'truth' | 'numbers' | 'other';

interface Shape {
  readonly names: readonly string[];
  readonly holds: readonly Held[];
}

export interface PackedEvents {
  readonly count: number;
  readonly shapes: readonly Shape[];
  readonly words: readonly string[];
  readonly numbers: Float64Array;
  readonly others: readonly unknown[];
}

const none = -1;

function heldIn(value: unknown): Held {
  if (typeof value === 'number') return 'number';
  if (typeof value === 'string') return 'word';
  if (typeof value === 'boolean') return 'truth';
  return Array.isArray(value) && value.every((item) => typeof item === 'number') ? 'numbers' : 'other';
}

/** Places of things in the order in which they first came. */
function makePlaces<T>(keyOf: (thing: T) => string): { readonly list: T[]; of(thing: T): number } {
  const list: T[] = [];
  const places = new Map<string, number>();
  return {
    list,
    of(thing) {
      const key = keyOf(thing);
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, list.length);
      list.push(thing);
      return list.length - 1;
    },
  };
}

export function packEvents(events: readonly ListedEvent[]): PackedEvents {
  const shapes = makePlaces<Shape>(({ names, holds }) => `${names.join(' ')} ${holds.join(' ')}`);
  const words = makePlaces<string>((word) => word);
  const numbers: number[] = [];
  const others: unknown[] = [];
  for (const { at, node, ordinal, causeNode, causeOrdinal, event, index, rank } of events) {
    const values: readonly unknown[] = Object.values(event);
    const holds = values.map(heldIn);
    numbers.push(
      at,
      words.of(node),
      ordinal,
      causeNode === null ? none : words.of(causeNode),
      causeOrdinal,
      index,
      rank,
      shapes.of({ names: Object.keys(event), holds }),
    );
    values.forEach((value, i) => {
      switch (holds[i]) {
        case 'number':
          numbers.push(value as number);
          break;
        case 'word':
          numbers.push(words.of(value as string));
          break;
        case 'truth':
          numbers.push(value === true ? 1 : 0);
          break;
        case 'numbers':
          numbers.push((value as readonly number[]).length, ...(value as readonly number[]));
          break;
        default:
          numbers.push(others.length);
          others.push(value);
      }
    });
  }
  return {
    count: events.length,
    shapes: shapes.list,
    words: words.list,
    numbers: Float64Array.from(numbers),
    others,
  };
}

export function unpackEvents({ count, shapes, words, numbers, others }: PackedEvents): ListedEvent[] {
  /** An object with the fields of each shape: a copy of it is made faster than one field by field. */
  const blanks = shapes.map(({ names }) => Object.fromEntries(names.map((name) => [name, null])));
  const events: ListedEvent[] = [];
  let at = 0;
  const next = (): number => numbers[at++] ?? 0;
  const word = (place: number): string => words[place] ?? '';
  const held = (kind: Held | undefined): unknown => {
    switch (kind) {
      case 'number':
        return next();
      case 'word':
        return word(next());
      case 'truth':
        return next() === 1;
      case 'numbers': {
        const length = next();
        at += length;
        return Array.from(numbers.subarray(at - length, at));
      }
      default:
        return others[next()];
    }
  };
  for (let i = 0; i < count; i++) {
    const time = next();
    const node = word(next());
    const ordinal = next();
    const cause = next();
    const causeOrdinal = next();
    const index = next();
    const rank = next();
    const place = next();
    const shape = shapes[place];
    assert(shape !== undefined, 'the shape of an event came with it');
    const event: Record<string, unknown> = { ...blanks[place] };
    const { names, holds } = shape;
    for (let j = 0; j < names.length; j++) event[names[j] ?? ''] = held(holds[j]);
    events.push({
      at: time as Time,
      node: node as NodeId,
      ordinal,
      causeNode: cause === none ? null : (word(cause) as NodeId),
      causeOrdinal,
      event: event as unknown as ListedEvent['event'],
      index,
      rank: rank as ListedEvent['rank'],
    });
  }
  assert(at === numbers.length, 'every number of the events was read');
  return events;
}
