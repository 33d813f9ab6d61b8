// Rare events: the message that splits a hole is one whose records lie inside it, with something missing on both sides.

import { expect, test } from 'vitest';
import type { WorldFrame } from '../../sim/frame.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { findSplitter } from './rare-events.ts';

const frame = makeHookFrame();
const chosen = { writer: 'rw-1', store: 'store-3' };

function withHeld(...ranges: readonly (readonly [number, number])[]): WorldFrame {
  const wal = frame.flights.find(({ label }) => label.family === 'wal');
  if (wal === undefined) throw new Error('a WAL message in the fixture');
  const held = ranges.map((range) => ({
    ...wal,
    to: chosen.store as typeof wal.to,
    fate: 'held' as const,
    label: { ...wal.label, group: 'g2' as typeof wal.label.group, range },
  }));
  return { ...frame, flights: held };
}

test('HOLE-13 HOLE-8 between two others inside a hole that is asked for, nothing else', () => {
  // store-3 asked for [111,115) of g2 and not yet for [118,122).
  expect(findSplitter(withHeld([111, 112], [112, 114], [114, 115]), chosen)?.label.range).toEqual([112, 114]);
  // The first one reaches back to the end of what is there: its arrival leaves one hole, not two.
  expect(findSplitter(withHeld([112, 114], [114, 115]), chosen)).toBeNull();
  expect(findSplitter(withHeld([111, 112], [112, 115]), chosen)).toBeNull();
  expect(findSplitter(withHeld([118, 119], [119, 121], [121, 122]), chosen)).toBeNull();
  expect(findSplitter(frame, chosen)).toBeNull();
});
