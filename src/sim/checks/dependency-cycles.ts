// Cycles of a graph of dependencies (isolation.ts): which edges lie on one, and the shortest through an edge of a kind.
// A history of many thousand transactions has one order of time and few cycles: a search from every edge through all that
// comes after it takes their square. So what lies on no cycle goes first, in one pass (Tarjan, SIAM J. Comput. 1972).

import { present } from '../../base/assert.ts';
import type { Dependency, DependencyKind, Transaction } from './isolation.ts';

type Out = ReadonlyMap<Transaction, readonly Dependency[]>;

function outOf(edges: readonly Dependency[]): Out {
  const out = new Map<Transaction, Dependency[]>();
  for (const edge of edges) {
    const own = out.get(edge.from);
    if (own === undefined) out.set(edge.from, [edge]);
    else own.push(edge);
  }
  return out;
}

interface Visit {
  readonly of: Transaction;
  readonly place: number;
  readonly edges: readonly Dependency[];
  next: number;
  /** The earliest place that it reaches among those whose component is not known. */
  low: number;
}

/** The strongly connected component of each transaction: two are in one exactly if each leads to the other. */
function componentsOf(out: Out): ReadonlyMap<Transaction, number> {
  const places = new Map<Transaction, number>();
  const component = new Map<Transaction, number>();
  const open: Transaction[] = [];
  const path: Visit[] = [];
  const enter = (of: Transaction): void => {
    const place = places.size;
    places.set(of, place);
    open.push(of);
    path.push({ of, place, edges: out.get(of) ?? [], next: 0, low: place });
  };
  const leave = ({ of, place, low }: Visit): void => {
    const parent = path.at(-1);
    if (parent !== undefined) parent.low = Math.min(parent.low, low);
    if (low < place) return;
    for (let one = open.pop(); one !== undefined; one = one === of ? undefined : open.pop())
      component.set(one, place);
  };
  for (const root of out.keys()) {
    if (!places.has(root)) enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const to = top.edges[top.next++]?.to;
      if (to === undefined) leave(present(path.pop(), 'the end of the path'));
      else if (!places.has(to)) enter(to);
      else if (!component.has(to))
        top.low = Math.min(top.low, present(places.get(to), 'the place of a transaction that was met'));
    }
  }
  return component;
}

/** Edges that lie on a cycle. */
function onCycles(edges: readonly Dependency[]): readonly Dependency[] {
  const component = componentsOf(outOf(edges));
  return edges.filter(({ from, to }) => component.get(from) === component.get(to));
}

/** Steps along `rt` cost nothing: however many there are, they are one order of answers and calls. */
function shortestPath(from: Transaction, to: Transaction, out: Out): readonly Dependency[] | null {
  const came = new Map<Transaction, Dependency | null>([[from, null]]);
  let near: Transaction[] = [from];
  while (near.length > 0) {
    const far: Transaction[] = [];
    for (let at = near.shift(); at !== undefined; at = near.shift()) {
      if (at === to) return pathTo(to, came);
      for (const edge of out.get(at) ?? []) {
        if (came.has(edge.to)) continue;
        came.set(edge.to, edge);
        (edge.kind === 'rt' ? near : far).push(edge.to);
      }
    }
    near = far;
  }
  return null;
}

function pathTo(end: Transaction, came: ReadonlyMap<Transaction, Dependency | null>): readonly Dependency[] {
  const path: Dependency[] = [];
  for (let edge = came.get(end) ?? null; edge !== null; edge = came.get(edge.from) ?? null)
    path.unshift(edge);
  return path;
}

/** One order of answers and calls for each run of them. */
function joinTimes(edges: readonly Dependency[]): readonly Dependency[] {
  const joined: Dependency[] = [];
  for (const edge of edges) {
    const last = joined.at(-1);
    if (last?.kind === 'rt' && edge.kind === 'rt') joined[joined.length - 1] = { ...last, to: edge.to };
    else joined.push(edge);
  }
  return joined;
}

/** The cycle with the fewest dependencies that goes through an edge of `must` and else along `may`. */
export function findCycle(
  edges: readonly Dependency[],
  must: DependencyKind,
  may: readonly DependencyKind[],
): readonly Dependency[] | null {
  const left = onCycles(edges.filter(({ kind }) => kind === must || may.includes(kind)));
  const out = outOf(left.filter(({ kind }) => may.includes(kind)));
  let best: readonly Dependency[] | null = null;
  for (const edge of left) {
    if (edge.kind !== must) continue;
    const back = shortestPath(edge.to, edge.from, out);
    if (back === null) continue;
    const cycle = joinTimes([edge, ...back]);
    if (best === null || cycle.length < best.length) best = cycle;
    if (best.length === 2) break;
  }
  return best;
}
