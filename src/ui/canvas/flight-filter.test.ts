// Which messages the map and the list show: by family, LSN, client request; heartbeats only when asked for.

import { expect, test } from 'vitest';
import { type FlightFilter, isFiltering, isShownFlight } from '../../state/flight-filter.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';

const all: FlightFilter = { hidden: [], onlyLsn: null, onlyTrace: null, heartbeats: true };
const { flights } = makeHookFrame();
const shown = (filter: Partial<FlightFilter>) =>
  flights.filter((flight) => isShownFlight(flight, { ...all, ...filter }));

test('a family is switched off, heartbeats are off by themselves', () => {
  expect(shown({})).toEqual(flights);
  const hidden = shown({ hidden: ['wal'] });
  expect(hidden.length).toBeLessThan(flights.length);
  expect(hidden.every(({ label }) => label.family !== 'wal')).toBe(true);
  const beat = {
    ...flights[0],
    label: { kind: 'Heartbeat', family: 'heartbeat' as const, group: null, range: null, token: null },
  };
  expect(isShownFlight(beat, { ...all, heartbeats: false })).toBe(false);
  expect(isShownFlight(beat, all)).toBe(true);
});

test('only one LSN, only one client request', () => {
  const range = flights.find(({ label }) => label.family === 'wal')?.label.range ?? [0, 0];
  const about = shown({ onlyLsn: range[0] });
  expect(about.length).toBeGreaterThan(0);
  for (const { label } of about)
    expect(label.range && label.range[0] <= range[0] && range[0] < label.range[1]).toBe(true);
  expect(shown({ onlyTrace: 99 })).toEqual([]);
  expect(isFiltering(all)).toBe(false);
  expect(isFiltering({ ...all, onlyTrace: 1 })).toBe(true);
});
