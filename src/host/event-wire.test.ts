// Events that are packed arrive as they were sent, whatever their fields hold and in whatever order they stand.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeId, type Time } from '../base/ids.ts';
import type { ListedEvent } from '../run-model/picture/frame.ts';
import { packEvents, unpackEvents } from './event-wire.ts';

const value = fc.oneof(
  fc.double(),
  fc.string(),
  fc.boolean(),
  fc.constantFrom(null, undefined),
  fc.array(fc.integer(), { maxLength: 4 }),
  fc.array(fc.oneof(fc.integer(), fc.string(), fc.record({ lsn: fc.integer() }, { noNullPrototype: true })), {
    maxLength: 3,
  }),
  fc.record({ first: fc.integer(), of: fc.array(fc.string()) }, { noNullPrototype: true }),
);
const event = fc.dictionary(fc.constantFrom('kind', 'group', 'lsns', 'value', 'term'), value, {
  noNullPrototype: true,
});
const name = fc.constantFrom('rw-1', 'store-1', 'store-2').map(nodeId);
const fields = {
  at: fc.nat(),
  node: name,
  ordinal: fc.nat(),
  causeNode: fc.option(name),
  causeOrdinal: fc.nat(),
  event,
  index: fc.nat(),
  rank: fc.constantFrom(0, 1, 2, 3),
};
const listed = fc.record(fields, {
  noNullPrototype: true,
}) as fc.Arbitrary<unknown> as fc.Arbitrary<ListedEvent>;

test('any events, after a structured clone', () => {
  let sent = 0;
  fc.assert(
    fc.property(fc.array(listed, { maxLength: 30 }), (events) => {
      const arrived = unpackEvents(structuredClone(packEvents(events)));
      expect(arrived).toStrictEqual(events);
      expect(JSON.stringify(arrived)).toBe(JSON.stringify(events));
      sent += events.length;
    }),
    { numRuns: 300, seed: 7 },
  );
  expect(sent).toBeGreaterThan(1000);
});

test('events of one kind share a shape, and their words', () => {
  const marks = [1, 2, 3].map(
    (at): ListedEvent => ({
      at: at as Time,
      node: nodeId('rw-1'),
      ordinal: at,
      causeNode: null,
      causeOrdinal: 0,
      event: { kind: 'mark.vdl', volume: 'v1', value: at, term: 1 },
      index: at,
      rank: 2,
    }),
  );
  const packed = packEvents(marks);
  expect(packed.shapes).toHaveLength(1);
  expect(packed.words).toEqual(['rw-1', 'mark.vdl', 'v1']);
  expect(packed.others).toEqual([]);
});
