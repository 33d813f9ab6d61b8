// How a sweep reads its tables back.

import { expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { known } from '../../stacks/known.ts';
import { findPreset } from '../../stacks/presets.ts';
import { drawScenario } from './draw-scenario.ts';

const readsOf = (preset: string): string[] =>
  drawScenario(known, present(findPreset(preset), preset), 1, 8_000_000, []).tape.actions.flatMap((action) =>
    action.kind === 'sql' && action.session.startsWith('paths-') ? [action.text] : [],
  );

test('A3 PCS-97 where tables are cut every request that reads one back is one statement: its keys may be in several groups', () => {
  expect(readsOf('cynosdb').some((text) => text.includes(';'))).toBe(true);
  const reads = readsOf('postdb-v4');
  expect(reads.filter((text) => text.includes(';'))).toEqual([]);
  expect(reads.filter((text) => text.includes(' IN (')).length).toBeGreaterThan(5);
});
