// What a sweep draws is what a person could have done: each tape is read back under the rules of a written one, of presets and of clusters
// that nobody has laid out by hand.

import { expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { groupId, nodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { known } from '../../stacks/known.ts';
import { findPreset, presets } from '../../stacks/presets.ts';
import type { Tape } from '../tape.ts';
import { parseTape } from '../tape-parse.ts';
import { printTape } from '../tape-print.ts';
import { mayLoseDisks } from './disk-budget.ts';
import { drawCluster } from './draw-cluster.ts';
import { drawDense } from './draw-dense.ts';
import { drawScenario } from './draw-scenario.ts';

const SEEDS = Array.from({ length: 24 }, (_, i) => i + 1);
const architectures = ['cynosdb', 'postdb-v4', 'polardb'] as const;

const errorOf = (tape: Tape): string | null => {
  const read = parseTape(known.tape, printTape(known.tape, tape));
  return read.ok ? null : read.error;
};

test.each(architectures)(
  'PRE-9 PCS-3 %s: tapes of presets and of drawn clusters can be read, whatever nodes the clusters have',
  (architecture) => {
    const faults = SEEDS.flatMap((seed) =>
      [present(findPreset(architecture), architecture), drawCluster(presets, architecture, seed)].flatMap(
        (preset) =>
          [
            drawScenario(known, preset, seed, 4_000_000, []).tape,
            drawScenario(known, preset, seed, 20_000_000, []).tape,
            drawDense(known, preset, seed, 400_000, []),
          ].flatMap((tape) => {
            const error = errorOf(tape);
            return error === null ? [] : [`${preset.name} ${seed}: ${error}`];
          }),
      ),
    );
    expect(faults).toEqual([]);
  },
);

test('PCS-76 WAL-71 no disk is lost that holds the only copy of something', () => {
  const losses = SEEDS.map((seed) => {
    const preset = drawCluster(presets, 'postdb-v4', seed);
    const { tape } = drawScenario(known, preset, seed, 20_000_000, []);
    const copies = present(preset.cluster.placement, 'placement').n;
    return {
      copies,
      lost: tape.actions.filter(({ kind }) => /^(?:wipeDisk|rollbackDisk)$/.test(kind)).length,
    };
  });
  expect(losses.filter(({ copies, lost }) => copies === 1 && lost > 0)).toEqual([]);
  expect(losses.some(({ copies }) => copies === 1)).toBe(true);
  expect(losses.some(({ copies, lost }) => copies > 1 && lost > 0)).toBe(true);
});

const nodes = (count: number, voters: number): ClusterSpec['nodes'] =>
  Array.from({ length: count }, (_, i) => ({
    id: nodeId(`n${i + 1}`),
    zone: 'a',
    roles: i < voters ? (['meta', 'store', 'compute'] as const) : (['store', 'compute'] as const),
  }));

const cut = (count: number, voters: number, placement: ClusterSpec['placement']): ClusterSpec => ({
  preset: 'test',
  volume: 'v0',
  nodes: nodes(count, voters),
  groups: [],
  ...(placement === undefined ? {} : { placement }),
});

const three = { n: 3, vw: 2, vr: 2 };

test.each([
  ['three copies, three voters', cut(3, 3, three), ['n1', 'n2', 'n3']],
  ['one copy', cut(3, 3, { n: 1, vw: 1, vr: 1 }), []],
  ['all copies acknowledge a write', cut(3, 3, { n: 3, vw: 3, vr: 1 }), []],
  ['all copies are read', cut(5, 3, { n: 3, vw: 2, vr: 3 }), []],
  ['the metadata has one voter', cut(4, 1, three), ['n2', 'n3', 'n4']],
  ['the metadata has two voters', cut(4, 2, three), ['n3', 'n4']],
  [
    'one of two groups has a copy alone',
    {
      ...cut(3, 3, undefined),
      groups: [2, 1].map((count, i) => ({
        id: groupId(`g${i + 1}`),
        replicas: nodes(count, 3).map(({ id }) => id),
        keyFirst: i,
        keyEnd: i + 1,
        vw: 1,
        vr: 1,
      })),
    },
    [],
  ],
])('PCS-76 disks that may be lost: %s', (_, cluster, expected) => {
  expect(mayLoseDisks(cluster)).toEqual(expected);
});
