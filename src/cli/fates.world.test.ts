// Fates of unsynced writes: of each activity and kind of key one that loses it and one that keeps it, all clean; and the planted
// bugs that only they catch. `sim fates` tries them all (docs/proof.md).

import { beforeAll, expect, test } from 'vitest';
import { present } from '../base/assert.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { partOf } from '../sim/fates/moments.ts';
import { allFates, type FateFinding, type FateReport, tryFates } from '../sim/fates/try-fates.ts';
import { fateWorlds, findFateWorld } from '../stacks/fate-worlds.ts';
import { known } from '../stacks/known.ts';
import { mutants } from '../stacks/mutants.ts';
import { isDeep } from '../testing/depth.ts';
import { notMet, totalMet } from './fates.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

const wordsOf = ({ moment, fate, violation }: FateFinding): string =>
  `${moment.node} at ${moment.at}, ${fate.name} of ${[...new Set(moment.writes.map(partOf))].join(', ')}: ${violation.rule} at ${violation.at}: ${violation.message}`;

test('F16 WAL-28 whatever a node keeps of its unsynced writes, nothing that anybody was promised is lost', () => {
  const reports: FateReport[] = [];
  // Each sixth activity in the test command; the deep command tries every fate of all (`sim fates`).
  const parts = new Set(notMet(totalMet([])).filter((_, i) => isDeep || i % 6 === 0));
  const left = (): string[] => notMet(totalMet(reports)).filter((part) => parts.has(part));
  for (const world of fateWorlds) {
    const missing = left();
    if (missing.length === 0) break;
    reports.push(tryFates(known, world, { ...allFates, moments: missing }, edge));
  }
  expect(reports.flatMap(({ findings }) => findings.map(wordsOf))).toEqual([]);
  expect(left()).toEqual([]);
});

const planted = mutants.flatMap((mutant) =>
  mutant.fates === undefined ? [] : [{ ...mutant, ...mutant.fates }],
);

test.each(planted)('$id $name is caught by the fates of its world', ({ name, world, part, caughtBy }) => {
  const choice = { ...allFates, part, mutants: [name], endsAtFirst: true };
  const { findings } = tryFates(known, present(findFateWorld(world), world), choice, edge);
  expect(findings.map(({ violation }) => violation.rule)).toEqual([expect.toBeOneOf([...caughtBy])]);
});
