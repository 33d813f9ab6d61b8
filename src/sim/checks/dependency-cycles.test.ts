// Shortest cycles of random graphs of dependencies, held against a search through all paths of each length.

import { expect, test } from 'vitest';
import { makePrng, nextBelow } from '../../base/prng.ts';
import { findCycle } from './dependency-cycles.ts';
import type { Dependency, DependencyKind, Transaction } from './isolation.ts';

const makeTransaction = (i: number): Transaction => ({
  id: `t${i}`,
  client: 'c',
  called: i,
  returned: i,
  calledAt: i,
  outcome: 'ok',
  scn: i,
  reads: [],
  writes: [],
  ownReads: [],
});

/** Edges of the shortest cycle through one of `must`, else along `may`, as distances after Floyd and Warshall; Infinity: none. */
function shortestLength(
  count: number,
  edges: readonly Dependency[],
  must: DependencyKind,
  may: readonly DependencyKind[],
): number {
  const far = Array.from({ length: count }, (_, i) =>
    Array.from({ length: count }, (_, j) => (i === j ? 0 : Number.POSITIVE_INFINITY)),
  );
  const at = (a: number, b: number): number => far[a]?.[b] ?? Number.NaN;
  for (const { kind, from, to } of edges) if (may.includes(kind)) (far[from.called] ?? [])[to.called] = 1;
  for (let k = 0; k < count; k++)
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++) (far[i] ?? [])[j] = Math.min(at(i, j), at(i, k) + at(k, j));
  const through = edges.filter(({ kind }) => kind === must);
  return Math.min(Number.POSITIVE_INFINITY, ...through.map(({ from, to }) => 1 + at(to.called, from.called)));
}

test('C02 the cycle that is found is the shortest one, and none is found where there is none', () => {
  const prng = makePrng(1, 'cycles');
  let cyclic = 0;
  let acyclic = 0;
  for (let round = 0; round < 400; round++) {
    const nodes = Array.from({ length: 3 + nextBelow(prng, 10) }, (_, i) => makeTransaction(i));
    const pick = (): Transaction => nodes[nextBelow(prng, nodes.length)] ?? makeTransaction(0);
    const edges = Array.from({ length: nextBelow(prng, 2 * nodes.length) }, (): Dependency => {
      const kind = (['ww', 'wr', 'rw'] as const)[nextBelow(prng, 3)] ?? 'ww';
      return { kind, from: pick(), to: pick(), key: 'k' };
    }).filter(({ from, to }) => from !== to);
    for (const [must, may] of [
      ['ww', ['ww']],
      ['wr', ['ww', 'wr']],
      ['rw', ['ww', 'wr']],
      ['rw', ['ww', 'wr', 'rw']],
    ] as const) {
      const cycle = findCycle(edges, must, may);
      expect(cycle?.length ?? Number.POSITIVE_INFINITY).toBe(shortestLength(nodes.length, edges, must, may));
      cycle?.forEach(({ to }, i) => {
        expect(cycle[(i + 1) % cycle.length]?.from).toBe(to);
      });
      if (cycle === null) acyclic++;
      else cyclic++;
    }
  }
  expect(cyclic).toBeGreaterThan(100);
  expect(acyclic).toBeGreaterThan(100);
});
