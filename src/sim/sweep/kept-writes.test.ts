// What sweeps draw of crashes that choose their unsynced writes.

import { expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { known } from '../../stacks/known.ts';
import { findPreset } from '../../stacks/presets.ts';
import { drawScenario } from './draw-scenario.ts';
import { drawKeptWrites } from './kept-writes.ts';

const preset = present(findPreset('cynosdb'), 'preset');
const CHAOS_US = 20_000_000;

test('F16 even seeds crash nodes with some of their unsynced writes kept, odd seeds are as they were', () => {
  const forms = new Set<string>();
  for (let seed = 1; seed <= 40; seed++) {
    const drawn = drawKeptWrites(seed, preset.cluster, CHAOS_US, 500_000);
    expect(drawn.length > 0).toBe(seed % 2 === 0);
    for (const action of drawn) {
      if (action.kind !== 'crashKeeping') throw new Error(action.kind);
      expect(action.at).toBeLessThan(CHAOS_US);
      expect(preset.cluster.nodes.find(({ id }) => id === action.node)?.roles).not.toContain('driver');
      forms.add(action.kept.which === 'first' ? 'first' : `${action.kept.which} ${action.kept.part}`);
    }
  }
  expect(forms.size).toBeGreaterThan(8);
  const { tape } = drawScenario(known, preset, 2, CHAOS_US, []);
  expect(tape.actions.filter(({ kind }) => kind === 'crashKeeping').length).toBeGreaterThan(0);
});
