// Rare events: the message that splits a hole is one whose records lie inside it, with something missing on both sides; and
// what the steps of the others come to in a run.

import { beforeAll, expect, test } from 'vitest';
import { loadSqlEdge } from '../../../edge/sql-edge.ts';
import type { ListedEvent, WorldFrame } from '../../../run-model/picture/frame.ts';
import type { Edge } from '../../../sim/fabric-state.ts';
import { makeHookFrame } from '../../testing/hook-frame.ts';
import { shootWorld, type WorldShot } from '../../testing/world-frame.ts';
import { heldFor } from './rare-choice.ts';
import { findSplitter } from './rare-events.ts';
import { standsAlone } from './rare-writer.ts';

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

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

const load =
  '0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=3000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true';
const shoot = (lines: readonly string[], atMs: number, preset = 'hook-hole'): WorldShot =>
  shootWorld({ edge, preset, lines: [load, ...lines], atMs, view: {} });

/** The first event of a kind at a node from a time on, ms. */
function first({ events }: WorldShot, kind: string, node: string, fromMs: number): ListedEvent {
  const found = events.find((one) => one.event.kind === kind && one.node === node && one.at >= fromMs * 1000);
  if (found === undefined) throw new Error(`${kind} at ${node} after ${fromMs} ms`);
  return found;
}
const msOf = ({ at }: ListedEvent): string => (at / 1000).toFixed(3);

test('FENCE-5 a log message that waits while its writer recovers is refused when it arrives', () => {
  const held = '43.000 holdNext rw-1 > store-3 : wal 1';
  const [old] = heldFor(shoot([held], 47).frame, chosen);
  if (old === undefined) throw new Error('a held message');
  const died = [held, '47.000 crash rw-1', '47.001 restart rw-1'];
  const opened = first(shoot(died, 90), 'recovery.done', 'rw-1', 47);
  const after = shoot([...died, `${msOf(opened)} releaseMessage ${old.id}`], opened.at / 1000 + 4);
  const refused = first(after, 'wal.refused', 'store-3', opened.at / 1000);
  expect(refused.event).toMatchObject({ from: 'rw-1', group: old.label.group, code: 'TOKEN_STALE' });
});

test('HOLE-34 an answer that comes when another store has filled the hole is ignored', () => {
  const lines = [
    '43.000 holdNext store-1 store-2 > store-3 : holeFill 1',
    '43.001 cut rw-1 > store-3 for 6.000 ms',
  ];
  const run = shoot(lines, 90);
  const gaveUp = first(run, 'hole.timeout', 'store-3', 43);
  const filled = first(run, 'hole.fill', 'store-3', gaveUp.at / 1000);
  expect(run.events.filter(({ event }) => event.kind === 'hole.ignored')).toEqual([]);
  const late = shoot([...lines, `${msOf(filled)} release store-1 store-2 > store-3`], filled.at / 1000 + 6);
  expect(first(late, 'hole.ignored', 'store-3', filled.at / 1000).event.kind).toBe('hole.ignored');
});

test('a store that the writer reaches alone has records that no other has; before, none has', () => {
  expect(standsAlone(shoot([], 60).frame, 'store-3')).toBe(false);
  const { frame: cut } = shoot(['43.000 cut rw-1 | store-1 store-2'], 60);
  expect(standsAlone(cut, 'store-3')).toBe(true);
  expect(standsAlone(cut, 'store-1')).toBe(false);
});

test('FENCE-16 F6 two nodes are promoted: the smaller token ends where it meets the greater one', () => {
  const on = (lines: readonly string[], atMs: number): WorldShot => shoot(lines, atMs, 'cynosdb-ha');
  const grant = (lines: readonly string[], fromMs: number): ListedEvent => {
    const found = on(lines, fromMs + 400).events.find(
      ({ at, event }) => event.kind === 'token.grant' && at > fromMs * 1000,
    );
    if (found === undefined) throw new Error(`a grant after ${fromMs} ms`);
    return found;
  };
  const lines = ['100.000 freeze rw-1'];
  const one = grant(lines, 100);
  expect(one.event).toMatchObject({ holder: 'ha-1' });
  const begun = first(on(lines, one.at / 1000 + 40), 'recovery.step', 'ha-1', one.at / 1000);
  const after = (begun.at / 1000 + 0.001).toFixed(3); // what arrives at the instant itself came
  lines.push(`${after} cut ha-1 | pcs-1 pcs-2 pcs-3`, `${after} resume rw-1`);
  const two = grant(lines, begun.at / 1000);
  expect(two.event).toMatchObject({ holder: 'rw-1' });
  const opened = first(on(lines, two.at / 1000 + 400), 'recovery.done', 'rw-1', two.at / 1000);
  lines.push(`${msOf(opened)} heal ha-1 | pcs-1 pcs-2 pcs-3`);
  const { events } = on(lines, opened.at / 1000 + 200);
  const ended = events.filter(({ node, event }) => node === 'ha-1' && event.kind === 'volume.fenced');
  expect(ended.length).toBeGreaterThan(0);
  const done = events.filter(({ at, event }) => event.kind === 'recovery.done' && at > one.at);
  expect(done.map(({ node }) => node)).toEqual(['rw-1']);
});
