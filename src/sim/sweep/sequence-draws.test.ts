// What is judged of drawn values: one that comes twice, or below an earlier one of its session, is found.

import { expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import type { NodeId, Time } from '../../base/ids.ts';
import type { ClientResult } from '../../core/kernel/client-calls.ts';
import { known } from '../../stacks/known.ts';
import { findPreset } from '../../stacks/presets.ts';
import { requestIdAt } from '../actions/clients.ts';
import { makeMonitors } from '../checks/monitors.ts';
import { ENGINE } from '../engine.ts';
import { makeTape } from '../tape-run.ts';
import { drawSequences, judgeSequences } from './sequence-draws.ts';

const preset = present(findPreset('cynosdb'), 'preset');
const actions = drawSequences(1, 'driver-1' as NodeId, 20_000_000);
const tape = makeTape(preset, { engine: ENGINE, profile: 'demo', seed: 1, actions });

/** Answers each draw with the next value; `change` is given the number of the draw. */
function judge(change: (value: number, draw: number) => number) {
  const monitors = makeMonitors(known.monitors, preset.cluster, 100);
  const replies = new Map<string, ClientResult>();
  let draws = 0;
  for (const [place, action] of actions.entries()) {
    if (action.kind !== 'sql' || !/^SELECT|RETURNING/.test(action.text)) continue;
    const value = `${change(place * 10, draws++)}`;
    const rows = { kind: 'rows', tag: 'SELECT 1', columns: [], rows: [[value]], origin: null } as const;
    replies.set(requestIdAt(actions, place), {
      outcome: 'ok',
      statements: [rows],
    } as unknown as ClientResult);
  }
  const judged = judgeSequences(monitors, tape, replies, 0 as Time);
  return { judged, found: monitors.violations.map(({ rule }) => rule) };
}

test('FENCE-44 values that are drawn once and ascend pass; one that comes twice or falls back is found', () => {
  expect(actions.length).toBeGreaterThan(30);
  const clean = judge((value) => value);
  expect(clean.found).toEqual([]);
  expect(clean.judged).toBeGreaterThan(30);
  expect(judge((value, draw) => (draw >= 20 ? value - 150 : value)).found).toContain('client.exactly-once');
  expect(judge((value, draw) => (draw === 30 ? 1 : value)).found).toContain('client.exactly-once');
  expect(drawSequences(2, 'driver-1' as NodeId, 20_000_000)).toEqual([]);
});
