// A node that dies for good is brought back by nothing that was drawn beside it.

import { expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { known } from '../../stacks/known.ts';
import { findPreset } from '../../stacks/presets.ts';
import { drawScenario } from './draw-scenario.ts';

test.each(['cynosdb', 'cynosdb-ha', 'postdb-v4', 'polardb'])(
  'PCS-76 %s: in one seed of four a node dies for good, and neither faults before nor healing after bring it back',
  (preset) => {
    const lost = Array.from({ length: 12 }, (_, i) => {
      const { tape, healAt } = drawScenario(
        known,
        present(findPreset(preset), preset),
        i + 1,
        20_000_000,
        [],
      );
      const crashes = tape.actions.filter((action) => action.kind === 'crash' && action.forUs === null);
      const death = crashes.find(({ at }) => at < healAt);
      if (death?.kind !== 'crash') return null;
      const after = tape.actions.filter(
        (action) =>
          'node' in action &&
          action.node === death.node &&
          !['offline', 'cancelOffline', 'moveReplica'].includes(action.kind) &&
          action !== death &&
          action.at + ('forUs' in action ? (action.forUs ?? 0) : 0) >= death.at,
      );
      expect(after).toEqual([]);
      return i + 1;
    });
    expect(lost.filter((seed) => seed !== null)).toEqual([4, 8, 12]);
  },
);

test('PCS-100 where a person moves replicas there is a node for them that no drain has filled before (cynosdb seed 16)', () => {
  const { tape, healAt } = drawScenario(known, present(findPreset('cynosdb'), 'preset'), 16, 5_000_000, []);
  const ordered = new Set(
    tape.actions.flatMap((one) => (one.kind === 'moveReplica' && one.at > healAt ? [one.to] : [])),
  );
  const fresh = tape.actions.flatMap((one) =>
    one.kind === 'addNode' && one.at >= healAt ? [one.added] : [],
  );
  expect(fresh).toHaveLength(1);
  expect([...ordered]).toEqual(expect.arrayContaining(fresh));
});
