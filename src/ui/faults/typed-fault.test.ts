// Typed faults: every kind's field keeps to the tape's limits, and what it makes is a line that the tape reads back.

import { describe, expect, test } from 'vitest';
import { parseAction } from '../../sim/tape-parse.ts';
import { printAction } from '../../sim/tape-print.ts';
import { tapes } from '../../stacks/tapes.ts';
import { timed } from './entry.ts';
import {
  readTyped,
  type TypedKind,
  type TypedSubject,
  typedAction,
  typedField,
  typedLinkKinds,
  typedNodeKinds,
  type Way,
} from './typed-fault.ts';

const link: TypedSubject = { kind: 'link', a: 'rw-1', b: 'store-3' };
const node: TypedSubject = { kind: 'node', id: 'store-3' };

function line(
  subject: TypedSubject,
  kind: TypedKind,
  text: string,
  way: Way = 'both',
  forUs: number | null = null,
) {
  const value = readTyped(kind, text);
  const action = value === null ? null : typedAction(subject, { kind, value, way, forUs });
  return action === null ? null : printAction(tapes, timed(action));
}

test.each([
  [link, 'latency', '12.5', 'both', 'latency rw-1 | store-3 : 12.500 ms'],
  [link, 'latency', '12,5', 'there', 'latency rw-1 > store-3 : 12.500 ms'],
  [link, 'jitter', '0', 'back', 'jitter store-3 > rw-1 : 0.000 ms'],
  [link, 'loss', '35', 'both', 'loss rw-1 | store-3 : 35 %'],
  [link, 'duplicate', '100', 'both', 'duplicate rw-1 | store-3 : 100 %'],
  [link, 'reorder', '5', 'both', 'reorder rw-1 | store-3 : 5 %'],
  [link, 'corrupt', '1', 'both', 'corrupt rw-1 | store-3 : 1 %'],
  [link, 'bandwidth', '1024', 'both', 'bandwidth rw-1 | store-3 : 1024'],
  [node, 'slowCpu', '250', 'both', 'slowCpu store-3 250 us'],
  [node, 'clock', '-20', 'both', 'clock store-3 -20.000 ms'],
  [node, 'clockDrift', '-500', 'both', 'clockDrift store-3 -500'],
  [node, 'diskSlow', '400', 'both', 'diskSlow store-3 400 %'],
  [node, 'diskRoom', '150', 'both', 'diskRoom store-3 150 %'],
] as const)('%o %s %s %s', (subject, kind, text, way, expected) => {
  expect(line(subject, kind, text, way)).toBe(expected);
  expect(parseAction(tapes, `1 ${expected}`)).not.toHaveProperty('error');
});

test('a time may be limited', () => {
  expect(line(link, 'loss', '35', 'both', 6000)).toBe('loss rw-1 | store-3 : 35 % for 6.000 ms');
});

describe.each([...typedLinkKinds, ...typedNodeKinds])('%s', (kind) => {
  const { min, max, usual } = typedField(kind);
  const subject = [link, node].find(
    (one) => typedAction(one, { kind, value: 1, way: 'both', forUs: null }) !== null,
  );

  test('its limits are values of the tape, what is beyond them is not', () => {
    if (subject === undefined) throw new Error('neither a link nor a node has it');
    for (const value of [min, max, usual]) {
      const text = line(subject, kind, String(value));
      expect(parseAction(tapes, `1 ${text}`), `${value}`).not.toHaveProperty('error');
    }
    for (const value of [min - 1, max + 1]) expect(readTyped(kind, String(value)), `${value}`).toBeNull();
  });

  test('what is no number is refused', () => {
    for (const text of ['', '  ', 'many', '1e999', '0x']) expect(readTyped(kind, text), text).toBeNull();
  });
});

test('a link has no clock, a node no latency', () => {
  expect(line(link, 'clock', '5')).toBeNull();
  expect(line(node, 'latency', '5')).toBeNull();
});
