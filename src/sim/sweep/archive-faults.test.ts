// What an operator does for an archive when everything is healed.

import { expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { known } from '../../stacks/known.ts';
import { findPreset } from '../../stacks/presets.ts';
import { drawScenario } from './draw-scenario.ts';

test.each([
  ['cynosdb-backup', ['cos-1']],
  ['cynosdb-ro', []],
] as const)(
  'WAL-76 %s: a full archive gets room once all is healed, and nothing takes it back',
  (preset, grown) => {
    const { tape, healAt } = drawScenario(known, present(findPreset(preset), preset), 32, 10_000_000, []);
    const rooms = tape.actions.flatMap((one) => (one.kind === 'diskRoom' ? [one] : []));
    expect(rooms.map(({ node }) => node)).toEqual(grown);
    for (const { at, node } of rooms) {
      expect(at).toBeGreaterThan(healAt);
      expect(tape.actions.some((one) => one.kind === 'diskOk' && one.node === node && one.at > at)).toBe(
        false,
      );
    }
  },
);
