// Each deliberate break of a rule, alone, is caught by the monitor named for it within a few seeds; unbroken they are
// clean. `sim sweep --broken NAME --first` tells how many seeds it takes (docs/checkers.md).

import { beforeAll, describe, expect, test } from 'vitest';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { findPreset } from '../presets/topologies.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { drawScenario } from '../sim/sweep/draw-scenario.ts';
import { runScenario } from '../sim/sweep/run-scenario.ts';

const CHAOS_US = 30_000_000;

/** Seeds a variant may take here; the sweep proves the wider bound. */
const MOST_SEEDS = 12;

const variants: readonly (readonly [name: string, rule: string])[] = [
  ['store.ack-before-durable', 'wal.ack-after-durable'],
  ['writer.ack-at-vw-minus-one', 'wal.pgcl-true'],
  ['writer.commit-at-vcl', 'wal.vdl-is-cpl'],
  ['store.no-truncate', 'wal.truncated-removed'],
  ['recovery.read-before-token', 'recovery.token-before-read'],
  ['hole.sent-lost-on-split', 'hole.one-live-request'],
  ['store.token-in-memory-only', 'fence.token-monotone'],
  ['compute.evict-above-vdl', 'buffer.evict-below-vdl'],
];

describe('C14 broken variants', () => {
  let edge: Edge;
  const preset = findPreset('cynosdb');
  beforeAll(async () => {
    edge = await loadSqlEdge();
  });

  const run = (seed: number, broken: readonly string[]) => {
    if (preset === null) throw new Error('no preset cynosdb');
    return runScenario(drawScenario(preset, seed, CHAOS_US, broken), edge);
  };

  test.each(variants)(
    '%s is caught by %s',
    (name, rule) => {
      let seed = 1;
      let verdict = run(seed, [name]);
      while (verdict.violation === null && verdict.error === null && seed < MOST_SEEDS)
        verdict = run(++seed, [name]);
      expect(verdict.error).toBeNull();
      expect(verdict.violation?.rule).toBe(rule);
    },
    300_000,
  );

  test('the first seed is clean without them, and is no empty run', () => {
    const verdict = run(1, []);
    expect(verdict).toMatchObject({ error: null, violation: null, outcome: 'PASS' });
    expect(verdict.exercise.recoveries).toBeGreaterThan(0);
    expect(verdict.exercise.holeFills).toBeGreaterThan(0);
  }, 120_000);
});
